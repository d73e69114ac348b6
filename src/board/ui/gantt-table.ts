import type { App } from './app.ts';
import { labelOf } from './labels.ts';
import { latenessText } from './job-tip.ts';
import { lateness, type Bar, type Plan } from './plan.ts';
import { emptyState, plainTable } from './tables.ts';

/** The Gantt chart as text: each operation with machine and time, and where the live plan has it. */
export function ganttTable(app: App, live: Plan | undefined, selected: Plan | undefined): HTMLElement {
  const { texts } = app;
  const plan = selected ?? live;
  const { plant, state } = app.shown;
  if (!plan || !plant) return emptyState(texts.t('plan.noLive'));
  const now = app.now();
  const place = new Map(state?.machines.map(({ equipmentId }, index) => [equipmentId, index]));
  const bars = [...plan.bars].sort(
    (a, b) => (place.get(a.equipmentId) ?? 1e6) - (place.get(b.equipmentId) ?? 1e6) || a.start - b.start,
  );
  const span = ({ start, end }: Bar) => `${texts.when(start, now)} – ${texts.when(end, start)}`;
  const scenario = app.scenario(plan.view.planId);
  return plainTable(
    scenario ? labelOf(texts, scenario).full : texts.t('plan.live'),
    [
      { label: texts.t('job.machine') },
      { label: texts.t('job.order') },
      { label: texts.t('job.operation') },
      { label: texts.t('job.product') },
      { label: texts.t('job.time') },
      { label: texts.t('job.was') },
      { label: texts.t('changes.order') },
    ],
    bars.map((bar) => {
      const was = live === plan ? undefined : live?.byJob.get(bar.jobOrderId);
      const moved = was && (was.equipmentId !== bar.equipmentId || was.start !== bar.start);
      const late = lateness(plan, bar.orderId, plant);
      return [
        bar.equipmentId,
        bar.jobOrderId,
        plant.jobs.get(bar.jobOrderId)?.operation ?? '',
        plant.orders.get(bar.orderId)?.materialId ?? '',
        span(bar),
        moved ? `${was.equipmentId}, ${span(was)}` : '–',
        late === undefined ? '' : latenessText(app, late),
      ];
    }),
  );
}
