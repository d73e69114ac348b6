import { startToEndAt } from '../calendars.ts';
import type { Decoded } from '../decoder.ts';
import type { Problem } from '../problem.ts';

/** A block is placed again at most so often; one that has not come together by then has no place. */
export const mostRounds = 100;

/**
 * Looks whether the operations of a placed block follow one another soon enough. Where one comes too late after its
 * predecessor, that one's earliest start is raised, so that it ends just late enough, through its calendar.
 * @param first the block's first operation
 * @param choice chosen alternative (relative index) by operation
 * @param earliest by operation: raised earliest starts, −Infinity for none
 * @returns whether any was raised, and the block has to be placed again
 */
export function raiseTooEarly(
  problem: Problem,
  first: number,
  plan: Pick<Decoded, 'start' | 'end' | 'setup'>,
  choice: Uint16Array,
  earliest: Float64Array,
): boolean {
  const { pred, predOffset, lagMax, altOffset, altCalendar, altRun, calendars, blockNext } = problem;
  let raised = false;
  for (let i = first; i >= 0; i = blockNext[i]!)
    for (let p = predOffset[i]!; p < predOffset[i + 1]!; p++) {
      const end = plan.start[i]! - lagMax[p]!;
      const before = pred[p]!;
      if (!(end > plan.end[before]!)) continue;
      const alternative = altOffset[before]! + choice[before]!;
      const work = plan.setup[before]! + altRun[alternative]!;
      const start = startToEndAt(calendars, altCalendar[alternative]!, end, work);
      if (start > earliest[before]!) earliest[before] = start;
      raised = true;
    }
  return raised;
}

/** Forgets what was raised in a block. */
export function lower(problem: Problem, first: number, earliest: Float64Array): void {
  for (let i = first; i >= 0; i = problem.blockNext[i]!) earliest[i] = -Infinity;
}

/**
 * Seconds by which operations start too late after predecessors that are over, running or frozen: with those a maximum
 * lag is a wish, for nothing can be done about them any more.
 */
export function lagBreach({ latestOf, latestStart }: Problem, plan: Pick<Decoded, 'start'>): number {
  let breach = 0;
  for (let k = 0; k < latestOf.length; k++) breach += Math.max(0, plan.start[latestOf[k]!]! - latestStart[k]!) / 1000;
  return breach;
}

/** Of the operations that must follow one soon in its block, the one for which it waits; −1 for none. */
export function awaitedAfter(problem: Problem, operation: number, plan: Pick<Decoded, 'start'>): number {
  const { pred, predOffset, lagMax, succ, succOffset } = problem;
  let awaited = -1;
  let latest = -Infinity;
  for (let s = succOffset[operation]!; s < succOffset[operation + 1]!; s++) {
    const after = succ[s]!;
    for (let p = predOffset[after]!; p < predOffset[after + 1]!; p++) {
      const wanted = plan.start[after]! - lagMax[p]!;
      if (pred[p] === operation && wanted > latest) [awaited, latest] = [after, wanted];
    }
  }
  return awaited;
}
