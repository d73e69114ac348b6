import type { Problem } from '../problem.ts';

/** Milliseconds that parts are on their way from one machine to another; 0 within a line. */
export function transportTime(problem: Problem, fromMachine: number, toMachine: number): number {
  const { transport, lineOf, lineIds } = problem;
  return transport[lineOf[fromMachine]! * lineIds.length + lineOf[toMachine]!]!;
}
