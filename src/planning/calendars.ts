import type { Interval } from '../kernel/index.ts';

/**
 * Many calendars of open stretches in one set of arrays; calendar `c` owns the indices `offset[c] … offset[c+1]-1`.
 * Times are milliseconds relative to the start of the plan.
 */
export interface Calendars {
  start: Float64Array;
  end: Float64Array;
  /** Open milliseconds of the same calendar before this stretch. */
  before: Float64Array;
  offset: Int32Array;
}

/** Packs merged lists of open stretches (absolute milliseconds); `origin` becomes 0. */
export function packCalendars(lists: readonly (readonly Interval[])[], origin: number): Calendars {
  const size = lists.reduce((sum, list) => sum + list.length, 0);
  const packed: Calendars = {
    start: new Float64Array(size),
    end: new Float64Array(size),
    before: new Float64Array(size),
    offset: new Int32Array(lists.length + 1),
  };
  let at = 0;
  lists.forEach((list, calendar) => {
    let open = 0;
    for (const stretch of list) {
      packed.start[at] = stretch.start - origin;
      packed.end[at] = stretch.end - origin;
      packed.before[at] = open;
      open += stretch.end - stretch.start;
      at++;
    }
    packed.offset[calendar + 1] = at;
  });
  return packed;
}

/** Index of the first stretch of a calendar that ends after `time`; the calendar's end index where there is none. */
export function stretchAt(calendars: Calendars, calendar: number, time: number): number {
  let low = calendars.offset[calendar]!;
  let high = calendars.offset[calendar + 1]!;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (calendars.end[middle]! > time) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The first open instant not before `time`; Infinity past the calendar. */
export function nextOpen(calendars: Calendars, calendar: number, time: number): number {
  const at = stretchAt(calendars, calendar, time);
  return at < calendars.offset[calendar + 1]! ? Math.max(time, calendars.start[at]!) : Infinity;
}

/** When work that begins at an open instant ends, if it pauses over closed time; Infinity past the calendar. */
export function endOfWork(calendars: Calendars, calendar: number, start: number, work: number): number {
  const last = calendars.offset[calendar + 1]!;
  let at = stretchAt(calendars, calendar, start);
  if (at >= last) return Infinity;
  const target = calendars.before[at]! + Math.max(0, start - calendars.start[at]!) + work;
  while (at < last && calendars.before[at]! + (calendars.end[at]! - calendars.start[at]!) < target) at++;
  return at < last ? calendars.start[at]! + (target - calendars.before[at]!) : Infinity;
}

/**
 * The earliest start from which no more than so much open time lies before an instant: when work that lasts until
 * then, or must not be further by then, may begin. −Infinity where there is less open time than that.
 */
export function startOfWork(calendars: Calendars, calendar: number, until: number, work: number): number {
  const first = calendars.offset[calendar]!;
  const last = calendars.offset[calendar + 1]!;
  let at = stretchAt(calendars, calendar, until);
  const open =
    at < last
      ? calendars.before[at]! + Math.max(0, until - calendars.start[at]!)
      : at > first
        ? calendars.before[at - 1]! + (calendars.end[at - 1]! - calendars.start[at - 1]!)
        : 0;
  const target = open - work;
  if (target <= 0) return -Infinity;
  if (at === last) at--;
  while (calendars.before[at]! >= target) at--;
  return calendars.start[at]! + (target - calendars.before[at]!);
}

/** The earliest start with which work ends at an instant or later, if it pauses over closed time; Infinity where none does. */
export function startToEndAt(calendars: Calendars, calendar: number, end: number, work: number): number {
  const at = stretchAt(calendars, calendar, end - 1);
  if (at === calendars.offset[calendar + 1]!) return Infinity;
  // Of work that would have to end while it is closed, the last millisecond is done after the pause.
  const until = Math.max(end, calendars.start[at]! + 1);
  return startOfWork(calendars, calendar, until, work);
}

/** The first instant not before `time` from which the work fits without a pause; Infinity where it never does. */
export function nextFit(calendars: Calendars, calendar: number, time: number, work: number): number {
  const last = calendars.offset[calendar + 1]!;
  for (let at = stretchAt(calendars, calendar, time); at < last; at++) {
    const start = Math.max(time, calendars.start[at]!);
    if (calendars.end[at]! - start >= work) return start;
  }
  return Infinity;
}

/** Open milliseconds of a calendar within [from, to). */
export function openBetween(calendars: Calendars, calendar: number, from: number, to: number): number {
  let open = 0;
  const last = calendars.offset[calendar + 1]!;
  for (let at = stretchAt(calendars, calendar, from); at < last && calendars.start[at]! < to; at++)
    open += Math.min(to, calendars.end[at]!) - Math.max(from, calendars.start[at]!);
  return open;
}
