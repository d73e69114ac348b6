import { Type, type Static } from 'typebox';
import { compileCheck, MillwrightError } from '../kernel/index.ts';
import { PeriodSpec } from './period.ts';
import { dimensions } from './views.ts';

const strict = { additionalProperties: false };
const dimension = Type.Unsafe<(typeof dimensions)[number]>({ type: 'string', enum: [...dimensions] });

const shapes = ['value', 'breakdown', 'top', 'trend', 'compare', 'list'] as const;

/** Form of an answer: one number, one per group, the first of them, a course, two side by side, or records. */
export type Shape = (typeof shapes)[number];

/** The reading of a question: small, checked, and all that the compiler ever sees. */
export const SemanticQuery = Type.Object(
  {
    metric: Type.String({ pattern: '^[a-z][a-z_]*$', maxLength: 40 }),
    /** All filters hold; within one, any of its values (ids of master data). */
    filters: Type.Array(
      Type.Object(
        {
          dimension,
          values: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { minItems: 1, maxItems: 50 }),
        },
        strict,
      ),
      { maxItems: 12 },
    ),
    period: PeriodSpec,
    compareTo: Type.Union([PeriodSpec, Type.Null()]),
    groupBy: Type.Array(dimension, { maxItems: 2 }),
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
  return query;
}
