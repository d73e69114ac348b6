import { endOfWork, nextFit, nextOpen } from '../calendars.ts';
import type { Problem } from '../problem.ts';
import type { OperatorProfiles } from './operators.ts';

/**
 * The first start not before `ready` at which the machine is open, the work fits into the calendar (pausing over
 * closed time, or in one piece) and an operator is free throughout; Infinity where there is none.
 */
export function earliestPlace(
  problem: Problem,
  operators: OperatorProfiles,
  operation: number,
  calendar: number,
  ready: number,
  work: number,
  mayPause: boolean,
): number {
  const { calendars, pool, poolOffset } = problem;
  const firstPool = poolOffset[operation]!;
  const lastPool = poolOffset[operation + 1]!;
  let time = ready;
  for (;;) {
    const start = mayPause ? nextOpen(calendars, calendar, time) : nextFit(calendars, calendar, time, work);
    if (start === Infinity) return Infinity;
    const end = endOfWork(calendars, calendar, start, work);
    if (end === Infinity) return Infinity;
    if (firstPool === lastPool) return start;
    const blocked = operators.blockedUntilInCalendar(pool, firstPool, lastPool, calendars, calendar, start, end);
    if (blocked === -Infinity) return start;
    if (blocked === Infinity) return Infinity;
    time = blocked;
  }
}
