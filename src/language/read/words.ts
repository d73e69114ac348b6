import { folded } from '../fold.ts';

/**
 * Folds a question to plain lower-case words: umlauts spelt out, accents gone, punctuation to spaces. Signs that are no
 * punctuation (`=`, `<`, `*` …) stay as words of their own: they mean something, and nothing here understands them.
 */
export function normalise(text: string): string {
  return folded(text)
    .replace(/[‐‑‒–—]/g, '-')
    .replace(/['’`´]s\b/g, '')
    .replace(/([\da-z)])\s*%/g, '$1 percent')
    .replace(/[=<>*{}|\\$@^~]/g, ' $& ')
    .replace(/[^a-z0-9.:/⟨⟩=<>*{}|\\$@^~ -]+/g, ' ')
    .replace(/(?<!\d)[.:/]|[.:/](?!\d)/g, (mark, offset: number, whole: string) =>
      mark === '.' &&
      /\d$/.test(whole.slice(0, offset)) &&
      /^\s*-?\s*(\d|jan|feb|m|apr|jun|jul|aug|sep|okt|nov|dez)/.test(whole.slice(offset + 1))
        ? '.'
        : ' ',
    )
    .replace(/(?<=\d\.?) - (?=\d)/g, '-')
    .replace(/([a-z])- (und|oder) ([a-z]+)(schicht(?:en)?)\b/g, '$1schicht $2 $3$4')
    .replace(/(^|\s)-+|-+(?=\s|$)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
