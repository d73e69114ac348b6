import type { Sample } from '../../contracts/index.ts';
import { isoInstant } from '../../kernel/index.ts';
import type { GapCollector, Stretch } from './gaps.ts';
import type { Lapse } from './subscription.ts';

/** A source whose times are off the server's by more than this has a clock of its own. */
const lagMs = 2_000;

/** What is missing of each tag, until its next value shows where the hole ends. */
export interface Holes {
  /** Values of a tag may be missing; where a hole is open already, its earlier beginning stays. */
  open(index: number, lapse: Lapse): void;
  /**
   * A value of the tag came: its hole ends there. Where it is the one of before, nothing was lost.
   * @param overflow the server dropped values right before this one
   * @returns whether there was a hole
   */
  close(index: number, before: Sample | undefined, after: Sample, overflow: boolean, into: GapCollector): boolean;
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
    close(index, before, after, overflow, into) {
      const hole = holes.size > 0 ? holes.get(index) : undefined;
      if (!hole) return false;
      holes.delete(index);
      if (before && isSame(before, after)) return true;
      const toMs = overflow ? Math.max(hole.toMs, Date.parse(after.sourceTime)) : hole.toMs;
      into.add(after.tag, stretchOf({ ...hole, toMs }, before, after), before ? { before, after } : { after });
      return true;
    },
    expire(heardMs, latest, into) {
      for (const [index, hole] of holes)
        if (hole.toMs < heardMs) {
          holes.delete(index);
          const { tag, ...edges } = latest(index);
          into.add(tag, stretchOf(hole, edges.before), edges);
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
 * The stretch, ends included, outside of which nothing of a tag is missing. Its values come in the order of their source
 * times, so that what is missing lies between its last value before and its first one after. Where these are far apart,
 * the lapse narrows it, give or take what source times may lag behind the server's, as long as both go by one clock.
 */
function stretchOf({ fromMs, toMs, ordered, reason }: Lapse, before?: Sample, after?: Sample): Stretch {
  const last = before ? Date.parse(before.sourceTime) : -Infinity;
  const next = after ? Date.parse(after.sourceTime) : Infinity;
  const lapse = { from: fromMs - lagMs, to: toMs + lagMs };
  let range = lapse;
  if (ordered && last <= next) {
    const narrow = { from: Math.max(last, lapse.from), to: Math.min(next, lapse.to) };
    const between = before && after && { from: last, to: next };
    range = narrow.from <= narrow.to && isByServerClock(before) ? narrow : (between ?? lapse);
  }
  return { from: isoInstant(range.from), to: isoInstant(range.to), reason };
}

function isByServerClock(sample: Sample | undefined): boolean {
  if (sample?.serverTime === undefined) return true;
  return Math.abs(Date.parse(sample.serverTime) - Date.parse(sample.sourceTime)) <= lagMs;
}
