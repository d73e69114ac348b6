import type { ContractType, Delivery, Envelope, Mode } from '../../src/contracts/index.ts';
import { isoInstant, systemClock, uuidv7 } from '../../src/kernel/index.ts';

/** What a message of ours says about itself beyond its payload. */
export interface OutgoingFacts {
  type: ContractType;
  subject?: string;
  mode?: Mode;
  delivery?: Delivery;
}

/** The envelope of a new message; a cause hands on its chain. */
export function makeEnvelope(source: string, facts: OutgoingFacts, cause?: Envelope): Envelope {
  const now = systemClock.now();
  const id = uuidv7({ now: () => now });
  const { type, subject, mode, delivery } = facts;
  const envelope: Envelope = { id, type, source, time: isoInstant(now), correlationId: cause?.correlationId ?? id };
  if (cause) envelope.causationId = cause.id;
  if (subject !== undefined) envelope.subject = subject;
  if (mode !== undefined) envelope.mode = mode;
  if (delivery !== undefined) envelope.delivery = delivery;
  return envelope;
}
