import type { TimeContext, TimeReading } from './dates.ts';
import type { TimeUnit } from './words.ts';

/** Groups of a match, whole first. */
export type Groups = readonly (string | undefined)[];

/** One kind of time phrase; `undefined` means that the words are no time after all. */
export interface TimeRule {
  pattern: RegExp;
  read(groups: Groups, context: TimeContext): TimeReading | undefined;
}

/** The one before. */
export const LAST = '(?:last|previous|past|prior|letzte[nrsm]?|vergangene[nrsm]?|vorige[nrsm]?|vorherige[nrsm]?)';
/** The running one. */
export const THIS =
  '(?:this|current|running|present|diese[nrsm]?|aktuelle[nrsm]?|laufende[nrsm]?|jetzige[nrsm]?|heutige[nrsm]?)';
/** One that lies ahead. */
export const NEXT = '(?:next|coming|upcoming|following|naechste[nrsm]?|kommende[nrsm]?)';
/** From an instant on. */
export const SINCE = '(?:since|from|as of|starting|seit|ab)';
/** Opens a range. */
export const BETWEEN = '(?:between|from|zwischen|von|vom)';
/** Joins the ends of a range. */
export const AND = '(?:and|to|until|till|through|und|bis zum|bis)';
/** A preposition before a time, with its article. */
export const ON =
  '(?:(?:on|for|at|in|during|of|over|am|an|vom|von|fuer|im|in|waehrend)(?: the| der| dem| den| des| die)? )?';
/** The beginning of something. */
export const BEGIN = '(?:start|beginning|begin|beginn|anfang)';
/** A whole one. */
export const WHOLE = '(?:completed |full |complete |abgeschlossenen? |ganzen? |volle[nrsm]? )?';

/** A pattern for whole words. */
export function phrase(source: string): RegExp {
  return new RegExp(`(?<![a-z0-9/.:-])${source}(?![a-z0-9-])`, 'g');
}

/** Whether words say "the one before". */
export function isLast(word: string | undefined): boolean {
  return word !== undefined && new RegExp(`^${LAST} $`).test(word);
}

/** The running or a completed unit; minutes and hours are only elapsed ones. */
export function unit(name: TimeUnit | undefined, back: number): TimeReading | undefined {
  if (name === undefined) return undefined;
  if (name === 'minute' || name === 'hour') return back === 1 ? { kind: 'last', unit: name, n: 1 } : undefined;
  return { kind: 'unit', unit: name, back };
}
