import { Type, type Static } from 'typebox';
import { compileCheck, MillwrightError } from '../kernel/index.ts';
import { PeriodSpec } from './time/period.ts';
import { boundDimensions, dimensions } from './sql/views.ts';

const strict = { additionalProperties: false };
const dimension = Type.Unsafe<(typeof dimensions)[number]>({ type: 'string', enum: [...dimensions] });

const groupDimension = Type.Unsafe<(typeof dimensions)[number]>({
  type: 'string',
  enum: dimensions.filter((each) => !boundDimensions.includes(each)),
});

const shapes = ['value', 'breakdown', 'top', 'trend', 'compare', 'list'] as const;

/** Form of an answer: one number, one per group, the first of them, a course, two side by side, or records. */
export type Shape = (typeof shapes)[number];

/** How a filter's values narrow: any of them, none of them, or a bound that a number keeps to. */
export const filterOperators = ['in', 'not_in', '>', '>=', '<', '<='] as const;

/** One condition: ids of master data for `in` and `not_in`; for a bound one number as text (`duration_min`, minutes). */
export const QueryFilter = Type.Object(
  {
    dimension,
    op: Type.Unsafe<(typeof filterOperators)[number]>({ type: 'string', enum: [...filterOperators] }),
    values: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { minItems: 1, maxItems: 50 }),
  },
  strict,
);
export type QueryFilter = Static<typeof QueryFilter>;

/** Most metrics that one question may name. */
export const mostMetrics = 6;

/**
 * The reading of a question: small, checked, and all that the compiler ever sees. Its JSON is what traces, the bench
 * (`understood`) and agents show: `metrics` are ids of the KPI catalogue in the order in which they were named, a
 * ranking goes by the first.
 */
export const SemanticQuery = Type.Object(
  {
    metrics: Type.Array(Type.String({ pattern: '^[a-z][a-z_]*$', maxLength: 40 }), {
      minItems: 1,
      maxItems: mostMetrics,
      uniqueItems: true,
    }),
    /** All filters hold. */
    filters: Type.Array(QueryFilter, { maxItems: 12 }),
    period: PeriodSpec,
    compareTo: Type.Union([PeriodSpec, Type.Null()]),
    groupBy: Type.Array(groupDimension, { maxItems: 2 }),
    shape: Type.Unsafe<Shape>({ type: 'string', enum: [...shapes] }),
    orderBy: Type.Union([Type.Literal('asc'), Type.Literal('desc'), Type.Null()]),
    limit: Type.Integer({ minimum: 1, maximum: 200 }),
    /** Words that were not understood; a query with any is never run. */
    unresolved: Type.Array(Type.String({ maxLength: 200 })),
  },
  strict,
);
export type SemanticQuery = Static<typeof SemanticQuery>;

const check = compileCheck(SemanticQuery);

/** Promises that a reading has the form above; throws `MW_PAYLOAD_INVALID` with the pointer that failed. */
export function checkSemanticQuery(query: SemanticQuery): SemanticQuery {
  const problem = check(query);
  if (problem) throw new MillwrightError('MW_PAYLOAD_INVALID', { contract: 'semantic query', ...problem });
  for (const [index, { dimension: of, op, values }] of query.filters.entries()) {
    const isBound = op !== 'in' && op !== 'not_in';
    const isNumber = values.length === 1 && Number.isFinite(Number(values[0]));
    if (boundDimensions.includes(of) === isBound && (!isBound || isNumber)) continue;
    throw new MillwrightError('MW_PAYLOAD_INVALID', {
      contract: 'semantic query',
      pointer: `/filters/${String(index)}`,
      found: `${of} ${op} ${values.join(', ')}`,
      expected: boundDimensions.includes(of) ? 'a bound and one number' : 'in or not_in',
    });
  }
  return query;
}
