import { editDistance } from '../../kernel/index.ts';

/** A word that was read as another. */
export interface Correction {
  from: string;
  to: string;
}

/** Words that a question may be made of. */
export interface WordList {
  words: ReadonlySet<string>;
  /** Beginnings of words: any ending is known. */
  starts: readonly string[];
  /** Those that mean nothing: a word becomes one only where its letters are swapped, never to be passed over. */
  empty: ReadonlySet<string>;
}

/**
 * Mends typing errors in normalised text: a word that nothing knows becomes the one known word that is nearest, at
 * most one error in five to seven letters, two in longer ones, swapped neighbours in four. Words with digits are never
 * touched, and neither is a word that has two nearest ones, nor one with another first letter.
 */
export function mendSpelling(text: string, known: WordList): { text: string; corrections: Correction[] } {
  const corrections: Correction[] = [];
  const mended = text.split(' ').map((whole) =>
    whole
      .split('-')
      .map((word) => {
        if (/^[a-z]{3}$/.test(word) && !isKnown(word, known)) return swapped(word, known) ?? word;
        if (!/^[a-z]{4,30}$/.test(word) || isKnown(word, known)) return word;
        const likely = [...known.words, ...known.starts].filter(
          (other) => isLikely(word, other) && (!known.empty.has(other) || isSameLetters(word, other)),
        );
        const [only, ...others] = nearestWords(word, likely, limitOf(word));
        if (only === undefined || others.length > 0) return word;
        corrections.push({ from: word, to: only });
        return only;
      })
      .join('-'),
  );
  return { text: mended.join(' '), corrections };
}

/** The words at the smallest distance from one, where that is within the limit. */
export function nearestWords(word: string, words: Iterable<string>, limit: number): string[] {
  let best = limit;
  let nearest = new Set<string>();
  for (const candidate of words) {
    const distance = editDistance(word, candidate, best);
    if (distance > best) continue;
    if (distance < best) nearest = new Set();
    best = distance;
    nearest.add(candidate);
  }
  return [...nearest];
}

function limitOf(word: string): number {
  return word.length >= 8 ? 2 : 1;
}

function isKnown(word: string, known: WordList): boolean {
  return known.words.has(word) || known.starts.some((start) => word.startsWith(start));
}

/** `teh` for the: three letters in another order, of a word that means nothing. */
function swapped(word: string, { empty }: WordList): string | undefined {
  const [only, ...others] = [...empty].filter(
    (other) => other.length === 3 && other[0] === word[0] && isSameLetters(word, other),
  );
  return others.length === 0 ? only : undefined;
}

function isLikely(word: string, other: string): boolean {
  return isSameLetters(word, other) || (word.length > 4 && word[0] === other[0]);
}

function isSameLetters(word: string, other: string): boolean {
  const letters = (text: string) => Array.from(text).sort().join('');
  return letters(word) === letters(other);
}
