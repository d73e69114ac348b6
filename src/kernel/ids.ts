import { randomUUID } from 'node:crypto';
import { systemClock, type Clock } from './clock.ts';

let latest = { ms: NaN, head: '' };

/** A UUID version 7 (RFC 9562): 48 bits of milliseconds, then random bits; sorts by time of creation. */
export function uuidv7(clock: Clock = systemClock): string {
  const ms = clock.now();
  if (ms !== latest.ms) {
    const digits = ms.toString(16).padStart(12, '0');
    latest = { ms, head: `${digits.slice(0, 8)}-${digits.slice(8)}-7` };
  }
  // Variant and random bits lie where they lie in version 4, of which Node.js keeps some ready.
  return latest.head + randomUUID().slice(15);
}
