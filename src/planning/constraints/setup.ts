import type { Problem } from '../problem.ts';

/** Milliseconds to change a machine over from one family to another; 0 where its class has no setup matrix. */
export function setupTime(problem: Problem, machine: number, fromFamily: number, toFamily: number): number {
  const matrix = problem.matrixOf[machine]!;
  if (matrix < 0) return 0;
  return problem.setup[(matrix * (problem.familyCount + 1) + fromFamily) * problem.familyCount + toFamily]!;
}
