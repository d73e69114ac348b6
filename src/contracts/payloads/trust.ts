import { Type, type Static } from 'typebox';
import { Id, Instant, Mode, oneOf, strictObject, Text } from '../parts.ts';

/** A person's agreement or disagreement, kept. */
export const Feedback = strictObject({
  subjectType: Id,
  subjectId: Id,
  verdict: oneOf('agree', 'disagree', 'unsure'),
  correctedValue: Type.Optional(Type.Union([Type.Number(), Type.String()])),
  reason: Text,
  personId: Id,
  /** Of an answer: its question shall be read so from now on, whichever line or time it names. */
  verify: Type.Optional(Type.Boolean()),
  /** The question in other words, or the number of a choice, where the answer had not read it right. */
  readAs: Type.Optional(Type.String({ minLength: 1, maxLength: 1000 })),
});
export type Feedback = Static<typeof Feedback>;

/** What was observed after a prediction or a plan. */
export const Outcome = strictObject({
  predictionId: Type.Optional(Id),
  planId: Type.Optional(Id),
  observed: Type.Union([Type.Number(), Type.String(), Type.Record(Type.String(), Type.Unknown())]),
  observedAt: Instant,
});

/** Where one field of one use case stands on the ladder. */
export const Trust = strictObject({
  useCase: Id,
  field: Id,
  mode: Mode,
  proposedMode: Type.Optional(Mode),
  outcomes: Type.Integer({ minimum: 0 }),
  error: Type.Union([Type.Number(), Type.Null()]),
  coverage: Type.Union([Type.Number(), Type.Null()]),
  baselines: Type.Array(Type.Record(Type.String(), Type.Unknown())),
  since: Instant,
});

/** A question to the audit log. */
export const AuditQuery = strictObject({
  operation: oneOf('query', 'verify', 'export'),
  subject: Type.Optional(Id),
  from: Type.Optional(Instant),
  to: Type.Optional(Instant),
});

/** The audit log's answer. */
export const AuditResult = strictObject({
  entries: Type.Optional(Type.Array(Type.Record(Type.String(), Type.Unknown()))),
  ref: Type.Optional(Text),
  verified: Type.Boolean(),
  firstBad: Type.Optional(Type.Integer({ minimum: 0 })),
});
