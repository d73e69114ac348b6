/**
 * Edit distance with swaps of neighbours (optimal string alignment), cut off: gives `limit + 1` where it is
 * larger than `limit`.
 */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, beforeLast[j - 2]! + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return Math.min(last[b.length]!, limit + 1);
}

/**
 * At most three known names that are likely meant by one that is not, the nearest first: as many errors as a fourth of
 * its letters (at least one), whatever the case.
 */
export function nearestNames(name: string, known: Iterable<string>): string[] {
  const plain = name.toLowerCase();
  const limit = Math.max(1, Math.floor(plain.length / 4));
  return [...known]
    .map((each) => ({ each, distance: editDistance(plain, each.toLowerCase(), limit) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ each }) => each);
}
