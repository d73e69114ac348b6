import type { Interval } from '../kernel/index.ts';
import { countCovering, type Person } from '../plant/index.ts';
import type { PoolProfile } from './problem.ts';

/** Operator pools and which of them an operation of each qualification uses. */
export interface Pools {
  profiles: PoolProfile[];
  /** Pool indices by qualification. */
  using: Map<string, number[]>;
}

/** Up to this many qualifications every combination is a pool; beyond, single ones, pairs and all together. */
const exactLimit = 6;

/**
 * Counts people by sets of qualifications. A pool that can never run short, because it always has as many people as
 * machines that need them, is left out.
 * @param machinesOf how many machines ever need a qualification
 */
export function buildPools(
  persons: readonly Person[],
  presence: ReadonlyMap<string, readonly Interval[]>,
  machinesOf: ReadonlyMap<string, ReadonlySet<string>>,
  origin: number,
): Pools {
  const qualifications = [...machinesOf.keys()].sort();
  const pools: Pools = { profiles: [], using: new Map(qualifications.map((q) => [q, []])) };
  for (const members of combinations(qualifications)) {
    const able = persons.filter((person) => members.some((q) => person.qualificationIds.includes(q)));
    if (members.length > 1 && !shareSomebody(able, members)) continue;
    const steps = countCovering(able.map((person) => presence.get(person.personId) ?? []));
    const machines = new Set(members.flatMap((q) => [...(machinesOf.get(q) ?? [])]));
    if (neverShort(steps.values, machines.size, members.length)) continue;
    const profile: PoolProfile = {
      time: new Float64Array(steps.times.length + 1),
      free: new Int16Array(steps.times.length + 1),
    };
    profile.time[0] = -Infinity;
    steps.times.forEach((time, i) => {
      profile.time[i + 1] = time - origin;
      profile.free[i + 1] = steps.values[i]!;
    });
    for (const q of members) pools.using.get(q)?.push(pools.profiles.length);
    pools.profiles.push(profile);
  }
  return pools;
}

/** A combination only says more than its parts where somebody belongs to several of them. */
function shareSomebody(able: readonly Person[], members: readonly string[]): boolean {
  return able.some((person) => members.filter((q) => person.qualificationIds.includes(q)).length > 1);
}

/** Single pools close the calendar where nobody is there, so only their positive steps matter. */
function neverShort(values: readonly number[], machines: number, members: number): boolean {
  return members === 1 && values.every((value) => value === 0 || value >= machines);
}

function combinations(qualifications: readonly string[]): string[][] {
  const n = qualifications.length;
  const sets: string[][] = [];
  if (n <= exactLimit) {
    for (let mask = 1; mask < 1 << n; mask++) sets.push(qualifications.filter((_, i) => (mask >> i) & 1));
    return sets.sort((a, b) => a.length - b.length);
  }
  for (const q of qualifications) sets.push([q]);
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) sets.push([qualifications[i]!, qualifications[j]!]);
  sets.push([...qualifications]);
  return sets;
}
