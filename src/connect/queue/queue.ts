import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MillwrightError, silentLogger, type Logger } from '../../kernel/index.ts';
import { headerBytes, type QueueRecord } from './record.ts';
import {
  appendToSegment,
  closeSegment,
  createSegment,
  deleteSegment,
  openSegments,
  readFromSegment,
  syncSegment,
  type Segment,
} from './segments.ts';

const largestSegmentBytes = 16 * 2 ** 20;
/** Bytes of appended batches that are kept in memory until they are read, so that they need not come from the disk. */
const keptBytesLimit = 2 ** 20;
/** The system's memory is brought to the disk this often while something is written. */
const syncMs = 1_000;

/** Where a queue lies and how much it may hold. */
export interface QueueOptions {
  /** A folder of its own, made on demand; one process at a time. */
  folder: string;
  /** Most bytes on disk; what does not fit is refused. */
  limitBytes: number;
  logger?: Logger;
}

/** A batch out of a queue. */
export interface QueuedBatch extends QueueRecord {
  /** It was in the queue already when this process opened it: someone may have seen it before. */
  duplicate: boolean;
}

/**
 * A durable first-in-first-out queue of batches in segment files, confirmed one by one. What `append` took survives
 * the end of the process at any point; a power cut may cost the last second.
 */
export interface DurableQueue {
  /**
   * Takes a batch at once and returns its offset; or refuses it (undefined) where the limit is reached or the disk
   * fails, and counts it. A refused batch is the caller's to report. The bytes must not be changed afterwards.
   */
  append(body: string | Uint8Array, atMs: number): number | undefined;
  /** The next unconfirmed batch in order that this process has not read yet. */
  next(): QueuedBatch | undefined;
  /** The newest batches that were there at opening, confirmed or not, as far as they are still on disk, in order. */
  tail(mostBytes: number): QueueRecord[];
  /** Up to this time nothing more was to be appended; durable within a second. */
  note(atMs: number): void;
  /** The queue may forget this batch; unknown offsets are ignored. */
  confirm(offset: number): void;
  /** Time of the newest batch or note that was there at opening, milliseconds since 1970 UTC. */
  readonly lastAtMs: number | undefined;
  /** Bytes on disk, batches not confirmed, batches refused since opening. */
  readonly bytes: number;
  readonly unconfirmed: number;
  readonly refused: number;
  close(): void;
}

/** Opens a queue and what an earlier process left in it. A record torn by a crash is cut off and logged. */
export function openQueue({ folder, limitBytes, logger = silentLogger }: QueueOptions): DurableQueue {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const confirmedFile = join(folder, 'confirmed.json');
  const { segments, lostBytes } = openSegments(folder);
  if (lostBytes > 0) logger.warn(new MillwrightError('MW_QUEUE_DAMAGED', { queue: folder, lostBytes }).message);
  const segmentBytes = Math.min(largestSegmentBytes, limitBytes / 8);
  const noted = readNotes(confirmedFile);
  /** All before this offset is confirmed. */
  let confirmedTo = Math.max(noted.confirmedTo, segments[0]?.firstOffset ?? 0);
  /** Confirmed out of order, after it. */
  const confirmedAhead = new Set(noted.confirmedAhead.filter((offset) => offset >= confirmedTo));
  let endOffset = Math.max(segments.at(-1)?.endOffset ?? 0, confirmedTo);
  for (const offset of confirmedAhead) endOffset = Math.max(endOffset, offset + 1);
  const openedAt = endOffset;
  const newest = segments.findLast((segment) => segment.bytes > 0);
  const lastAtMs = newest && noted.endOffset !== newest.endOffset ? newest.lastAtMs : noted.newestAtMs;
  let newestAtMs = lastAtMs;
  let bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
  let refused = 0;
  let reading: { segment: Segment; at: number } | undefined;
  let readOffset = confirmedTo;
  const kept = new Map<number, { record: QueueRecord; segment: Segment; end: number }>();
  let keptBytes = 0;
  let dirty = false;
  let closed = false;
  dropConfirmed();
  const timer = setInterval(sync, syncMs);
  timer.unref();

  function append(body: string | Uint8Array, atMs: number): number | undefined {
    const raw = Buffer.isBuffer(body) ? body : Buffer.from(body);
    if (closed || bytes + headerBytes + raw.length > limitBytes) {
      refused++;
      return undefined;
    }
    try {
      let segment = segments.at(-1);
      if (!segment || segment.bytes >= segmentBytes || segment.endOffset !== endOffset) {
        if (segment) flush(segment);
        segment = createSegment(folder, endOffset);
        segments.push(segment);
      }
      const before = segment.bytes;
      appendToSegment(segment, atMs, raw);
      bytes += segment.bytes - before;
      if (keptBytes + raw.length <= keptBytesLimit) {
        const body = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
        kept.set(endOffset, { record: { offset: endOffset, atMs, body }, segment, end: segment.bytes });
        keptBytes += raw.length;
      }
    } catch (thrown) {
      refused++;
      warn(thrown);
      return undefined;
    }
    dirty = true;
    newestAtMs = atMs;
    return endOffset++;
  }

  function next(): QueuedBatch | undefined {
    while (!closed && readOffset < endOffset) {
      const found = readAt();
      if (!found) {
        skipHole();
        continue;
      }
      readOffset++;
      if (!isConfirmed(found.offset)) return { ...found, duplicate: found.offset < openedAt };
    }
    return undefined;
  }

  function readAt(): QueueRecord | undefined {
    const fresh = kept.get(readOffset);
    if (fresh) {
      kept.delete(readOffset);
      keptBytes -= fresh.record.body.length;
      reading = { segment: fresh.segment, at: fresh.end };
      return fresh.record;
    }
    if (!reading || readOffset >= reading.segment.endOffset) {
      const segment = segments.find((one) => readOffset >= one.firstOffset && readOffset < one.endOffset);
      if (!segment) return undefined;
      reading = { segment, at: 0 };
      for (let offset = segment.firstOffset; offset < readOffset; offset++)
        reading.at = readFromSegment(segment, reading.at)?.end ?? segment.bytes;
    }
    const found = readFromSegment(reading.segment, reading.at);
    if (found) reading.at = found.end;
    return found?.record;
  }

  /** Offsets that damage has taken count as confirmed. */
  function skipHole(): void {
    const following = segments.find((one) => one.firstOffset > readOffset && one.endOffset > one.firstOffset);
    const to = following?.firstOffset ?? endOffset;
    for (; readOffset < to; readOffset++) confirm(readOffset);
  }

  function isConfirmed(offset: number): boolean {
    return offset < confirmedTo || confirmedAhead.has(offset);
  }

  function confirm(offset: number): void {
    if (offset >= endOffset || isConfirmed(offset)) return;
    confirmedAhead.add(offset);
    while (confirmedAhead.delete(confirmedTo)) confirmedTo++;
    dirty = true;
    dropConfirmed();
  }

  /** Deletes segments of which all is confirmed; the last one stays until it is full. */
  function dropConfirmed(): void {
    for (let first = segments[0]; first && first.endOffset <= confirmedTo; first = segments[0]) {
      if (segments.length === 1 && first.bytes < segmentBytes) return;
      bytes -= first.bytes;
      deleteSegment(first);
      segments.shift();
      writeNotes();
      if (reading?.segment === first) reading = undefined;
    }
  }

  function tail(mostBytes: number): QueueRecord[] {
    const last = segments.findLast(({ firstOffset }) => firstOffset < openedAt);
    const found: QueueRecord[] = [];
    if (!last) return found;
    let held = 0;
    for (
      let one = readFromSegment(last, 0);
      one && one.record.offset < openedAt;
      one = readFromSegment(last, one.end)
    ) {
      found.push(one.record);
      held += one.record.body.length;
      while (held > mostBytes) held -= found.shift()!.body.length;
    }
    return found;
  }

  function writeNotes(): void {
    try {
      writeNotesNow();
    } catch (thrown) {
      warn(thrown);
    }
  }

  function writeNotesNow(): void {
    writeFileSync(
      `${confirmedFile}.new`,
      JSON.stringify({ confirmedTo, confirmedAhead: [...confirmedAhead], newestAtMs, endOffset }),
    );
    renameSync(`${confirmedFile}.new`, confirmedFile);
  }

  function flush(segment: Segment): void {
    syncSegment(segment, (error) => {
      if (error && segments.includes(segment)) warn(error);
    });
  }

  function sync(): void {
    if (!dirty) return;
    dirty = false;
    const last = segments.at(-1);
    if (last) flush(last);
    writeNotes();
  }

  function warn(thrown: unknown): void {
    logger.warn(`queue ${folder}: ${String(thrown)}`);
  }

  return {
    append,
    note(atMs) {
      newestAtMs = atMs;
      dirty = true;
    },
    next,
    tail,
    confirm,
    lastAtMs,
    get bytes() {
      return bytes;
    },
    get unconfirmed() {
      return endOffset - confirmedTo - confirmedAhead.size;
    },
    get refused() {
      return refused;
    },
    close() {
      if (closed) return;
      closed = true;
      clearInterval(timer);
      for (const segment of segments) closeSegment(segment);
      segments.length = 0;
      writeNotes();
    },
  };
}

interface Notes {
  confirmedTo: number;
  confirmedAhead: number[];
  newestAtMs: number | undefined;
  /** Offset after the last batch that was there when the time was noted. */
  endOffset: number;
}

/** What an earlier process noted; nothing where there was none or the note is damaged: then more comes again. */
function readNotes(file: string): Notes {
  const notes: Notes = { confirmedTo: 0, confirmedAhead: [], newestAtMs: undefined, endOffset: 0 };
  let found: Record<string, unknown>;
  try {
    found = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  } catch {
    return notes;
  }
  const { confirmedTo, confirmedAhead, newestAtMs, endOffset } = found;
  if (isOffset(confirmedTo)) notes.confirmedTo = confirmedTo;
  if (Array.isArray(confirmedAhead)) notes.confirmedAhead = confirmedAhead.filter(isOffset);
  if (typeof newestAtMs === 'number') notes.newestAtMs = newestAtMs;
  if (isOffset(endOffset)) notes.endOffset = endOffset;
  return notes;
}

function isOffset(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
