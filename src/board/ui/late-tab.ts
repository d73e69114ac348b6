import type { LateLinkView, LateReasonView, LateView, RelaxationView } from '../view.ts';
import { read } from './api.ts';
import { refusalOf, type App } from './app.ts';
import { lateChip } from './detail-tabs.ts';
import { refusalText } from './dialog.ts';
import { el, fill } from './dom.ts';
import { latenessText } from './job-tip.ts';
import { lateness, type Plan } from './plan.ts';
import { emptyState, plainTable } from './tables.ts';
import type { Texts } from './text.ts';

const minuteMs = 60_000;

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
  if (late.length === 0 || !plant) return emptyState(texts.t('late.none'), simulatedLate(app, plan));
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
  return el('div', {}, [shares(app, plan), app.scenario(plan.view.planId) ? whatHelps(app, plan) : null, table]);
}

/** What the simulation says of a plan in which no order is late. */
function simulatedLate(app: App, { view }: Plan): string | undefined {
  const mean = app.scenario(view.planId)?.simulated.lateOrders.mean ?? 0;
  return mean < 0.05 ? undefined : app.texts.t('late.simulated', { count: app.texts.number(mean, 1) });
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

/** What the plans shown lately would gain from; kept, because each answer is worked out anew. */
const answers = new Map<string, Promise<LateView>>();
const mostAnswers = 10;
/** So many gains are listed. */
const mostListed = 6;

function answerFor(planId: string): Promise<LateView> {
  const known = answers.get(planId);
  if (known) return known;
  const answer = read.late(planId);
  answers.set(planId, answer);
  answer.catch(() => answers.delete(planId));
  const [oldest] = answers.keys();
  if (answers.size > mostAnswers && oldest !== undefined) answers.delete(oldest);
  return answer;
}

/** What taking away single constraints would gain, for the whole plan or for one order; comes when it is worked out. */
function whatHelps(app: App, { view }: Plan, orderId?: string): HTMLElement {
  const { texts } = app;
  const section = el('section', { class: 'shares', 'aria-label': texts.t('relax.title') }, [
    el('p', { class: 'quiet', role: 'status' }, texts.t('relax.loading')),
  ]);
  answerFor(view.planId).then(
    ({ relaxations }) => {
      const gains = relaxations
        .map((relaxation) => ({ relaxation, text: gainText(app, relaxation, orderId) }))
        .filter(({ text }) => text !== undefined)
        .slice(0, mostListed);
      fill(section, [
        el('h3', {}, texts.t('relax.title')),
        gains.length === 0
          ? el('p', { class: 'quiet' }, texts.t('relax.none'))
          : el(
              'ul',
              {},
              gains.map(({ text }) => el('li', {}, text ?? '')),
            ),
      ]);
    },
    (thrown: unknown) => {
      fill(section, [el('p', { class: 'quiet' }, refusalText(texts, refusalOf(thrown)))]);
    },
  );
  return section;
}

/** In words; undefined where nothing would be gained. */
function gainText({ texts }: App, relaxation: RelaxationView, orderId: string | undefined): string | undefined {
  const { reason, jobOrderId: job, equipmentId: machine, subject } = relaxation;
  const key = `relax.${reason}`;
  if (!texts.knows(key)) return undefined;
  const [from, to] = [relaxation.from, relaxation.to].map((instant) => texts.dayTime(Date.parse(instant)));
  const what = texts.t(key, { job, machine, subject, by: relaxation.by ?? '', from: from ?? '', to: to ?? '' });
  const weightedMs = 1000 * (relaxation.weightedTardinessSecondsThen - relaxation.weightedTardinessSeconds);
  const weighted = texts.shift(weightedMs);
  if (orderId === undefined) {
    const orders = relaxation.lateOrdersThen - relaxation.lateOrders;
    return weightedMs <= -minuteMs ? texts.t('relax.line', { what, weighted, orders: signed(orders) }) : undefined;
  }
  const own = relaxation.requests.find(({ workRequestId }) => workRequestId === orderId);
  const gainMs = own ? 1000 * (own.lateSecondsThen - own.lateSeconds) : 0;
  return gainMs <= -minuteMs ? texts.t('relax.order', { what, shift: texts.shift(gainMs), weighted }) : undefined;
}

function signed(count: number): string {
  return count === 0 ? '±0' : `${count > 0 ? '+' : '−'}${String(Math.abs(count))}`;
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
      app.scenario(plan.view.planId) ? whatHelps(app, plan, reason.workRequestId) : null,
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
