import type { Interval } from '../../kernel/index.ts';
import type { Person } from '../../plant/index.ts';

/** Work that needs somebody with a qualification throughout its stretches. */
export interface Attended {
  id: string;
  qualificationId: string;
  stretches: readonly Interval[];
}

/** An operation that nobody is left for, and when. */
export interface Shortage {
  id: string;
  qualificationId: string;
  from: number;
  to: number;
}

/**
 * Shares people out over time: in every elementary interval each operation under way must get a person of its own
 * who has the qualification and is there (bipartite matching by augmenting paths; hand-overs cost nothing).
 * Returns the shortages in order of time, at most one per operation.
 */
export function findShortages(
  work: readonly Attended[],
  persons: readonly Person[],
  presence: ReadonlyMap<string, readonly Interval[]>,
): Shortage[] {
  const able = new Map<string, number[]>();
  for (const { qualificationId } of work)
    if (!able.has(qualificationId))
      able.set(
        qualificationId,
        persons.flatMap((person, p) => (person.qualificationIds.includes(qualificationId) ? [p] : [])),
      );
  const { begins, ends, last } = boundaries(work);
  const changes = presenceChanges(persons, presence, last);
  const sorted = [...new Set([...begins.keys(), ...ends.keys(), ...changes.keys()])].sort((a, b) => a - b);

  const here = new Uint8Array(persons.length);
  const helper = new Map<number, number>();
  const helps = new Map<number, number>();
  /** Work under way that has nobody, with its place in the order in which work began. */
  const alone = new Map<number, number>();
  const begun = new Map<number, number>();
  const short = new Map<string, Shortage>();
  let count = 0;
  sorted.forEach((from, i) => {
    const to = sorted[i + 1] ?? Infinity;
    for (const w of ends.get(from) ?? []) {
      release(w);
      alone.delete(w);
      begun.delete(w);
    }
    for (const w of begins.get(from) ?? []) {
      begun.set(w, count++);
      alone.set(w, begun.get(w)!);
    }
    for (const p of changes.get(from) ?? []) {
      here[p]! ^= 1;
      const w = helps.get(p);
      if (here[p] === 1 || w === undefined) continue;
      release(w);
      alone.set(w, begun.get(w)!);
    }
    for (const [w] of [...alone].sort(([, a], [, b]) => a - b)) {
      if (assign(w, new Set())) {
        alone.delete(w);
        continue;
      }
      const { id, qualificationId } = work[w]!;
      if (!short.has(id)) short.set(id, { id, qualificationId, from, to });
    }
  });
  return [...short.values()];

  function release(w: number): void {
    const p = helper.get(w);
    if (p !== undefined) helps.delete(p);
    helper.delete(w);
  }
  function assign(w: number, tried: Set<number>): boolean {
    for (const p of able.get(work[w]!.qualificationId) ?? []) {
      if (here[p] === 0 || tried.has(p)) continue;
      tried.add(p);
      const other = helps.get(p);
      if (other !== undefined && !assign(other, tried)) continue;
      helps.set(p, w);
      helper.set(w, p);
      return true;
    }
    return false;
  }
}

/** At each instant, the people who come or go then; without those who come at the end or later. */
function presenceChanges(
  persons: readonly Person[],
  presence: ReadonlyMap<string, readonly Interval[]>,
  until: number,
): Map<number, number[]> {
  const changes = new Map<number, number[]>();
  persons.forEach(({ personId }, p) => {
    for (const { start, end } of presence.get(personId) ?? []) {
      if (start >= until) continue;
      note(changes, start, p);
      note(changes, end, p);
    }
  });
  return changes;
}

function boundaries(work: readonly Attended[]) {
  const begins = new Map<number, number[]>();
  const ends = new Map<number, number[]>();
  let last = -Infinity;
  work.forEach(({ stretches }, w) => {
    for (const { start, end } of stretches) {
      note(begins, start, w);
      note(ends, end, w);
      last = Math.max(last, end);
    }
  });
  return { begins, ends, last };
}

function note(lists: Map<number, number[]>, instant: number, who: number): void {
  const list = lists.get(instant);
  if (list) list.push(who);
  else lists.set(instant, [who]);
}
