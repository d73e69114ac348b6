import type { Sample } from '../../contracts/index.ts';
import { isoInstant } from '../../kernel/index.ts';
import type { GapCollector } from './gaps.ts';
import type { Lapse } from './subscription.ts';

/** A source whose times lag behind the server's by more than this has a clock of its own. */
const lagMs = 2_000;

/** What is missing of each tag, until its next value shows where the hole ends. */
export interface Holes {
  /** Values of a tag may be missing; where a hole is open already, its earlier beginning stays. */
  open(index: number, lapse: Lapse): void;
  /** A value of the tag came: its hole ends there. Where it is the one of before, nothing was lost. */
  close(index: number, tag: string, before: Sample | undefined, after: Sample, into: GapCollector): boolean;
  /** Holes that should have ended by values up to this instant of the server end where they must. */
  expire(heardMs: number, latest: (index: number) => { tag: string; before?: Sample }, into: GapCollector): void;
}

/** Opens the holes of one tag table. */
export function openHoles(): Holes {
  const holes = new Map<number, Lapse>();
  return {
    open(index, lapse) {
      const known = holes.get(index);
      if (!known) holes.set(index, lapse);
      else {
        const fromMs = Math.min(known.fromMs, lapse.fromMs);
        const toMs = Math.max(known.toMs, lapse.toMs);
        holes.set(index, { ...lapse, fromMs, toMs, ordered: known.ordered && lapse.ordered });
      }
    },
    close(index, tag, before, after, into) {
      const hole = holes.size > 0 ? holes.get(index) : undefined;
      if (!hole) return false;
      holes.delete(index);
      if (before && isSame(before, after)) return true;
      const { from, to } = bracket(hole, before, after);
      const stretch = { from: isoInstant(from), to: isoInstant(to), reason: hole.reason };
      into.add(tag, stretch, before ? { before, after } : { after });
      return true;
    },
    expire(heardMs, latest, into) {
      for (const [index, { fromMs, toMs, reason }] of holes)
        if (toMs < heardMs) {
          holes.delete(index);
          const { tag, ...edges } = latest(index);
          into.add(tag, { from: isoInstant(fromMs), to: isoInstant(toMs), reason }, edges);
        }
    },
  };
}

/** Whether a value is the one of before: after a reconnect servers send the last one once more. */
export function isSame(a: Sample, b: Sample): boolean {
  return (
    a.sourceTime === b.sourceTime &&
    a.statusCode === b.statusCode &&
    (a.value === b.value || (typeof a.value === 'object' && JSON.stringify(a.value) === JSON.stringify(b.value)))
  );
}

/**
 * The stretch without values by their source times. What the server says narrows it, as long as source and server
 * go by the same clock.
 */
function bracket(
  { fromMs, toMs, ordered }: Lapse,
  before: Sample | undefined,
  after: Sample,
): { from: number; to: number } {
  const next = Date.parse(after.sourceTime);
  if (!before) return { from: fromMs, to: ordered && next > fromMs ? Math.min(next, toMs) : toMs };
  const last = Date.parse(before.sourceTime);
  const sameClock = last <= fromMs && Date.parse(before.serverTime ?? before.sourceTime) - last <= lagMs;
  if (!ordered || next < last) return { from: fromMs, to: toMs };
  return sameClock && fromMs < next ? { from: fromMs, to: Math.min(next, toMs) } : { from: last, to: next };
}
