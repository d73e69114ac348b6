import type { BoardStateView, JobView, OrderView, PlanView } from '../view.ts';

/** A start that moves by less is no change, as in the plan's own count of changes. */
const sameStartMs = 60_000;

/** One operation of a plan, ready to be drawn. Instants in milliseconds UTC. */
export interface Bar {
  jobOrderId: string;
  orderId: string;
  equipmentId: string;
  personId: string | null;
  start: number;
  /** End of the setup it begins with. */
  setupEnd: number;
  end: number;
  frozen: boolean;
}

/** A plan with its bars, and when each order ends in it. */
export interface Plan {
  view: PlanView;
  bars: Bar[];
  byJob: ReadonlyMap<string, Bar>;
  orderEnd: ReadonlyMap<string, number>;
  frozenUntil: number;
}

/** An order's id, from one of its operations' ids (`<order>/<sequence>`). */
function orderOf(jobOrderId: string): string {
  const cut = jobOrderId.lastIndexOf('/');
  return cut < 0 ? jobOrderId : jobOrderId.slice(0, cut);
}

/** Reads a plan from the server's answer. */
export function readPlan(view: PlanView): Plan {
  const bars = view.entries.map((entry): Bar => {
    const start = Date.parse(entry.start);
    const end = Date.parse(entry.end);
    return {
      jobOrderId: entry.jobOrderId,
      orderId: orderOf(entry.jobOrderId),
      equipmentId: entry.equipmentId,
      personId: entry.personId,
      start,
      setupEnd: Math.min(end, start + entry.setupSeconds * 1_000),
      end,
      frozen: entry.frozen,
    };
  });
  const orderEnd = new Map<string, number>();
  for (const { orderId, end } of bars) orderEnd.set(orderId, Math.max(end, orderEnd.get(orderId) ?? -Infinity));
  return {
    view,
    bars,
    byJob: new Map(bars.map((bar) => [bar.jobOrderId, bar])),
    orderEnd,
    frozenUntil: Date.parse(view.frozenUntil),
  };
}

/** Orders and operations by id. */
export interface PlantIndex {
  orders: ReadonlyMap<string, OrderView>;
  jobs: ReadonlyMap<string, JobView>;
}

/** Indexes what the state tells of orders and operations. */
export function indexPlant(state: BoardStateView): PlantIndex {
  return {
    orders: new Map(state.orders.map((order) => [order.workRequestId, order])),
    jobs: new Map(state.jobs.map((job) => [job.jobOrderId, job])),
  };
}

/** By how much an order is late in a plan, in milliseconds: negative is early, undefined where nothing is known. */
export function lateness(plan: Plan, orderId: string, { orders }: PlantIndex): number | undefined {
  const end = plan.orderEnd.get(orderId);
  const order = orders.get(orderId);
  return end === undefined || !order ? undefined : end - Date.parse(order.dueAt);
}

/** An operation that another plan does elsewhere or at another time; `before` is absent for one that is new. */
export interface Move {
  after: Bar;
  before: Bar | undefined;
  /** Change of the order's end, in milliseconds; positive is later. */
  orderShiftMs: number;
}

/** The operations that one plan moves against another, frozen ones left out, the largest effect on their order's end first. */
export function movesBetween(before: Plan, after: Plan): Move[] {
  const moves = after.bars.flatMap((bar): Move[] => {
    const was = before.byJob.get(bar.jobOrderId);
    const stays = was?.equipmentId === bar.equipmentId && Math.abs(was.start - bar.start) < sameStartMs;
    if (stays || bar.frozen) return [];
    const [endAfter, endBefore] = [after, before].map((plan) => plan.orderEnd.get(bar.orderId));
    const orderShiftMs = endAfter === undefined || endBefore === undefined ? 0 : endAfter - endBefore;
    return [{ after: bar, before: was, orderShiftMs }];
  });
  return moves.sort((a, b) => Math.abs(b.orderShiftMs) - Math.abs(a.orderShiftMs) || a.after.start - b.after.start);
}
