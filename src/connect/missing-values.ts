import type { Sample } from '../contracts/index.ts';
import { isoInstant, parseInstant } from '../kernel/index.ts';
import { identityOf, type Edge, type PendingGap, type PendingTag } from './pending-gaps.ts';

/** Clocks of devices may be behind the server's by this much. */
const mostSkewMs = 600_000;
/** What came after a gap is looked for this far behind it at most. */
const mostBehindMs = 60_000;

/**
 * The stretch of source time in which values of a tag are missing, with some more behind it: the values after a gap
 * show that the history has come past it. A server may leave out what lies exactly at the end.
 * @param sinceMs milliseconds since the gap was noted
 */
export function rangeOf(
  { from, to }: PendingGap['gap'],
  { before, after }: PendingTag,
  { slackMs, sinceMs }: { slackMs: number; sinceMs: number },
): { from: string; to: string } {
  const behindMs = Math.max(slackMs, Math.min(sinceMs, mostBehindMs));
  const end = isoInstant(parseInstant(after?.sourceTime ?? to) + (after ? behindMs : slackMs));
  if (before && after && after.sourceTime < from) return { from: before.sourceTime, to: end };
  const earliest = isoInstant(parseInstant(from) - mostSkewMs);
  const isNear = before !== undefined && before.sourceTime >= earliest;
  return { from: isNear ? before.sourceTime : isoInstant(parseInstant(from) - slackMs), to: end };
}

/**
 * The values of a history, oldest first, that were not delivered: after the last one before the gap, before the first
 * one after it. Of several at the same instant the history's order says which came first.
 */
export function missingIn({ before, after }: PendingTag, samples: readonly Sample[]): Sample[] {
  let lastKnown = before ? samples.findLastIndex((sample) => isEdge(sample, before)) : -1;
  // What is at the instant of the last one before may have come before it, as long as nothing later is recorded.
  if (before && lastKnown < 0 && !samples.some(({ sourceTime }) => sourceTime > before.sourceTime))
    lastKnown = before.identity === '' ? -1 : samples.length;
  const nextKnown = after ? samples.findIndex((sample) => isEdge(sample, after)) : -1;
  return samples.filter(({ sourceTime }, at) => {
    if (before && (sourceTime < before.sourceTime || (sourceTime === before.sourceTime && at <= lastKnown)))
      return false;
    if (!after) return true;
    return sourceTime < after.sourceTime || (sourceTime === after.sourceTime && (nextKnown < 0 || at < nextKnown));
  });
}

/** Whether a history shows the end of what is missing, or something after it: then all before it has been recorded. */
export function reachesEnd({ to }: PendingGap['gap'], { after }: PendingTag, samples: readonly Sample[]): boolean {
  if (!after) return samples.some(({ sourceTime }) => sourceTime > to);
  return samples.some(
    (sample) =>
      sample.sourceTime > after.sourceTime ||
      (sample.sourceTime === after.sourceTime && (after.identity === '' || isEdge(sample, after))),
  );
}

function isEdge(sample: Sample, { sourceTime, identity }: Edge): boolean {
  return sample.sourceTime === sourceTime && identityOf(sample) === identity;
}
