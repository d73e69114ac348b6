import { endOfWork, nextFit, nextOpen, type Calendars } from '../calendars.ts';
import type { Problem } from '../problem.ts';

/** Who knows whether operators are free. */
export interface OperatorSource {
  /**
   * Looks whether one more operation fits into each pool over the working stretches of [start, end) in a calendar.
   * Returns −Infinity where it does, else an instant before which it cannot start.
   */
  blockedUntilInCalendar(
    pools: Int32Array,
    firstPool: number,
    lastPool: number,
    calendars: Calendars,
    calendar: number,
    start: number,
    end: number,
  ): number;
}

/**
 * The first start not before `ready` at which the machine is open, the work fits into the calendar (pausing over
 * closed time, or in one piece) and an operator is free throughout; Infinity where there is none.
 */
export function earliestPlace(
  problem: Problem,
  operators: OperatorSource,
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
