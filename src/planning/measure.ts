import type { BuildingState } from './building-state.ts';
import type { Decoded } from './decoder.ts';
import type { Problem } from './problem.ts';

/** An operation counts as kept when it starts within so many milliseconds of the live plan's start. */
const fiveMinutes = 300_000;

/**
 * Writes objectives and figures of a finished plan into it.
 * @param requestEnd room for the end of each work request
 */
export function measure(problem: Problem, out: Decoded, state: BuildingState, requestEnd: Float64Array): void {
  const n = problem.jobOrderIds.length;
  requestEnd.fill(-Infinity);
  let makespan = 0;
  let kept = 0;
  let comparable = 0;
  let breach = 0;
  for (let i = 0; i < n; i++) {
    const end = out.end[i]!;
    if (end > makespan) makespan = end;
    const request = problem.requestOf[i]!;
    if (end > requestEnd[request]!) requestEnd[request] = end;
    if (problem.running[i] === 1 || problem.liveMachine[i]! < 0) continue;
    comparable++;
    const moved = Math.abs(out.start[i]! - problem.liveStart[i]!);
    const sameMachine = out.machine[i] === problem.liveMachine[i];
    if (sameMachine && moved <= fiveMinutes) kept++;
    if (problem.locked[i] === 1 && (moved > 0 || !sameMachine)) breach += 3600 + moved / 1000;
  }
  let tardiness = 0;
  let late = 0;
  for (let r = 0; r < requestEnd.length; r++) {
    const over = requestEnd[r]! - problem.due[r]!;
    if (over <= 0) continue;
    late++;
    tardiness += (over / 1000) * problem.weight[r]!;
    if (problem.mustBeOnTime[r] === 1) breach += over / 1000;
  }
  out.objectives[0] = tardiness;
  out.objectives[1] = state.changeovers;
  out.objectives[2] = comparable === 0 ? 0 : 1 - kept / comparable;
  out.objectives[3] = makespan / 1000;
  out.objectives[4] = relativeDeviation(state.busy);
  out.lateRequests = late;
  out.setupSeconds = state.setupMs / 1000;
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
