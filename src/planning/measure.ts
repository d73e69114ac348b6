import { lagBreach } from './constraints/maximum-lag.ts';
import type { Decoded } from './decoder.ts';
import type { Problem } from './problem.ts';

/** An operation counts as kept when it starts within so many milliseconds of the live plan's start. */
const fiveMinutes = 300_000;

/** What a plan adds up to while it is built. */
export interface Totals {
  /** Busy milliseconds by machine. */
  busy: Float64Array;
  changeovers: number;
  setupMs: number;
}

/** Whether an operation has a place in the live plan to be compared with. */
export function isComparable(problem: Problem, operation: number): boolean {
  return problem.running[operation] === 0 && problem.liveMachine[operation]! >= 0;
}

/** Whether an operation keeps the machine and, nearly, the start of the live plan. */
export function isKept(problem: Problem, plan: Decoded, operation: number): boolean {
  const moved = Math.abs(plan.start[operation]! - problem.liveStart[operation]!);
  return plan.machine[operation] === problem.liveMachine[operation] && moved <= fiveMinutes;
}

/** Seconds that the lock of an operation is missed by, an hour and more where it is. */
export function lockBreach(problem: Problem, plan: Decoded, operation: number): number {
  if (problem.locked[operation] === 0) return 0;
  const moved = Math.abs(plan.start[operation]! - problem.liveStart[operation]!);
  return moved > 0 || plan.machine[operation] !== problem.liveMachine[operation] ? 3600 + moved / 1000 : 0;
}

/**
 * Writes objectives and figures of a finished plan into it.
 * @param requestEnd room for the end of each work request
 */
export function measure(problem: Problem, out: Decoded, totals: Totals, requestEnd: Float64Array): void {
  requestEnd.fill(-Infinity);
  let kept = 0;
  let comparable = 0;
  let lockBreaches = 0;
  for (let i = 0; i < out.end.length; i++) {
    const request = problem.requestOf[i]!;
    if (out.end[i]! > requestEnd[request]!) requestEnd[request] = out.end[i]!;
    if (!isComparable(problem, i)) continue;
    comparable++;
    if (isKept(problem, out, i)) kept++;
    lockBreaches += lockBreach(problem, out, i);
  }
  judge(problem, out, totals, requestEnd, { keptShare: comparable === 0 ? 1 : kept / comparable, lockBreaches });
}

/** As `measure`, where the ends of the requests, the share of kept operations and the missed locks are known. */
export function judge(
  problem: Problem,
  out: Decoded,
  totals: Totals,
  requestEnd: Float64Array,
  { keptShare, lockBreaches }: { keptShare: number; lockBreaches: number },
): void {
  let breach = lockBreaches + lagBreach(problem, out);
  let makespan = 0;
  let tardiness = 0;
  let late = 0;
  for (let r = 0; r < requestEnd.length; r++) {
    const end = requestEnd[r]!;
    if (end > makespan) makespan = end;
    const over = end - problem.due[r]!;
    if (over <= 0) continue;
    late++;
    tardiness += (over / 1000) * problem.weight[r]!;
    if (problem.mustBeOnTime[r] === 1) breach += over / 1000;
  }
  out.objectives[0] = tardiness;
  out.objectives[1] = totals.changeovers;
  out.objectives[2] = 1 - keptShare;
  out.objectives[3] = makespan / 1000;
  out.objectives[4] = relativeDeviation(totals.busy);
  out.lateRequests = late;
  out.setupSeconds = totals.setupMs / 1000;
  out.breachSeconds = breach;
}

function relativeDeviation(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  if (!(mean > 0)) return 0;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return Math.sqrt(squares / values.length) / mean;
}
