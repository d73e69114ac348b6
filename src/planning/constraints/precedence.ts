import type { Problem } from '../problem.ts';
import { earliestWithTransfers } from './overlap.ts';
import { transportTime } from './transport.ts';

/** The earliest start in an alternative that the predecessors allow, with the setup that it has there. */
export function earliestAfterPredecessors(
  problem: Problem,
  operation: number,
  alternative: number,
  setup: number,
  end: Float64Array,
  machine: Int32Array,
): number {
  let earliest = -Infinity;
  for (let p = problem.predOffset[operation]!; p < problem.predOffset[operation + 1]!; p++) {
    const ready = earliestAfter(problem, p, operation, alternative, setup, end, machine);
    if (ready > earliest) earliest = ready;
  }
  return earliest;
}

/**
 * The earliest start that one predecessor allows: after its end, transport where the line changes and the minimum
 * lag; or, where parts go on in transfers, as soon as it never runs out of them. Infinity where the way there takes longer
 * than the maximum lag.
 * @param p the predecessor, as an index into `Problem.pred`
 * @param end end by operation
 * @param machine machine by operation
 */
export function earliestAfter(
  problem: Problem,
  p: number,
  operation: number,
  alternative: number,
  setup: number,
  end: Float64Array,
  machine: Int32Array,
): number {
  const before = problem.pred[p]!;
  const onMachine = problem.altMachine[alternative]!;
  const wait = waitAfter(problem, p, onMachine, machine[before]!);
  if (wait > problem.lagMax[p]!) return Infinity;
  if (!passesOn(problem, p, onMachine, machine[before]!)) return end[before]! + wait;
  const calendar = problem.altCalendar[alternative]!;
  const run = problem.altRun[alternative]!;
  return earliestWithTransfers(problem, p, operation, calendar, setup, run, wait, end[before]!, machine[before]!);
}

/**
 * Whether parts of a predecessor go on in transfers: not on one and the same machine, and neither into a load of a batch
 * machine, which needs all its parts at once, nor out of it.
 */
export function passesOn(
  { transfer, batchCapacity }: Problem,
  p: number,
  machine: number,
  machineBefore: number,
): boolean {
  if (transfer[p] === 0 || machine === machineBefore) return false;
  return batchCapacity[machine] === 0 && batchCapacity[machineBefore] === 0;
}

/** From the end of a predecessor to the start on another machine: transport where the line changes, and the minimum lag. */
export function waitAfter(problem: Problem, p: number, machine: number, machineBefore: number): number {
  return Math.max(transportTime(problem, machineBefore, machine), problem.lagMin[p]!);
}
