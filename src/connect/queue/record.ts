import { crc32 } from 'node:zlib';

/**
 * Form of a record in a segment file: length of the body (4 bytes), CRC-32 over all that follows (4), offset (8),
 * time (8, IEEE 754 milliseconds), body. Little-endian.
 */
export const headerBytes = 24;

/** A record as it lies in a file. */
export interface QueueRecord {
  /** Its place in the queue; offsets go up by one. */
  offset: number;
  /** What the writer called its time, milliseconds since 1970 UTC. */
  atMs: number;
  body: Buffer;
}

/** Writes a record's bytes. */
export function encodeRecord(offset: number, atMs: number, body: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(headerBytes + body.length);
  bytes.writeUInt32LE(body.length, 0);
  bytes.writeBigUInt64LE(BigInt(offset), 8);
  bytes.writeDoubleLE(atMs, 16);
  bytes.set(body, headerBytes);
  bytes.writeUInt32LE(crc32(bytes.subarray(8)), 4);
  return bytes;
}

/**
 * Reads the record at a position, or nothing where the bytes are no whole, undamaged record.
 * @param bytes may end in the middle of a record
 */
export function decodeRecord(bytes: Buffer, at: number): { record: QueueRecord; end: number } | undefined {
  if (at + headerBytes > bytes.length) return undefined;
  const end = at + headerBytes + bytes.readUInt32LE(at);
  if (end > bytes.length) return undefined;
  if (crc32(bytes.subarray(at + 8, end)) !== bytes.readUInt32LE(at + 4)) return undefined;
  const record = {
    offset: Number(bytes.readBigUInt64LE(at + 8)),
    atMs: bytes.readDoubleLE(at + 16),
    body: bytes.subarray(at + headerBytes, end),
  };
  return { record, end };
}
