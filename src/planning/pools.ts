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
 * Up to so many sets of qualifications that share people are counted, which is exact by Hall's theorem; where there are
 * more, the smallest and all together, which is necessary but not sufficient (the checker decides).
 */
const mostSets = 1023;

/** A set of qualifications as seen over the steps of time. */
interface SetOverTime {
  /** One bit for each qualification of the group. */
  bits: bigint;
  /** People at work who have one of them. */
  people: Int16Array;
  /** The most operations that can ever need one of them at once. */
  demand: Int16Array;
}

/**
 * Counts people by sets of qualifications. A set that can never be the one that runs short is left out: the same people
 * have further qualifications, which counts them once for all; it always has as many people as machines that need them,
 * or as its parts together can ask for.
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
    const bitsOf = (ids: readonly string[]) =>
      group.reduce((bits, q, i) => (ids.includes(q) ? bits | (1n << BigInt(i)) : bits), 0n);
    const skills = persons.map(({ qualificationIds }) => bitsOf(qualificationIds));
    const seen = new Map<bigint, SetOverTime>();
    for (const bits of closedSets(group.length, [...new Set(skills)])) {
      const members = group.filter((_, i) => (bits >> BigInt(i)) & 1n);
      const people = new Int16Array(times.length);
      skills.forEach((own, p) => {
        if ((own & bits) === 0n) return;
        for (let step = 0; step < times.length; step++) people[step]! += atWork[p]![step]!;
      });
      const machines = new Set(members.flatMap((q) => [...(machinesOf.get(q) ?? [])])).size;
      const set = { bits, people, demand: people.map((count) => Math.min(count, machines)) };
      seen.set(bits, set);
      // Where none of them is there, the calendars are closed anyway.
      const alwaysEnough = people.every((count) => count === 0 || count >= machines);
      if (alwaysEnough || impliedByParts(set, seen)) continue;
      for (const q of members) pools.using.get(q)?.push(pools.profiles.length);
      pools.profiles.push(profileOf(people, times, origin));
    }
  }
  return pools;
}

function impliedByParts({ bits, people }: SetOverTime, seen: ReadonlyMap<bigint, SetOverTime>): boolean {
  for (const first of seen.values()) {
    if (first.bits === bits || (first.bits & bits) !== first.bits) continue;
    const second = seen.get(bits & ~first.bits);
    if (second && people.every((count, step) => count >= first.demand[step]! + second.demand[step]!)) return true;
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

/**
 * Sets of qualifications to which no further one can be added without further people, smaller ones first: what is
 * closed around each single one, and what they make together, as far as `mostSets` goes; all together is always
 * among them.
 * @param size how many qualifications there are: the lowest bits
 * @param skills those of the people
 */
function closedSets(size: number, skills: readonly bigint[]): bigint[] {
  const all = (1n << BigInt(size)) - 1n;
  const single = Array.from({ length: size }, (_, i) => 1n << BigInt(i));
  const close = (bits: bigint) =>
    bits | (all & ~skills.reduce((others, own) => ((own & bits) === 0n ? others | own : others), 0n));
  const closed = new Set([...single.map(close), all]);
  // What is found meanwhile is looked at as well.
  for (const bits of closed)
    for (const one of single) if (closed.size < mostSets && (bits & one) === 0n) closed.add(close(bits | one));
  const count = (bits: bigint) => single.filter((one) => (bits & one) !== 0n).length;
  return [...closed].sort((a, b) => count(a) - count(b));
}
