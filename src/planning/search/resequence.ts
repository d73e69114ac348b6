import type { Problem } from '../problem.ts';

/**
 * Changes the order of operations in place so that every operation still comes after its predecessors. One instance
 * is used again and again for one problem.
 */
export class Resequencer {
  private readonly problem: Problem;
  private readonly marked: Uint8Array;
  private readonly buffer: Int32Array;

  constructor(problem: Problem) {
    this.problem = problem;
    this.marked = new Uint8Array(problem.jobOrderIds.length);
    this.buffer = new Int32Array(problem.jobOrderIds.length);
  }

  /** Moves the operation at `from` forward to `to` (to < from); predecessors on the way come along before it. */
  pull(order: Int32Array, from: number, to: number): void {
    const { problem, marked } = this;
    marked[order[from]!] = 1;
    for (let at = from - 1; at >= to; at--) {
      const operation = order[at]!;
      for (let s = problem.succOffset[operation]!; s < problem.succOffset[operation + 1]!; s++)
        if (marked[problem.succ[s]!] === 1) {
          marked[operation] = 1;
          break;
        }
    }
    this.divide(order, to, from, 1);
  }

  /** Moves the operation at `from` back to `to` (to > from); successors on the way come along behind it. */
  push(order: Int32Array, from: number, to: number): void {
    const { problem, marked } = this;
    marked[order[from]!] = 1;
    for (let at = from + 1; at <= to; at++) {
      const operation = order[at]!;
      for (let p = problem.predOffset[operation]!; p < problem.predOffset[operation + 1]!; p++)
        if (marked[problem.pred[p]!] === 1) {
          marked[operation] = 1;
          break;
        }
    }
    this.divide(order, from, to, 0);
  }

  /** Puts operations with one mark before those with the other within [first, last], each in their old order. */
  private divide(order: Int32Array, first: number, last: number, mark: number): void {
    const { marked, buffer } = this;
    let at = first;
    let kept = 0;
    for (let i = first; i <= last; i++) {
      const operation = order[i]!;
      if (marked[operation] === mark) order[at++] = operation;
      else buffer[kept++] = operation;
    }
    for (let i = 0; i < kept; i++) order[at++] = buffer[i]!;
    for (let i = first; i <= last; i++) marked[order[i]!] = 0;
  }
}
