import type { Decoded } from './decoder.ts';
import type { Problem } from './problem.ts';

/** So many operations tell two plans apart well enough. */
const mostOperations = 1000;
/** Plans look the same to a planner unless so large a share of their operations has another place. */
export const distinctShare = 0.06;

/**
 * Machine and predecessor on it as one number, by unfrozen operation; of a large plan, of a thousand spread over all.
 */
export function placesOf(problem: Problem, plan: Decoded): Int32Array {
  const free: number[] = [];
  for (let i = 0; i < problem.fixed.length; i++) if (problem.fixed[i] === 0) free.push(i);
  const step = Math.max(1, free.length / mostOperations);
  const places = new Int32Array(Math.min(free.length, mostOperations));
  for (let k = 0; k < places.length; k++) {
    const i = free[Math.floor(k * step)]!;
    places[k] = plan.machine[i]! * (problem.fixed.length + 1) + plan.machineBefore[i]! + 1;
  }
  return places;
}

/** Share of the operations whose place differs between two plans of the same problem. */
export function differingShare(a: Int32Array, b: Int32Array): number {
  let count = 0;
  for (let k = 0; k < a.length; k++) if (a[k] !== b[k]) count++;
  return a.length === 0 ? 0 : count / a.length;
}
