/**
 * Folds a question to plain lower-case words: umlauts spelt out, accents gone, punctuation to spaces. Signs that are no
 * punctuation (`=`, `<`, `*` …) stay as words of their own: they mean something, and nothing here understands them.
 */
export function normalise(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('ä', 'ae')
    .replaceAll('ö', 'oe')
    .replaceAll('ü', 'ue')
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[‐‑‒–—]/g, '-')
    .replace(/['’`´]s\b/g, '')
    .replace(/(\d)\s*%/g, '$1 percent')
    .replace(/[=<>*{}|\\$@^~]/g, ' $& ')
    .replace(/[^a-z0-9.:/⟨⟩=<>*{}|\\$@^~ -]+/g, ' ')
    .replace(/(?<!\d)[.:/]|[.:/](?!\d)/g, (mark, offset: number, whole: string) =>
      mark === '.' &&
      /\d$/.test(whole.slice(0, offset)) &&
      /^\s*(\d|jan|feb|m|apr|jun|jul|aug|sep|okt|nov|dez)/.test(whole.slice(offset + 1))
        ? '.'
        : ' ',
    )
    .replace(/([a-z])- (und|oder) ([a-z]+)(schicht(?:en)?)\b/g, '$1schicht $2 $3$4')
    .replace(/(^|\s)-+|-+(?=\s|$)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

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
