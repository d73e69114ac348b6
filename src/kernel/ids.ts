import { randomBytes } from 'node:crypto';
import { systemClock, type Clock } from './clock.ts';

/** A UUID version 7 (RFC 9562): 48 bits of milliseconds, then random bits; sorts by time of creation. */
export function uuidv7(clock: Clock = systemClock): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(clock.now(), 0, 6);
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
