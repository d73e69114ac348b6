import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Gap, Sample } from '../contracts/index.ts';
import type { GapEdges } from './opcua/types.ts';

/** One value at the edge of a gap: enough to know it again. */
export interface Edge {
  sourceTime: string;
  /** As of `identityOf`. */
  identity: string;
}

/** What is still to be fetched of one tag. */
export interface PendingTag {
  tag: string;
  /** Last value delivered before the gap; without identity the source time from which on nothing was delivered. */
  before?: Edge;
  /** First value delivered after it, once it came; without identity the source time of the last one missing. */
  after?: Edge;
  /** The first value after the gap was not newer than the last one before it: nothing proves that all was fetched. */
  disordered?: true;
}

/** A gap of which some tags are still to be fetched. */
export interface PendingGap {
  gap: Omit<Gap, 'tags' | 'backfilled'>;
  tags: PendingTag[];
  /** When it was noted, milliseconds since 1970 UTC by this computer's clock. */
  notedMs: number;
}

/** What makes two samples of a tag the same: source time, value and status. */
export function identityOf({ sourceTime, value, statusCode }: Sample): string {
  return JSON.stringify([sourceTime, value, statusCode ?? null]);
}

/** The edge that a sample is. */
export function edgeOf(sample: Sample): Edge {
  return { sourceTime: sample.sourceTime, identity: identityOf(sample) };
}

/** A reported gap as one to be filled. */
export function toPending(gap: Gap, edgesOf: (tag: string) => GapEdges, notedMs: number): PendingGap {
  const { from, to, reason } = gap;
  const tags = gap.tags.map((tag) => {
    const { before, since, after, until } = edgesOf(tag);
    const first = before ? edgeOf(before) : bare(since);
    const next = after ? edgeOf(after) : bare(until);
    const edges = { tag, ...(first ? { before: first } : {}) };
    if (before && after && after.sourceTime <= before.sourceTime) return { ...edges, disordered: true as const };
    return { ...edges, ...(next ? { after: next } : {}) };
  });
  return { gap: { from, to, reason }, tags, notedMs };
}

function bare(sourceTime: string | undefined): Edge | undefined {
  return sourceTime === undefined ? undefined : { sourceTime, identity: '' };
}

/** Reads what an earlier process left to be fetched; nothing where the file is missing or damaged. */
export function readPending(file: string): PendingGap[] {
  try {
    const found = JSON.parse(readFileSync(file, 'utf8')) as unknown;
    return Array.isArray(found) ? found.filter(isPending) : [];
  } catch {
    return [];
  }
}

/** Writes what is left to be fetched, whole or not at all. */
export function writePending(file: string, pending: readonly PendingGap[]): void {
  writeFileSync(`${file}.new`, JSON.stringify(pending));
  renameSync(`${file}.new`, file);
}

function isPending(one: unknown): one is PendingGap {
  const { gap, tags, notedMs } = (one ?? {}) as Partial<Record<keyof PendingGap, unknown>>;
  const { from, to } = (gap ?? {}) as Record<string, unknown>;
  return typeof from === 'string' && typeof to === 'string' && Array.isArray(tags) && typeof notedMs === 'number';
}
