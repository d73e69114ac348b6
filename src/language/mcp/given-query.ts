import { Type, type Static } from 'typebox';
import { dimensionName } from '../read/dimension-names.ts';
import type { Grammar } from '../read/grammar.ts';
import type { Language, Metric } from '../metric.ts';
import { leftOutValues } from '../read/parse.ts';
import { PeriodSpec } from '../time/period.ts';
import { refuse, type Refusal } from '../answer/refusal.ts';
import { checkSemanticQuery, mostMetrics, type SemanticQuery, type Shape } from '../semantic-query.ts';
import { tokensOf } from '../read/tokens.ts';
import { dimensions, isGrain, timeDimensions, type Dimension } from '../sql/views.ts';

const strict = { additionalProperties: false };
const dimension = Type.Unsafe<Dimension>({ type: 'string', enum: [...dimensions] });
const order = Type.Unsafe<'asc' | 'desc'>({ type: 'string', enum: ['asc', 'desc'] });
const operator = Type.Unsafe<'in' | 'not_in'>({ type: 'string', enum: ['in', 'not_in'] });

/** A semantic query as an agent gives it: names of plant things or their ids; the form of the answer follows from it. */
export const GivenQuery = Type.Object(
  {
    metrics: Type.Array(Type.String({ pattern: '^[a-z][a-z_]*$', maxLength: 40 }), {
      minItems: 1,
      maxItems: mostMetrics,
      uniqueItems: true,
      description: 'Ids of list_metrics.',
    }),
    filters: Type.Optional(
      Type.Array(
        Type.Object(
          {
            dimension,
            op: Type.Optional(operator),
            values: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { minItems: 1, maxItems: 50 }),
          },
          strict,
        ),
        { maxItems: 12, description: 'Names or ids of plant things; all filters hold.' },
      ),
    ),
    period: PeriodSpec,
    compareTo: Type.Optional(PeriodSpec),
    groupBy: Type.Optional(Type.Array(dimension, { maxItems: 2, uniqueItems: true })),
    orderBy: Type.Optional(order),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    language: Type.Optional(Type.String({ maxLength: 20, description: 'en or de' })),
  },
  strict,
);
export type GivenQuery = Static<typeof GivenQuery>;

/**
 * Turns a given query into one that can be run: metrics that the catalogue has, dimensions that they all have, things
 * that the plant has; else a refusal by type.
 */
export function resolveQuery(given: GivenQuery, grammar: Grammar, language: Language): SemanticQuery | Refusal {
  const { catalogue, lexicon } = grammar;
  const metrics = given.metrics.flatMap((id) => grammar.metric(id) ?? []);
  const unknown = given.metrics.find((id) => !grammar.metric(id));
  const [first] = metrics;
  if (unknown !== undefined || !first)
    return refuse(
      'unknown_entity',
      'unknownEntity',
      language,
      [unknown ?? ''],
      catalogue.metrics.map(({ id }) => id),
    );
  const { groupBy = [], orderBy, limit, period, compareTo = null } = given;
  const asked = [...groupBy, ...(given.filters ?? []).map((filter) => filter.dimension)];
  for (const metric of metrics) {
    const missing = asked.find((one) => !metric.dimensions.includes(one));
    if (missing === undefined) continue;
    const choices = metric.dimensions.map((one) => dimensionName(one, language));
    return refuse(
      'out_of_scope',
      'unsupported',
      language,
      [metric.name[language], dimensionName(missing, language)],
      choices,
    );
  }
  const filters: SemanticQuery['filters'] = [];
  for (const filter of given.filters ?? []) {
    const values: string[] = [];
    for (const value of filter.values) {
      const ids = idsOf(filter.dimension, value, grammar);
      if (ids.length === 0)
        return refuse(
          'unknown_entity',
          'unknownEntity',
          language,
          [value],
          namesOf(filter.dimension, grammar, language),
        );
      values.push(...ids.filter((id) => !values.includes(id)));
    }
    const linked = { dimension: filter.dimension, op: filter.op ?? 'in', values };
    for (const metric of metrics)
      for (const id of leftOutValues(metric, { ...linked, isEnumerated: false }))
        return refuse('out_of_scope', 'leftOut', language, [
          metric.name[language],
          lexicon.nameOf(filter.dimension, id, language),
        ]);
    filters.push(linked);
  }
  const shape = shapeOf(first, given);
  if (shape === 'list' && (metrics.length > 1 || groupBy.length > 0 || compareTo))
    return refuse('out_of_scope', 'unsupportedForm', language, [first.name[language]]);
  return checkSemanticQuery({
    ...{ metrics: metrics.map(({ id }) => id), filters, period, compareTo, groupBy, shape },
    orderBy: groupBy.length > 0 ? (orderBy ?? null) : null,
    limit: limit ?? 200,
    unresolved: [],
  });
}

function idsOf(dimension: Dimension, value: string, { lexicon }: Grammar): readonly string[] {
  const exact = lexicon.known.get(dimension)?.find((id) => id === value);
  if (exact !== undefined) return [exact];
  if (isGrain(dimension)) return [];
  return lexicon.find(tokensOf(value).join(' ')).find((meaning) => meaning.dimension === dimension)?.ids ?? [];
}

function namesOf(dimension: Dimension, { lexicon }: Grammar, language: Language): string[] {
  return (lexicon.known.get(dimension) ?? []).map((id) => lexicon.nameOf(dimension, id, language));
}

function shapeOf({ numerator }: Metric, { groupBy = [], compareTo, orderBy, limit }: GivenQuery): Shape {
  if (numerator.measure === 'status' && groupBy.length === 0) return 'list';
  if (compareTo) return 'compare';
  if (groupBy.some(isGrain)) return 'trend';
  const isRanking =
    orderBy !== undefined && limit !== undefined && !groupBy.every((one) => timeDimensions.includes(one));
  if (groupBy.length > 0) return isRanking ? 'top' : 'breakdown';
  return 'value';
}
