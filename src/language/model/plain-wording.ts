import type { Grammar } from '../read/grammar.ts';
import { recognise, type EntityMatch, type Recognised } from '../read/recognise.ts';
import { tokensOf } from '../read/tokens.ts';
import type { Dimension } from '../sql/views.ts';
import { dimensionNouns, type Superlative } from '../read/vocabulary.ts';

/** What a question asks for, in the parts that a plain wording is put together from. */
export interface Wording {
  metricIds: readonly string[];
  things: readonly EntityMatch[];
  /** Placeholder token of the period, where there is one. */
  period?: string;
  /** Placeholder token of the period that is compared with, or `before` for the one just before. */
  compareTo?: string;
  groupBy: readonly Dimension[];
  ranking?: Superlative;
  limit?: number;
  form: 'plain' | 'trend' | 'list' | 'compare';
}

const superlativeWords: Record<Superlative, string> = { high: 'highest', low: 'lowest', best: 'best', worst: 'worst' };

/**
 * Words a question so plainly that the parser reads it in one way: as tokens, in its own vocabulary. Undefined where a
 * metric has no phrase that names it alone, or a ranking is over no or several groups.
 */
export function wordPlainly(wording: Wording, original: Recognised, grammar: Grammar): string[] | undefined {
  const metrics = wording.metricIds.map((id) => metricTokens(id, grammar));
  if (metrics.length === 0 || metrics.some((tokens) => tokens === undefined)) return undefined;
  const subject = joined(metrics as string[][]);
  const things = joined(wording.things.map((thing) => thingTokens(thing, original, grammar)));
  const opening = openingOf(wording);
  if (!opening) return undefined;
  const { period, compareTo, ranking, groupBy } = wording;
  return [
    ...opening,
    ...subject,
    ...(things.length > 0 ? ['on', ...things] : []),
    ...(period === undefined ? [] : [period]),
    ...(compareTo === undefined ? [] : ['compared', 'with', compareTo]),
    ...(ranking === undefined && groupBy.length > 0 ? ['by', ...joined(groupBy.map((one) => [noun(one, false)]))] : []),
  ];
}

function openingOf({ form, ranking, groupBy, limit, compareTo }: Wording): string[] | undefined {
  if (ranking !== undefined) {
    const [dimension, ...others] = groupBy;
    if (dimension === undefined || others.length > 0) return undefined;
    if (limit === 1) return ['which', noun(dimension, false), 'had', 'the', superlativeWords[ranking]];
    const count = limit === undefined ? [] : [String(limit)];
    return [superlativeWords[ranking], ...count, noun(dimension, true)];
  }
  if (form === 'trend') return ['trend', 'of'];
  if (form === 'list') return ['list'];
  return form === 'compare' && compareTo === undefined ? ['compare'] : [];
}

function noun(dimension: Dimension, isPlural: boolean): string {
  const words = [...dimensionNouns].filter(([, one]) => one.dimension === dimension && one.isPlural === isPlural);
  return words[0]?.[0] ?? dimension;
}

function joined(parts: readonly (readonly string[])[]): string[] {
  return parts.flatMap((tokens, index) => (index === 0 ? tokens : ['and', ...tokens]));
}

const phrasesOf = new WeakMap<Grammar, Map<string, string[] | undefined>>();

/** A phrase that names this metric and nothing else. */
function metricTokens(id: string, grammar: Grammar): string[] | undefined {
  const known = phrasesOf.get(grammar) ?? new Map<string, string[] | undefined>();
  phrasesOf.set(grammar, known);
  if (!known.has(id)) known.set(id, findMetricTokens(id, grammar));
  return known.get(id);
}

function findMetricTokens(id: string, { catalogue, phrases, lexicon }: Grammar): string[] | undefined {
  const metric = catalogue.metrics.find((one) => one.id === id);
  if (!metric) return undefined;
  const texts = [metric.name.en, ...metric.synonyms.en, metric.name.de, ...metric.synonyms.de];
  return texts
    .filter((text) => !/(^|\s)\*|\?$/.test(text))
    .map((text) => tokensOf(text.replaceAll('*', '')))
    .find((tokens) => {
      const found = recognise(tokens, phrases, lexicon);
      const isWhole = tokens.length > 0 && tokens.every((_, index) => found.used.has(index));
      return isWhole && found.entities.length === 0 && found.metrics.every(({ metricId }) => metricId === id);
    });
}

/** A thing in its own words, with the noun that stood beside it and says which of several it is. */
function thingTokens({ meanings, at }: EntityMatch, { tokens }: Recognised, { lexicon }: Grammar): string[] {
  const own = at.map((index) => tokens[index]!);
  const isWhole = lexicon.find(own.join(' ')).length > 0;
  const [meaning] = meanings;
  const words =
    isWhole || !meaning ? own : meaning.ids.flatMap((id) => tokensOf(lexicon.nameOf(meaning.dimension, id, 'en')));
  const hint = [at[0]! - 1, at.at(-1)! + 1]
    .map((index) => tokens[index] ?? '')
    .find((token) => meanings.some(({ dimension }) => dimensionNouns.get(token)?.dimension === dimension));
  return meanings.length > 1 && hint !== undefined ? [hint, ...words] : words;
}
