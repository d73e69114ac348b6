import { Type, type Static } from 'typebox';
import { Id, Instant, oneOf, strictObject, Text } from '../parts.ts';

/** A question in plain words. */
export const Question = strictObject({
  text: Type.String({ minLength: 1, maxLength: 1000 }),
  language: Type.Optional(Type.String({ maxLength: 20 })),
  /** Trace id of the answer that asked back; `text` may then be the number of one of its choices. */
  replyTo: Type.Optional(Id),
});
export type Question = Static<typeof Question>;

/** Why a question was not answered. */
export const RefusalType = oneOf(
  'out_of_scope',
  'unknown_entity',
  'ambiguous',
  'not_permitted',
  'no_data',
  'stale_data',
  'write_request',
  'forecast_not_supported',
);

/** One metric of an answer: its own number, unit, definition and statement; `detail` says why it has no value. */
const AnswerValue = strictObject({
  metric: Id,
  name: Text,
  value: Type.Optional(Type.Union([Type.Number(), Type.String()])),
  unit: Type.String({ maxLength: 40 }),
  definition: Text,
  sql: Text,
  parameters: Type.Array(Type.Union([Type.Number(), Type.String(), Type.Null()])),
  sampleSize: Type.Number(),
  detail: Type.Optional(Text),
});

/**
 * The answer, with everything one needs to check it. `value` is absent in a refusal. Of several metrics `value`, `unit`,
 * `definition`, `sql` and `parameters` are the first one's, `values` has each, and a row has a column for each by id.
 */
export const Answer = strictObject({
  question: Text,
  understood: Text,
  text: Text,
  value: Type.Optional(Type.Union([Type.Number(), Type.String()])),
  unit: Type.Optional(Type.String({ maxLength: 40 })),
  values: Type.Optional(Type.Array(AnswerValue)),
  period: Type.Optional(strictObject({ start: Instant, end: Instant, label: Text })),
  definition: Text,
  sql: Text,
  parameters: Type.Array(Type.Union([Type.Number(), Type.String(), Type.Null()])),
  rows: Type.Array(Type.Record(Type.String(), Type.Unknown()), { maxItems: 200 }),
  rowsRef: Type.Optional(Id),
  dataAsOf: Type.Optional(Instant),
  sampleSize: Type.Number(),
  filters: Type.Array(Type.Record(Type.String(), Type.Unknown())),
  traceId: Id,
  predictionId: Type.Optional(Id),
  chart: Type.Optional(Type.Object({})),
  refusal: Type.Optional(strictObject({ type: RefusalType, detail: Text, choices: Type.Optional(Type.Array(Text)) })),
  /** Who read the question: rules, rules and second judge, a language model, or a person's choice. */
  source: Type.Optional(oneOf('rules', 'rules+judge', 'model', 'chosen', 'verified')),
  /** Measured share of right answers among those of this source. */
  confidence: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  warnings: Type.Optional(Type.Array(Text)),
});
export type Answer = Static<typeof Answer>;

/** Asks for the verified questions, or forgets one. */
export const VerifiedRequest = strictObject({
  operation: oneOf('list', 'delete'),
  key: Type.Optional(Type.String({ minLength: 1, maxLength: 1000 })),
  personId: Type.Optional(Id),
});
export type VerifiedRequest = Static<typeof VerifiedRequest>;

/** The questions whose reading people have verified, and how answers were judged. */
export const VerifiedQuestions = strictObject({
  questions: Type.Array(
    strictObject({
      key: Text,
      question: Text,
      query: Type.Record(Type.String(), Type.Unknown()),
      personId: Id,
      reason: Text,
      verifiedAt: Instant,
    }),
  ),
  /** Of the newest 1,000 marks: how many answers people agreed with, and the lower Wilson bound (95 %) of that share. */
  agreement: strictObject({
    marked: Type.Integer({ minimum: 0 }),
    agreed: Type.Integer({ minimum: 0 }),
    lowerBound: Type.Number({ minimum: 0, maximum: 1 }),
  }),
});
export type VerifiedQuestions = Static<typeof VerifiedQuestions>;
