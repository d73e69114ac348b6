import type { Interval } from '../kernel/index.ts';

/** Open stretches of one machine (with somebody there who may run it), merged; milliseconds since 1970 UTC. */
export interface Calendar {
  start: Float64Array;
  end: Float64Array;
  /** Open milliseconds before each stretch. */
  before: Float64Array;
  /** Where the last look found its stretch: looks follow each other closely. */
  hint: number;
}

/** Packs a merged list of open stretches. */
export function packCalendar(list: readonly Interval[]): Calendar {
  const calendar: Calendar = {
    start: Float64Array.from(list, (stretch) => stretch.start),
    end: Float64Array.from(list, (stretch) => stretch.end),
    before: new Float64Array(list.length),
    hint: 0,
  };
  for (let i = 1; i < list.length; i++)
    calendar.before[i] = calendar.before[i - 1]! + calendar.end[i - 1]! - calendar.start[i - 1]!;
  return calendar;
}

/** Index of the first stretch that ends after an instant. */
function stretchAt(calendar: Calendar, instant: number): number {
  const { end, hint } = calendar;
  if (hint < end.length && end[hint]! > instant && (hint === 0 || end[hint - 1]! <= instant)) return hint;
  let low = 0;
  let high = end.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (end[middle]! > instant) high = middle;
    else low = middle + 1;
  }
  calendar.hint = low;
  return low;
}

/** The first open instant not before another; Infinity past the calendar. */
export function nextOpen(calendar: Calendar, instant: number): number {
  const at = stretchAt(calendar, instant);
  return at < calendar.end.length ? Math.max(instant, calendar.start[at]!) : Infinity;
}

/** When the stretch that is open at an instant closes. */
export function closesAt(calendar: Calendar, instant: number): number {
  return calendar.end[stretchAt(calendar, instant)] ?? Infinity;
}

/** The next opening or closing after an instant; Infinity past the calendar. */
export function nextBoundary(calendar: Calendar, instant: number): number {
  const at = stretchAt(calendar, instant);
  if (at >= calendar.end.length) return Infinity;
  return calendar.start[at]! > instant ? calendar.start[at]! : calendar.end[at]!;
}

/** The first instant not before another from which work fits in one piece; Infinity where it never does. */
export function nextFit(calendar: Calendar, instant: number, work: number): number {
  for (let at = stretchAt(calendar, instant); at < calendar.end.length; at++) {
    const start = Math.max(instant, calendar.start[at]!);
    if (calendar.end[at]! - start >= work) return start;
  }
  return Infinity;
}

/** The latest instant from which so much open time lies before another; −Infinity where there is less. */
export function startOfWork(calendar: Calendar, until: number, work: number): number {
  let left = work;
  for (let at = Math.min(stretchAt(calendar, until), calendar.end.length - 1); at >= 0; at--) {
    const open = Math.min(until, calendar.end[at]!) - calendar.start[at]!;
    if (open >= left) return calendar.start[at]! + open - left;
    if (open > 0) left -= open;
  }
  return -Infinity;
}

/** Open milliseconds in [from, to). */
export function openBetween(calendar: Calendar, from: number, to: number): number {
  return to > from ? openBefore(calendar, to) - openBefore(calendar, from) : 0;
}

function openBefore(calendar: Calendar, instant: number): number {
  const at = stretchAt(calendar, instant);
  const count = calendar.end.length;
  if (count === 0) return 0;
  if (at >= count) return calendar.before[count - 1]! + calendar.end[count - 1]! - calendar.start[count - 1]!;
  return calendar.before[at]! + Math.max(0, instant - calendar.start[at]!);
}
