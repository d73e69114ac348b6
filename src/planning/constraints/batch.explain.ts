import type { Explained, Wait } from './wait.ts';

/** An operation that joined a load waits until the one that began the load is ready. */
export function explainLoad({ problem, plan, operation }: Explained, from: number, to: number): Wait[] {
  let first = operation;
  while (plan.joined[first] === 1) first = plan.machineBefore[first]!;
  return [{ reason: 'load', subject: problem.jobOrderIds[first]!, from, to, milliseconds: to - from }];
}
