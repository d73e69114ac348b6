import type { Language } from './metric.ts';
import { prepareQuestion, type ReadContext, type Reading } from './read/parse.ts';
import { recognise } from './read/recognise.ts';
import { checkSemanticQuery, type QueryFilter, type SemanticQuery } from './semantic-query.ts';
import type { TimeReading } from './time/dates.ts';
import type { Dimension } from './sql/views.ts';

/** A question whose reading a person has verified; the plant's store keeps it. */
export interface VerifiedQuestion {
  /** The question with its names and times replaced by placeholders; unique. */
  key: string;
  /** As it was asked. */
  question: string;
  language: Language;
  query: SemanticQuery;
  /** Names and times of the question, as the key's placeholders stand for them. */
  named: readonly NamedThings[];
  times: readonly TimeReading[];
  personId: string;
  reason: string;
  /** Milliseconds since 1970 UTC. */
  verifiedAt: number;
}

/** Things of one dimension that a question names. */
interface NamedThings {
  dimension: Dimension;
  ids: readonly string[];
}

/** Names of these may change from question to question; reasons, defects and states are part of what is asked. */
const replaceable: readonly Dimension[] = ['area', 'line', 'machine', 'product', 'order', 'customer', 'shift'];

interface Pattern {
  key: string;
  named: NamedThings[];
  times: readonly TimeReading[];
  language: Language;
}

/** A question without its names and times. */
function patternOf(text: string, context: ReadContext): Pattern {
  const { tokens, times, language } = prepareQuestion(text, context);
  const { entities } = recognise(tokens, [], context.grammar.lexicon);
  const named: NamedThings[] = [];
  const words: (string | undefined)[] = [...tokens];
  for (const { meanings, at } of [...entities].sort((a, b) => a.at[0]! - b.at[0]!)) {
    const meaning = meanings.length === 1 ? meanings[0] : undefined;
    if (!meaning || !replaceable.includes(meaning.dimension)) continue;
    for (const index of at) words[index] = undefined;
    words[at[0]!] = `⟨${meaning.dimension}⟩`;
    named.push({ dimension: meaning.dimension, ids: meaning.ids });
  }
  return { key: words.filter((word) => word !== undefined).join(' '), named, times, language };
}

/** Why a reading cannot be saved for a question: something that the question names is not in it. */
export interface Unfit {
  leftOut: string;
}

/**
 * Makes a verified question of a question and its right reading. The reading must hold everything that the question
 * names, else another line or another week could not take its place.
 */
export function verifyQuestion(
  text: string,
  query: SemanticQuery,
  context: ReadContext,
  by: { personId: string; reason: string },
): VerifiedQuestion | Unfit {
  const { key, named, times, language } = patternOf(text, context);
  for (const [dimension, ids] of byDimension(named)) {
    const isIn = query.filters.some((filter) => filter.dimension === dimension && isSame(filter.values, ids));
    const isInPeriod = dimension === 'shift' && 'shiftId' in query.period && ids.includes(query.period.shiftId ?? '');
    if (!isIn && !isInPeriod) return { leftOut: ids.join(', ') };
  }
  const missing = times.find(
    (time) => typeof time === 'string' || !(isEqual(time, query.period) || isEqual(time, query.compareTo)),
  );
  if (missing !== undefined) return { leftOut: typeof missing === 'string' ? missing : missing.kind };
  return { key, question: text.slice(0, 1000), language, query, named, times, ...by, verifiedAt: context.now };
}

/**
 * The reading of a question that is the same as a verified one, up to names and times; undefined where there is none, or
 * where the catalogue no longer has its metrics.
 * A question that is only alike is left to the other readers.
 */
export function readVerified(
  text: string,
  context: ReadContext,
  verified: ReadonlyMap<string, VerifiedQuestion>,
): { key: string; reading: Reading } | undefined {
  if (verified.size === 0) return undefined;
  const pattern = patternOf(text, context);
  const found = verified.get(pattern.key);
  const isKnown = found?.query.metrics.every((id) => context.grammar.metric(id));
  if (!found || !isKnown) return undefined;
  const query = substituted(found, pattern);
  if (!query) return undefined;
  const periodAssumed = found.times.length === 0;
  return { key: found.key, reading: { language: pattern.language, query, corrections: [], periodAssumed } };
}

function substituted({ query, named, times }: VerifiedQuestion, now: Pattern): SemanticQuery | undefined {
  if (now.times.length !== times.length || now.times.some((time) => typeof time === 'string')) return undefined;
  const [before, after] = [byDimension(named), byDimension(now.named)];
  const filters = query.filters.map((filter): QueryFilter => {
    const ids = after.get(filter.dimension);
    return ids && isSame(filter.values, before.get(filter.dimension) ?? []) ? { ...filter, values: ids } : filter;
  });
  const timeFor = <T extends SemanticQuery['compareTo']>(period: T): T => {
    const at = times.findIndex((time) => isEqual(time, period));
    return at < 0 ? period : (now.times[at] as T);
  };
  const shift = after.get('shift');
  const isFixedShift = 'shiftId' in query.period && shift !== undefined && !shift.includes(query.period.shiftId ?? '');
  const period =
    isFixedShift && query.period.kind === 'latestShift' && shift.length === 1
      ? { ...query.period, shiftId: shift[0]! }
      : timeFor(query.period);
  return checkSemanticQuery({ ...query, filters, period, compareTo: timeFor(query.compareTo) });
}

function byDimension(named: readonly NamedThings[]): Map<Dimension, string[]> {
  const all = new Map<Dimension, string[]>();
  for (const { dimension, ids } of named) all.set(dimension, [...new Set([...(all.get(dimension) ?? []), ...ids])]);
  return all;
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id) => b.includes(id));
}

function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
