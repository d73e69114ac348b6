import type { Random } from '../../kernel/index.ts';
import { criticalPath, Neighbours } from './neighbours.ts';
import type { GraphSchedule, Selection } from './schedule.ts';

/** When a tabu search ends. */
export interface TabuLimits {
  /** Moves without a better schedule. */
  stall: number;
  /** Asked every few moves; true ends the search at once. */
  expired: () => boolean;
  /** A makespan that is good enough. */
  target: number;
}

/** Moves between two looks at the clock. */
const lookEvery = 64;
const tableBits = 20;

/**
 * Tabu search over the moves of `Neighbours`, from the schedule as it stands (Nowicki and Smutnicki 1996; Zhang et al.
 * 2007): the best move that undoes nothing recent, or that leads to a schedule better than any before.
 * @returns the best schedule found, and how many moves were made
 */
export function tabuSearch(
  schedule: GraphSchedule,
  random: Random,
  limits: TabuLimits,
): { best: Selection; moves: number } {
  const { shop } = schedule;
  const n = shop.operations;
  const neighbours = new Neighbours(schedule);
  const mask = (1 << tableBits) - 1;
  /** Until which move one operation may not come before another again (hashed), and not return to an alternative. */
  const forbidden = new Int32Array(1 << tableBits);
  const left = new Int32Array(shop.alternatives.machine.length);
  const path: number[] = [];
  const shortest = Math.ceil(10 + n / shop.machines / shop.machines);
  const longest = Math.ceil(shortest * 1.5);
  let best = schedule.selection();
  let moves = 0;
  let bestAt = 0;

  let kind: 'after' | 'before' | 'reassign' | 'none' = 'none';
  let operation = -1;
  let at = -1;
  let next = -1;
  let alternative = -1;
  let estimate = Infinity;
  let ties = 0;
  let spare = 0;
  let chosenIsFree = false;

  const slot = (first: number, second: number) =>
    ((Math.imul(first, 0x9e3779b1) + Math.imul(second, 0x85ebca6b)) >>> (32 - tableBits)) & mask;

  function isForbidden(move: 'after' | 'before', u: number, v: number): boolean {
    const { before, after } = schedule;
    if (move === 'after') {
      for (let x = after[u]!; ; x = after[x]!) {
        if (forbidden[slot(x, u)]! > moves) return true;
        if (x === v) return false;
      }
    }
    for (let x = before[u]!; ; x = before[x]!) {
      if (forbidden[slot(u, x)]! > moves) return true;
      if (x === v) return false;
    }
  }

  /** Keeps the better of the move so far and this one; a forbidden one only as a way out where there is no other. */
  function consider(
    given: 'after' | 'before' | 'reassign',
    free: boolean,
    u: number,
    v: number,
    w: number,
    chosen: number,
    value: number,
  ): void {
    const allowed = free || value < best.makespan;
    if (!allowed) {
      if (chosenIsFree || random.int(++spare) !== 0) return;
    } else if (chosenIsFree) {
      if (value > estimate) return;
      if (value === estimate && random.int(++ties) !== 0) return;
      if (value < estimate) ties = 1;
    } else {
      chosenIsFree = true;
      ties = 1;
    }
    kind = given;
    operation = u;
    at = v;
    next = w;
    alternative = chosen;
    estimate = value;
  }

  /** Asked by a function because the compiler does not see what the callbacks assign. */
  const noneFound = () => kind === 'none';

  function apply(): boolean {
    const until = moves + shortest + random.int(longest - shortest + 1);
    const { before, after } = schedule;
    if (kind === 'after') {
      for (let x = after[operation]!; ; x = after[x]!) {
        forbidden[slot(operation, x)] = until;
        if (x === at) break;
      }
      return schedule.moveAfter(operation, at);
    }
    if (kind === 'before') {
      for (let x = before[operation]!; ; x = before[x]!) {
        forbidden[slot(x, operation)] = until;
        if (x === at) break;
      }
      return schedule.moveBefore(operation, at);
    }
    left[schedule.alternative[operation]!] = until;
    return schedule.reassign(operation, alternative, at, next);
  }

  while (moves - bestAt < limits.stall && best.makespan > limits.target) {
    if (moves % lookEvery === 0 && limits.expired()) break;
    criticalPath(schedule, random, path);
    kind = 'none';
    estimate = Infinity;
    spare = 0;
    chosenIsFree = false;
    neighbours.ofBlocks(path, (given, u, v, value) => {
      consider(given, !isForbidden(given, u, v), u, v, -1, -1, value);
    });
    neighbours.ofAlternatives(path, (v, chosen, previous, following, value) => {
      consider('reassign', left[chosen]! <= moves, v, previous, following, chosen, value);
    });
    if (noneFound()) break;
    moves++;
    apply();
    if (schedule.makespan < best.makespan) {
      best = schedule.selection();
      bestAt = moves;
    }
  }
  return { best, moves };
}
