import { hash32 } from '../../kernel/index.ts';

/** Lengths of the pieces of words that are features. */
const pieces: readonly number[] = [3, 4, 5];

/**
 * Features of a delexicalised question, numbered below `buckets` by hashing: words, pairs and triples of neighbours,
 * and three to five letters in a row, so that endings, compounds and slips of the pen stay near what was learnt.
 */
export function featuresOf(tokens: readonly string[], buckets: number): Uint32Array {
  const found = new Set<number>();
  const add = (text: string) => found.add(hash32(text) % buckets);
  const padded = ['^', ...tokens, '$'];
  padded.forEach((token, i) => {
    add(`1 ${token}`);
    if (i + 1 < padded.length) add(`2 ${token} ${padded[i + 1]!}`);
    if (i + 2 < padded.length) add(`3 ${token} ${padded[i + 1]!} ${padded[i + 2]!}`);
    if (!/^[a-z]{3,30}$/.test(token)) return;
    const word = `^${token}$`;
    for (const length of pieces)
      for (let from = 0; from + length <= word.length; from++) add(`c ${word.slice(from, from + length)}`);
  });
  return Uint32Array.from(found).sort();
}
