import type { Decoded } from './decoder.ts';
import type { Problem } from './problem.ts';

/**
 * The free operations in an order that respects precedence and otherwise follows the keys, lowest first (Kahn's
 * algorithm with a binary heap); blocks stay in one piece and follow the lowest key in them. Operations on a cycle are
 * missing from the result.
 * @param machineBefore operation before each on its machine, −1 for none, where those sequences must stay
 */
export function topologicalOrder(problem: Problem, key: Float64Array, machineBefore?: Int32Array): Int32Array {
  const { pred, predOffset, succ, succOffset, fixed, blockFirst, blockNext } = problem;
  const n = problem.jobOrderIds.length;
  const open = new Int32Array(n);
  const lowest = key.slice();
  for (let i = 0; i < n; i++) {
    const first = blockFirst[i]!;
    if (key[i]! < lowest[first]!) lowest[first] = key[i]!;
    for (let p = predOffset[i]!; p < predOffset[i + 1]!; p++)
      if (fixed[i] === 0 && blockFirst[pred[p]!] !== first) open[first]!++;
  }
  const machineAfter = new Int32Array(n).fill(-1);
  machineBefore?.forEach((before, i) => {
    if (before < 0 || fixed[before] === 1 || blockFirst[before] === blockFirst[i]) return;
    open[blockFirst[i]!]!++;
    machineAfter[before] = i;
  });
  const heap: number[] = [];
  const before = (a: number, b: number) => lowest[a]! < lowest[b]! || (lowest[a] === lowest[b] && a < b);

  function push(operation: number): void {
    heap.push(operation);
    let at = heap.length - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(heap[at]!, heap[parent]!)) break;
      [heap[at], heap[parent]] = [heap[parent]!, heap[at]!];
      at = parent;
    }
  }
  function pop(): number {
    const top = heap[0]!;
    const last = heap.pop()!;
    if (heap.length > 0) {
      heap[0] = last;
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        if (child >= heap.length) break;
        if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
        if (!before(heap[child]!, heap[at]!)) break;
        [heap[at], heap[child]] = [heap[child]!, heap[at]!];
        at = child;
      }
    }
    return top;
  }

  function release(block: number): void {
    open[block]!--;
    if (open[block] === 0) push(block);
  }

  for (let i = 0; i < n; i++) if (blockFirst[i] === i && open[i] === 0) push(i);
  const order: number[] = [];
  while (heap.length > 0) {
    const first = pop();
    for (let operation = first; operation >= 0; operation = blockNext[operation]!) {
      if (fixed[operation] === 0) order.push(operation);
      const follower = machineAfter[operation]!;
      if (follower >= 0) release(blockFirst[follower]!);
      for (let s = succOffset[operation]!; s < succOffset[operation + 1]!; s++) {
        const next = blockFirst[succ[s]!]!;
        if (fixed[succ[s]!] === 1 || next === first) continue;
        release(next);
      }
    }
  }
  return Int32Array.from(order);
}

/** The order of a plan's operations by start, as far as precedence, blocks and the sequences on machines allow. */
export function orderByStart(
  problem: Problem,
  { start, end, fill, machineBefore }: Pick<Decoded, 'start' | 'end' | 'fill' | 'machineBefore'>,
  order: Int32Array,
): Int32Array {
  const rank = new Float64Array(start.length);
  order
    .toSorted((a, b) => start[a]! - start[b]! || end[a]! - end[b]! || fill[a]! - fill[b]! || a - b)
    .forEach((operation, at) => (rank[operation] = at));
  return topologicalOrder(problem, rank, machineBefore);
}
