import type { App } from './app.ts';
import { el } from './dom.ts';
import { lateness, type Bar, type Plan } from './plan.ts';

/** What a bar stands for, in words: shown on hovering over it. */
export function jobTip(app: App, bar: Bar, plan: Plan, live: Plan | undefined): HTMLElement {
  const { texts } = app;
  const { plant, state } = app.shown;
  const now = app.now();
  const order = plant?.orders.get(bar.orderId);
  const job = plant?.jobs.get(bar.jobOrderId);
  const was = live && live !== plan ? live.byJob.get(bar.jobOrderId) : undefined;
  const moved = was && (was.equipmentId !== bar.equipmentId || was.start !== bar.start);
  const nameOf = (id: string) => state?.machines.find(({ equipmentId }) => equipmentId === id)?.name ?? id;
  const span = ({ start, end }: Bar) => `${texts.when(start, now)} – ${texts.when(end, start)}`;
  const rows: [string, string | undefined][] = [
    [texts.t('job.operation'), job?.operation],
    [texts.t('job.product'), order && `${order.materialId}, ${texts.number(order.quantity)} ${order.unit}`],
    [texts.t('job.customer'), order?.customer],
    [texts.t('job.machine'), nameOf(bar.equipmentId)],
    [texts.t('job.operator'), bar.personId ?? undefined],
    [texts.t('job.time'), span(bar)],
    [texts.t('job.was'), moved ? `${nameOf(was.equipmentId)}, ${span(was)}` : undefined],
    [texts.t('job.due'), order && texts.dayTime(Date.parse(order.dueAt))],
    [texts.t('job.ends'), endText(app, bar, plan)],
  ];
  return el('div', {}, [
    el('strong', {}, bar.jobOrderId),
    el(
      'dl',
      {},
      rows.flatMap(([name, value]) => (value === undefined ? [] : [el('dt', {}, name), el('dd', {}, value)])),
    ),
    bar.setupEnd > bar.start
      ? el('p', {}, texts.t('job.setup', { duration: texts.duration((bar.setupEnd - bar.start) / 1_000) }))
      : null,
    bar.frozen ? el('p', {}, texts.t('job.frozen')) : null,
  ]);
}

/** When a bar's order ends in a plan, and how that lies to its due date. */
function endText(app: App, bar: Bar, plan: Plan): string | undefined {
  const { texts } = app;
  const end = plan.orderEnd.get(bar.orderId);
  const late = app.shown.plant && lateness(plan, bar.orderId, app.shown.plant);
  if (end === undefined) return undefined;
  return late === undefined ? texts.dayTime(end) : `${texts.dayTime(end)}, ${latenessText(app, late)}`;
}

/** `2 h 5 min late`, `1 day early` or `on time`. */
export function latenessText({ texts }: App, lateMs: number): string {
  if (Math.abs(lateMs) < 60_000) return texts.t('job.onTime');
  return texts.t(lateMs > 0 ? 'job.late' : 'job.early', { duration: texts.duration(lateMs / 1_000) });
}
