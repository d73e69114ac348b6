import { DateTime } from 'luxon';
import type { WorkCalendar } from '../../plant/index.ts';
import { productionDate, type PeriodSpec } from './period.ts';
import { monthNumber, patterns, weekdayNumber } from './words.ts';

/** What a time phrase says: a period, or why it says none that can be answered. */
export type TimeReading = PeriodSpec | 'future' | 'ambiguous';

/** What the grammar needs to know of the plant. */
export interface TimeContext {
  calendar: WorkCalendar;
  /** Milliseconds since 1970 UTC. */
  now: number;
  /** Shift ids and the normalised words that name each. */
  shiftWords: readonly { shiftId: string; words: readonly string[] }[];
}

/** Pattern source of a written date, as one group. */
export const datePattern = `(\\d{4}-\\d\\d-\\d\\d|\\d{1,2}\\.\\d{1,2}\\.(?:\\d{4}|\\d\\d)?(?!\\d)|\\d{1,2}\\.\\d{1,2}(?!\\d)|\\d{1,2}(?:st|nd|rd|th|\\.)? (?:of )?${plain(patterns.month)}(?: \\d{4})?|${plain(patterns.month)} \\d{1,2}(?:st|nd|rd|th)?(?!\\d)(?: \\d{4})?)`;

/**
 * Pattern source of one day, as one group: a word for it, a weekday or a written date.
 */
export const dayPattern = `(today|heute|yesterday|gestern|vorgestern|day before yesterday|(?:last |letzte[nrms]? )?${plain(patterns.weekday)}|${plain(datePattern)})`;

/** A one-group pattern source without its group. */
export function plain(group: string): string {
  return group.replace('(', '(?:');
}

/** The day that `dayPattern` found; a weekday is the most recent one. */
export function readDay(text: string, context: TimeContext): DateTime | undefined {
  const back = ['today heute', 'yesterday gestern', 'vorgestern'].findIndex((words) => words.split(' ').includes(text));
  if (back >= 0) return today(context).minus({ days: back });
  if (text === 'day before yesterday') return today(context).minus({ days: 2 });
  const weekday = /^(last |letzte[nrms]? )?([a-z]+)$/.exec(text);
  if (weekday && weekdayNumber(weekday[2]!) > 0)
    return DateTime.fromISO(recentWeekday(weekday[2]!, context, weekday[1] ? 1 : 0), {
      zone: context.calendar.timeZone,
    });
  return readDate(text, context);
}

/** Today's production day at local midnight. */
export function today(context: TimeContext): DateTime {
  return productionDate(context.calendar, context.now);
}

/** A calendar date as ISO text. */
export function iso(day: DateTime): string {
  return day.toISODate() ?? '';
}

/** The most recent such weekday, at least `atLeast` days ago, as ISO text. */
export function recentWeekday(word: string, context: TimeContext, atLeast: number): string {
  const now = today(context);
  const back = (now.weekday - weekdayNumber(word) + 7) % 7;
  return iso(now.minus({ days: back < atLeast ? back + 7 : back }));
}

/** A date as written; without a year the most recent one that is not in the future. */
export function readDate(text: string, context: TimeContext): DateTime | undefined {
  const now = today(context);
  const zone = context.calendar.timeZone;
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return valid(DateTime.fromISO(text, { zone }));
  const dotted = /^(\d{1,2})\.(\d{1,2})\.?(\d{4}|\d\d)?$/.exec(text);
  const worded = /^(\d{1,2})(?:st|nd|rd|th|\.)? (?:of )?([a-z]+)(?: (\d{4}))?$/.exec(text);
  const american = /^([a-z]+) (\d{1,2})(?:st|nd|rd|th)?(?: (\d{4}))?$/.exec(text);
  const day = Number(dotted?.[1] ?? worded?.[1] ?? american?.[2]);
  const month = dotted ? Number(dotted[2]) : monthNumber(worded?.[2] ?? american?.[1] ?? '');
  const yearText = dotted?.[3] ?? worded?.[3] ?? american?.[3];
  const year = yearText === undefined ? now.year : Number(yearText) + (yearText.length === 2 ? 2000 : 0);
  const date = valid(DateTime.fromObject({ year, month, day }, { zone }));
  return date && yearText === undefined && date > now ? date.minus({ years: 1 }) : date;
}

/** Makes a period of one written date. */
export function withDate(text: string, context: TimeContext, make: (date: string) => PeriodSpec): TimeReading {
  const date = readDate(text, context);
  return date ? make(iso(date)) : 'ambiguous';
}

/** Production days from one to another, both included. */
export function dateStretch(from: DateTime | undefined, to: DateTime | undefined): TimeReading {
  return !from || !to || to < from ? 'ambiguous' : { kind: 'dates', from: iso(from), to: iso(to) };
}

/** A stretch of whole months; without a year the most recent that has begun. */
export function monthStretch(
  month: number,
  months: number,
  year: string | undefined,
  context: TimeContext,
): TimeReading {
  const now = today(context);
  const zone = context.calendar.timeZone;
  let first = DateTime.fromObject({ year: year ? Number(year) : now.year, month, day: 1 }, { zone });
  if (first > now && !year) first = first.minus({ years: 1 });
  return dateStretch(first, first.plus({ months }).minus({ days: 1 }));
}

/** An ISO week; without a year the most recent that has begun. */
export function isoWeek(week: number, year: string | undefined, context: TimeContext): TimeReading {
  const now = today(context);
  const mondayOf = (weekYear: number) =>
    valid(DateTime.fromObject({ weekYear, weekNumber: week, weekday: 1 }, { zone: context.calendar.timeZone }));
  const asked = mondayOf(year ? Number(year) : now.weekYear);
  const monday = asked && asked > now && !year ? mondayOf(now.weekYear - 1) : asked;
  return dateStretch(monday, monday?.plus({ days: 6 }));
}

/** The running weekend on its two days, else the last one; with `past` always one that is over. */
export function weekend(past: boolean, context: TimeContext): TimeReading {
  const monday = today(context).startOf('week');
  const isRunning = today(context).weekday >= 6 && !past;
  const saturday = isRunning ? monday.plus({ days: 5 }) : monday.minus({ days: 2 });
  return { kind: 'dates', from: iso(saturday), to: iso(saturday.plus({ days: 1 })) };
}

function valid(date: DateTime): DateTime | undefined {
  return date.isValid ? date : undefined;
}
