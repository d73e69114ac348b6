import type { Random } from '../../kernel/index.ts';
import { topologicalOrder } from '../order.ts';
import { copySolution, type Problem, type Solution } from '../problem.ts';

/**
 * A plan on the way between two (path relinking, Glover 1997): the first one, with what comes later, what lies in a
 * stretch of time, or whole work requests taken over from the second, in its order and on its machines.
 */
export function between(problem: Problem, first: Solution, second: Solution, random: Random): Solution {
  const size = first.order.length;
  const way = random.pick(['later', 'window', 'requests']);
  if (way === 'requests') {
    const share = 0.1 + 0.8 * random.next();
    const taken = Uint8Array.from(problem.requestIds, () => (random.next() < share ? 1 : 0));
    return takeRequests(problem, first, second, taken);
  }
  const from = random.int(size);
  const until = way === 'later' ? size : Math.min(size, from + 2 + random.int(size >> 1));
  const mixed = copySolution(first);
  const taken = new Uint8Array(problem.jobOrderIds.length);
  for (const i of first.order.subarray(from, until)) taken[i] = 1;
  mixed.order.set(
    second.order.filter((i) => taken[i] === 1),
    from,
  );
  adopt(mixed, second, taken);
  return mixed;
}

function takeRequests(problem: Problem, first: Solution, second: Solution, requests: Uint8Array): Solution {
  const mixed = copySolution(first);
  const taken = Uint8Array.from(problem.requestOf, (request) => requests[request]!);
  const key = new Float64Array(problem.jobOrderIds.length);
  first.order.forEach((i, at) => (key[i] = at));
  second.order.forEach((i, at) => {
    if (taken[i] === 1) key[i] = at;
  });
  mixed.order.set(topologicalOrder(problem, key));
  adopt(mixed, second, taken);
  return mixed;
}

function adopt(mixed: Solution, second: Solution, taken: Uint8Array): void {
  for (const i of mixed.order)
    if (taken[i] === 1) {
      mixed.choice[i] = second.choice[i]!;
      mixed.hold[i] = second.hold[i]!;
    }
}
