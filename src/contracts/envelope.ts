import { Type, type Static } from 'typebox';
import { Id, Instant, Mode, strictObject } from './parts.ts';

/** Where a durable source stands with a batch; `record` and `uns-out` confirm it after commit or PUBACK. */
export const Delivery = strictObject({
  queue: Id,
  offset: Type.Integer({ minimum: 0 }),
  /** This message is one of several of the batch, which is confirmed when all of them are. */
  part: Type.Optional(strictObject({ index: Type.Integer({ minimum: 0 }), of: Type.Integer({ minimum: 1 }) })),
  duplicate: Type.Optional(Type.Boolean()),
  backfilled: Type.Optional(Type.Boolean()),
});
export type Delivery = Static<typeof Delivery>;

/** What Millwright adds to a message, under `msg.mw`, with CloudEvents' names. */
export const Envelope = Type.Object({
  id: Id,
  type: Type.String({ pattern: '^mw\\.[a-z-]+\\.v\\d+$' }),
  source: Id,
  time: Instant,
  subject: Type.Optional(Id),
  correlationId: Id,
  causationId: Type.Optional(Id),
  mode: Type.Optional(Mode),
  delivery: Type.Optional(Delivery),
});
export type Envelope = Static<typeof Envelope>;
