import { MillwrightError } from '../kernel/index.ts';
import type { WorkSchedule } from '../plant/index.ts';
import { topologicalOrder } from './order.ts';
import type { Problem, Solution } from './problem.ts';

/** A solution in JSON. */
export interface PlainSolution {
  order: number[];
  choice: number[];
  hold: number[];
}

/** A solution in JSON, to be read again by `readSolution`. */
export function plainSolution({ order, choice, hold }: Solution): PlainSolution {
  return { order: [...order], choice: [...choice], hold: [...hold] };
}

/**
 * A solution that was made elsewhere for the same problem.
 * @param pointer where it stands in what was given, for the error
 * @throws `MW_PAYLOAD_INVALID` where it does not fit the problem
 */
export function readSolution(problem: Problem, { order, choice, hold }: PlainSolution, pointer: string): Solution {
  const n = problem.jobOrderIds.length;
  const refuse = (where: string, found: string, expected: string): never => {
    throw new MillwrightError('MW_PAYLOAD_INVALID', {
      contract: 'mw.improve-job.v1',
      pointer: `${pointer}/${where}`,
      found,
      expected,
    });
  };
  for (const [name, list] of Object.entries({ choice, hold }))
    if (list.length !== n) refuse(name, `a list of ${String(list.length)}`, `one entry for each of ${String(n)}`);
  for (let i = 0; i < n; i++)
    if (choice[i]! >= Math.max(1, problem.altOffset[i + 1]! - problem.altOffset[i]!))
      refuse(`choice/${String(i)}`, String(choice[i]), 'one of its machines');
  const done = problem.fixed.slice();
  order.forEach((i, at) => {
    if (done[i] !== 0) refuse(`order/${String(at)}`, String(i), 'a free operation that did not come before');
    for (let p = problem.predOffset[i]!; p < problem.predOffset[i + 1]!; p++)
      if (done[problem.pred[p]!] === 0) refuse(`order/${String(at)}`, String(i), 'its predecessors before it');
    done[i] = 1;
  });
  if (done.includes(0)) refuse('order', `a list of ${String(order.length)}`, 'every free operation');
  return { order: Int32Array.from(order), choice: Uint16Array.from(choice), hold: Uint8Array.from(hold) };
}

/**
 * The solution that comes nearest to a plan of any source: its machines, and its order of starts. Operations that it
 * lacks come last, on their first machine; those that it leaves where the live plan has them wait for that start.
 */
export function solutionOf(problem: Problem, plan: Pick<WorkSchedule, 'entries'>): Solution {
  const n = problem.jobOrderIds.length;
  const entries = new Map(plan.entries.map((entry) => [entry.jobOrderId, entry]));
  const machines = new Map(problem.machineIds.map((id, m) => [id, m]));
  const key = new Float64Array(n).fill(Infinity);
  const choice = new Uint16Array(n);
  const hold = new Uint8Array(n);
  problem.jobOrderIds.forEach((id, i) => {
    const entry = entries.get(id);
    if (!entry) return;
    const machine = machines.get(entry.equipmentId);
    const first = problem.altOffset[i]!;
    const size = problem.altOffset[i + 1]! - first;
    key[i] = entry.start - problem.from;
    choice[i] = Math.max(0, problem.altMachine.subarray(first, first + size).indexOf(machine ?? -1));
    hold[i] = machine === problem.liveMachine[i] && key[i] === problem.liveStart[i] ? 1 : 0;
  });
  return { order: topologicalOrder(problem, key), choice, hold };
}
