import { randomUUID } from 'node:crypto';
import { systemClock, type Clock } from './clock.ts';

/** A UUID version 7 (RFC 9562): 48 bits of milliseconds, then random bits; sorts by time of creation. */
export function uuidv7(clock: Clock = systemClock): string {
  const ms = clock.now().toString(16).padStart(12, '0');
  // Variant and random bits lie where they lie in version 4, of which Node.js keeps some ready.
  return `${ms.slice(0, 8)}-${ms.slice(8)}-7${randomUUID().slice(15)}`;
}
