import type { Random } from '../../kernel/index.ts';
import type { GraphSchedule } from './schedule.ts';

/** Takes an operation's move right after or before another one of its machine, with the estimated makespan. */
export type OfferBlockMove = (kind: 'after' | 'before', operation: number, at: number, estimate: number) => void;

/** Takes an operation's move to another alternative between two neighbours (-1: none), with the estimated makespan. */
export type OfferReassignment = (
  operation: number,
  alternative: number,
  previous: number,
  next: number,
  estimate: number,
) => void;

/** One critical path from the first operation to the last, chosen at random where there are several. */
export function criticalPath(schedule: GraphSchedule, random: Random, path: number[]): void {
  const { shop, head, tail, duration, before, machine, makespan, order } = schedule;
  const { start, list } = shop.predecessors;
  path.length = 0;
  let v = -1;
  let seen = 0;
  for (let i = order.length - 1; i >= 0; i--) {
    const x = order[i]!;
    if (
      tail[x] === shop.delivery[x] &&
      head[x]! + duration[x]! + shop.delivery[x]! === makespan &&
      random.int(++seen) === 0
    )
      v = x;
  }
  while (v >= 0) {
    path.push(v);
    const at = head[v]!;
    let next = -1;
    let ways = 0;
    const m = before[v]!;
    if (m >= 0 && head[m]! + duration[m]! + schedule.setup(machine[v]!, m, v) === at) {
      next = m;
      ways = 1;
    }
    for (let i = start[v]!; i < start[v + 1]!; i++) {
      const p = list[i]!;
      if (head[p]! + duration[p]! === at && random.int(++ways) === 0) next = p;
    }
    v = next;
  }
  path.reverse();
}

/**
 * Estimates moves in blocks of a critical path (neighbourhood N7 of Zhang, Li, Guan and Rao 2007, with the estimates of
 * Balas and Vazacopoulos 1998), and reassignments of critical operations to the best places on other machines (after
 * Mastrolilli and Gambardella 2000). Calls `offer` for each; the estimate is exact on the way through the moved part.
 */
export class Neighbours {
  readonly #schedule: GraphSchedule;
  readonly #heads: Float64Array;
  readonly #block: number[] = [];

  constructor(schedule: GraphSchedule) {
    this.#schedule = schedule;
    this.#heads = new Float64Array(schedule.shop.operations);
  }

  /** All moves for the blocks of a path. */
  ofBlocks(path: readonly number[], offer: OfferBlockMove): void {
    const { machine, after } = this.#schedule;
    const block = this.#block;
    let from = 0;
    while (from < path.length) {
      block.length = 0;
      block.push(path[from]!);
      let to = from + 1;
      while (to < path.length && machine[path[to]!] === machine[path[from]!] && after[path[to - 1]!] === path[to])
        block.push(path[to++]!);
      if (block.length > 1) this.#ofBlock(from === 0, to === path.length, offer);
      from = to;
    }
  }

  /**
   * At the very beginning, and at the very end, an exchange inside the first or last block alone gains nothing, unless
   * releases, deliveries or setups count.
   */
  #ofBlock(isFirst: boolean, isLast: boolean, offer: OfferBlockMove): void {
    const block = this.#block;
    const { shop, head } = this.#schedule;
    const length = block.length;
    const start = block[0]!;
    const end = block[length - 1]!;
    const plain = !shop.setups;
    const front = !(isFirst && plain && head[start] === 0);
    const back = !(isLast && plain && shop.delivery[end] === 0);
    if (back) for (let i = 0; i < length - 1; i++) this.#after(block[i]!, end, offer);
    if (front) for (let i = 1; i < length; i++) if (length > 2 || !back) this.#before(block[i]!, start, offer);
    if (front) for (let i = 1; i < length - 1; i++) this.#after(start, block[i]!, offer);
    if (back) for (let i = 1; i < length - 1; i++) this.#before(end, block[i]!, offer);
    if (!plain) for (let i = 1; i < length - 2; i++) this.#after(block[i]!, block[i + 1]!, offer);
  }

  /** `u` right after `v`, where the estimate says that no circle closes. */
  #after(u: number, v: number, offer: OfferBlockMove): void {
    const s = this.#schedule;
    const { duration, head, tail, before, after, machine } = s;
    const heads = this.#heads;
    const m = machine[u]!;
    if (duration[v]! + tail[v]! < s.toGo(u) || s.precedes(u, v)) return;
    let previous = before[u]!;
    let free = previous >= 0 ? head[previous]! + duration[previous]! : 0;
    for (let x = after[u]!; ; x = after[x]!) {
      const ready = s.readyAt(x);
      const begin = free + s.setup(m, previous, x);
      heads[x] = ready > begin ? ready : begin;
      free = heads[x]! + duration[x]!;
      previous = x;
      if (x === v) break;
    }
    const readyU = s.readyAt(u);
    const beginU = free + s.setup(m, v, u);
    const headU = readyU > beginU ? readyU : beginU;
    const next = after[v]!;
    let way = s.toGo(u);
    if (next >= 0) way = Math.max(way, s.setup(m, u, next) + duration[next]! + tail[next]!);
    let estimate = headU + duration[u]! + way;
    let later = u;
    for (let x = v; ; x = before[x]!) {
      const rest = s.toGo(x);
      const along = s.setup(m, x, later) + duration[later]! + way;
      way = rest > along ? rest : along;
      const through = heads[x]! + duration[x]! + way;
      if (through > estimate) estimate = through;
      later = x;
      if (x === after[u]) break;
    }
    offer('after', u, v, estimate);
  }

  /** `v` right before `u`, where the estimate says that no circle closes. */
  #before(v: number, u: number, offer: OfferBlockMove): void {
    const s = this.#schedule;
    const { duration, head, tail, before, after, machine } = s;
    const heads = this.#heads;
    const m = machine[u]!;
    if (head[u]! + duration[u]! < s.readyAt(v) || s.precedes(u, v)) return;
    const previous = before[u]!;
    const ready = s.readyAt(v);
    const begin = previous >= 0 ? head[previous]! + duration[previous]! + s.setup(m, previous, v) : 0;
    const headV = ready > begin ? ready : begin;
    let free = headV + duration[v]!;
    let earlier = v;
    const last = before[v]!;
    for (let x = u; ; x = after[x]!) {
      const readyX = s.readyAt(x);
      const beginX = free + s.setup(m, earlier, x);
      heads[x] = readyX > beginX ? readyX : beginX;
      free = heads[x]! + duration[x]!;
      earlier = x;
      if (x === last) break;
    }
    const next = after[v]!;
    let way = 0;
    let later = next;
    let estimate = 0;
    for (let x = last; ; x = before[x]!) {
      const rest = s.toGo(x);
      const along = later >= 0 ? s.setup(m, x, later) + duration[later]! + (later === next ? tail[next]! : way) : 0;
      way = rest > along ? rest : along;
      const through = heads[x]! + duration[x]! + way;
      if (through > estimate) estimate = through;
      later = x;
      if (x === u) break;
    }
    const rest = s.toGo(v);
    const along = s.setup(m, v, u) + duration[u]! + way;
    const through = headV + duration[v]! + (rest > along ? rest : along);
    offer('before', v, u, through > estimate ? through : estimate);
  }

  /** Reassignments of the operations of a path. */
  ofAlternatives(path: readonly number[], offer: OfferReassignment): void {
    const s = this.#schedule;
    const { start, machine, duration: durations } = s.shop.alternatives;
    for (const v of path) {
      if (start[v + 1]! - start[v]! < 2) continue;
      const ready = s.readyAt(v);
      const toGo = s.toGo(v);
      for (let chosen = start[v]!; chosen < start[v + 1]!; chosen++) {
        if (chosen !== s.alternative[v])
          this.#onto(v, chosen, machine[chosen]!, durations[chosen]!, ready, toGo, offer);
      }
    }
  }

  #onto(
    v: number,
    chosen: number,
    m: number,
    length: number,
    ready: number,
    toGo: number,
    offer: OfferReassignment,
  ): void {
    const s = this.#schedule;
    const { head, tail, duration, after } = s;
    let previous = -1;
    let next = s.first[m]!;
    // Operations that end before `v` is ready stay before it.
    while (next >= 0 && (next === v || head[next]! + duration[next]! <= ready)) {
      if (next !== v) previous = next;
      next = after[next]!;
    }
    let best = Infinity;
    let bestPrevious = previous;
    let bestNext = next;
    for (;;) {
      const free = previous >= 0 ? head[previous]! + duration[previous]! + s.setup(m, previous, v) : 0;
      const way = next >= 0 ? duration[next]! + tail[next]! + s.setup(m, v, next) : 0;
      const estimate = (free > ready ? free : ready) + length + (way > toGo ? way : toGo);
      if (estimate < best) {
        best = estimate;
        bestPrevious = previous;
        bestNext = next;
      }
      // Behind an operation with a shorter way than `v` there is no better place.
      if (next < 0 || duration[next]! + tail[next]! <= toGo) break;
      previous = next;
      next = after[next]!;
      if (next === v) next = after[next]!;
    }
    offer(v, chosen, bestPrevious, bestNext, best);
  }
}
