import type { Problem } from '../problem.ts';

/**
 * The earliest start on a machine that the predecessors' ends allow; transport is added where the line changes.
 * @param end end by operation
 * @param machine machine by operation
 */
export function earliestAfterPredecessors(
  problem: Problem,
  operation: number,
  onMachine: number,
  end: Float64Array,
  machine: Int32Array,
): number {
  let earliest = -Infinity;
  const line = problem.lineOf[onMachine]!;
  for (let p = problem.predOffset[operation]!; p < problem.predOffset[operation + 1]!; p++) {
    const before = problem.pred[p]!;
    const moved = problem.lineOf[machine[before]!]! !== line ? problem.transport : 0;
    const ready = end[before]! + moved;
    if (ready > earliest) earliest = ready;
  }
  return earliest;
}
