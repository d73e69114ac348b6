/**
 * Wilcoxon's signed-rank test of paired differences: the two-sided p-value, exact by the distribution over all signs,
 * with mid-ranks for ties; differences of 0 are left out (Wilcoxon 1945).
 */
export function wilcoxonPValue(differences: readonly number[]): number {
  const list = differences.filter((d) => d !== 0).sort((a, b) => Math.abs(a) - Math.abs(b));
  // Twice the rank, so that mid-ranks are whole numbers.
  const ranks = list.map((d) => {
    const first = list.findIndex((other) => Math.abs(other) === Math.abs(d));
    const last = list.findLastIndex((other) => Math.abs(other) === Math.abs(d));
    return first + last + 2;
  });
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  const positive = ranks.reduce((sum, rank, i) => sum + (list[i]! > 0 ? rank : 0), 0);
  let chance = new Float64Array(total + 1);
  chance[0] = 1;
  for (const rank of ranks) {
    const next = new Float64Array(total + 1);
    for (let w = 0; w <= total; w++) next[w] = 0.5 * (chance[w]! + (w >= rank ? chance[w - rank]! : 0));
    chance = next;
  }
  const extreme = Math.min(positive, total - positive);
  let tail = 0;
  for (let w = 0; w <= extreme; w++) tail += chance[w]!;
  return Math.min(1, 2 * tail);
}
