import type { KpiName, SpreadView } from '../view.ts';
import type { App } from './app.ts';
import { el } from './dom.ts';
import { latenessText } from './job-tip.ts';
import { compareKpi, kpiNumber, kpis, kpiValue } from './kpis.ts';
import { labelOf } from './labels.ts';
import { lateness, movesBetween, type Bar, type Plan } from './plan.ts';
import { marks, rangeBar } from './scenario-table.ts';
import { extent } from './scenarios.ts';
import { emptyState, plainTable } from './tables.ts';

/** The operations that the selected plan moves, the largest effect first. */
export function changesTab(app: App, live: Plan, selected: Plan): HTMLElement {
  const { texts } = app;
  const { plant } = app.shown;
  const moves = movesBetween(live, selected);
  if (moves.length === 0 || !plant) return emptyState(texts.t('changes.none'));
  const now = app.now();
  const place = (bar: Bar) => `${bar.equipmentId}, ${texts.when(bar.start, now)}`;
  return plainTable(
    texts.t('changes.caption'),
    [
      { label: texts.t('job.operation') },
      { label: texts.t('job.product') },
      { label: texts.t('changes.from') },
      { label: texts.t('changes.to') },
      { label: texts.t('changes.shift'), number: true },
      { label: texts.t('changes.order'), number: true },
      { label: texts.t('job.due') },
    ],
    moves.map(({ after, before, orderShiftMs }) => {
      const late = lateness(selected, after.orderId, plant);
      return [
        jobButton(app, after),
        plant.orders.get(after.orderId)?.materialId ?? '',
        before ? place(before) : texts.t('job.added'),
        place(after),
        before ? texts.shift(after.start - before.start) : '',
        el('span', { class: tone(-orderShiftMs) }, texts.shift(orderShiftMs)),
        late === undefined ? '' : lateChip(app, late),
      ];
    }),
  );
}

/** What must be moved so that the plan's operations can start. */
export function stagingTab(app: App, plan: Plan): HTMLElement {
  const { texts } = app;
  const { staging } = plan.view;
  if (staging.length === 0) return emptyState(texts.t('staging.none'));
  const now = app.now();
  return plainTable(
    texts.t('staging.caption'),
    [
      { label: texts.t('staging.needAt') },
      { label: texts.t('staging.material') },
      { label: texts.t('staging.quantity'), number: true },
      { label: texts.t('staging.from') },
      { label: texts.t('staging.to') },
      { label: texts.t('staging.for') },
    ],
    [...staging]
      .sort((a, b) => (a.needAt < b.needAt ? -1 : 1))
      .map((need) => [
        texts.when(Date.parse(need.needAt), now),
        need.lotId === null ? need.materialId : `${need.materialId} (${need.lotId})`,
        `${texts.number(need.quantity, need.quantity % 1 === 0 ? 0 : 1)} ${need.unit}`,
        need.from,
        need.to,
        need.jobOrderId,
      ]),
  );
}

/** Up to three plans side by side, KPI by KPI; the best of each row is marked. */
export function compareTab(app: App, compare: readonly string[]): HTMLElement {
  const { texts } = app;
  const scenarios = compare.flatMap((planId) => app.scenario(planId) ?? []);
  if (scenarios.length === 0) return emptyState(texts.t('compare.none'));
  const all = app.shown.set?.scenarios ?? [];
  const heads = scenarios.map((scenario) => {
    const { planId, rank } = scenario;
    return el('th', { scope: 'col' }, [
      el(
        'button',
        { type: 'button', class: 'link', 'aria-label': texts.t('compare.open', { rank }) },
        texts.t('plan.rank', { rank }),
        {
          click: () => void app.select(planId),
        },
      ),
      el('span', { class: 'compare-label' }, labelOf(texts, scenario).full),
      ...marks(app, scenario),
    ]);
  });
  const rows = kpis.map((kpi) => {
    const values = scenarios.map(({ simulated }) => simulated[kpi.name]);
    const best = values.reduce((a, b) => (compareKpi(kpi, b.mean, a.mean) > 0 ? b : a));
    return el('tr', {}, [
      el('th', { scope: 'row', title: texts.t(kpi.hint) }, texts.t(kpi.label)),
      ...scenarios.map(({ simulated, planned }) => {
        const spread = simulated[kpi.name];
        const isBest = scenarios.length > 1 && compareKpi(kpi, spread.mean, best.mean) === 0;
        return compareCell(app, kpi.name, spread, planned[kpi.name], isBest, extent(all, kpi.name));
      }),
    ]);
  });
  return el('table', { class: 'listing compare' }, [
    el('caption', {}, texts.t('compare.caption')),
    el('thead', {}, [el('tr', {}, [el('th', { scope: 'col' }, texts.t('compare.kpi')), ...heads])]),
    el('tbody', {}, rows),
  ]);
}

function compareCell(
  { texts }: App,
  name: KpiName,
  spread: SpreadView,
  planned: number,
  isBest: boolean,
  scale: { low: number; high: number },
): HTMLElement {
  const kpi = kpis.find((style) => style.name === name)!;
  return el('td', {}, [
    el('span', { class: `number${isBest ? ' best' : ''}` }, kpiValue(texts, kpi, spread.mean)),
    el('span', { class: 'quiet number' }, ` ${kpiNumber(texts, kpi, spread.p10)}–${kpiNumber(texts, kpi, spread.p90)}`),
    rangeBar(spread, scale),
    el('span', { class: 'quiet' }, texts.t('compare.planned', { value: kpiValue(texts, kpi, planned) })),
  ]);
}

function jobButton(app: App, bar: Bar): HTMLElement {
  return el('button', { type: 'button', class: 'link' }, bar.jobOrderId, {
    click: () => app.show({ orderId: bar.orderId, tab: 'schedule' }),
  });
}

/** How late an order is, marked where it is. */
export function lateChip(app: App, lateMs: number): HTMLElement {
  return el('span', { class: lateMs > 0 ? 'late-chip' : 'quiet' }, latenessText(app, lateMs));
}

function tone(gainMs: number): string {
  if (Math.abs(gainMs) < 60_000) return 'quiet';
  return gainMs > 0 ? 'better' : 'worse';
}
