import type { Gap } from '../../contracts/index.ts';

/** Distinct stretches kept apart in one publish; beyond, they are joined into one that covers them all. */
const mostStretches = 50;

/** Collects the overflows of one publish into few gap reports. */
export interface GapCollector {
  /** Values of a tag are missing between two samples; ISO 8601 texts of the same form. */
  add(tag: string, from: string, to: string): void;
  gaps(): Gap[];
}

/** Opens a collector; tags with the same stretch share a report. */
export function openGapCollector(): GapCollector {
  const stretches = new Map<string, { tags: string[]; from: string; to: string }>();
  return {
    add(tag, from, to) {
      const key = `${from} ${to}`;
      const known = stretches.get(key);
      if (known) known.tags.push(tag);
      else stretches.set(key, { tags: [tag], from, to });
    },
    gaps() {
      const list = [...stretches.values()];
      const joined = list.length > mostStretches ? [join(list)] : list;
      return joined.map((one) => ({ ...one, reason: 'overflow', backfilled: false }));
    },
  };
}

function join(list: readonly { tags: string[]; from: string; to: string }[]): {
  tags: string[];
  from: string;
  to: string;
} {
  return {
    tags: [...new Set(list.flatMap(({ tags }) => tags))],
    from: list.reduce((least, { from }) => (from < least ? from : least), list[0]!.from),
    to: list.reduce((most, { to }) => (to > most ? to : most), list[0]!.to),
  };
}
