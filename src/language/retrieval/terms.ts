import { folded } from '../fold.ts';

/** What short forms and words of the shop floor stand for, by their folded words: `brg` → `bearing`. */
export type Meanings = ReadonlyMap<string, readonly string[]>;

/** Longest entry of a list of meanings, in words. */
const longestEntry = 4;

/** Lower case, umlauts spelt out, accents gone; machine names stay one word with or without hyphen. */
export function foldedWords(text: string): string[] {
  return (
    folded(text)
      .replace(/\b([a-z]{1,8})-(\d{1,6})\b/g, '$1$2')
      .match(/[a-z0-9]+/g) ?? []
  );
}

/** The terms that a text is found by: its words, short forms and translations replaced by what they stand for. */
export function termsOf(text: string, meanings: Meanings): string[] {
  const words = foldedWords(text);
  const terms: string[] = [];
  for (let at = 0; at < words.length;) {
    let taken = 1;
    let meaning: readonly string[] = [words[at]!];
    for (let length = Math.min(longestEntry, words.length - at); length > 0; length--) {
      const found = meanings.get(words.slice(at, at + length).join(' '));
      if (!found) continue;
      [taken, meaning] = [length, found];
      break;
    }
    terms.push(...meaning);
    at += taken;
  }
  return terms;
}
