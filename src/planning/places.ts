import type { Decoded } from './decoder.ts';
import type { Problem } from './problem.ts';

/** So many operations tell two plans apart well enough. */
const mostOperations = 1000;
/** Plans look the same to a planner unless so large a share of their operations has another place. */
export const distinctShare = 0.06;

/**
 * Machine and predecessor on it as one number, by unfrozen operation; of a large plan, of a thousand spread over all. The
 * predecessor is one of the load before, on a batch machine the same whatever the order within that load.
 */
export function placesOf(problem: Problem, plan: Decoded): Int32Array {
  const free: number[] = [];
  for (let i = 0; i < problem.fixed.length; i++) if (problem.fixed[i] === 0) free.push(i);
  const step = Math.max(1, free.length / mostOperations);
  const places = new Int32Array(Math.min(free.length, mostOperations));
  for (let k = 0; k < places.length; k++) {
    const i = free[Math.floor(k * step)]!;
    places[k] = plan.machine[i]! * (problem.fixed.length + 1) + beforeLoad(plan, i) + 1;
  }
  return places;
}

function beforeLoad({ joined, machineBefore }: Decoded, operation: number): number {
  let first = operation;
  while (joined[first] === 1) first = machineBefore[first]!;
  let before = machineBefore[first]!;
  let lowest = before;
  while (before >= 0 && joined[before] === 1) {
    before = machineBefore[before]!;
    lowest = Math.min(lowest, before);
  }
  return lowest;
}

/** Share of the operations whose place differs between two plans of the same problem. */
export function differingShare(a: Int32Array, b: Int32Array): number {
  let count = 0;
  for (let k = 0; k < a.length; k++) if (a[k] !== b[k]) count++;
  return a.length === 0 ? 0 : count / a.length;
}
