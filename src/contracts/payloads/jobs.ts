import { Type } from 'typebox';
import { Id, strictObject } from '../parts.ts';

/** Instants in a job are milliseconds since 1970 UTC. */
const Milliseconds = Type.Number();
const list = (properties: Parameters<typeof Type.Object>[0]) => Type.Array(Type.Object(properties));

/** Master data as far as a job needs it to be sound; what else it says is read where it is needed. */
const Model = Type.Object({
  calendar: Type.Object({}),
  equipment: list({ equipmentId: Id, level: Type.String() }),
  persons: list({ personId: Id, qualificationIds: Type.Array(Id) }),
  materials: list({ materialId: Id }),
  workMasters: Type.Array(
    Type.Object({
      workMasterId: Id,
      version: Id,
      segments: list({
        segmentId: Id,
        predecessors: Type.Array(Id),
        equipment: list({ equipmentId: Id, secondsPerUnit: Type.Number() }),
        materials: list({ materialId: Id, quantityPerUnit: Type.Number() }),
      }),
    }),
  ),
  setupMatrices: list({ equipmentClassId: Id, defaultSeconds: Type.Number() }),
  transportSeconds: Type.Number(),
});

/** A stretch that has no end yet ends with null, because JSON knows no infinity. */
const end = Type.Union([Milliseconds, Type.Null()]);
const State = Type.Object({
  at: Milliseconds,
  workRequests: list({ workRequestId: Id, materialId: Id, quantity: Type.Number(), dueAt: Milliseconds }),
  jobOrders: list({ jobOrderId: Id, workRequestId: Id, segmentId: Id, quantity: Type.Number() }),
  lots: list({ lotId: Id, materialId: Id, quantity: Type.Number(), availableAt: Milliseconds }),
  setupFamily: Type.Record(Type.String(), Type.String()),
  unavailable: list({ equipmentId: Id, start: Milliseconds, end }),
  absences: list({ personId: Id, start: Milliseconds, end }),
});

const Schedule = Type.Object({
  scheduleId: Id,
  entries: list({ jobOrderId: Id, equipmentId: Id, start: Milliseconds, end: Milliseconds }),
});

const Place = Type.Integer({ minimum: 0 });
/**
 * A plan as the search writes it, by place of the operations in the problem: the free ones in the order in which they
 * are put on their machines; the chosen machine of every operation; 1 where it waits for its start in the live plan.
 */
const Solution = strictObject({
  order: Type.Array(Place),
  choice: Type.Array(Place),
  hold: Type.Array(Type.Integer({ minimum: 0, maximum: 1 })),
});

/**
 * "Improve this plan": everything that it takes, so that any machine can do it. With `maxDecodes` the result is the same
 * wherever it runs; with `seconds` it says how many plans it built, and so many again give the same result.
 */
export const ImproveJob = strictObject({
  kind: Type.Literal('improve'),
  version: Type.Literal(1),
  model: Model,
  state: State,
  /** The plan in force. */
  live: Type.Optional(Schedule),
  request: Type.Object({
    from: Milliseconds,
    frozenUntil: Milliseconds,
    horizon: Milliseconds,
    constraints: Type.Array(Type.Object({ kind: Type.String(), subject: Id }), { maxItems: 1000 }),
  }),
  /** Plans to begin with, beside the repaired live plan and the dispatch rules: of any source, or of another job. */
  plan: Type.Optional(Schedule),
  solutions: Type.Optional(Type.Array(Solution, { maxItems: 1000 })),
  weights: Type.Optional(Type.Record(Type.String(), Type.Number({ minimum: 0 }))),
  /** Alternatives wanted. */
  count: Type.Integer({ minimum: 1, maximum: 1000 }),
  seed: Type.Integer({ minimum: 0 }),
  seconds: Type.Optional(Type.Number({ minimum: 0, maximum: 86_400 })),
  maxDecodes: Type.Optional(Type.Integer({ minimum: 1 })),
});

/** What came of it. */
export const Improved = strictObject({
  kind: Type.Literal('improved'),
  version: Type.Literal(1),
  plans: Type.Array(
    strictObject({
      solution: Solution,
      kpis: Type.Object({}),
      /** Machine and predecessor there as one number, by operation (of large plans, of a thousand): tells plans apart. */
      places: Type.Array(Type.Integer()),
    }),
  ),
  /** Which of them is doing nothing, and which the repaired live plan. */
  doNothing: Place,
  repaired: Place,
  /** How many plans were built: as `maxDecodes` it gives this result again. */
  decodes: Place,
});

const Shares = Type.Record(Type.String(), Type.Object({ scrap: Type.Number(), rework: Type.Number() }));
const Replication = Type.Integer({ minimum: 0 });

/** "Replicate this plan": everything that the twin takes, so that any machine can do it, or several a part each. */
export const ReplicateJob = strictObject({
  kind: Type.Literal('replicate'),
  version: Type.Literal(1),
  model: Model,
  state: State,
  plan: Schedule,
  /** The plan that stability is measured against. */
  live: Type.Optional(Schedule),
  /** How the plant varies. */
  parameters: Type.Object({
    runVariation: Type.Number({ minimum: 0 }),
    setupVariation: Type.Number({ minimum: 0 }),
    stops: Type.Record(Type.String(), list({ reason: Type.String(), meanRunSecondsBetween: Type.Number() })),
    rejects: Shares,
  }),
  /** Working time outside the shifts that the plan counts on. */
  overtime: Type.Optional(list({ equipmentIds: Type.Array(Id), start: Milliseconds, end: Milliseconds })),
  /** When plans use some machines for nothing new; without an end: for good. */
  bans: Type.Optional(list({ equipmentIds: Type.Array(Id), start: Milliseconds, end })),
  /** Operations start as soon as they can, not at their planned start. */
  startEarly: Type.Optional(Type.Boolean()),
  /** What must not be missed. */
  watched: Type.Optional(strictObject({ workRequests: Type.Array(Id), jobOrders: Type.Array(Id) })),
  seed: Type.Integer({ minimum: 0 }),
  /** Which replications, the last excluded: one seed's replications are numbered from 0, wherever they run. */
  from: Replication,
  to: Type.Integer({ minimum: 1 }),
});

/** What they showed; parts that follow each other are joined to exactly what one run gives. */
export const Replicated = strictObject({
  kind: Type.Literal('replicated'),
  version: Type.Literal(1),
  from: Replication,
  to: Type.Integer({ minimum: 1 }),
  /** One for each replication. */
  kpis: Type.Array(Type.Record(Type.String(), Type.Number())),
  /** Milliseconds by machine and what it did, summed over the replications, and how often it became active. */
  machines: Type.Record(Type.String(), Type.Record(Type.String(), Type.Number())),
  /** One value for each replication. */
  oeeByLine: Type.Record(Type.String(), Type.Array(Type.Number())),
  /** In how many replications each watched thing was missed. */
  missed: Type.Record(Type.String(), Replication),
  /** In how many each operation came too late for its maximum lag, of those that have one. */
  missedMaximumLags: Type.Record(Type.String(), Replication),
});
