import { hash32 } from '../../kernel/index.ts';

/** Features of texts are numbered below this. */
export const textFeatureCount = 1 << 16;

/**
 * What a text is made of, by hashing: its words, neighbouring pairs, and groups of two to five letters within each word,
 * whose beginning and end count as letters. Letter groups carry over typing errors and endings.
 */
export function textFeatures(words: readonly string[]): Uint32Array {
  const found = new Set<number>();
  const add = (feature: string) => found.add(hash32(feature) & (textFeatureCount - 1));
  words.forEach((word, i) => {
    add(`w:${word}`);
    if (i > 0) add(`b:${words[i - 1]!} ${word}`);
    const marked = `<${word}>`;
    for (let length = 2; length <= 5; length++)
      for (let at = 0; at + length <= marked.length; at++) add(`c:${marked.slice(at, at + length)}`);
  });
  return Uint32Array.from(found);
}
