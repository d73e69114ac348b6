import type { Problem } from '../problem.ts';

/** Parts of a unit that rounding may cost. */
const tolerance = 1e-6;

/**
 * The earliest start that arriving lots allow for one more operation; −Infinity where it needs none of them,
 * Infinity where they are not enough.
 * @param claimed by material: what the operations placed so far take
 */
export function earliestWithMaterial(problem: Problem, operation: number, claimed: Float64Array): number {
  const { needOffset, needMaterial, needQuantity } = problem;
  let earliest = -Infinity;
  for (let need = needOffset[operation]!; need < needOffset[operation + 1]!; need++) {
    const material = needMaterial[need]!;
    const at = arrivalOf(problem, material, claimed[material]! + needQuantity[need]!);
    if (at > earliest) earliest = at;
  }
  return earliest;
}

/** Marks what an operation takes as claimed. */
export function claimMaterial(problem: Problem, operation: number, claimed: Float64Array): void {
  const { needOffset, needMaterial, needQuantity } = problem;
  for (let need = needOffset[operation]!; need < needOffset[operation + 1]!; need++)
    claimed[needMaterial[need]!]! += needQuantity[need]!;
}

/** When so much of a material has arrived; Infinity where that is never. */
export function arrivalOf(problem: Problem, material: number, total: number): number {
  const { arrivalOffset, arrivalTime, arrivalTotal } = problem;
  for (let at = arrivalOffset[material]!; at < arrivalOffset[material + 1]!; at++)
    if (arrivalTotal[at]! + tolerance >= total) return arrivalTime[at]!;
  return Infinity;
}
