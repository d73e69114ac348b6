import type { Selection, Shop } from '../../src/planning/graph/index.ts';

/**
 * Checks a schedule from its assignments and order alone and gives its makespan, or says what is wrong. Shares nothing
 * with the search: begins are laid out anew, then every constraint is looked at by itself.
 */
export function checkShop(
  shop: Shop,
  { alternative, order }: Pick<Selection, 'alternative' | 'order'>,
): number | string {
  const n = shop.operations;
  if (new Set(order).size !== n || order.some((v) => v < 0 || v >= n)) return 'an operation is missing or twice';
  const { start, machine, duration } = shop.alternatives;
  const begin = new Float64Array(n).fill(NaN);
  const end = new Float64Array(n).fill(NaN);
  const free = new Map<number, { end: number; last: number }>();
  const sequences = new Map<number, number[]>();
  for (const v of order) {
    const chosen = alternative[v]!;
    if (chosen < start[v]! || chosen >= start[v + 1]!) return `operation ${String(v)} has no such alternative`;
    const m = machine[chosen]!;
    const before = free.get(m);
    const ends = predecessorsOf(shop, v).map((p) => end[p]!);
    begin[v] = Math.max(shop.release[v]!, ...ends, before ? before.end + setup(shop, m, before.last, v) : 0);
    end[v] = begin[v] + duration[chosen]!;
    free.set(m, { end: end[v], last: v });
    sequences.set(m, [...(sequences.get(m) ?? []), v]);
  }
  for (let v = 0; v < n; v++) {
    if (!Number.isFinite(begin[v])) return `operation ${String(v)} has no begin`;
    for (const p of predecessorsOf(shop, v))
      if (!(end[p]! <= begin[v]!)) return `operation ${String(v)} begins too early`;
  }
  for (const [m, sequence] of sequences)
    for (let i = 1; i < sequence.length; i++) {
      const change = setup(shop, m, sequence[i - 1]!, sequence[i]!);
      if (change >= 1_000_000) return `machine ${String(m)} cannot change over so`;
      if (end[sequence[i - 1]!]! + change > begin[sequence[i]!]!) return `machine ${String(m)} does two things at once`;
    }
  return Math.max(...end.map((time, v) => time + shop.delivery[v]!));
}

function predecessorsOf({ predecessors: { start, list } }: Shop, v: number): number[] {
  return [...list.slice(start[v], start[v + 1])];
}

function setup({ setups }: Shop, m: number, from: number, to: number): number {
  if (!setups) return 0;
  return setups.times[(m * setups.classes + setups.classOf[from]!) * setups.classes + setups.classOf[to]!]!;
}
