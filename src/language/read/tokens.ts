import { normalise } from './words.ts';

/** Stands for a hyphen between two numbers, as in `lines 1-3`. */
export const rangeToken = '–';

/**
 * Splits normalised text into words and numbers: `cnc-22` and `cnc22` both give `cnc`, `22`. A hyphen between two
 * numbers stays as a token of its own; placeholders stay whole.
 */
export function tokenise(text: string): string[] {
  return text
    .replace(/(?<=\d)-(?=\d)/g, ` ${rangeToken} `)
    .split(/[ -]/)
    .flatMap((word) => (word.startsWith('⟨') ? [word] : word.split(/(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])/)))
    .filter((word) => word !== '');
}

/** The words of any text, as a question's are compared with. */
export function tokensOf(text: string): string[] {
  return tokenise(normalise(text));
}

/** One place of a phrase: a word, the beginning of a word, or a few words of any kind. */
type PhrasePart = { word: string } | { start: string } | { gap: true };

/** A phrase that can be looked for among tokens. */
export interface Phrase {
  parts: PhrasePart[];
  /** Names its meaning only where nothing stronger does. */
  isWeak: boolean;
}

/** How many tokens a lone `*` may stand for. */
const longestGap = 6;

/** Reads a phrase as catalogues write it: `reject* rate`, `parts did * make`, `produced?`. */
export function readPhrase(text: string): Phrase {
  const isWeak = text.endsWith('?');
  const parts = text
    .replace(/\?$/, '')
    .split(' ')
    .flatMap((word): PhrasePart[] => {
      if (word === '*') return [{ gap: true }];
      const pieces = tokenise(word.replace(/\*$/, ''));
      return pieces.map((piece, i) =>
        word.endsWith('*') && i === pieces.length - 1 ? { start: piece } : { word: piece },
      );
    });
  return { parts, isWeak };
}

/** The indices of the tokens that a phrase takes when it begins at one of them, or nothing. Gaps take none. */
export function matchPhrase(phrase: Phrase, tokens: readonly string[], from: number): number[] | undefined {
  return matchParts(phrase.parts, 0, tokens, from);
}

function matchParts(parts: PhrasePart[], part: number, tokens: readonly string[], at: number): number[] | undefined {
  const wanted = parts[part];
  if (wanted === undefined) return [];
  if ('gap' in wanted) {
    for (let skip = 0; skip <= longestGap && at + skip < tokens.length; skip++) {
      const rest = matchParts(parts, part + 1, tokens, at + skip);
      if (rest) return rest;
    }
    return undefined;
  }
  const token = tokens[at];
  if (token === undefined) return undefined;
  const fits = 'word' in wanted ? token === wanted.word : token.startsWith(wanted.start);
  if (!fits) return undefined;
  const rest = matchParts(parts, part + 1, tokens, at + 1);
  return rest && [at, ...rest];
}
