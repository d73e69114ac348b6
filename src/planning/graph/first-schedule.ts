import type { Random } from '../../kernel/index.ts';
import type { Selection } from './schedule.ts';
import { successorsOf, type Shop } from './shop.ts';

/**
 * Builds a schedule operation by operation: of those whose predecessors are done, the one with the longest way still to
 * go (shortest durations), on the machine where it ends first.
 * @param noise share by which ways are varied at random; 0 gives the plain rule
 */
export function firstSchedule(shop: Shop, random: Random, noise = 0): Selection {
  const n = shop.operations;
  const { start, machine, duration } = shop.alternatives;
  const successors = successorsOf(shop);
  const waiting = Int32Array.from(
    { length: n },
    (_unused, v) => shop.predecessors.start[v + 1]! - shop.predecessors.start[v]!,
  );
  const way = waysToGo(shop, successors);
  const weight = way.map((value) => value * (1 + noise * (random.next() - 0.5)));
  const free = new Float64Array(shop.machines);
  const last = new Int32Array(shop.machines).fill(-1);
  const end = new Float64Array(n);
  const ready = Float64Array.from(shop.release);
  const alternative = new Int32Array(n);
  const order = new Int32Array(n);
  const open = new Heap(weight);
  for (let v = 0; v < n; v++) if (waiting[v] === 0) open.push(v);
  for (let at = 0; at < n; at++) {
    const v = open.pop();
    let bestEnd = Infinity;
    for (let chosen = start[v]!; chosen < start[v + 1]!; chosen++) {
      const m = machine[chosen]!;
      const begin = Math.max(ready[v]!, free[m]! + setupTime(shop, m, last[m]!, v));
      if (begin + duration[chosen]! >= bestEnd) continue;
      bestEnd = begin + duration[chosen]!;
      alternative[v] = chosen;
    }
    const m = machine[alternative[v]!]!;
    free[m] = bestEnd;
    last[m] = v;
    end[v] = bestEnd;
    order[at] = v;
    for (let i = successors.start[v]!; i < successors.start[v + 1]!; i++) {
      const s = successors.list[i]!;
      ready[s] = Math.max(ready[s]!, bestEnd);
      if (--waiting[s]! === 0) open.push(s);
    }
  }
  return { alternative, order, makespan: Infinity };
}

function setupTime({ setups }: Shop, m: number, from: number, to: number): number {
  if (!setups || from < 0) return 0;
  return setups.times[(m * setups.classes + setups.classOf[from]!) * setups.classes + setups.classOf[to]!]!;
}

/** Longest way from each operation's begin to the end of all by shortest durations. */
function waysToGo(shop: Shop, successors: { start: Int32Array; list: Int32Array }): Float64Array {
  const n = shop.operations;
  const { start, duration } = shop.alternatives;
  const way = new Float64Array(n).fill(-1);
  const stack: number[] = [];
  for (let root = 0; root < n; root++) {
    stack.push(root);
    while (stack.length > 0) {
      const v = stack.at(-1)!;
      let rest = shop.delivery[v]!;
      let complete = true;
      for (let i = successors.start[v]!; i < successors.start[v + 1]!; i++) {
        const s = successors.list[i]!;
        if (way[s]! < 0) {
          stack.push(s);
          complete = false;
        } else rest = Math.max(rest, way[s]!);
      }
      if (!complete) continue;
      stack.pop();
      let shortest = Infinity;
      for (let i = start[v]!; i < start[v + 1]!; i++) shortest = Math.min(shortest, duration[i]!);
      way[v] = rest + shortest;
    }
  }
  return way;
}

/** Operations by weight, the greatest first. */
class Heap {
  readonly #weight: Float64Array;
  readonly #items: number[] = [];

  constructor(weight: Float64Array) {
    this.#weight = weight;
  }

  push(v: number): void {
    const items = this.#items;
    let at = items.push(v) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#weight[items[parent]!]! >= this.#weight[v]!) break;
      items[at] = items[parent]!;
      at = parent;
    }
    items[at] = v;
  }

  pop(): number {
    const items = this.#items;
    const top = items[0]!;
    const v = items.pop()!;
    if (items.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && this.#weight[items[child + 1]!]! > this.#weight[items[child]!]!) child++;
      if (this.#weight[v]! >= this.#weight[items[child]!]!) break;
      items[at] = items[child]!;
      at = child;
    }
    items[at] = v;
    return top;
  }
}
