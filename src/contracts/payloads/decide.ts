import { Type, type Static } from 'typebox';
import { Distributions, Id, Instant, oneOf, strictObject, Text } from '../parts.ts';

/** A wish that a plan must keep. */
export const PlanConstraint = Type.Object(
  {
    kind: oneOf('lock', 'forbid-machine', 'overtime', 'must-be-on-time', 'no-split'),
    subject: Id,
    from: Type.Optional(Instant),
    to: Type.Optional(Instant),
  },
  { additionalProperties: false },
);
export type PlanConstraint = Static<typeof PlanConstraint>;

/** Please find other plans. */
export const ScheduleRequest = strictObject({
  requestId: Id,
  eventId: Type.Optional(Id),
  horizon: Instant,
  frozenUntil: Instant,
  constraints: Type.Array(PlanConstraint, { maxItems: 1000 }),
  weights: Type.Optional(Type.Record(Type.String(), Type.Number({ minimum: 0 }))),
  count: Type.Integer({ minimum: 1, maximum: 200 }),
  timeLimitMs: Type.Integer({ minimum: 100, maximum: 600_000 }),
  seed: Type.Integer({ minimum: 0 }),
});
export type ScheduleRequest = Static<typeof ScheduleRequest>;

/** What keeps an operation from having a place in any plan, and what together is to blame. */
const PlanConflict = strictObject({
  kind: Id,
  jobOrderId: Id,
  subject: Text,
  causes: Type.Array(strictObject({ kind: Id, subject: Text }), { maxItems: 20 }),
});

/** Why a search ended without plans: a code of the package's error table, and what together leaves operations no place. */
const SearchFailure = strictObject({
  code: Id,
  params: Type.Record(Type.String(), Type.Union([Type.Number(), Type.Boolean(), Text])),
  conflicts: Type.Array(PlanConflict, { maxItems: 20 }),
});

/** How far long work is; `failed` where it has ended without a result. */
export const Progress = strictObject({
  requestId: Id,
  eventId: Type.Optional(Id),
  done: Type.Number({ minimum: 0 }),
  total: Type.Number({ minimum: 0 }),
  best: Type.Optional(Type.Number()),
  failed: Type.Optional(SearchFailure),
});
export type Progress = Static<typeof Progress>;

/** Please stop that work. */
export const Cancel = strictObject({ requestId: Id });
export type Cancel = Static<typeof Cancel>;

/** One alternative plan: its body stays in the store under `planId`. */
export const Scenario = strictObject({
  planId: Id,
  label: Text,
  kpis: Distributions,
  changes: Type.Integer({ minimum: 0 }),
  stagingCount: Type.Integer({ minimum: 0 }),
  instructionCount: Type.Integer({ minimum: 0 }),
  violations: Type.Array(Text),
  /** What its simulation found beside the KPIs, against doing nothing. */
  warnings: Type.Array(Text),
  /** The machine with the longest average active period, simulated. */
  bottleneck: Type.Union([Id, Type.Null()]),
  rank: Type.Integer({ minimum: 1 }),
  /** The rank by KPIs as planned, without chance. */
  plannedRank: Type.Optional(Type.Integer({ minimum: 1 })),
  pareto: Type.Boolean(),
  doNothing: Type.Optional(Type.Boolean()),
});
export type Scenario = Static<typeof Scenario>;

/** Of the best plan found. */
const WishFigures = strictObject({
  weightedTardinessSeconds: Type.Number(),
  lateOrders: Type.Number(),
  changeovers: Type.Number(),
  stability: Type.Number(),
});

/** What one wish costs, by estimate: the best plan found with all wishes, and without this one where one is possible. */
const WishCost = strictObject({
  constraint: PlanConstraint,
  withIt: WishFigures,
  withoutIt: Type.Optional(WishFigures),
});

/** The alternatives to one plan, doing nothing among them. */
export const Scenarios = strictObject({
  requestId: Id,
  basePlanId: Id,
  /** Plans that are not offered, because doing nothing dominates them when simulated. */
  dominated: Type.Integer({ minimum: 0 }),
  scenarios: Type.Array(Scenario, { maxItems: 200 }),
  wishCosts: Type.Optional(Type.Array(WishCost, { maxItems: 10 })),
  /** Open orders that no plan can have: how many, and the first of them with what keeps them out. */
  unplannedCount: Type.Integer({ minimum: 0 }),
  unplanned: Type.Array(strictObject({ workRequestId: Id, conflicts: Type.Array(PlanConflict, { maxItems: 20 }) }), {
    maxItems: 20,
  }),
});
export type Scenarios = Static<typeof Scenarios>;

/** A change to try in the twin. */
export const WhatIf = strictObject({
  basePlanId: Id,
  changes: Type.Array(Type.Record(Type.String(), Type.Unknown()), { maxItems: 100 }),
  replications: Type.Integer({ minimum: 1, maximum: 10_000 }),
  seed: Type.Integer({ minimum: 0 }),
});
export type WhatIf = Static<typeof WhatIf>;

/** What the twin saw. */
export const Simulation = strictObject({
  kpis: Distributions,
  /** Shares of each machine's open time until the plan's end; they sum to 1. */
  utilisation: Type.Record(
    Type.String(),
    strictObject({
      busy: Type.Number(),
      setup: Type.Number(),
      blocked: Type.Number(),
      starved: Type.Number(),
      down: Type.Number(),
      waitingForOperator: Type.Number(),
    }),
  ),
  /** The machine with the longest average active period (work, setup and repair without waiting in between). */
  bottleneck: Type.Union([Id, Type.Null()]),
  activePeriodSeconds: Type.Record(Type.String(), Type.Number()),
  /** Overall equipment effectiveness by line on which something is done, 0…1. */
  oeeByLine: Distributions,
  /** The same plan without the changes; absent where the question named none. */
  unchanged: Type.Optional(strictObject({ kpis: Distributions, bottleneck: Type.Union([Id, Type.Null()]) })),
  /** Each KPI with the changes minus without them, under the same random numbers; absent as `unchanged`. */
  differences: Type.Optional(Distributions),
});
export type Simulation = Static<typeof Simulation>;
