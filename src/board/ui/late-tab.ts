import type { LateLinkView, LateReasonView } from '../view.ts';
import type { App } from './app.ts';
import { lateChip } from './detail-tabs.ts';
import { el } from './dom.ts';
import { latenessText } from './job-tip.ts';
import { lateness, type Plan } from './plan.ts';
import { emptyState, plainTable } from './tables.ts';
import type { Texts } from './text.ts';

/** Chains that the reader has opened: they stay so when the page shows news of the plant. */
const opened = new Set<string>();

/** The orders that end late in the selected plan, and why. */
export function lateTab(app: App, plan: Plan, live: Plan | undefined): HTMLElement {
  const { texts } = app;
  const { plant } = app.shown;
  const late = [...plan.orderEnd.keys()]
    .map((orderId) => ({ orderId, by: plant ? (lateness(plan, orderId, plant) ?? 0) : 0 }))
    .filter(({ by }) => by > 0)
    .sort((a, b) => b.by - a.by);
  if (late.length === 0 || !plant) return emptyState(texts.t('late.none'));
  const reasonOf = new Map(plan.view.lateReasons.map((reason) => [reason.workRequestId, reason]));
  const table = plainTable(
    texts.t('late.caption'),
    [
      { label: texts.t('job.order') },
      { label: texts.t('job.customer') },
      { label: texts.t('job.product') },
      { label: texts.t('job.due') },
      { label: texts.t('late.by') },
      { label: texts.t('late.versus') },
      { label: texts.t('late.why') },
    ],
    late.map(({ orderId, by }) => {
      const order = plant.orders.get(orderId);
      const before = live && live !== plan ? lateness(live, orderId, plant) : undefined;
      const reason = reasonOf.get(orderId);
      return [
        orderButton(app, orderId),
        order?.customer ?? '',
        order?.materialId ?? '',
        order ? texts.dayTime(Date.parse(order.dueAt)) : '',
        lateChip(app, by),
        before === undefined ? '–' : latenessText(app, before),
        reason ? why(app, plan, reason) : '–',
      ];
    }),
  );
  return el('div', {}, [shares(app, plan), table]);
}

/** What the plan's weighted lateness comes from, as a list with bars. */
function shares({ texts }: App, { view }: Plan): HTMLElement | null {
  const all = view.tardinessShares.reduce((sum, { seconds }) => sum + seconds, 0);
  if (!(all > 0)) return null;
  return el('section', { class: 'shares', 'aria-label': texts.t('shares.title') }, [
    el('h3', {}, texts.t('shares.title')),
    el(
      'ul',
      {},
      view.tardinessShares.map(({ reason, seconds, subject }) => {
        const share = texts.number((100 * seconds) / all);
        return el('li', {}, [
          el('meter', { min: 0, max: 1, value: seconds / all, 'aria-hidden': true }),
          texts.t('shares.line', { share, reason: texts.code('reason', reason), subject }),
        ]);
      }),
    ),
  ]);
}

/** Why an order is late: the longest wait, and on demand the whole chain. */
function why(app: App, plan: Plan, reason: LateReasonView): HTMLElement {
  const { texts } = app;
  const longest = reason.chain.find((link) => link.reason === reason.reason && link.jobOrderId === reason.jobOrderId);
  const headline = explained(texts, { by: longest?.by ?? null, ...reason });
  if (reason.chain.length === 0) return el('span', {}, headline);
  const steps = reason.chain.map((link) =>
    el('li', { class: link.reason === 'run-time' ? 'quiet' : null }, [
      texts.t('late.step', {
        duration: texts.duration(link.seconds),
        text:
          link.reason === 'run-time'
            ? texts.t('late.run', { job: link.jobOrderId, subject: link.subject })
            : explained(texts, link),
      }),
    ]),
  );
  const key = `${plan.view.planId} ${reason.workRequestId}`;
  const chain = el(
    'details',
    { class: 'chain', open: opened.has(key) },
    [
      el('summary', { title: texts.t('late.chain') }, headline),
      el('ol', { 'aria-label': texts.t('late.chain') }, steps),
    ],
    {
      toggle: () => {
        if (chain.open) opened.add(key);
        else opened.delete(key);
      },
    },
  );
  return chain;
}

function explained(
  texts: Texts,
  { reason, jobOrderId, subject, by }: Pick<LateLinkView, 'reason' | 'jobOrderId' | 'subject' | 'by'>,
): string {
  const key = `why.${reason}`;
  if (reason === 'machine-busy' && by !== null) return texts.t('why.busyWith', { job: jobOrderId, subject, by });
  return texts.knows(key)
    ? texts.t(key, { job: jobOrderId, subject })
    : texts.t('why.other', { job: jobOrderId, reason, subject });
}

function orderButton(app: App, orderId: string): HTMLElement {
  return el('button', { type: 'button', class: 'link' }, orderId, {
    click: () => app.show({ orderId, tab: 'schedule' }),
  });
}
