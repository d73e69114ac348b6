import type { Random } from '../../kernel/index.ts';
import type { Selection } from './schedule.ts';

/**
 * A schedule on the way between two: places in the two orders are mixed, and sorted by the mixture. Where one operation
 * must precede another it does so in both, hence in the mixture; the result keeps precedence without repair.
 * @param share 0 gives the first, 1 the second
 */
export function between(a: Selection, b: Selection, share: number, random: Random): Selection {
  const n = a.order.length;
  const rank = new Float64Array(n);
  for (let at = 0; at < n; at++) {
    rank[a.order[at]!]! += (1 - share) * at;
    rank[b.order[at]!]! += share * at;
  }
  const order = a.order.slice().sort((x, y) => rank[x]! - rank[y]! || x - y);
  const alternative = a.alternative.slice();
  for (let v = 0; v < n; v++) if (random.next() < share) alternative[v] = b.alternative[v]!;
  return { alternative, order, makespan: Infinity };
}

/** How many operations differ in their machine or in the one before them there, as a share of all. */
export function distance(a: Selection, b: Selection, machineOf: Int32Array): number {
  const previousOf = ({ alternative, order }: Selection) => {
    const last = new Map<number, number>();
    const previous = new Int32Array(order.length);
    for (const v of order) {
      const m = machineOf[alternative[v]!]!;
      previous[v] = last.get(m) ?? -1;
      last.set(m, v);
    }
    return previous;
  };
  const [inA, inB] = [previousOf(a), previousOf(b)];
  let differing = 0;
  for (let v = 0; v < inA.length; v++)
    if (inA[v] !== inB[v] || machineOf[a.alternative[v]!] !== machineOf[b.alternative[v]!]) differing++;
  return differing / inA.length;
}
