import { successorsOf, type Rows, type Shop } from './shop.ts';

/** What a schedule is: an alternative for each operation, and an order that agrees with precedence and machines. */
export interface Selection {
  /** Index into the shop's alternatives, by operation. */
  alternative: Int32Array;
  /** All operations in a topological order of precedence and machine sequences. */
  order: Int32Array;
  /** Largest completion with delivery. */
  makespan: number;
}

/**
 * A schedule as a graph that is changed move by move: machine sequences as linked lists, heads (earliest starts),
 * tails (longest way after the operation), and a topological order kept along the way. After a move only the part of
 * the order from the first changed operation on (heads), and up to the last one (tails), is computed again.
 */
export class GraphSchedule {
  readonly shop: Shop;
  readonly successors: Rows;
  readonly alternative: Int32Array;
  readonly machine: Int32Array;
  readonly duration: Int32Array;
  /** Neighbours on the machine, -1 at the ends. */
  readonly before: Int32Array;
  readonly after: Int32Array;
  /** First operation of each machine's sequence, -1 where it is empty. */
  readonly first: Int32Array;
  readonly head: Int32Array;
  /** Longest way from the operation's end to the end of all, delivery included. */
  readonly tail: Int32Array;
  readonly order: Int32Array;
  readonly position: Int32Array;
  makespan = 0;
  readonly #marked: Uint8Array;
  readonly #moved: Int32Array;
  readonly #ends: Int32Array;

  constructor(shop: Shop) {
    const n = shop.operations;
    const ints = () => new Int32Array(n);
    this.shop = shop;
    this.successors = successorsOf(shop);
    this.alternative = ints();
    this.machine = ints();
    this.duration = ints();
    this.before = ints();
    this.after = ints();
    this.first = new Int32Array(shop.machines);
    this.head = ints();
    this.tail = ints();
    this.order = ints();
    this.position = ints();
    this.#marked = new Uint8Array(n);
    this.#moved = ints();
    const { start } = this.successors;
    this.#ends = Int32Array.from(
      Array.from({ length: n }, (_unused, v) => v).filter((v) => start[v] === start[v + 1] || shop.delivery[v]! > 0),
    );
  }

  /** Setup time between two operations that follow each other on a machine. */
  setup(machine: number, from: number, to: number): number {
    const { setups } = this.shop;
    if (!setups || from < 0 || to < 0) return 0;
    const { classes, classOf, times } = setups;
    return times[(machine * classes + classOf[from]!) * classes + classOf[to]!]!;
  }

  /** Takes over a selection; the sequence of each machine follows from the order. */
  load({ alternative, order }: Pick<Selection, 'alternative' | 'order'>): void {
    const { shop } = this;
    const last = new Int32Array(shop.machines).fill(-1);
    this.first.fill(-1);
    this.alternative.set(alternative);
    this.order.set(order);
    for (let at = 0; at < order.length; at++) {
      const v = order[at]!;
      const chosen = alternative[v]!;
      const m = shop.alternatives.machine[chosen]!;
      this.position[v] = at;
      this.machine[v] = m;
      this.duration[v] = shop.alternatives.duration[chosen]!;
      const previous = last[m]!;
      this.before[v] = previous;
      this.after[v] = -1;
      if (previous < 0) this.first[m] = v;
      else this.after[previous] = v;
      last[m] = v;
    }
    this.#computeHeads(0);
    this.#computeTails(order.length - 1);
  }

  /** The present selection, as a copy. */
  selection(): Selection {
    return { alternative: this.alternative.slice(), order: this.order.slice(), makespan: this.makespan };
  }

  /** Latest end of the predecessors of an operation, or its release. */
  readyAt(v: number): number {
    const { start, list } = this.shop.predecessors;
    let ready = this.shop.release[v]!;
    for (let i = start[v]!; i < start[v + 1]!; i++) {
      const p = list[i]!;
      const end = this.head[p]! + this.duration[p]!;
      if (end > ready) ready = end;
    }
    return ready;
  }

  /** Longest way after an operation through its successors, or its delivery. */
  toGo(v: number): number {
    const { start, list } = this.successors;
    let rest = this.shop.delivery[v]!;
    for (let i = start[v]!; i < start[v + 1]!; i++) {
      const s = list[i]!;
      const way = this.duration[s]! + this.tail[s]!;
      if (way > rest) rest = way;
    }
    return rest;
  }

  /** Whether an operation is a direct predecessor of another. */
  precedes(u: number, v: number): boolean {
    const { start, list } = this.shop.predecessors;
    for (let i = start[v]!; i < start[v + 1]!; i++) if (list[i] === u) return true;
    return false;
  }

  /** Puts an operation on its own machine right after another one that comes later; false where that closes a circle. */
  moveAfter(u: number, v: number): boolean {
    const from = this.position[u]!;
    const to = this.position[v]!;
    if (!this.#shiftRight(u, from, to, v)) return false;
    this.#unlink(u);
    this.#link(u, v, this.after[v]!);
    this.#computeHeads(from);
    this.#computeTails(to);
    return true;
  }

  /** Puts an operation on its own machine right before another one that comes earlier; false where that closes a circle. */
  moveBefore(v: number, u: number): boolean {
    const from = this.position[u]!;
    const to = this.position[v]!;
    if (!this.#shiftLeft(v, from, to, u)) return false;
    this.#unlink(v);
    this.#link(v, this.before[u]!, u);
    this.#computeHeads(from);
    this.#computeTails(to);
    return true;
  }

  /**
   * Gives an operation another alternative, between two operations that are neighbours on its machine (-1: at the
   * end); false where that closes a circle.
   */
  reassign(v: number, chosen: number, previous: number, next: number): boolean {
    let from = this.position[v]!;
    let to = from;
    const back = this.before[v]!;
    const forth = this.after[v]!;
    if (previous >= 0 && this.position[previous]! > to) {
      to = this.position[previous]!;
      if (!this.#shiftRight(v, from, to, previous)) return false;
    } else if (next >= 0 && this.position[next]! < from) {
      from = this.position[next]!;
      if (!this.#shiftLeft(v, from, to, next)) return false;
    }
    this.#unlink(v);
    const { alternatives } = this.shop;
    this.alternative[v] = chosen;
    this.machine[v] = alternatives.machine[chosen]!;
    this.duration[v] = alternatives.duration[chosen]!;
    this.#link(v, previous, next);
    for (const w of [back, forth, previous, next])
      if (w >= 0) {
        from = Math.min(from, this.position[w]!);
        to = Math.max(to, this.position[w]!);
      }
    this.#computeHeads(from);
    this.#computeTails(to);
    return true;
  }

  #unlink(v: number): void {
    const previous = this.before[v]!;
    const next = this.after[v]!;
    if (previous < 0) this.first[this.machine[v]!] = next;
    else this.after[previous] = next;
    if (next >= 0) this.before[next] = previous;
  }

  #link(v: number, previous: number, next: number): void {
    this.before[v] = previous;
    this.after[v] = next;
    if (previous < 0) this.first[this.machine[v]!] = v;
    else this.after[previous] = v;
    if (next >= 0) this.before[next] = v;
  }

  /** Orders `u` and what must follow it behind `v`, which stands later; false where `v` itself must follow `u`. */
  #shiftRight(u: number, from: number, to: number, v: number): boolean {
    const { order } = this;
    const marked = this.#marked;
    const moved = this.#moved;
    const { start, list } = this.shop.predecessors;
    marked[u] = 1;
    let count = 1;
    moved[0] = u;
    let write = from;
    let fits = true;
    for (let at = from + 1; at <= to; at++) {
      const x = order[at]!;
      // The arc from `u` along its present machine goes away, so it does not pull its successor.
      const m = this.before[x]!;
      let follows = m >= 0 && m !== u && marked[m] === 1;
      for (let i = start[x]!; !follows && i < start[x + 1]!; i++) follows = marked[list[i]!] === 1;
      if (follows) {
        if (x === v) {
          fits = false;
          break;
        }
        marked[x] = 1;
        moved[count++] = x;
      }
    }
    if (fits) {
      for (let at = from; at <= to; at++) {
        const x = order[at]!;
        if (marked[x] === 1) continue;
        order[write] = x;
        this.position[x] = write++;
      }
      for (let i = 0; i < count; i++) {
        const x = moved[i]!;
        order[write] = x;
        this.position[x] = write++;
      }
    }
    for (let i = 0; i < count; i++) marked[moved[i]!] = 0;
    return fits;
  }

  /** Orders `v` and what must precede it before `u`, which stands earlier; false where `u` itself must precede `v`. */
  #shiftLeft(v: number, from: number, to: number, u: number): boolean {
    const { order } = this;
    const marked = this.#marked;
    const moved = this.#moved;
    const { start, list } = this.successors;
    marked[v] = 1;
    let count = 1;
    moved[0] = v;
    let fits = true;
    for (let at = to - 1; at >= from; at--) {
      const x = order[at]!;
      const m = this.after[x]!;
      let precedes = m >= 0 && m !== v && marked[m] === 1;
      for (let i = start[x]!; !precedes && i < start[x + 1]!; i++) precedes = marked[list[i]!] === 1;
      if (precedes) {
        if (x === u) {
          fits = false;
          break;
        }
        marked[x] = 1;
        moved[count++] = x;
      }
    }
    if (fits) {
      let write = to;
      for (let at = to; at >= from; at--) {
        const x = order[at]!;
        if (marked[x] === 1) continue;
        order[write] = x;
        this.position[x] = write--;
      }
      for (let i = 0; i < count; i++) {
        const x = moved[i]!;
        order[write] = x;
        this.position[x] = write--;
      }
    }
    for (let i = 0; i < count; i++) marked[moved[i]!] = 0;
    return fits;
  }

  #computeHeads(from: number): void {
    const { order, head, duration, before, machine } = this;
    const { release, predecessors, delivery, setups } = this.shop;
    const { start, list } = predecessors;
    for (let at = from; at < order.length; at++) {
      const v = order[at]!;
      let ready = release[v]!;
      for (let i = start[v]!, end = start[v + 1]!; i < end; i++) {
        const p = list[i]!;
        const done = head[p]! + duration[p]!;
        if (done > ready) ready = done;
      }
      const m = before[v]!;
      if (m >= 0) {
        const done = head[m]! + duration[m]! + (setups ? this.setup(machine[v]!, m, v) : 0);
        if (done > ready) ready = done;
      }
      head[v] = ready;
    }
    let makespan = 0;
    const ends = this.#ends;
    for (let i = 0; i < ends.length; i++) {
      const v = ends[i]!;
      const end = head[v]! + duration[v]! + delivery[v]!;
      if (end > makespan) makespan = end;
    }
    this.makespan = makespan;
  }

  #computeTails(from: number): void {
    const { order, tail, duration, after, machine } = this;
    const { setups, delivery } = this.shop;
    const { start, list } = this.successors;
    for (let at = from; at >= 0; at--) {
      const v = order[at]!;
      let rest = delivery[v]!;
      for (let i = start[v]!, end = start[v + 1]!; i < end; i++) {
        const s = list[i]!;
        const way = duration[s]! + tail[s]!;
        if (way > rest) rest = way;
      }
      const m = after[v]!;
      if (m >= 0) {
        const way = duration[m]! + tail[m]! + (setups ? this.setup(machine[v]!, v, m) : 0);
        if (way > rest) rest = way;
      }
      tail[v] = rest;
    }
  }
}
