import { Agenda } from '../variants/agenda.ts';
import type { Problem } from '../problem.ts';

/**
 * Changes the order of operations in place so that every operation still comes after its predecessors and blocks stay in
 * one piece. One instance is used again and again for one problem.
 */
export class Resequencer {
  private readonly problem: Problem;
  private readonly marked: Uint8Array;
  private readonly buffer: Int32Array;
  private readonly open: Int32Array;
  private readonly agenda: Agenda;
  private readonly rankOf: Int32Array;

  constructor(problem: Problem) {
    this.problem = problem;
    this.marked = new Uint8Array(problem.jobOrderIds.length);
    this.buffer = new Int32Array(problem.jobOrderIds.length);
    this.open = new Int32Array(problem.jobOrderIds.length);
    this.rankOf = new Int32Array(problem.jobOrderIds.length);
    this.agenda = new Agenda(2 * problem.jobOrderIds.length + 1);
  }

  /**
   * Moves some operations each just before a place, or as near behind it as their predecessors allow; the others stay
   * in their order unless a moved predecessor holds them up.
   * @param position place of each operation in the order before
   * @param places by chosen operation
   */
  place(order: Int32Array, position: Int32Array, chosen: readonly number[], places: readonly number[]): void {
    const { problem, marked, open, agenda, rankOf, buffer } = this;
    const { blockFirst, blockNext } = problem;
    let first = order.length - 1;
    let last = 0;
    const moving: { block: number; place: number }[] = [];
    chosen.forEach((i, n) => {
      const block = blockFirst[i]!;
      if (marked[block] === 1) return;
      marked[block] = 1;
      const place = places[n]!;
      moving.push({ block, place });
      const there = Math.min(place, order.length - 1);
      first = Math.min(first, position[block]!, this.startOf(order, there));
      last = Math.max(last, this.endOf(order, position[block]!), this.endOf(order, there));
    });
    // Ranks of blocks: the chosen by place, before what stands there.
    moving.sort((a, b) => a.place - b.place || a.block - b.block);
    let size = 0;
    let next = 0;
    for (let at = first; at <= last + 1; at++) {
      while (next < moving.length && (moving[next]!.place <= at || at > last)) buffer[size++] = moving[next++]!.block;
      if (at > last) break;
      const operation = order[at]!;
      if (marked[operation] === 0 && blockFirst[operation] === operation) buffer[size++] = operation;
    }
    for (const { block } of moving) marked[block] = 0;
    for (let rank = 0; rank < size; rank++) {
      rankOf[buffer[rank]!] = rank;
      marked[buffer[rank]!] = 1;
    }
    for (let rank = 0; rank < size; rank++) {
      const block = buffer[rank]!;
      open[block] = 0;
      for (let i = block; i >= 0; i = blockNext[i]!)
        for (let p = problem.predOffset[i]!; p < problem.predOffset[i + 1]!; p++) {
          const before = blockFirst[problem.pred[p]!]!;
          if (before !== block) open[block] += marked[before]!;
        }
      if (open[block] === 0) agenda.add(rank);
    }
    let at = first;
    for (let rank = agenda.next(); rank >= 0; rank = agenda.next()) {
      const block = buffer[rank]!;
      for (let i = block; i >= 0; i = blockNext[i]!) {
        order[at++] = i;
        for (let s = problem.succOffset[i]!; s < problem.succOffset[i + 1]!; s++) {
          const after = blockFirst[problem.succ[s]!]!;
          if (after !== block && marked[after] === 1 && --open[after]! === 0) agenda.add(rankOf[after]!);
        }
      }
    }
    for (let rank = 0; rank < size; rank++) marked[buffer[rank]!] = 0;
  }

  /** Moves the operation at `from` forward to `to` (to < from); predecessors on the way come along before it. */
  pull(order: Int32Array, from: number, to: number): void {
    const { problem, marked } = this;
    const first = this.startOf(order, to);
    const last = this.endOf(order, from);
    this.mark(order[from]!);
    for (let at = this.startOf(order, from) - 1; at >= first; at--) {
      const operation = order[at]!;
      for (let s = problem.succOffset[operation]!; s < problem.succOffset[operation + 1]!; s++)
        if (marked[problem.succ[s]!] === 1) {
          this.mark(operation);
          break;
        }
    }
    this.divide(order, first, last, 1);
  }

  /** Moves the operation at `from` back to `to` (to > from); successors on the way come along behind it. */
  push(order: Int32Array, from: number, to: number): void {
    const { problem, marked } = this;
    const first = this.startOf(order, from);
    const last = this.endOf(order, to);
    this.mark(order[from]!);
    for (let at = this.endOf(order, from) + 1; at <= last; at++) {
      const operation = order[at]!;
      for (let p = problem.predOffset[operation]!; p < problem.predOffset[operation + 1]!; p++)
        if (marked[problem.pred[p]!] === 1) {
          this.mark(operation);
          break;
        }
    }
    this.divide(order, first, last, 0);
  }

  /** Marks an operation's block. */
  private mark(operation: number): void {
    const { blockFirst, blockNext } = this.problem;
    for (let i = blockFirst[operation]!; i >= 0; i = blockNext[i]!) this.marked[i] = 1;
  }

  /** Where the block begins that stands at a place. */
  private startOf(order: Int32Array, at: number): number {
    const { blockFirst } = this.problem;
    const block = blockFirst[order[at]!];
    while (at > 0 && blockFirst[order[at - 1]!] === block) at--;
    return at;
  }

  /** Where the block ends that stands at a place. */
  private endOf(order: Int32Array, at: number): number {
    const { blockFirst } = this.problem;
    const block = blockFirst[order[at]!];
    while (at + 1 < order.length && blockFirst[order[at + 1]!] === block) at++;
    return at;
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
