import type { ScheduleEntry } from '../plant/index.ts';
import { Decoder, type Decoded } from './decoder.ts';
import { topologicalOrder } from './order.ts';
import type { Problem, Solution } from './problem.ts';

/** A plan as a problem and a solution that decodes to exactly that plan. */
export interface Replay {
  /** In place of the live starts it has the plan's: what the solution holds keeps its planned start. */
  problem: Problem;
  solution: Solution;
}

/** After so many rounds whatever still starts earlier than planned is pinned at once. */
const mostRounds = 60;

/**
 * Finds the solution behind a plan: machines and order as planned; what would start earlier than planned (it keeps its
 * live start, or was placed after what starts later) is held at its planned start.
 * @returns undefined where the plan is none of this problem's
 */
export function replayOf(problem: Problem, entries: readonly ScheduleEntry[]): Replay | undefined {
  const planned = new Map(entries.map((entry) => [entry.jobOrderId, entry]));
  const own = problem.jobOrderIds.map((id) => planned.get(id));
  const starts = Float64Array.from(own, (entry) => (entry?.start ?? NaN) - problem.from);
  const machines = own.map((entry) => problem.machineIds.indexOf(entry?.equipmentId ?? ''));
  const replay = replayOn(problem, starts, machines, new Uint8Array(own.length));
  if (!replay) return undefined;
  const decoder = new Decoder(replay.problem);
  for (let round = 0; ; round++) {
    const plan = decoder.decode(replay.solution);
    if (!plan.complete) return undefined;
    if (!pinEarly(replay, plan, round >= mostRounds)) return replay;
  }
}

/**
 * Starts and machines of a plan (by operation) on a problem with the same operations.
 * @returns undefined where an operation has no start, or cannot be done on its machine
 */
export function replayOn(
  problem: Problem,
  starts: Float64Array,
  machines: ArrayLike<number>,
  hold: Uint8Array,
): Replay | undefined {
  const choice = new Uint16Array(starts.length);
  for (let i = 0; i < starts.length; i++) {
    if (Number.isNaN(starts[i])) return undefined;
    if (problem.fixed[i] === 1) continue;
    const able = problem.altMachine.subarray(problem.altOffset[i], problem.altOffset[i + 1]);
    const relative = able.indexOf(machines[i]!);
    if (relative < 0) return undefined;
    choice[i] = relative;
  }
  return {
    problem: { ...problem, liveStart: starts },
    solution: { order: topologicalOrder(problem, starts, sequences(starts, machines)), choice, hold: hold.slice() },
  };
}

/** The operation before each on its machine, −1 for none. */
function sequences(starts: Float64Array, machines: ArrayLike<number>): Int32Array {
  const before = new Int32Array(starts.length).fill(-1);
  const last = new Map<number, number>();
  for (const i of [...starts.keys()].sort((a, b) => starts[a]! - starts[b]! || a - b)) {
    before[i] = last.get(machines[i]!) ?? -1;
    last.set(machines[i]!, i);
  }
  return before;
}

/** Holds what starts too early although all that it follows stands as planned; says whether there was any. */
function pinEarly({ problem, solution }: Replay, plan: Decoded, all: boolean): boolean {
  const { liveStart, fixed, pred, predOffset } = problem;
  const isAsPlanned = (other: number) => other < 0 || fixed[other] === 1 || plan.start[other] === liveStart[other];
  let pinned = false;
  for (const i of solution.order) {
    if (solution.hold[i] === 1 || plan.start[i]! >= liveStart[i]!) continue;
    const follows = [plan.machineBefore[i]!, ...pred.subarray(predOffset[i], predOffset[i + 1])];
    if (!all && !follows.every(isAsPlanned)) continue;
    solution.hold[i] = 1;
    pinned = true;
  }
  return pinned;
}
