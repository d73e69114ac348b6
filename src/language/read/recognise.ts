import { areJoining } from './enumeration.ts';
import type { Lexicon, Meaning } from './lexicon.ts';
import type { Catalogue } from '../metric.ts';
import { matchPhrase, rangeToken, readPhrase, type Phrase } from './tokens.ts';
import type { Dimension } from '../sql/views.ts';
import { dimensionNouns } from './vocabulary.ts';

/** A metric that was named, and the tokens that name it. */
interface MetricMatch {
  metricId: string;
  isWeak: boolean;
  at: readonly number[];
}

/** A plant thing that was named. */
export interface EntityMatch {
  /** More than one where the words fit things of several dimensions. */
  meanings: readonly Meaning[];
  at: readonly number[];
}

/** What was found among a question's tokens. */
export interface Recognised {
  tokens: readonly string[];
  /** Metrics named, in order; the weak ones only where no other is, or where a conjunction puts them beside one. */
  metrics: MetricMatch[];
  entities: EntityMatch[];
  /** Tokens that are understood already. */
  used: Set<number>;
}

/** A catalogue's phrases, read once. */
export type MetricPhrases = readonly { metricId: string; phrase: Phrase }[];

/** Reads the phrases of all metrics, in both languages. */
export function metricPhrases(catalogue: Catalogue): MetricPhrases {
  return catalogue.metrics.flatMap((metric) =>
    [...new Set([...metric.synonyms.en, ...metric.synonyms.de])].map((text) => ({
      metricId: metric.id,
      phrase: readPhrase(text),
    })),
  );
}

/** Finds metrics and plant things; of overlapping finds the longest holds, and a metric before a thing. */
export function recognise(tokens: readonly string[], phrases: MetricPhrases, lexicon: Lexicon): Recognised {
  const named = findMetrics(tokens, phrases);
  const strong = named.filter((metric) => !metric.isWeak);
  const things = findEntities(tokens, lexicon);
  const found = [
    ...[...strong, ...things.filter((thing) => !isState(thing))].sort(byStrength),
    ...named.filter((metric) => metric.isWeak).sort((a, b) => beside(b) - beside(a) || byStrength(a, b)),
    ...things.filter(isState).sort(byStrength),
  ];
  function beside(metric: MetricMatch): number {
    return isJoined(metric, tokens, strong) ? 1 : 0;
  }
  const used = new Set<number>();
  const metrics: MetricMatch[] = [];
  const entities: EntityMatch[] = [];
  for (const match of found) {
    if (match.at.some((index) => used.has(index))) continue;
    if ('metricId' in match) {
      const isNoise = match.isWeak && metrics.some((metric) => !metric.isWeak) && !isJoined(match, tokens, metrics);
      if (isNoise && match.at.some((index) => dimensionNouns.has(tokens[index]!))) continue;
      if (!isNoise) metrics.push(match);
    } else entities.push(...withEnumeration(match, tokens, lexicon, used));
    for (const index of match.at) used.add(index);
  }
  return { tokens, metrics: releaseDoubtful(metrics, entities, tokens, lexicon), entities, used };
}

/** A word for a machine's state alone: `down`, `laeuft`; it may be part of a metric's weaker phrase. */
function isState({ meanings }: EntityMatch): boolean {
  return meanings.every(({ dimension }) => dimension === 'machine_state');
}

function byStrength(a: MetricMatch | EntityMatch, b: MetricMatch | EntityMatch): number {
  const kind = (match: typeof a) => ('metricId' in match ? 0 : 1);
  return b.at.length - a.at.length || kind(a) - kind(b) || a.at[0]! - b.at[0]!;
}

function findMetrics(tokens: readonly string[], phrases: MetricPhrases): MetricMatch[] {
  return phrases.flatMap(({ metricId, phrase }) =>
    tokens.flatMap((_, from) => {
      const at = matchPhrase(phrase, tokens, from);
      return at ? [{ metricId, isWeak: phrase.isWeak, at }] : [];
    }),
  );
}

function findEntities(tokens: readonly string[], lexicon: Lexicon): EntityMatch[] {
  return tokens.flatMap((_, from) => {
    const matches: EntityMatch[] = [];
    for (let length = 1; length <= lexicon.longestPhrase && from + length <= tokens.length; length++) {
      const meanings = lexicon.find(tokens.slice(from, from + length).join(' '));
      if (meanings.length > 0) matches.push({ meanings, at: Array.from({ length }, (__, i) => from + i) });
    }
    return matches;
  });
}

/** `lines 1 and 3`, `CNC-12 and 13`, `lines 1 to 3`: numbers that go on with the words of the first. */
function withEnumeration(
  first: EntityMatch,
  tokens: readonly string[],
  lexicon: Lexicon,
  used: Set<number>,
): EntityMatch[] {
  const all = [first];
  const words = first.at.slice(0, -1).map((index) => tokens[index]!);
  const isNumber = (token: string | undefined) => token !== undefined && /^\d+$/.test(token);
  let last = first.at.at(-1)!;
  while (words.length > 0 && isNumber(tokens[last])) {
    const link = tokens[last + 1] ?? '';
    const isLink = /^(and|und|or|oder|vs|versus|to|bis|through)$/.test(link) || link === rangeToken;
    const next = isLink ? last + 2 : last + 1;
    if (!isNumber(tokens[next]) || used.has(next)) break;
    const isRange = isLink && !/^(and|und|or|oder|vs|versus)$/.test(link);
    const from = isRange ? Number(tokens[last]) + 1 : Number(tokens[next]);
    const to = Number(tokens[next]);
    if (from > to || to - from > 50) break;
    const numbers = Array.from({ length: to - from + 1 }, (_, i) => String(from + i));
    const meanings = numbers.map((number) => lexicon.find([...words, number].join(' ')));
    if (meanings.some((list) => list.length === 0)) break;
    for (const list of meanings) all.push({ meanings: list, at: [next] });
    if (isLink) used.add(last + 1);
    used.add(next);
    last = next;
  }
  return all;
}

/**
 * Where several metrics were named, those whose words also name a plant thing give way: in "downtime due to setups"
 * the setups are a reason.
 */
function releaseDoubtful(
  metrics: readonly MetricMatch[],
  entities: EntityMatch[],
  tokens: readonly string[],
  lexicon: Lexicon,
): MetricMatch[] {
  const ordered = [...metrics].sort((a, b) => a.at[0]! - b.at[0]!);
  if (new Set(metrics.map(({ metricId }) => metricId)).size < 2) return ordered;
  const meaningsOf = (metric: MetricMatch) => lexicon.find(metric.at.map((index) => tokens[index]!).join(' '));
  const sure = ordered.filter((metric) => meaningsOf(metric).length === 0);
  if (sure.length === 0) return ordered;
  const kept = ordered.filter((metric) => sure.includes(metric) || isJoined(metric, tokens, sure));
  for (const metric of ordered)
    if (!kept.includes(metric)) entities.push({ meanings: meaningsOf(metric), at: metric.at });
  return kept;
}

/** Whether `and` alone, with articles, stands between a metric and another: `parts produced and scrap`. */
function isJoined(match: MetricMatch, tokens: readonly string[], others: readonly MetricMatch[]): boolean {
  if (match.isWeak && match.at.length < 2) return false;
  return others.some((other) => {
    const [first, second] = match.at[0]! < other.at[0]! ? [match, other] : [other, match];
    return areJoining(tokens.slice(first.at.at(-1)! + 1, second.at[0]));
  });
}

/** The meaning of a dimension, where the words have one. */
export function meaningOf(match: EntityMatch, dimension: Dimension): Meaning | undefined {
  return match.meanings.find((meaning) => meaning.dimension === dimension);
}
