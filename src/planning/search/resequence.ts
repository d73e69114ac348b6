import { Agenda } from '../variants/agenda.ts';
import type { Problem } from '../problem.ts';

/**
 * Changes the order of operations in place so that every operation still comes after its predecessors. One instance
 * is used again and again for one problem.
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
    let first = order.length - 1;
    let last = 0;
    chosen.forEach((i, n) => {
      first = Math.min(first, position[i]!, places[n]!);
      last = Math.max(last, position[i]!, Math.min(places[n]!, order.length - 1));
      marked[i] = 1;
    });
    // Ranks: the chosen by place, before what stands there.
    const byPlace = chosen.map((_, n) => n).sort((a, b) => places[a]! - places[b]! || chosen[a]! - chosen[b]!);
    let size = 0;
    let next = 0;
    for (let at = first; at <= last + 1; at++) {
      while (next < byPlace.length && (places[byPlace[next]!]! <= at || at > last))
        buffer[size++] = chosen[byPlace[next++]!]!;
      if (at <= last && marked[order[at]!] === 0) buffer[size++] = order[at]!;
    }
    for (const i of chosen) marked[i] = 0;
    for (let rank = 0; rank < size; rank++) {
      rankOf[buffer[rank]!] = rank;
      marked[buffer[rank]!] = 1;
    }
    for (let rank = 0; rank < size; rank++) {
      const operation = buffer[rank]!;
      open[operation] = 0;
      for (let p = problem.predOffset[operation]!; p < problem.predOffset[operation + 1]!; p++)
        open[operation] += marked[problem.pred[p]!]!;
      if (open[operation] === 0) agenda.add(rank);
    }
    let at = first;
    for (let rank = agenda.next(); rank >= 0; rank = agenda.next()) {
      const operation = buffer[rank]!;
      order[at++] = operation;
      for (let s = problem.succOffset[operation]!; s < problem.succOffset[operation + 1]!; s++) {
        const successor = problem.succ[s]!;
        if (marked[successor] === 1 && --open[successor]! === 0) agenda.add(rankOf[successor]!);
      }
    }
    for (let rank = 0; rank < size; rank++) marked[buffer[rank]!] = 0;
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
