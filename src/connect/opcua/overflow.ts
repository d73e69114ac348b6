import type { Gap, Sample } from '../../contracts/index.ts';
import type { GapEdges } from './types.ts';

/** Distinct stretches kept apart in one publish; beyond, they are joined into one that covers them all. */
const mostStretches = 50;

/** A gap, and the values around it by tag. */
interface EdgedGap {
  gap: Gap;
  edgesOf: (tag: string) => GapEdges;
}

/** Collects the overflows of one publish into few gap reports. */
export interface GapCollector {
  /** Values of a tag are missing between two samples of it. */
  add(tag: string, before: Sample, after: Sample): void;
  gaps(): EdgedGap[];
}

interface Stretch {
  from: string;
  to: string;
  tags: Map<string, GapEdges>;
}

/** Opens a collector; tags with the same stretch share a report. */
export function openGapCollector(): GapCollector {
  const stretches = new Map<string, Stretch>();
  return {
    add(tag, before, after) {
      const { sourceTime: from } = before;
      const { sourceTime: to } = after;
      const key = `${from} ${to}`;
      const known = stretches.get(key) ?? { from, to, tags: new Map() };
      stretches.set(key, known);
      known.tags.set(tag, { before, after });
    },
    gaps() {
      const list = [...stretches.values()];
      const joined = list.length > mostStretches ? [join(list)] : list;
      return joined.map(({ tags, from, to }) => ({
        gap: { tags: [...tags.keys()], from, to, reason: 'overflow', backfilled: false },
        edgesOf: (tag) => tags.get(tag) ?? {},
      }));
    },
  };
}

/** One stretch over all; of a tag that is in several, from the value before the first to the one after the last. */
function join(list: readonly Stretch[]): Stretch {
  const tags = new Map<string, GapEdges>();
  for (const stretch of list)
    for (const [tag, edges] of stretch.tags) tags.set(tag, { ...edges, ...pick(tags.get(tag)?.before) });
  return {
    tags,
    from: list.reduce((least, { from }) => (from < least ? from : least), list[0]!.from),
    to: list.reduce((most, { to }) => (to > most ? to : most), list[0]!.to),
  };
}

function pick(before: Sample | undefined): GapEdges {
  return before ? { before } : {};
}
