import { DateTime } from 'luxon';
import { iso, readDate, recentWeekday, type TimeContext, type TimeReading } from './dates.ts';
import { weekdayNumber } from './words.ts';

/** Pattern source of a time of day: three groups (hour, minute, am, pm or a word for o'clock). */
export const clockPattern = '(\\d{1,2})(?::(\\d\\d))?(?: ?(am|pm|uhr|oclock|h))?';

/** Words for a part of a day, which say whether a bare hour lies before or after noon. */
const halfDays: Record<string, 'am' | 'pm'> = { morning: 'am', frueh: 'am', morgen: 'am', vormittag: 'am' };
for (const word of ['afternoon', 'evening', 'nachmittag', 'abend']) halfDays[word] = 'pm';

/** Pattern source of the day that clock times are on, two groups (day, part of the day). */
export function clockDayPattern(weekday: string, date: string): string {
  const parts = Object.keys(halfDays).join('|');
  const day = `today|yesterday|heute|gestern|this(?= (?:${parts}))|${weekday}|${date}`.replaceAll(/\((?!\?)/g, '(?:');
  return `(${day})(?: (${parts}))?`;
}

/** Hour, minute and suffix as they were written. */
export type ClockText = readonly [hour: string, minute: string | undefined, suffix: string | undefined];

/**
 * A stretch between two times of day on a named day, else today. Undefined where nothing says that the numbers are
 * times of day.
 */
export function clockRange(
  from: ClockText,
  to: ClockText,
  day: string | undefined,
  partOfDay: string | undefined,
  context: TimeContext,
): TimeReading | undefined {
  const signs = [from[1], from[2], to[1], to[2], day, partOfDay];
  if (signs.every((sign) => sign === undefined)) return undefined;
  const half = halfOf(to[2]) ?? (partOfDay === undefined ? undefined : halfDays[partOfDay]);
  const start = clockTime(from[0], from[1], from[2] ?? half);
  const end = clockTime(to[0], to[1], to[2] ?? half);
  const date = clockDay(day, context);
  if (!start || !end || date === undefined) return 'ambiguous';
  return { kind: 'clock', date, from: start, to: end };
}

/** From a time of day on; one that is still to come today means yesterday's. Undefined where it may be no time. */
export function sinceClock(clock: ClockText, context: TimeContext): TimeReading | undefined {
  const time = clockTime(...clock);
  if (!time || (clock[1] === undefined && clock[2] === undefined)) return undefined;
  const local = DateTime.fromMillis(context.now, { zone: context.calendar.timeZone });
  const isAhead = time > local.toFormat('HH:mm');
  return { kind: 'since', from: iso(isAhead ? local.minus({ days: 1 }) : local), time };
}

function halfOf(suffix: string | undefined): 'am' | 'pm' | undefined {
  return suffix === 'am' || suffix === 'pm' ? suffix : undefined;
}

function clockTime(hour: string, minute: string | undefined, suffix: string | undefined): string | undefined {
  let h = Number(hour);
  if (suffix === 'pm' && h < 12) h += 12;
  if (suffix === 'am' && h === 12) h = 0;
  if (h > 24 || (h === 24 && minute !== undefined && minute !== '00')) return undefined;
  return `${String(h).padStart(2, '0')}:${minute ?? '00'}`;
}

function clockDay(day: string | undefined, context: TimeContext): string | undefined {
  const local = DateTime.fromMillis(context.now, { zone: context.calendar.timeZone });
  if (day === undefined || day === 'today' || day === 'heute' || day === 'this') return iso(local);
  if (day === 'yesterday' || day === 'gestern') return iso(local.minus({ days: 1 }));
  if (weekdayNumber(day) > 0) return recentWeekday(day, context, 0);
  const date = readDate(day, context);
  return date && iso(date);
}
