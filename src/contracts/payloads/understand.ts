import { Type, type Static } from 'typebox';
import { Evidence, Id, Instant, ModelRef, oneOf, Sha256, Share, strictObject, Text } from '../parts.ts';

/** What can happen that a plan must answer. */
export const EventKind = oneOf(
  'machine-down',
  'machine-up',
  'quality-drift',
  'maintenance-due',
  'demand-change',
  'material-late',
  'operator-absent',
  'rush-order',
  'quality-hold',
);

/** Something happened on the shop floor that may call for another plan. */
export const PlantEvent = strictObject({
  eventId: Type.Optional(Id),
  kind: EventKind,
  severity: Type.Integer({ minimum: 0, maximum: 1000 }),
  subject: Id,
  start: Instant,
  expectedEnd: Type.Optional(
    strictObject({ p50: Instant, p90: Instant, basis: oneOf('reason-history', 'person', 'default') }),
  ),
  supersedes: Type.Optional(Id),
  evidence: Type.Array(Evidence, { maxItems: 100 }),
});
export type PlantEvent = Static<typeof PlantEvent>;

/** A verdict on one part with its reasons. */
export const Inspection = strictObject({
  predictionId: Id,
  unitId: Type.Optional(Id),
  imageSha256: Sha256,
  verdict: oneOf('pass', 'fail', 'review'),
  score: Type.Number(),
  threshold: Type.Number(),
  findings: Type.Array(
    strictObject({ label: Id, region: Type.Array(Type.Number(), { maxItems: 1000 }), score: Type.Number(), why: Text }),
  ),
  model: ModelRef,
  heatmapRef: Type.Optional(Id),
  imageRef: Type.Optional(Id),
});

/** A claim about something that can be observed later. */
export const Prediction = strictObject({
  predictionId: Id,
  kind: Id,
  subject: Id,
  value: Type.Union([Type.Number(), Type.String()]),
  interval: Type.Optional(strictObject({ low: Type.Number(), high: Type.Number(), level: Share })),
  horizon: Type.Optional(Instant),
  model: ModelRef,
  drivers: Type.Array(Evidence),
});

/** A trained model, champion or challenger. */
export const Model = strictObject({
  modelId: Id,
  kind: Id,
  ref: Type.String({ maxLength: 1000 }),
  sha256: Sha256,
  status: oneOf('champion', 'challenger'),
  card: Type.Object({}),
});

/** Is the data good enough for a use case? */
export const Readiness = strictObject({
  useCase: Id,
  grade: oneOf('A', 'B', 'C', 'D', 'F'),
  checks: Type.Array(
    strictObject({
      id: Id,
      result: oneOf('pass', 'warn', 'fail', 'not-applicable'),
      measure: Type.Union([Type.Number(), Type.String(), Type.Null()]),
      evidence: Text,
      blocks: Type.Array(Id),
      fix: Text,
    }),
  ),
});

/** Limits within which settings are sought, and those found. */
export const Settings = strictObject({
  modelId: Id,
  limits: Type.Record(Type.String(), strictObject({ low: Type.Number(), high: Type.Number() })),
  settings: Type.Array(
    strictObject({
      values: Type.Record(Type.String(), Type.Number()),
      predicted: strictObject({ p10: Type.Number(), p50: Type.Number(), p90: Type.Number() }),
      pareto: Type.Boolean(),
    }),
  ),
});
