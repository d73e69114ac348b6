import { CustomChart, ScatterChart } from 'echarts/charts';
import { DataZoomInsideComponent, GridComponent, TooltipComponent } from 'echarts/components';
import { init, use, type EChartsType } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

use([CustomChart, ScatterChart, GridComponent, TooltipComponent, DataZoomInsideComponent, CanvasRenderer]);

/** The colours of the present theme, read from the style sheet, so that charts and page never differ. */
export interface Palette {
  text: string;
  quiet: string;
  line: string;
  faint: string;
  panel: string;
  accent: string;
  pareto: string;
  bar: string;
  barEdge: string;
  barText: string;
  changed: string;
  changedEdge: string;
  changedText: string;
  late: string;
  lateEdge: string;
  lateText: string;
  ghost: string;
  closed: string;
  shift: string;
  down: string;
  frozen: string;
  now: string;
}

const names: readonly (keyof Palette)[] = [
  'text',
  'quiet',
  'line',
  'faint',
  'panel',
  'accent',
  'pareto',
  'bar',
  'barEdge',
  'barText',
  'changed',
  'changedEdge',
  'changedText',
  'late',
  'lateEdge',
  'lateText',
  'ghost',
  'closed',
  'shift',
  'down',
  'frozen',
  'now',
];

/** Reads the palette; custom properties are named `--chart-…`. */
export function palette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return Object.fromEntries(
    names.map((name) => [name, style.getPropertyValue(`--chart-${kebab(name)}`).trim()]),
  ) as unknown as Palette;
}

const charts = new Set<EChartsType>();

/** Makes a chart in an element and keeps it as large as that. */
export function makeChart(element: HTMLElement): EChartsType {
  // A size for now: the element is not on the page yet.
  const chart = init(element, undefined, { renderer: 'canvas', width: 300, height: 200 });
  charts.add(chart);
  const observer = new ResizeObserver(() => {
    if (!chart.isDisposed() && element.clientWidth > 0) chart.resize({ width: 'auto', height: 'auto' });
  });
  observer.observe(element);
  return chart;
}

/** Ends all charts: the page is about to be built anew. */
export function disposeCharts(): void {
  for (const chart of charts) chart.dispose();
  charts.clear();
}

/** Diagonal hatching as a fill. */
export function hatch(colour: string, gap = 6, width = 1.5): { image: HTMLCanvasElement; repeat: 'repeat' } {
  const scale = Math.max(1, Math.round(devicePixelRatio));
  const size = gap * scale;
  const image = document.createElement('canvas');
  image.width = size;
  image.height = size;
  const context = image.getContext('2d');
  if (context) {
    context.strokeStyle = colour;
    context.lineWidth = width * scale;
    context.beginPath();
    for (const offset of [-size, 0, size]) {
      context.moveTo(offset - 1, size + 1);
      context.lineTo(offset + size + 1, -1);
    }
    context.stroke();
  }
  return { image, repeat: 'repeat' };
}

export type { EChartsType } from 'echarts/core';
