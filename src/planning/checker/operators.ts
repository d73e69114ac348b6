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

/** One that begins or ends an operation, or comes or goes, at an instant. */
interface Change {
  at: number;
  who: number;
}

/** Someone's coming or going in a stretch of presence that begins at `since`. */
interface PresenceChange extends Change {
  since: number;
}

/**
 * Shares people out over time: in every elementary interval each operation under way must get a person of its own
 * who has the qualification and is there (bipartite matching by augmenting paths; hand-overs cost nothing).
 * The function returned gives the shortages in order of time, at most one per operation.
 */
export function shortageFinder(
  persons: readonly Person[],
  presence: ReadonlyMap<string, readonly Interval[]>,
): (work: readonly Attended[]) => Shortage[] {
  const allChanges = presenceChanges(persons, presence);
  const known = new Map<string, number[]>();
  return (work) => {
    const { begins, ends, last } = boundaries(work);
    // Without those who come at the end or later.
    const changes = allChanges.filter(({ since }) => since < last);
    const here = new Uint8Array(persons.length);
    const helper = new Map<number, number>();
    const helps = new Map<number, number>();
    /** Work under way that has nobody, with its place in the order in which work began. */
    const alone = new Map<number, number>();
    const begun = new Map<number, number>();
    const short = new Map<string, Shortage>();
    let [b, e, c, count] = [0, 0, 0, 0];
    const next = () => Math.min(begins[b]?.at ?? Infinity, ends[e]?.at ?? Infinity, changes[c]?.at ?? Infinity);
    for (let from = next(), to: number; from < Infinity; from = to) {
      for (; ends[e]?.at === from; e++) {
        const w = ends[e]!.who;
        release(w);
        alone.delete(w);
        begun.delete(w);
      }
      for (; begins[b]?.at === from; b++) {
        const w = begins[b]!.who;
        begun.set(w, count++);
        alone.set(w, begun.get(w)!);
      }
      for (; changes[c]?.at === from; c++) {
        const p = changes[c]!.who;
        here[p]! ^= 1;
        const w = helps.get(p);
        if (here[p] === 1 || w === undefined) continue;
        release(w);
        alone.set(w, begun.get(w)!);
      }
      to = next();
      for (const [w] of [...alone].sort(([, a], [, b]) => a - b)) {
        if (assign(w, new Set())) {
          alone.delete(w);
          continue;
        }
        const { id, qualificationId } = work[w]!;
        if (!short.has(id)) short.set(id, { id, qualificationId, from, to });
      }
    }
    return [...short.values()];

    function release(w: number): void {
      const p = helper.get(w);
      if (p !== undefined) helps.delete(p);
      helper.delete(w);
    }
    function assign(w: number, tried: Set<number>): boolean {
      for (const p of ableTo(work[w]!.qualificationId)) {
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
  };

  function ableTo(qualificationId: string): number[] {
    let able = known.get(qualificationId);
    if (!able) {
      able = persons.flatMap((person, p) => (person.qualificationIds.includes(qualificationId) ? [p] : []));
      known.set(qualificationId, able);
    }
    return able;
  }
}

/** Who comes or goes, in order of time; at one instant in order of the list. */
function presenceChanges(
  persons: readonly Person[],
  presence: ReadonlyMap<string, readonly Interval[]>,
): PresenceChange[] {
  const changes = persons.flatMap(({ personId }, who) =>
    (presence.get(personId) ?? []).flatMap(({ start, end }) => [
      { at: start, who, since: start },
      { at: end, who, since: start },
    ]),
  );
  return changes.sort((a, b) => a.at - b.at);
}

/** When work begins and ends, each in order of time; at one instant in order of the list. */
function boundaries(work: readonly Attended[]): { begins: Change[]; ends: Change[]; last: number } {
  const begins: Change[] = [];
  const ends: Change[] = [];
  let last = -Infinity;
  work.forEach(({ stretches }, who) => {
    for (const { start, end } of stretches) {
      begins.push({ at: start, who });
      ends.push({ at: end, who });
      last = Math.max(last, end);
    }
  });
  begins.sort((a, b) => a.at - b.at);
  ends.sort((a, b) => a.at - b.at);
  return { begins, ends, last };
}
