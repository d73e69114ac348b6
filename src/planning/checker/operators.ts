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
  const { times, begins, ends } = boundaries(work);
  const cuts = new Set(times);
  for (const list of presence.values()) for (const { start, end } of list) cuts.add(start).add(end);
  const sorted = [...cuts].sort((a, b) => a - b);

  const active = new Set<number>();
  const helper = new Map<number, number>();
  const helps = new Map<number, number>();
  const cursor = new Int32Array(persons.length);
  const short = new Map<string, Shortage>();
  sorted.forEach((from, i) => {
    const to = sorted[i + 1] ?? Infinity;
    for (const w of ends.get(from) ?? []) {
      active.delete(w);
      release(w);
    }
    for (const w of begins.get(from) ?? []) active.add(w);
    if (active.size === 0) return;
    const here = persons.map((person, p) => isThere(presence.get(person.personId) ?? [], p, from));
    here.forEach((there, p) => {
      const w = helps.get(p);
      if (!there && w !== undefined) release(w);
    });
    for (const w of active) {
      if (helper.has(w) || assign(w, here, new Set())) continue;
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
  function assign(w: number, here: readonly boolean[], tried: Set<number>): boolean {
    for (const p of able.get(work[w]!.qualificationId) ?? []) {
      if (!here[p] || tried.has(p)) continue;
      tried.add(p);
      const other = helps.get(p);
      if (other !== undefined && !assign(other, here, tried)) continue;
      helps.set(p, w);
      helper.set(w, p);
      return true;
    }
    return false;
  }
  function isThere(list: readonly Interval[], p: number, instant: number): boolean {
    while (cursor[p]! < list.length && list[cursor[p]!]!.end <= instant) cursor[p]!++;
    const stretch = list[cursor[p]!];
    return stretch !== undefined && stretch.start <= instant;
  }
}

function boundaries(work: readonly Attended[]) {
  const begins = new Map<number, number[]>();
  const ends = new Map<number, number[]>();
  work.forEach(({ stretches }, w) => {
    for (const { start, end } of stretches) {
      begins.set(start, [...(begins.get(start) ?? []), w]);
      ends.set(end, [...(ends.get(end) ?? []), w]);
    }
  });
  return { times: [...begins.keys(), ...ends.keys()], begins, ends };
}
