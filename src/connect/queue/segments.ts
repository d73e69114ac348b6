import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { decodeRecord, encodeRecord, headerBytes, type QueueRecord } from './record.ts';

/** One file of records, named after its first offset. */
export interface Segment {
  file: string;
  fd: number;
  firstOffset: number;
  /** Offset after its last record. */
  endOffset: number;
  bytes: number;
  /** Time of its last record, milliseconds since 1970 UTC. */
  lastAtMs: number;
}

/** More records than a damaged segment can have held. */
const widestHole = 2 ** 20;
/** Offsets below it can be counted up for ever. */
const highestOffset = 2 ** 52;

/** Begins a new, empty segment. */
export function createSegment(folder: string, firstOffset: number): Segment {
  const file = join(folder, `${String(firstOffset).padStart(16, '0')}.seg`);
  const fd = openSync(file, 'wx+', 0o600);
  return { file, fd, firstOffset, endOffset: firstOffset, bytes: 0, lastAtMs: NaN };
}

/**
 * Opens the segments of a folder in order. What follows the last whole record of a segment (a record torn by a crash,
 * or damage) is cut off and counted. A file whose name follows too far after the others is none of ours: it stays
 * where it is and counts as damage, because the queue goes over a hole offset by offset.
 */
export function openSegments(folder: string): { segments: Segment[]; lostBytes: number } {
  const names = readdirSync(folder)
    .filter((name) => /^\d{16}\.seg$/.test(name))
    .sort();
  let lostBytes = 0;
  const segments: Segment[] = [];
  for (const name of names) {
    const file = join(folder, name);
    const bytes = readFileSync(file);
    const firstOffset = Number(name.slice(0, 16));
    const last = segments.at(-1);
    if (firstOffset > (last ? last.endOffset + widestHole : highestOffset)) {
      lostBytes += bytes.length;
      continue;
    }
    let end = 0;
    let endOffset = firstOffset;
    let lastAtMs = NaN;
    for (let found = decodeRecord(bytes, 0); found?.record.offset === endOffset; found = decodeRecord(bytes, end)) {
      end = found.end;
      endOffset++;
      lastAtMs = found.record.atMs;
    }
    const fd = openSync(file, 'r+');
    if (end < bytes.length) ftruncateSync(fd, end);
    lostBytes += bytes.length - end;
    segments.push({ file, fd, firstOffset, endOffset, bytes: end, lastAtMs });
  }
  return { segments, lostBytes };
}

/** Appends a record; on an error of the disk the segment is left as it was before. */
export function appendToSegment(segment: Segment, atMs: number, body: Uint8Array): void {
  const bytes = encodeRecord(segment.endOffset, atMs, body);
  try {
    for (let written = 0; written < bytes.length;)
      written += writeSync(segment.fd, bytes, written, bytes.length - written, segment.bytes + written);
  } catch (thrown) {
    ftruncateSync(segment.fd, segment.bytes);
    throw thrown;
  }
  segment.bytes += bytes.length;
  segment.endOffset++;
  segment.lastAtMs = atMs;
}

/** Reads the record at a byte position of a segment. */
export function readFromSegment(segment: Segment, at: number): { record: QueueRecord; end: number } | undefined {
  if (at >= segment.bytes) return undefined;
  const header = Buffer.allocUnsafe(headerBytes);
  readSync(segment.fd, header, 0, headerBytes, at);
  const bytes = Buffer.allocUnsafe(headerBytes + header.readUInt32LE(0));
  readSync(segment.fd, bytes, 0, bytes.length, at);
  const found = decodeRecord(bytes, 0);
  return found && { record: found.record, end: at + found.end };
}

/** Brings a segment from the system's memory to the disk without waiting for it. */
export function syncSegment(segment: Segment, done: (error: Error | null) => void): void {
  fdatasync(segment.fd, done);
}

/** Brings a segment to the disk and closes its file. */
export function closeSegment(segment: Segment): void {
  fdatasyncSync(segment.fd);
  closeSync(segment.fd);
}

/** Closes and deletes a segment. */
export function deleteSegment(segment: Segment): void {
  closeSync(segment.fd);
  unlinkSync(segment.file);
}
