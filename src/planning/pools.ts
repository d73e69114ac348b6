import type { Interval } from '../kernel/index.ts';
import type { Person } from '../plant/index.ts';
import type { PoolProfile } from './problem.ts';

/** Operator pools and which of them an operation of each qualification uses. */
export interface Pools {
  profiles: PoolProfile[];
  /** Pool indices by qualification. */
  using: Map<string, number[]>;
}

/**
 * Up to so many qualifications that share people, every set of them is looked at, which is exact by Hall's theorem;
 * of more only single ones, pairs and all together, which is necessary but not sufficient (the checker decides).
 */
const exactLimit = 10;

/** A set of qualifications as seen over the steps of time. */
interface SetOverTime {
  /** People at work who have one of them. */
  people: Int16Array;
  /** The most operations that can ever need one of them at once. */
  demand: Int16Array;
}

/**
 * Counts people by sets of qualifications. A set that can never be the one that runs short is left out: it always
 * has as many people as machines that need them, or as its parts together can ask for.
 * @param presence merged stretches at work by person
 * @param machinesOf the machines that ever need a qualification
 */
export function buildPools(
  persons: readonly Person[],
  presence: ReadonlyMap<string, readonly Interval[]>,
  machinesOf: ReadonlyMap<string, ReadonlySet<string>>,
  origin: number,
): Pools {
  const qualifications = [...machinesOf.keys()].sort();
  const stretches = persons.map((person) => presence.get(person.personId) ?? []);
  const times = [...new Set(stretches.flat().flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b);
  const atWork = stretches.map((list) => stepsCovered(list, times));
  const pools: Pools = { profiles: [], using: new Map(qualifications.map((q) => [q, []])) };

  for (const group of groupsSharingPeople(qualifications, persons)) {
    const seen = new Map<string, SetOverTime>();
    for (const members of subsets(group)) {
      const people = new Int16Array(times.length);
      persons.forEach((person, p) => {
        if (!members.some((q) => person.qualificationIds.includes(q))) return;
        for (let step = 0; step < times.length; step++) people[step]! += atWork[p]![step]!;
      });
      const machines = new Set(members.flatMap((q) => [...(machinesOf.get(q) ?? [])])).size;
      seen.set(members.join('\n'), { people, demand: people.map((count) => Math.min(count, machines)) });
      // Where none of them is there, the calendars are closed anyway.
      const alwaysEnough = people.every((count) => count === 0 || count >= machines);
      if (alwaysEnough || impliedByParts(members, people, seen)) continue;
      for (const q of members) pools.using.get(q)?.push(pools.profiles.length);
      pools.profiles.push(profileOf(people, times, origin));
    }
  }
  return pools;
}

function impliedByParts(members: readonly string[], people: Int16Array, seen: ReadonlyMap<string, SetOverTime>) {
  // The first member stays in one part, so that each division is looked at once.
  for (let mask = 0; mask < (1 << (members.length - 1)) - 1; mask++) {
    const inFirst = (i: number) => i === 0 || ((mask >> (i - 1)) & 1) === 1;
    const first = seen.get(members.filter((_, i) => inFirst(i)).join('\n'));
    const second = seen.get(members.filter((_, i) => !inFirst(i)).join('\n'));
    if (first && second && people.every((count, step) => count >= first.demand[step]! + second.demand[step]!))
      return true;
  }
  return false;
}

/** For each step from one time to the next: 1 where the stretches cover it. */
function stepsCovered(list: readonly Interval[], times: readonly number[]): Uint8Array {
  const covered = new Uint8Array(times.length);
  let at = 0;
  times.forEach((time, step) => {
    while (at < list.length && list[at]!.end <= time) at++;
    covered[step] = at < list.length && list[at]!.start <= time ? 1 : 0;
  });
  return covered;
}

/** The steps at which the count changes, with nobody before the first. */
function profileOf(people: Int16Array, times: readonly number[], origin: number): PoolProfile {
  const time = [-Infinity];
  const free = [0];
  people.forEach((count, step) => {
    if (count === free.at(-1)) return;
    time.push(times[step]! - origin);
    free.push(count);
  });
  return { time: Float64Array.from(time), free: Int16Array.from(free) };
}

/** Divides the qualifications into groups between which no person stands. */
function groupsSharingPeople(qualifications: readonly string[], persons: readonly Person[]): string[][] {
  let groups = qualifications.map((q) => new Set([q]));
  for (const { qualificationIds } of persons) {
    const touched = groups.filter((group) => qualificationIds.some((q) => group.has(q)));
    if (touched.length < 2) continue;
    groups = groups.filter((group) => !touched.includes(group));
    groups.push(new Set(touched.flatMap((group) => [...group])));
  }
  return groups.map((group) => [...group].sort());
}

/** Sets of a group, smaller ones first. */
function subsets(group: readonly string[]): string[][] {
  const n = group.length;
  const sets: string[][] = [];
  if (n <= exactLimit) {
    for (let mask = 1; mask < 1 << n; mask++) sets.push(group.filter((_, i) => (mask >> i) & 1));
    return sets.sort((a, b) => a.length - b.length);
  }
  for (const q of group) sets.push([q]);
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) sets.push([group[i]!, group[j]!]);
  sets.push([...group]);
  return sets;
}
