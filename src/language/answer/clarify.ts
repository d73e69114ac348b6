import type { Language } from '../metric.ts';
import { readQuestion, type ReadContext, type Reading } from '../read/parse.ts';
import { questionText } from '../read/question-text.ts';
import type { Opinion } from '../second/judge.ts';
import { checkSemanticQuery, type SemanticQuery } from '../semantic-query.ts';
import { dimensionNouns } from '../read/vocabulary.ts';
import { normalise } from '../read/words.ts';

/** A complete question to choose, and how it is read. */
export interface Choice {
  text: string;
  reading: Reading;
}

/** Most choices that are offered. */
const mostChoices = 3;

/** From these probabilities on, a metric is worth offering: among others, and where words were not understood. */
const worthOffering = { metric: 0.3, despiteUnknownWords: 0.5, question: 0.6 } as const;

/** Metrics that are offered where nothing hints at any. */
const usualMetrics = ['oee', 'output', 'reject_rate'];

/**
 * At most three complete questions that may have been meant: the reading itself and what the second judge makes of it
 * where the two disagree, else the question with the metric, thing or date filled in that it left open.
 */
export function choicesFor(text: string, reading: Reading, opinion: Opinion, context: ReadContext): Choice[] {
  const { query, refusal, language } = reading;
  const queries = query
    ? [query, ...judgedQueries(query, opinion, context)]
    : refusal?.type === 'ambiguous' || refusal?.type === 'out_of_scope'
      ? variants(text, reading, opinion, context).flatMap((variant) => readQuestion(variant, context).query ?? [])
      : [];
  const unique = new Map(queries.flatMap(eachMetric(text)).map((each) => [JSON.stringify(each), each]));
  return [...unique.values()].slice(0, mostChoices).map((each) => ({
    text: sentence(questionText(each, { grammar: context.grammar, language })),
    reading: { language, query: each, corrections: reading.corrections, periodAssumed: false },
  }));
}

const alternative = /\b(?:or|oder)\b/i;

/** `OEE or availability` is either of the two. */
function eachMetric(text: string): (query: SemanticQuery) => SemanticQuery[] {
  const isEither = alternative.test(text);
  return (query) =>
    isEither && query.metrics.length > 1 ? query.metrics.map((id) => ({ ...query, metrics: [id] })) : [query];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** The same question with the second judge's metrics or groups. */
function judgedQueries(query: SemanticQuery, opinion: Opinion, { grammar }: ReadContext): SemanticQuery[] {
  const used = [...query.groupBy, ...query.filters.map(({ dimension }) => dimension)];
  const metrics = likelyMetrics(opinion, worthOffering.metric)
    .filter((id) => !query.metrics.includes(id))
    .filter((id) => used.every((dimension) => grammar.metric(id)?.dimensions.includes(dimension)));
  const groups = [...opinion.groups].filter(([, probability]) => probability >= 0.5).map(([dimension]) => dimension);
  const [group] = groups.filter(
    (dimension) =>
      !used.includes(dimension) && query.metrics.every((id) => grammar.metric(id)?.dimensions.includes(dimension)),
  );
  const grouped = { groupBy: group ? [group] : [], shape: 'breakdown', compareTo: null } as const;
  return [
    ...metrics.map((id) => ({ ...query, metrics: [id] })),
    ...(group && query.shape === 'value' ? [{ ...query, ...grouped, groupBy: [group] }] : []),
  ].map(checkSemanticQuery);
}

function likelyMetrics({ metrics }: Opinion, least: number): string[] {
  return [...metrics]
    .filter(([, probability]) => probability >= least)
    .sort((a, b) => b[1] - a[1])
    .map(([id]) => id);
}

/** The question's text with what it left open filled in, likeliest first. */
function variants(text: string, reading: Reading, opinion: Opinion, context: ReadContext): string[] {
  const isDoubtful = reading.refusal?.type === 'out_of_scope';
  const least = isDoubtful ? worthOffering.despiteUnknownWords : worthOffering.metric;
  const likely = likelyMetrics(opinion, least);
  if (isDoubtful && (likely.length === 0 || opinion.intent.question < worthOffering.question)) return [];
  const bare = withoutWords(text, reading.unresolved ?? []);
  const metrics = likely.length > 0 ? likely : usualMetrics;
  const joined = text.replace(alternative, reading.language === 'de' ? 'und' : 'and');
  return [
    ...dateVariants(text),
    ...(joined === text ? [] : [joined]),
    ...thingVariants(text, reading),
    ...(bare === text ? [] : [bare]),
    ...metrics.flatMap((id) => {
      const name = context.grammar.metric(id)?.name[reading.language].replace(/\s*\(.*\)/, '');
      return name === undefined ? [] : [`${name} ${bare}`];
    }),
  ];
}

function withoutWords(text: string, unresolved: readonly string[]): string {
  if (unresolved.length === 0) return text;
  const isUnknown = (word: string) => {
    const parts = normalise(word).split(/[ -]/);
    return parts.some((part) => unresolved.includes(part));
  };
  return text
    .slice(0, 1000)
    .split(/\s+/)
    .filter((word) => !isUnknown(word))
    .join(' ');
}

/** 7/8/2026 is the 7th of August or the 8th of July; this morning is the Early shift or the hours until noon. */
function dateVariants(text: string): string[] {
  const two = (number: string) => number.padStart(2, '0');
  const date = /\b(\d{1,2})\/(\d{1,2})\/(\d{4})\b/.exec(text);
  if (date) {
    const [found, first, second, year] = date as unknown as [string, string, string, string];
    return [
      text.replace(found, `${year}-${two(second)}-${two(first)}`),
      text.replace(found, `${year}-${two(first)}-${two(second)}`),
    ];
  }
  const morning = /\b(?:this morning|heute (?:früh|morgen))\b/i.exec(text)?.[0];
  if (morning === undefined) return [];
  const isGerman = /heute/i.test(morning);
  return [
    text.replace(morning, isGerman ? 'heute in der Frühschicht' : 'today on the early shift'),
    text.replace(morning, isGerman ? 'heute zwischen 6:00 und 12:00' : 'today between 6:00 and 12:00'),
  ];
}

const articles = '(?:the|der|die|das|dem|den|einer|einem|a|this|dieser|diesem)';
const prepositions = '(?:on|at|in|of|for|from|auf|an|bei|von|für|in)';

/** "on the line": each line, where there are few; all of them by line, where there are many. */
function thingVariants(text: string, { language, refusal }: Reading): string[] {
  const names = refusal?.choices ?? [];
  const noun = text.split(/\s+/).find((word) => {
    const found = dimensionNouns.get(normalise(word));
    return found !== undefined && !found.isPlural;
  });
  if (noun === undefined || names.length === 0) return [];
  const plain = noun.replace(/[^\p{L}]/gu, '');
  const place = new RegExp(`(?:\\b${prepositions}\\s+)?(?:\\b${articles}\\s+)?\\b${plain}\\b`, 'iu');
  if (!place.test(text)) return [];
  const fills = names.length <= mostChoices ? names : [`${byWord[language]} ${plain}`, ''];
  return fills.map((fill) => text.replace(place, fill));
}

const byWord: Record<Language, string> = { en: 'by', de: 'nach' };
