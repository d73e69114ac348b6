import { messages } from './messages.ts';

/** Largest payload that is read; a birth of 10,000 metrics has about 1 MB. */
const mostBytes = 8 * 1024 * 1024;
/** Most messages nested in one payload: metrics, properties, rows, cells. */
const mostParts = 250_000;
/** Deepest nesting that is read; templates hold metrics, which may hold templates. */
const deepest = 16;

const nested = new Map(
  Object.entries(messages).map(([name, { fields }]) => [
    name,
    new Map(Object.values(fields).flatMap(({ id, type }) => (type in messages ? [[id, type] as const] : []))),
  ]),
);

/**
 * Walks over a payload before it is decoded and refuses one that would take too much memory: too long, too many parts
 * or nested too deep. Also refuses bytes that are no protocol buffer at all.
 * @returns the reason of a refusal in a few words, nothing where the payload may be decoded
 */
export function refusalOf(bytes: Uint8Array): string | undefined {
  if (bytes.length > mostBytes) return `more than ${mostBytes} bytes`;
  let parts = 0;
  let at = 0;

  function varint(end: number): number {
    let value = 0;
    for (let i = 0; i < 10; i++) {
      if (at >= end) throw new RangeError('ends in the middle of a field');
      const byte = bytes[at++]!;
      value += (byte & 127) * 2 ** (7 * i);
      if (byte < 128) return value;
    }
    throw new RangeError('number longer than ten bytes');
  }

  function walk(type: string, end: number, depth: number): void {
    if (++parts > mostParts) throw new RangeError(`more than ${mostParts} parts`);
    if (depth > deepest) throw new RangeError(`nested deeper than ${deepest} levels`);
    while (at < end) {
      const key = varint(end);
      const wireType = key % 8;
      if (wireType === 0) varint(end);
      else if (wireType === 1) at += 8;
      else if (wireType === 5) at += 4;
      else if (wireType === 2) {
        const length = varint(end);
        const child = nested.get(type)?.get(Math.floor(key / 8));
        if (length > end - at) throw new RangeError('length beyond the end');
        if (child) walk(child, at + length, depth + 1);
        else at += length;
      } else throw new RangeError('unknown wire type');
      if (at > end) throw new RangeError('ends in the middle of a field');
    }
  }

  try {
    walk('Payload', bytes.length, 1);
    return undefined;
  } catch (thrown) {
    return (thrown as RangeError).message;
  }
}
