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
  const id = uuidv7();
  return {
    id,
    source,
    time: isoInstant(systemClock.now()),
    correlationId: cause?.correlationId ?? id,
    ...(cause ? { causationId: cause.id } : {}),
    ...facts,
  };
}
