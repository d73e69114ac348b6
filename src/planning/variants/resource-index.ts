import { stretchAt } from '../calendars.ts';
import type { ResourceSource } from '../constraints/shared-resources.ts';
import type { Decoded } from '../decoder.ts';
import type { Problem } from '../problem.ts';
import type { Agenda } from './agenda.ts';

/** Time is divided into buckets this long; an operation is listed in each that it looks at. */
const bucketMs = 7_200_000;

/** What the index reads of the variant it belongs to. */
interface Standing {
  plan: Decoded;
  /** Stretch of time at which each operation looked for its place. */
  lookedFrom: Float64Array;
  lookedTo: Float64Array;
  /** Place of each free operation in the order. */
  position: Int32Array;
  /** Alternative (relative index) of each operation's place in the plan. */
  placedAs: Uint16Array;
}

/**
 * People and tools as seen by one operation at its place in the order: only what operations before it take counts. Each
 * pool lists its operations by buckets of time, so that a look costs what happens around an instant, however many
 * operations there are.
 */
export class ResourceIndex implements ResourceSource {
  private readonly problem: Problem;
  private readonly standing: Standing;
  /** By pool and bucket: operations that looked at it. */
  private lists: number[][][] = [];
  /** By pool and bucket: the step of the pool's profile at the bucket's start. */
  private readonly firstStep: Int32Array[];
  /** By pool and bucket: how many there are at least, before anybody takes one. */
  private readonly least: Int16Array[];
  private operation = -1;
  private place = 0;
  /** Room for what is found in a bucket: who takes one, and when the load changes by how much. */
  private found = new Int32Array(64);
  private times = new Float64Array(256);
  private deltas = new Int16Array(256);
  private events = 0;

  constructor(problem: Problem, standing: Standing) {
    this.problem = problem;
    this.standing = standing;
    this.firstStep = problem.pools.map(({ time }) => {
      const buckets = Math.floor(Math.max(0, time.at(-1)!) / bucketMs) + 2;
      const first = new Int32Array(buckets);
      let step = 0;
      for (let bucket = 0; bucket < buckets; bucket++) {
        while (step + 1 < time.length && time[step + 1]! <= bucket * bucketMs) step++;
        first[bucket] = step;
      }
      return first;
    });
    this.least = problem.pools.map(({ time, free }, pool) =>
      Int16Array.from(this.firstStep[pool]!, (step, bucket) => {
        let least = free[step]!;
        for (let s = step + 1; s < time.length && time[s]! < (bucket + 1) * bucketMs; s++)
          least = Math.min(least, free[s]!);
        return least;
      }),
    );
    this.clear();
  }

  /** Forgets all operations. */
  clear(): void {
    this.lists = this.problem.pools.map(() => []);
  }

  /** Lists an operation as its plan has it now; what joined a load only in a block, where it may have looked for itself. */
  add(operation: number): void {
    if (this.isUnlisted(operation)) return;
    const { lookedFrom, lookedTo } = this.standing;
    const { pool, poolOffset } = this.problem;
    const last = bucketOf(lookedTo[operation]! - 1);
    for (let p = poolOffset[operation]!; p < poolOffset[operation + 1]!; p++) {
      const lists = this.lists[pool[p]!]!;
      for (let bucket = bucketOf(lookedFrom[operation]!); bucket <= last; bucket++)
        (lists[bucket] ??= []).push(operation);
    }
  }

  /** Takes an operation out; its plan must be as when it was added. */
  remove(operation: number): void {
    if (this.isUnlisted(operation)) return;
    const { lookedFrom, lookedTo } = this.standing;
    const { pool, poolOffset } = this.problem;
    const last = bucketOf(lookedTo[operation]! - 1);
    for (let p = poolOffset[operation]!; p < poolOffset[operation + 1]!; p++) {
      const lists = this.lists[pool[p]!]!;
      for (let bucket = bucketOf(lookedFrom[operation]!); bucket <= last; bucket++) {
        const list = lists[bucket]!;
        list[list.indexOf(operation)] = list.at(-1)!;
        list.pop();
      }
    }
  }

  private isUnlisted(operation: number): boolean {
    const { blockFirst, blockNext } = this.problem;
    return this.standing.plan.joined[operation] === 1 && blockNext[blockFirst[operation]!]! < 0;
  }

  /** Calls back, perhaps repeatedly, for the others in an operation's pools that look at [from, to). */
  forEachNear(operation: number, from: number, to: number, visit: (other: number) => void): void {
    const { lookedFrom, lookedTo } = this.standing;
    const { pool, poolOffset } = this.problem;
    const last = bucketOf(to - 1);
    for (let p = poolOffset[operation]!; p < poolOffset[operation + 1]!; p++) {
      const lists = this.lists[pool[p]!]!;
      for (let bucket = bucketOf(from); bucket <= last; bucket++)
        for (const other of lists[bucket] ?? [])
          if (other !== operation && lookedFrom[other]! < to && lookedTo[other]! > from) visit(other);
    }
  }

  /**
   * Has the agenda look at what comes behind a place in the order, shares a pool with an operation that changed at
   * [from, to), and looks there too; where a pool has enough for all who look at it, nobody is concerned.
   */
  concern(operation: number, from: number, to: number, behind: number, agenda: Agenda): void {
    const { lookedFrom, lookedTo, position } = this.standing;
    const { pool, poolOffset, blockFirst } = this.problem;
    const last = bucketOf(to - 1);
    for (let p = poolOffset[operation]!; p < poolOffset[operation + 1]!; p++) {
      const lists = this.lists[pool[p]!]!;
      for (let bucket = bucketOf(from); bucket <= last; bucket++) {
        const list = lists[bucket];
        if (list === undefined || this.isPlenty(pool[p]!, bucket, list.length)) continue;
        for (const other of list) {
          const at = position[blockFirst[other]!]!;
          if (at > behind && lookedFrom[other]! < to && lookedTo[other]! > from) agenda.add(at);
        }
      }
    }
  }

  /** Whether a pool has more than so many throughout a bucket. */
  private isPlenty(pool: number, bucket: number, count: number): boolean {
    const least = this.least[pool]!;
    return count < least[Math.min(bucket, least.length - 1)]!;
  }

  /** Whose place in the order is meant by the looks that follow. */
  lookAs(operation: number): void {
    this.operation = operation;
    this.place = this.standing.position[operation]!;
  }

  blockedUntil(pool: number, from: number, to: number): number {
    const first = bucketOf(from);
    for (let bucket = bucketOf(to - 1); bucket >= first; bucket--) {
      const a = Math.max(from, bucket * bucketMs);
      const b = Math.min(to, (bucket + 1) * bucketMs);
      const blocked = this.blockedInBucket(pool, bucket, a, b);
      if (blocked > -Infinity) return blocked;
    }
    return -Infinity;
  }

  private blockedInBucket(pool: number, bucket: number, a: number, b: number): number {
    const list = this.lists[pool]![bucket];
    if (this.isPlenty(pool, bucket, list?.length ?? 0)) return -Infinity;
    const { time, free } = this.problem.pools[pool]!;
    const steps = this.firstStep[pool]!;
    let step = steps[Math.min(bucket, steps.length - 1)]!;
    while (step + 1 < time.length && time[step + 1]! <= a) step++;
    let least = free[step]!;
    for (let s = step + 1; s < time.length && time[s]! < b; s++) least = Math.min(least, free[s]!);

    if (list === undefined) return least > 0 ? -Infinity : this.lastBlocked(pool, step, a, b, 0);
    const { start, end, joined } = this.standing.plan;
    const { position } = this.standing;
    const { place } = this;
    if (list.length > this.found.length) this.found = new Int32Array(2 * list.length);
    let taking = 0;
    // People and tools of a load are there for all in it.
    for (const other of list)
      if (position[other]! < place && start[other]! < b && end[other]! > a && joined[other] === 0)
        this.found[taking++] = other;
    return taking < least ? -Infinity : this.lastBlocked(pool, step, a, b, taking);
  }

  /** End of the last stretch within [a, b) in which those found leave none, −Infinity where there is none. */
  private lastBlocked(pool: number, step: number, a: number, b: number, taking: number): number {
    const { time, free } = this.problem.pools[pool]!;
    this.events = 0;
    for (let k = 0; k < taking; k++) this.gather(pool, this.found[k]!, a, b);
    // Load is what is taken less what there is; blocked where it is not below 0.
    let load = -free[step]!;
    for (let s = step + 1; s < time.length && time[s]! < b; s++) this.note(time[s]!, free[s - 1]! - free[s]!);
    const { times, deltas, events } = this;
    let blocked = -Infinity;
    let at = a;
    for (let e = 0; e < events; e++) {
      if (times[e]! > at) {
        if (load >= 0) blocked = times[e]!;
        at = times[e]!;
      }
      load += deltas[e]!;
    }
    return at < b && load >= 0 ? b : blocked;
  }

  /** Notes when within [a, b) another operation takes one: a person while it works, a tool while it pauses too. */
  private gather(pool: number, other: number, a: number, b: number): void {
    const { problem } = this;
    const { start, end, setup } = this.standing.plan;
    const from = Math.max(a, start[other]!);
    const to = Math.min(b, end[other]!);
    const alternative = problem.altOffset[other]! + this.standing.placedAs[other]!;
    if (pool >= problem.heldFrom || end[other]! - start[other]! === setup[other]! + problem.altRun[alternative]!) {
      this.note(from, 1);
      this.note(to, -1);
      return;
    }
    const { calendars } = problem;
    const calendar = problem.altCalendar[alternative]!;
    const last = calendars.offset[calendar + 1]!;
    for (let at = stretchAt(calendars, calendar, from); at < last && calendars.start[at]! < to; at++) {
      this.note(Math.max(from, calendars.start[at]!), 1);
      this.note(Math.min(to, calendars.end[at]!), -1);
    }
  }

  /** Notes a change of load, in order of time. */
  private note(time: number, delta: number): void {
    if (this.events === this.times.length) this.grow();
    const { times, deltas } = this;
    let at = this.events++;
    for (; at > 0 && times[at - 1]! > time; at--) {
      times[at] = times[at - 1]!;
      deltas[at] = deltas[at - 1]!;
    }
    times[at] = time;
    deltas[at] = delta;
  }

  private grow(): void {
    const { times, deltas } = this;
    this.times = new Float64Array(2 * times.length);
    this.deltas = new Int16Array(2 * times.length);
    this.times.set(times);
    this.deltas.set(deltas);
  }
}

function bucketOf(instant: number): number {
  return Math.max(0, Math.floor(instant / bucketMs));
}
