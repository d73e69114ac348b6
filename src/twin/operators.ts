import type { Interval } from '../kernel/index.ts';
import { countCovering, type Person } from '../plant/index.ts';

/**
 * How many people are there, by sets of qualifications. An operation can be attended exactly when no set of
 * qualifications has more operations than people who have one of them (Hall's theorem; hand-overs cost nothing).
 */
export interface OperatorTable {
  qualifications: string[];
  /** Instants at which somebody comes or goes; the first is −Infinity. */
  times: Float64Array;
  /** People by set and step: `people[set][step]`. */
  people: Int32Array[];
  /** Sets that contain each qualification. */
  setsOf: Int32Array[];
}

/** Above so many sets only single qualifications, pairs and all together are looked at. */
const setLimit = 1024;

/**
 * @param machinesOf machines that ever need each qualification; a set that always has a person for each of its
 *   machines can never run short and is left out
 */
export function tableOperators(
  persons: readonly Person[],
  presence: ReadonlyMap<string, readonly Interval[]>,
  machinesOf: ReadonlyMap<string, ReadonlySet<string>>,
): OperatorTable {
  const qualifications = [...machinesOf.keys()].sort();
  const steps = new Set<number>();
  for (const stretches of presence.values())
    for (const { start, end } of stretches) {
      steps.add(start);
      steps.add(end);
    }
  const times = Float64Array.from([-Infinity, ...[...steps].sort((a, b) => a - b)]);
  const table: OperatorTable = { qualifications, times, people: [], setsOf: [] };
  const setsOf: number[][] = qualifications.map(() => []);
  for (const members of linkedSets(qualifications, persons)) {
    const names = members.map((q) => qualifications[q]!);
    const able = persons.filter((person) => names.some((name) => person.qualificationIds.includes(name)));
    const counts = atSteps(times, countCovering(able.map((person) => presence.get(person.personId) ?? [])));
    const machines = new Set(names.flatMap((name) => [...(machinesOf.get(name) ?? [])]));
    if (counts.every((count, step) => step === 0 || count >= machines.size)) continue;
    for (const q of members) setsOf[q]!.push(table.people.length);
    table.people.push(counts);
  }
  table.setsOf = setsOf.map((sets) => Int32Array.from(sets));
  return table;
}

function atSteps(times: Float64Array, steps: { times: number[]; values: number[] }): Int32Array {
  const counts = new Int32Array(times.length);
  let value = 0;
  let next = 0;
  for (let i = 0; i < times.length; i++) {
    while (next < steps.times.length && steps.times[next]! <= times[i]!) value = steps.values[next++]!;
    counts[i] = value;
  }
  return counts;
}

/** Sets of qualifications that people link with each other: only those can run short when their parts do not. */
function linkedSets(qualifications: readonly string[], persons: readonly Person[]): number[][] {
  const linked = (a: number, b: number) =>
    persons.some(
      ({ qualificationIds }) =>
        qualificationIds.includes(qualifications[a]!) && qualificationIds.includes(qualifications[b]!),
    );
  const all = qualifications.map((_, q) => q);
  const neighbours = all.map((a) => all.filter((b) => b !== a && linked(a, b)));
  const known = new Map<string, number[]>(all.map((q) => [String(q), [q]]));
  for (const members of known.values()) {
    if (known.size > setLimit) return simpleSets(all);
    for (const member of members)
      for (const other of neighbours[member]!) {
        if (members.includes(other)) continue;
        const wider = [...members, other].sort((a, b) => a - b);
        known.set(wider.join(), wider);
      }
  }
  return [...known.values()];
}

function simpleSets(all: readonly number[]): number[][] {
  return [...all.map((q) => [q]), ...all.flatMap((a) => all.slice(a + 1).map((b) => [a, b])), [...all]];
}

/** Who is busy at the simulation's present instant. */
export class OperatorLoad {
  private readonly table: OperatorTable;
  private readonly busy: Int32Array;
  private step = 0;

  constructor(table: OperatorTable) {
    this.table = table;
    this.busy = new Int32Array(table.people.length);
  }

  /** Back to an instant with nobody busy. */
  reset(instant: number): void {
    this.busy.fill(0);
    this.step = 0;
    this.advance(instant);
  }

  /** Takes note of who has come and gone until an instant. */
  advance(instant: number): void {
    const { times } = this.table;
    while (this.step + 1 < times.length && times[this.step + 1]! <= instant) this.step++;
  }

  /** When somebody comes or goes next; Infinity past the calendar. */
  get nextChange(): number {
    return this.table.times[this.step + 1] ?? Infinity;
  }

  /** Whether one more operation of a qualification (−1: unattended) finds an operator. */
  canTake(qualification: number): boolean {
    if (qualification < 0) return true;
    const { people } = this.table;
    const sets = this.table.setsOf[qualification]!;
    for (let i = 0; i < sets.length; i++) if (this.busy[sets[i]!]! >= people[sets[i]!]![this.step]!) return false;
    return true;
  }

  /** Whether somebody who attends this qualification has to leave an operation. */
  isShort(qualification: number): boolean {
    if (qualification < 0) return false;
    const { people, setsOf } = this.table;
    for (const set of setsOf[qualification]!) if (this.busy[set]! > people[set]![this.step]!) return true;
    return false;
  }

  take(qualification: number): void {
    if (qualification >= 0) this.change(qualification, 1);
  }

  release(qualification: number): void {
    if (qualification >= 0) this.change(qualification, -1);
  }

  private change(qualification: number, by: number): void {
    const sets = this.table.setsOf[qualification]!;
    for (let i = 0; i < sets.length; i++) this.busy[sets[i]!]! += by;
  }
}
