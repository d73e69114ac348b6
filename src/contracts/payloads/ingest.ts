import { Type, type Static } from 'typebox';
import { Id, Instant, oneOf, Quantity, strictObject, Text } from '../parts.ts';

/** A value as it may stand in a sample; Int64 and UInt64 are decimal strings. */
export const SampleValue = Type.Union([
  Type.Number(),
  Type.String(),
  Type.Boolean(),
  Type.Array(Type.Unknown()),
  Type.Object({}),
  Type.Null(),
]);

/** One value of one tag. */
export const Sample = strictObject({
  tag: Id,
  value: SampleValue,
  /** What the number means, where its type is an enumeration. */
  text: Type.Optional(Type.String({ maxLength: 200 })),
  dataType: Type.String({ maxLength: 60 }),
  unit: Type.Optional(Type.String({ maxLength: 40 })),
  quality: oneOf('good', 'uncertain', 'bad'),
  statusCode: Type.Optional(Type.String({ maxLength: 80 })),
  sourceTime: Instant,
  serverTime: Type.Optional(Instant),
});
export type Sample = Static<typeof Sample>;

/** A batch of values, one per publish. */
export const Samples = strictObject({ samples: Type.Array(Sample, { maxItems: 100_000 }) });
export type Samples = Static<typeof Samples>;

/** A stretch of source time, ends included, in which values of these tags may be missing; outside of all gaps none is. */
export const Gap = strictObject({
  tags: Type.Array(Id),
  from: Instant,
  to: Instant,
  reason: oneOf('overflow', 'resubscribed', 'sequence', 'restart'),
  backfilled: Type.Boolean(),
  /** Alarms may be missing, not values of tags. */
  alarms: Type.Optional(Type.Literal(true)),
});
export type Gap = Static<typeof Gap>;

/** State of a connection to a server or broker. */
export const Connection = strictObject({
  endpoint: Type.String({ maxLength: 500 }),
  state: oneOf('idle', 'connecting', 'online', 'recovering', 'failed'),
  since: Instant,
  cause: Type.Optional(Text),
});
export type Connection = Static<typeof Connection>;

/** An alarm or condition in ISA-18.2 terms. */
export const Alarm = strictObject({
  conditionId: Id,
  source: Id,
  severity: Type.Integer({ minimum: 0, maximum: 1000 }),
  state: oneOf(
    'normal',
    'unacknowledged',
    'acknowledged',
    'returned-unacknowledged',
    'shelved',
    'suppressed',
    'out-of-service',
  ),
  message: Text,
  acked: Type.Boolean(),
  confirmed: Type.Boolean(),
  time: Instant,
  /** Name of the condition below its source. */
  name: Type.Optional(Id),
  /** The event to acknowledge or confirm, base64. */
  eventId: Type.Optional(Type.String({ maxLength: 200 })),
  /** An earlier state of the condition that still has to be acknowledged. */
  branchId: Type.Optional(Id),
});
export type Alarm = Static<typeof Alarm>;

/** A machine's state in PackML terms. */
export const State = strictObject({
  equipmentId: Id,
  state: Type.String({ maxLength: 40 }),
  mode: Type.Optional(Type.String({ maxLength: 40 })),
  start: Instant,
  reasonCode: Type.Optional(Id),
});
export type State = Static<typeof State>;

/** Parts made in a stretch of time. */
export const Count = strictObject({
  equipmentId: Id,
  jobOrderId: Type.Optional(Id),
  good: Quantity,
  scrap: Quantity,
  rework: Quantity,
  from: Instant,
  to: Instant,
});
export type Count = Static<typeof Count>;

/** A camera frame or a reference to one. */
export const Image = strictObject({
  imageId: Id,
  cameraId: Id,
  unitId: Type.Optional(Id),
  time: Instant,
  encoding: Type.String({ maxLength: 40 }),
  width: Type.Integer({ minimum: 1 }),
  height: Type.Integer({ minimum: 1 }),
  data: Type.Optional(Type.Any()),
  ref: Type.Optional(Type.String({ maxLength: 1000 })),
});

/** A work request, job order, receipt or stock change in ISA-95 terms. */
export const Order = strictObject({
  kind: oneOf('work-request', 'job-order', 'receipt', 'stock'),
  id: Id,
  materialId: Type.Optional(Id),
  quantity: Type.Optional(Quantity),
  unit: Type.Optional(Type.String({ maxLength: 40 })),
  dueAt: Type.Optional(Instant),
  availableAt: Type.Optional(Instant),
  priority: Type.Optional(Type.Integer({ minimum: 1 })),
  customer: Type.Optional(Id),
  dispatchStatus: Type.Optional(Id),
});
export type Order = Static<typeof Order>;

/** Features of one window of one subject. */
export const Features = strictObject({
  subject: Id,
  window: strictObject({ start: Instant, end: Instant, phase: Type.Optional(Id) }),
  values: Type.Record(Type.String(), Type.Number()),
  coverage: Type.Number({ minimum: 0, maximum: 1 }),
});
