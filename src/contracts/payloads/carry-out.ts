import { Type, type Static } from 'typebox';
import { Id, Instant, oneOf, Quantity, Sha256, strictObject, Text } from '../parts.ts';

/** A person's decision on exactly what was shown. Information on the wire: dispatch reads the store. */
export const Approval = strictObject({
  approvalId: Id,
  planId: Id,
  planDigest: Sha256,
  decision: oneOf('approved', 'rejected'),
  meaning: oneOf('reviewed', 'approved', 'rejected'),
  personId: Id,
  signedAt: Instant,
  reason: Text,
});
export type Approval = Static<typeof Approval>;

/** One change of one record of the MES. */
export const Command = strictObject({
  commandId: Id,
  target: Id,
  expectedVersion: Type.Integer({ minimum: 0 }),
  before: Type.Record(Type.String(), Type.Unknown()),
  after: Type.Record(Type.String(), Type.Unknown()),
  approvalId: Id,
});

/** What became of a command, read back. */
export const CommandResult = strictObject({
  commandId: Id,
  state: oneOf('acknowledged', 'rejected', 'conflict'),
  readBack: Type.Record(Type.String(), Type.Unknown()),
});

/** What really became live; `advised` jobs people enter into the MES, `shadow` ones nobody does. */
export const PlanChange = strictObject({
  planId: Id,
  approvalId: Id,
  jobs: Type.Array(
    strictObject({
      jobOrderId: Id,
      equipmentId: Id,
      start: Instant,
      result: oneOf('acknowledged', 'rejected', 'conflict', 'advised', 'shadow'),
    }),
  ),
  publishedAt: Instant,
});
export type PlanChange = Static<typeof PlanChange>;

/** Material to be moved so that an operation can start. */
export const Staging = strictObject({
  materialId: Id,
  lotId: Type.Optional(Id),
  quantity: Quantity,
  unit: Type.String({ maxLength: 40 }),
  from: Id,
  to: Id,
  needAt: Instant,
});
export type Staging = Static<typeof Staging>;

/** Something a role must know. */
export const Notification = strictObject({
  recipients: strictObject({ role: Id }),
  severity: Type.Integer({ minimum: 0, maximum: 1000 }),
  templateId: Id,
  params: Type.Record(Type.String(), Type.Unknown()),
  acknowledgedBy: Type.Optional(Id),
});
export type Notification = Static<typeof Notification>;

/** A work instruction, troubleshooting guide or training sheet. */
export const Instruction = strictObject({
  documentId: Id,
  kind: oneOf('work-instruction', 'troubleshooting', 'training'),
  jobOrderId: Type.Optional(Id),
  revision: Type.Integer({ minimum: 1 }),
  locale: Type.String({ maxLength: 20 }),
  status: oneOf('draft', 'review', 'approved', 'stale', 'withdrawn'),
  body: Type.Record(Type.String(), Type.Unknown()),
  sources: Type.Array(Type.Record(Type.String(), Type.Unknown())),
  approvedBy: Type.Optional(Id),
});
export type Instruction = Static<typeof Instruction>;

/** Planned writes stop until a person lifts it. Not an emergency stop. */
export const WriteInhibit = strictObject({ on: Type.Literal(true), reason: Text, source: Id });

/** What can happen to the demo plant. */
export const DisruptionKind = oneOf(
  'machine-down',
  'machine-up',
  'rush-order',
  'material-late',
  'operator-absent',
  'quality-hold',
  'demand-change',
);

/** Please disturb the demo plant. */
export const Disruption = strictObject({
  kind: DisruptionKind,
  subject: Id,
  start: Type.Optional(Instant),
  durationSeconds: Type.Optional(Type.Number({ minimum: 1, maximum: 604_800 })),
});
export type Disruption = Static<typeof Disruption>;
