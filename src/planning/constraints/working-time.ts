import { endOfWork, nextFit, nextOpen } from '../calendars.ts';
import type { Problem } from '../problem.ts';
import { blockedUntil, type ResourceSource } from './shared-resources.ts';

/**
 * The first start not before `ready` at which the machine is open, the work fits into the calendar (pausing over
 * closed time, or in one piece) and people and tools are free; Infinity where there is none.
 */
export function earliestPlace(
  problem: Problem,
  resources: ResourceSource,
  operation: number,
  calendar: number,
  ready: number,
  work: number,
  mayPause: boolean,
): number {
  const { calendars, poolOffset } = problem;
  const alone = poolOffset[operation] === poolOffset[operation + 1];
  let time = ready;
  for (;;) {
    const start = mayPause ? nextOpen(calendars, calendar, time) : nextFit(calendars, calendar, time, work);
    if (start === Infinity) return Infinity;
    const end = endOfWork(calendars, calendar, start, work);
    if (end === Infinity) return Infinity;
    if (alone) return start;
    const blocked = blockedUntil(resources, problem, operation, calendar, start, end);
    if (blocked === -Infinity) return start;
    if (blocked === Infinity) return Infinity;
    time = blocked;
  }
}
