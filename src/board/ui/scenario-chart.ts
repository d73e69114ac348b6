import type { CustomSeriesRenderItem, TooltipComponentFormatterCallbackParams } from 'echarts';
import type { KpiName, ScenarioView } from '../view.ts';
import type { App } from './app.ts';
import { makeChart, palette } from './charts.ts';
import { el, fill } from './dom.ts';
import { kpis, kpiRange, kpiStyle } from './kpis.ts';
import { labelOf } from './labels.ts';
import type { Texts } from './text.ts';

/** All alternatives on two KPIs of the reader's choice, with their spread; linked with the table. */
export function scenarioChart(app: App): HTMLElement {
  const { texts } = app;
  const canvas = el('div', { class: 'chart-canvas', role: 'img' });
  const legend = el('ul', { class: 'legend', 'aria-hidden': 'true' }, [
    el('li', { class: 'pareto' }, texts.t('chart.legend.pareto')),
    el('li', { class: 'other' }, texts.t('chart.legend.other')),
    el('li', { class: 'nothing' }, texts.t('chart.legend.doNothing')),
  ]);
  const panel = el('section', { class: 'panel chart', 'aria-label': texts.t('chart.title') }, [
    el('header', { class: 'panel-head' }, [
      el('h2', {}, texts.t('chart.title')),
      axisChoice(app, 'y'),
      axisChoice(app, 'x'),
    ]),
    canvas,
    legend,
  ]);

  const chart = makeChart(canvas);
  chart.on('click', (event) => {
    const planId = (event.data as { planId?: string } | undefined)?.planId;
    if (planId !== undefined) void app.select(planId);
  });
  chart.on('mouseover', (event) => app.show({ hoverId: (event.data as { planId?: string } | undefined)?.planId }));
  chart.on('mouseout', () => app.show({ hoverId: undefined }));
  app.watch(
    (shown) => [shown.set, shown.axes, shown.selectedId, shown.hoverId, shown.compare],
    (set, { x, y }, selectedId, hoverId, compare) => {
      canvas.hidden = !set;
      legend.hidden = !set;
      const scenarios = set?.scenarios ?? [];
      const marked = new Set([selectedId, hoverId, ...compare]);
      canvas.setAttribute(
        'aria-label',
        texts.t('chart.aria', {
          count: scenarios.length,
          x: texts.t(kpiStyle(x).label),
          y: texts.t(kpiStyle(y).label),
        }),
      );
      chart.setOption(chartOption(texts, scenarios, { x, y }, { selectedId, hoverId, marked }));
    },
  );
  return panel;
}

function axisChoice(app: App, axis: 'x' | 'y'): HTMLElement {
  const { texts } = app;
  const select = el(
    'select',
    { 'aria-label': texts.t(`chart.${axis}`) },
    kpis.map(({ name, label, unit }) =>
      el(
        'option',
        { value: name, selected: app.shown.axes[axis] === name },
        texts.t(label) + (unit ? ` (${texts.t(unit)})` : ''),
      ),
    ),
    { change: () => app.show({ axes: { ...app.shown.axes, [axis]: select.value as KpiName } }) },
  );
  return el('label', { class: 'axis-choice' }, [
    el('span', { 'aria-hidden': 'true' }, axis === 'x' ? '→' : '↑'),
    select,
  ]);
}

interface Point {
  value: number[];
  planId: string;
  symbol: string;
  symbolSize: number;
  z: number;
  itemStyle: object;
}

function chartOption(
  texts: Texts,
  scenarios: readonly ScenarioView[],
  axes: { x: KpiName; y: KpiName },
  state: { selectedId: string | undefined; hoverId: string | undefined; marked: ReadonlySet<string | undefined> },
) {
  const colours = palette();
  const [x, y] = [kpiStyle(axes.x), kpiStyle(axes.y)];
  const [xLimit, yLimit] = [scaleLimit(scenarios, x.name), scaleLimit(scenarios, y.name)];
  const points = scenarios.map((scenario): Point => {
    const [across, up] = [scenario.simulated[x.name], scenario.simulated[y.name]];
    const beyond = across.mean > xLimit || up.mean > yLimit;
    const selected = scenario.planId === state.selectedId;
    const strong = selected || scenario.planId === state.hoverId;
    const fillColour = scenario.doNothing ? colours.panel : scenario.pareto ? colours.pareto : colours.ghost;
    return {
      value: [across, up].flatMap(({ mean, p10, p90 }, axis) =>
        [mean, p10, p90].map((value) =>
          axis === 0 ? Math.min(value, xLimit) * x.factor : Math.min(value, yLimit) * y.factor,
        ),
      ),
      planId: scenario.planId,
      symbol: beyond ? 'triangle' : scenario.doNothing ? 'rect' : scenario.pareto ? 'diamond' : 'circle',
      symbolSize: (scenario.pareto ? 13 : scenario.doNothing ? 10 : 8) + (strong ? 5 : 0),
      z: strong ? 3 : 2,
      itemStyle: {
        color: selected ? colours.accent : fillColour,
        borderColor: scenario.doNothing && !selected ? colours.text : colours.panel,
        borderWidth: scenario.doNothing && !selected ? 2 : 1.5,
      },
    };
  });
  const axis = (style: typeof x) => ({
    type: 'value',
    scale: true,
    // Two marks never read the same.
    minInterval: style.digits === 0 ? 1 : 0.1,
    axisLabel: {
      color: colours.quiet,
      fontSize: 11,
      hideOverlap: true,
      formatter: (value: number) => texts.number(value, value % 1 === 0 ? 0 : Math.max(1, style.digits)),
    },
    axisLine: { show: true, lineStyle: { color: colours.line } },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: colours.faint } },
  });
  return {
    animation: false,
    grid: { left: 12, right: 18, top: 8, bottom: 4, containLabel: true },
    xAxis: axis(x),
    yAxis: axis(y),
    tooltip: {
      trigger: 'item',
      className: 'chart-tip',
      confine: true,
      transitionDuration: 0,
      formatter: (params: TooltipComponentFormatterCallbackParams) => {
        const data = (Array.isArray(params) ? params[0] : params)?.data as Point | undefined;
        const scenario = scenarios.find(({ planId }) => planId === data?.planId);
        return scenario ? tip(texts, scenario, axes) : '';
      },
    },
    series: [
      {
        type: 'custom',
        silent: true,
        z: 1,
        data: points.map(({ value }) => value),
        encode: { x: [0, 1, 2], y: [3, 4, 5] },
        renderItem: whiskers(points, state.marked, colours),
      },
      { type: 'scatter', data: points, encode: { x: 0, y: 3 }, z: 2, cursor: 'pointer' },
    ],
  };
}

/**
 * Where an axis ends: a few plans far from all others must not press the rest together. They stand at its end as
 * triangles; table and tip give their figures.
 */
function scaleLimit(scenarios: readonly ScenarioView[], kpi: KpiName): number {
  const means = scenarios.map(({ simulated }) => simulated[kpi].mean).sort((a, b) => a - b);
  const [least = 0, usual = 0] = [means[0], means[Math.floor(0.9 * (means.length - 1))]];
  return usual > least ? usual + 2 * (usual - least) : Infinity;
}

/** p10 to p90 on both axes: strong for what is chosen, faint for the Pareto plans, none for the others. */
function whiskers(
  points: readonly Point[],
  marked: ReadonlySet<string | undefined>,
  colours: ReturnType<typeof palette>,
): CustomSeriesRenderItem {
  return (params, api) => {
    const point = points[params.dataIndex];
    if (!point) return null;
    const [x = 0, left = 0, right = 0, y = 0, low = 0, high = 0] = point.value;
    const strong = marked.has(point.planId);
    if (!strong && point.symbol !== 'diamond') return null;
    const line = (from: number[], to: number[]) => {
      const [[x1 = 0, y1 = 0], [x2 = 0, y2 = 0]] = [api.coord(from), api.coord(to)];
      return {
        type: 'line' as const,
        shape: { x1, y1, x2, y2 },
        style: {
          stroke: strong ? colours.accent : colours.quiet,
          lineWidth: strong ? 2 : 1,
          opacity: strong ? 0.9 : 0.35,
        },
      };
    };
    return { type: 'group', children: [line([left, y], [right, y]), line([x, low], [x, high])] };
  };
}

function tip(texts: Texts, scenario: ScenarioView, axes: { x: KpiName; y: KpiName }): HTMLElement {
  const box = el('div');
  fill(box, [
    el('strong', {}, `${texts.t('plan.rank', { rank: scenario.rank })}: ${labelOf(texts, scenario).full}`),
    ...[axes.y, axes.x].map((name) => {
      const style = kpiStyle(name);
      return el('p', {}, `${texts.t(style.label)}: ${kpiRange(texts, style, scenario.simulated[name])}`);
    }),
  ]);
  return box;
}
