import { stretchAt } from '../calendars.ts';
import type { PoolProfile, Problem } from '../problem.ts';

/** Who knows how many of each shared resource are free. */
export interface ResourceSource {
  /** −Infinity where one more operation fits into a pool over [from, to), else an instant before which it cannot start. */
  blockedUntil(pool: number, from: number, to: number): number;
}

/**
 * Looks whether everything that an operation shares with others is free from start to end: people over the working
 * stretches of its calendar, tools throughout. Returns −Infinity where it is, else an instant before which the
 * operation cannot start.
 */
export function blockedUntil(
  source: ResourceSource,
  problem: Problem,
  operation: number,
  calendar: number,
  start: number,
  end: number,
): number {
  const { pool, poolOffset, heldFrom, calendars } = problem;
  const firstPool = poolOffset[operation]!;
  const lastPool = poolOffset[operation + 1]!;
  let attended = firstPool;
  while (attended < lastPool && pool[attended]! < heldFrom) attended++;
  let blocked = -Infinity;
  for (let p = attended; p < lastPool; p++) blocked = Math.max(blocked, source.blockedUntil(pool[p]!, start, end));
  if (attended === firstPool) return blocked;
  const last = calendars.offset[calendar + 1]!;
  for (let at = stretchAt(calendars, calendar, start); at < last && calendars.start[at]! < end; at++) {
    const from = Math.max(start, calendars.start[at]!);
    const to = Math.min(end, calendars.end[at]!);
    for (let p = firstPool; p < attended; p++) blocked = Math.max(blocked, source.blockedUntil(pool[p]!, from, to));
  }
  return blocked;
}

/**
 * People and tools as counted pools: how many more operations each can serve at each instant. A pool of people is a
 * set of qualifications; an operation uses every pool that contains its own, which by Hall's theorem is exactly the
 * condition that people with several qualifications can be shared out (hand-overs cost nothing). A tool is a pool of
 * its copies.
 */
export class ResourceProfiles implements ResourceSource {
  private readonly base: readonly PoolProfile[];
  private readonly time: Float64Array[];
  private readonly free: Int16Array[];
  private readonly length: Int32Array;

  constructor(base: readonly PoolProfile[]) {
    this.base = base;
    this.time = base.map((profile) => new Float64Array(profile.time.length * 2 + 256));
    this.free = base.map((profile) => new Int16Array(profile.time.length * 2 + 256));
    this.length = new Int32Array(base.length);
    this.reset();
  }

  /** Takes over another one's state; both must have the same base. */
  copyFrom(other: ResourceProfiles): void {
    for (let pool = 0; pool < this.base.length; pool++) {
      const length = other.length[pool]!;
      while (this.time[pool]!.length < length) this.grow(pool);
      this.time[pool]!.set(other.time[pool]!.subarray(0, length));
      this.free[pool]!.set(other.free[pool]!.subarray(0, length));
      this.length[pool] = length;
    }
  }

  /** Back to the base profiles. */
  reset(): void {
    for (let pool = 0; pool < this.base.length; pool++) {
      const { time, free } = this.base[pool]!;
      this.time[pool]!.set(time);
      this.free[pool]!.set(free);
      this.length[pool] = time.length;
    }
  }

  /** −Infinity where one more operation fits into a pool, else the end of the last stretch in which none is left. */
  blockedUntil(pool: number, from: number, to: number): number {
    const time = this.time[pool]!;
    const free = this.free[pool]!;
    const length = this.length[pool]!;
    let blocked = -Infinity;
    for (let at = this.indexAt(pool, from); at < length && time[at]! < to; at++)
      if (free[at]! <= 0) blocked = at + 1 < length ? time[at + 1]! : Infinity;
    return blocked;
  }

  /** Takes one of each thing that an operation shares with others. */
  takeFor(problem: Problem, operation: number, calendar: number, start: number, end: number): void {
    this.takePeople(problem, operation, calendar, start, end);
    this.takeTools(problem, operation, start, end);
  }

  /** Gives back what was taken for an operation. */
  giveBack(problem: Problem, operation: number, calendar: number, start: number, end: number): void {
    this.takePeople(problem, operation, calendar, start, end, -1);
    this.takeTools(problem, operation, start, end, -1);
  }

  /** Takes somebody for the working stretches of [start, end). */
  takePeople(problem: Problem, operation: number, calendar: number, start: number, end: number, count = 1): void {
    const { pool, poolOffset, heldFrom, calendars } = problem;
    const last = calendars.offset[calendar + 1]!;
    for (let p = poolOffset[operation]!; p < poolOffset[operation + 1]! && pool[p]! < heldFrom; p++)
      for (let at = stretchAt(calendars, calendar, start); at < last && calendars.start[at]! < end; at++)
        this.take(pool[p]!, Math.max(start, calendars.start[at]!), Math.min(end, calendars.end[at]!), count);
  }

  /** Takes a copy of each of an operation's tools. */
  takeTools(problem: Problem, operation: number, start: number, end: number, count = 1): void {
    const { pool, poolOffset, heldFrom } = problem;
    for (let p = poolOffset[operation + 1]! - 1; p >= poolOffset[operation]! && pool[p]! >= heldFrom; p--)
      this.take(pool[p]!, start, end, count);
  }

  /** Takes a copy of each tool that any operation of a load needs. */
  takeToolsOfLoad(problem: Problem, load: readonly number[], start: number, end: number): void {
    const { pool, poolOffset, heldFrom } = problem;
    const pools = load.flatMap((i) => [...pool.subarray(poolOffset[i], poolOffset[i + 1])]);
    for (const tool of new Set(pools)) if (tool >= heldFrom) this.take(tool, start, end);
  }

  /** The profiles as they are now, for use as another base. */
  snapshot(): PoolProfile[] {
    return this.base.map((_, pool) => ({
      time: this.time[pool]!.slice(0, this.length[pool]),
      free: this.free[pool]!.slice(0, this.length[pool]),
    }));
  }

  private take(pool: number, from: number, to: number, count = 1): void {
    if (to <= from) return;
    const first = this.split(pool, from);
    const last = this.split(pool, to);
    const free = this.free[pool]!;
    for (let at = first; at < last; at++) free[at]! -= count;
  }

  /** Index of the last step at or before the instant. The first step begins at −Infinity. */
  private indexAt(pool: number, instant: number): number {
    const time = this.time[pool]!;
    let low = 0;
    let high = this.length[pool]! - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (time[middle]! <= instant) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private split(pool: number, instant: number): number {
    const at = this.indexAt(pool, instant);
    if (this.time[pool]![at] === instant) return at;
    if (this.length[pool]! === this.time[pool]!.length) this.grow(pool);
    const time = this.time[pool]!;
    const free = this.free[pool]!;
    const length = this.length[pool]!;
    time.copyWithin(at + 2, at + 1, length);
    free.copyWithin(at + 2, at + 1, length);
    time[at + 1] = instant;
    free[at + 1] = free[at]!;
    this.length[pool] = length + 1;
    return at + 1;
  }

  private grow(pool: number): void {
    const time = new Float64Array(this.time[pool]!.length * 2);
    const free = new Int16Array(time.length);
    time.set(this.time[pool]!);
    free.set(this.free[pool]!);
    this.time[pool] = time;
    this.free[pool] = free;
  }
}
