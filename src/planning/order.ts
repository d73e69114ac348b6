import type { Problem } from './problem.ts';

/**
 * The free operations in an order that respects precedence and otherwise follows the keys, lowest first (Kahn's
 * algorithm with a binary heap). Operations on a cycle are missing from the result.
 */
export function topologicalOrder(problem: Problem, key: Float64Array): Int32Array {
  const n = problem.jobOrderIds.length;
  const open = new Int32Array(n);
  for (let i = 0; i < n; i++) open[i] = problem.predOffset[i + 1]! - problem.predOffset[i]!;
  const heap: number[] = [];
  const before = (a: number, b: number) => key[a]! < key[b]! || (key[a] === key[b] && a < b);

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

  for (let i = 0; i < n; i++) if (open[i] === 0) push(i);
  const order: number[] = [];
  while (heap.length > 0) {
    const operation = pop();
    if (problem.fixed[operation] === 0) order.push(operation);
    for (let s = problem.succOffset[operation]!; s < problem.succOffset[operation + 1]!; s++) {
      const next = problem.succ[s]!;
      open[next]!--;
      if (open[next] === 0) push(next);
    }
  }
  return Int32Array.from(order);
}
