import type { TooltipComponentFormatterCallbackParams } from 'echarts';
import { makeChart, palette, type EChartsType } from './charts.ts';
import type { GanttBar, GanttModel } from './gantt-model.ts';
import { background, barSeries, nowLine, type GanttLook, type Lane } from './gantt-shapes.ts';

/** What the chart tells the page. Instants in milliseconds UTC. */
export interface GanttEvents {
  /** The reader has dragged or zoomed. */
  onWindow(from: number, to: number): void;
  onOrder(orderId: string | undefined): void;
  tip(bar: GanttBar, plan: 'before' | 'after'): HTMLElement;
}

/** The Gantt chart itself: bars, bands and lines on a canvas; names and times stand beside it in the page. */
export class GanttChart {
  readonly #chart: EChartsType;
  readonly #events: GanttEvents;
  #window: [number, number] | undefined;
  #bounds: [number, number] = [0, 1];
  /** The window changes by program, not by the reader's hand. */
  #showing = false;

  constructor(element: HTMLElement, events: GanttEvents) {
    this.#events = events;
    this.#chart = makeChart(element);
    this.#chart.on('datazoom', () => {
      const { dataZoom } = this.#chart.getOption() as { dataZoom?: { startValue?: number; endValue?: number }[] };
      const { startValue, endValue } = dataZoom?.[0] ?? {};
      if (startValue === undefined || endValue === undefined) return;
      this.#window = [startValue, endValue];
      if (!this.#showing) this.#events.onWindow(startValue, endValue);
    });
    this.#chart.on('click', (event) => {
      const orderId = (event.data as { bar?: GanttBar } | undefined)?.bar?.orderId;
      this.#events.onOrder(orderId);
    });
    this.#chart.getZr().on('click', (event) => {
      if ((event.target as object | undefined) === undefined) this.#events.onOrder(undefined);
    });
  }

  /** The stretch of time in view. */
  get window(): [number, number] {
    return this.#window ?? this.#bounds;
  }

  /** Shows a stretch of time, kept within what there is. */
  show(from: number, to: number): void {
    const [first, last] = this.#bounds;
    const span = Math.min(to - from, last - first);
    const start = Math.max(first, Math.min(from, last - span));
    this.#window = [start, start + span];
    this.#showing = true;
    this.#chart.dispatchAction({ type: 'dataZoom', startValue: start, endValue: start + span });
    this.#showing = false;
  }

  /** Draws a model. The stretch in view stays. */
  draw(model: GanttModel, look: GanttLook): void {
    this.#bounds = [model.from, model.to];
    const [from, to] = this.window;
    const colours = palette();
    const lanes: [Lane, readonly GanttBar[]][] =
      model.after === undefined
        ? [['live', model.before]]
        : [
            [look.view === 'lanes' ? 'before' : 'ghost', model.before.filter(({ changed }) => changed)],
            ['after', model.after],
          ];
    this.#chart.setOption(
      {
        animation: false,
        grid: { left: 0, right: 0, top: 0, bottom: 0 },
        xAxis: { type: 'value', show: false, min: model.from, max: model.to },
        yAxis: { type: 'value', show: false, min: 0, max: Math.max(1, model.rows.length), inverse: true },
        dataZoom: {
          type: 'inside',
          filterMode: 'weakFilter',
          startValue: from,
          endValue: to,
          minValueSpan: 3_600_000,
          zoomOnMouseWheel: 'ctrl',
          moveOnMouseWheel: 'shift',
          throttle: 30,
        },
        tooltip: {
          trigger: 'item',
          className: 'chart-tip',
          confine: false,
          appendTo: 'body',
          transitionDuration: 0,
          formatter: (params: TooltipComponentFormatterCallbackParams) => {
            const data = (Array.isArray(params) ? params[0] : params)?.data as
              { bar?: GanttBar; lane?: Lane } | undefined;
            return data?.bar ? this.#events.tip(data.bar, data.lane === 'after' ? 'after' : 'before') : '';
          },
        },
        series: [
          background(model, look, colours),
          ...lanes.map(([lane, bars]) => barSeries(lane, bars, look, colours)),
          nowLine(look, colours),
        ],
      },
      { replaceMerge: ['series'] },
    );
  }
}
