import type { Gap } from '../../contracts/index.ts';
import type { GapEdges } from './types.ts';

/** Distinct stretches kept apart in one report; beyond, those that end near each other are joined. */
const mostStretches = 50;

/** A gap, and the values around it by tag. */
interface EdgedGap {
  gap: Gap;
  edgesOf: (tag: string) => GapEdges;
}

/** A stretch of time in which values of a tag are missing; ISO 8601 texts of the same form. */
export interface Stretch {
  from: string;
  to: string;
  reason: Gap['reason'];
}

/** Collects what is missing into few gap reports. */
export interface GapCollector {
  add(tag: string, stretch: Stretch, edges: GapEdges): void;
  gaps(): EdgedGap[];
}

interface Collected extends Stretch {
  tags: Map<string, GapEdges>;
}

/** Opens a collector; tags with the same stretch share a report. */
export function openGapCollector(): GapCollector {
  const stretches = new Map<string, Collected>();
  return {
    add(tag, { from, to, reason }, edges) {
      const key = `${reason} ${from} ${to}`;
      const known = stretches.get(key) ?? { from, to, reason, tags: new Map() };
      stretches.set(key, known);
      known.tags.set(tag, edges);
    },
    gaps() {
      const list = [...stretches.values()];
      return (list.length > mostStretches ? joinNeighbours(list) : list).map(({ tags, from, to, reason }) => ({
        gap: { tags: [...tags.keys()], from, to, reason, backfilled: false },
        edgesOf: (tag) => tags.get(tag) ?? {},
      }));
    },
  };
}

function joinNeighbours(list: Collected[]): Collected[] {
  list.sort((a, b) => (a.to < b.to ? -1 : 1));
  const perReport = Math.ceil(list.length / mostStretches);
  const groups = Map.groupBy(list, ({ reason }, at) => `${reason} ${Math.floor(at / perReport)}`);
  return Array.from(groups.values(), join);
}

/** One stretch over all; of a tag that is in several, from the value before the first to the one after the last. */
function join(list: readonly Collected[]): Collected {
  const tags = new Map<string, GapEdges>();
  for (const stretch of list)
    for (const [tag, edges] of stretch.tags) {
      const before = tags.get(tag)?.before;
      tags.set(tag, before ? { ...edges, before } : edges);
    }
  return {
    tags,
    from: list.reduce((least, { from }) => (from < least ? from : least), list[0]!.from),
    to: list.reduce((most, { to }) => (to > most ? to : most), list[0]!.to),
    reason: list[0]!.reason,
  };
}
