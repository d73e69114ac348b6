import { digestOf } from '../audit/index.ts';

/**
 * An id that the same parts always give: a UUID version 8 (RFC 9562) from their SHA-256. Repeating a step after a
 * crash therefore names the same command, row or notification, and the store keeps each only once.
 */
export function derivedId(...parts: string[]): string {
  const bytes = Buffer.from(digestOf(parts), 'hex').subarray(0, 16);
  bytes[6] = 0x80 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
