import { MillwrightError } from '../kernel/index.ts';
import type { PlanConstraint } from '../contracts/index.ts';
import type { PlantState, UnplannedOrder } from '../plant/index.ts';
import type { Conflict } from '../planning/index.ts';

/** Conflicts are found stage by stage; after so many rounds the plant is taken to be wrong as a whole. */
const mostRounds = 12;
/** More than this share of the open orders is never left out: then it is the data that are wrong. */
const mostLeftOut = 0.5;

/** What became of an attempt: its result, the state that it was made from, and the orders left out of it. */
export interface PartPlan<Result> {
  result: Result;
  state: PlantState;
  unplanned: UnplannedOrder[];
}

/**
 * Plans without the orders that can have no place in any plan, so that one impossible order does not stop all others:
 * they count as held until a plan can have them again, and are named with what conflicts.
 * @param attempt throws `MW_PLAN_INFEASIBLE` with its conflicts where the state cannot be planned
 * @throws the attempt's error where the orders are impossible by somebody's wish (who can take it back), where one of
 *   them is running, or where it is more than half of all
 */
export async function planWhatCanBe<Result>(
  state: PlantState,
  constraints: readonly PlanConstraint[],
  attempt: (state: PlantState) => Promise<Result>,
): Promise<PartPlan<Result>> {
  const unplanned: UnplannedOrder[] = [];
  for (let round = 0; ; round++) {
    const known = withoutOrders(state, unplanned);
    try {
      return { result: await attempt(known), state: known, unplanned };
    } catch (thrown) {
      const found = round < mostRounds ? ordersWithoutPlace(state, constraints, thrown) : [];
      unplanned.push(...found);
      const open = state.workRequests.filter(({ requestState }) => requestState !== 'Held').length;
      if (found.length === 0 || unplanned.length > mostLeftOut * open) throw thrown;
    }
  }
}

/** A held request's operations are in no plan. */
function withoutOrders(state: PlantState, unplanned: readonly UnplannedOrder[]): PlantState {
  if (unplanned.length === 0) return state;
  const held = new Set(unplanned.map(({ workRequestId }) => workRequestId));
  return {
    ...state,
    workRequests: state.workRequests.map((request) =>
      held.has(request.workRequestId) ? { ...request, requestState: 'Held' as const } : request,
    ),
  };
}

/** The orders that a failure is about, with what conflicts; none where they may not be left out. */
function ordersWithoutPlace(
  { jobOrders, workRequests }: PlantState,
  constraints: readonly PlanConstraint[],
  thrown: unknown,
): UnplannedOrder[] {
  if (!(thrown instanceof MillwrightError) || thrown.code !== 'MW_PLAN_INFEASIBLE') return [];
  const conflicts = Array.isArray(thrown.cause) ? (thrown.cause as Conflict[]) : [];
  const jobs = new Map(jobOrders.map((job) => [job.jobOrderId, job]));
  const known = new Set(workRequests.map(({ workRequestId }) => workRequestId));
  const wished = new Set(constraints.map(({ subject }) => subject));
  const byOrder = new Map<string, Conflict[]>();
  for (const conflict of conflicts) {
    const job = jobs.get(conflict.jobOrderId);
    const byWish =
      wished.has(conflict.jobOrderId) ||
      (job !== undefined && wished.has(job.workRequestId)) ||
      (conflict.causes ?? []).some(({ kind }) => kind === 'ban');
    if (!job || !known.has(job.workRequestId) || job.dispatchStatus === 'Running' || byWish) return [];
    byOrder.set(job.workRequestId, [...(byOrder.get(job.workRequestId) ?? []), conflict]);
  }
  return [...byOrder].map(([workRequestId, found]) => ({ workRequestId, conflicts: found }));
}
