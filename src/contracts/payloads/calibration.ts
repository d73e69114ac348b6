import { Type, type Static } from 'typebox';
import { Id, Instant, oneOf, Share, strictObject } from '../parts.ts';

/** Please compare the twin with the plant's history. Nothing is changed by it. */
export const CalibrationRequest = strictObject({
  /** Days of history that laws are fitted to. */
  days: Type.Integer({ minimum: 1, maximum: 1000 }),
  /** Last days in which the plant is compared with the twin. */
  driftDays: Type.Integer({ minimum: 1, maximum: 365 }),
});
export type CalibrationRequest = Static<typeof CalibrationRequest>;

const Kind = oneOf('time-between-stops', 'repair-time', 'run-time', 'changeover-time');

/** Which number of the twin; what names it depends on its kind. */
const Subject = strictObject({
  kind: Kind,
  equipmentId: Type.Optional(Id),
  reason: Type.Optional(Id),
  materialId: Type.Optional(Id),
  equipmentClassId: Type.Optional(Id),
  fromFamily: Type.Optional(Id),
  toFamily: Type.Optional(Id),
});

/** What history says of one number of the twin: seconds, or for runs and changeovers a factor to the standard. */
export const CalibrationProposal = strictObject({
  key: Id,
  subject: Subject,
  verdict: oneOf('too-few', 'agrees', 'differs'),
  /** What the twin counts with; null: nothing. */
  current: Type.Union([Type.Number(), Type.Null()]),
  count: Type.Integer({ minimum: 0 }),
  /** Mean with its 95 % interval (`high` null: not bounded), the law's family and its p value. */
  fitted: Type.Optional(
    strictObject({
      mean: Type.Number(),
      low: Type.Number(),
      high: Type.Union([Type.Number(), Type.Null()]),
      family: Id,
      pValue: Share,
      /** The family that Akaike's criterion prefers. */
      best: Id,
    }),
  ),
});
export type CalibrationProposal = Static<typeof CalibrationProposal>;

/** What the plant's history says of the twin. The standard stays until a person accepts a proposal in the dialog. */
export const Calibration = strictObject({
  at: Instant,
  from: Instant,
  to: Instant,
  driftFrom: Instant,
  counts: strictObject({
    differs: Type.Integer({ minimum: 0 }),
    agrees: Type.Integer({ minimum: 0 }),
    tooFew: Type.Integer({ minimum: 0 }),
  }),
  /** Those that differ from what is in force, at most 100; the dialog shows all. */
  proposals: Type.Array(CalibrationProposal, { maxItems: 100 }),
  drift: strictObject({
    /** Most certain first. */
    drifts: Type.Array(
      strictObject({
        measure: oneOf('stops', 'repair-time', 'run-time', 'changeover-time'),
        equipmentId: Id,
        reason: Type.Optional(Id),
        predicted: Type.Number(),
        actual: Type.Number(),
        count: Type.Integer({ minimum: 0 }),
        pValue: Share,
      }),
      { maxItems: 100 },
    ),
    tests: Type.Integer({ minimum: 0 }),
    /** Chance that a look at a plant as predicted shows any drift. */
    falseAlarmRate: Share,
    availability: Type.Record(Type.String(), strictObject({ predicted: Share, actual: Share })),
  }),
});
export type Calibration = Static<typeof Calibration>;
