import { DateTime } from 'luxon';
import {
  dateStretch,
  datePattern,
  iso,
  isoWeek,
  monthStretch,
  readDate,
  recentWeekday,
  today,
  weekend,
  withDate,
  type TimeContext,
  type TimeReading,
} from './dates.ts';
import { phrase, LAST, THIS, ON, isLast, unit, type Groups, type TimeRule } from './patterns.ts';
import { monthNumber, readCalendarUnit, readNumber, readUnit, weekdayNumber, patterns } from './words.ts';

const { number: N, weekday: WEEKDAY, month: MONTH, unit: UNIT } = patterns;

const FIRST = '(?:first|1st|1\\.?|erste[nrs]?)';
const SECOND = '(?:second|2nd|2\\.?|zweite[nrs]?)';
const halfUnit = `(${LAST}|${THIS}) (month|monats?|year|jahr(?:es)?)`;

/** The week that a date lies in. */
export function weekStartRules(): TimeRule[] {
  return [
    {
      pattern: phrase(
        `${ON}(?:week (?:of|starting|beginning|commencing)|woche (?:vom|ab|um den))(?: the| on)? ${datePattern}`,
      ),
      read: ([, date], c) => weekOf(readDate(date!, c)),
    },
  ];
}

/** Weeks by number. */
export function weekRules(): TimeRule[] {
  return [
    {
      pattern: phrase(`${ON}${WEEKDAY} (?:(?:of|in|der|in der) )?(?:week|kw|cw|kalenderwoche) ?(\\d{1,2})`),
      read: ([, word, week], c) => dayOfWeek(isoWeek(Number(week), undefined, c), weekdayNumber(word!)),
    },
    {
      pattern: phrase(
        `${ON}(?:calendar week|week|cw|kw|kalenderwoche|woche)(?: nr| no| number| nummer)? ?(\\d{1,2})(?:(?:/| (?:of )?)(20\\d\\d|(?<=/)\\d\\d))?`,
      ),
      read: ([, week, year], c) => isoWeek(Number(week), year?.padStart(4, '20'), c),
    },
  ];
}

/** Dates, weekdays, weeks, months and quarters by name or number. */
export function dateRules(): TimeRule[] {
  const weekRelation = `(?:(?:of |in |der |in der )?(?:the )?(${LAST}|${THIS}) (?:week|woche))`;
  return [
    {
      pattern: phrase(`${ON}${WEEKDAY} ${weekRelation}`),
      read: ([, word, relation], c) => weekdayOf(word!, relation!, c),
    },
    {
      pattern: phrase(`${ON}${WEEKDAY} (?:der )?vorwoche`),
      read: ([, word], c) => weekdayOf(word!, 'last', c),
    },
    {
      pattern: phrase(`${ON}${THIS} ${WEEKDAY}`),
      read: ([, word], c) => weekdayOf(word!, 'this', c),
    },
    {
      pattern: phrase(`${ON}${WEEKDAY} (?:the |den |dem )?${datePattern}`),
      read: ([, word, date], c) =>
        readDate(date!, c)?.weekday === weekdayNumber(word!)
          ? withDate(date!, c, (from) => ({ kind: 'dates', from, to: from }))
          : 'ambiguous',
    },
    {
      pattern: phrase(`${ON}${WEEKDAY} (?:the |den |dem )(\\d{1,2})(?:st|nd|rd|th)?`),
      read: ([, word, day], c) => {
        const reading = dayOfMonth(Number(day), c);
        const isThat = typeof reading === 'object' && DateTime.fromISO(reading.from).weekday === weekdayNumber(word!);
        return isThat ? reading : 'ambiguous';
      },
    },
    {
      pattern: phrase(`${ON}(?:day before yesterday|vorgestern|vorgestrige[nrsm]?(?: tag(?:es)?)?)`),
      read: () => unit('day', 2),
    },
    {
      pattern: phrase(`(?:${N} ${UNIT} ago|vor ${N} ${UNIT})`),
      read: ([, n1, u1, n2, u2]) => ago(n1 ?? n2!, u1 ?? u2!),
    },
    {
      pattern: phrase(`${ON}${datePattern}`),
      read: ([, date], c) => withDate(date!, c, (from) => ({ kind: 'dates', from, to: from })),
    },
    {
      pattern: phrase(`${ON}(?:(\\d{1,2})/(20\\d\\d)|(20\\d\\d)-(\\d\\d))`),
      read: ([, m1, y1, y2, m2], c) => monthOfYear(Number(m1 ?? m2), y1 ?? y2!, c),
    },
    { pattern: phrase('\\d{1,2}/\\d{1,2}(?:/\\d{2,4})?'), read: () => 'ambiguous' },
    { pattern: phrase(`${ON}the (\\d{1,2})(?:st|nd|rd|th)`), read: ([, day], c) => dayOfMonth(Number(day), c) },
    ...halfRules(),
    {
      pattern: phrase(
        `${ON}(?:q([1-4])|(first|second|third|fourth|erste[nsm]?|zweite[nsm]?|dritte[nsm]?|vierte[nsm]?) (?:quarter|quartal)|([1-4])(?:st|nd|rd|th|\\.)? (?:quarter|quartal))(?:(?:/| (?:of )?)(\\d{4}))?`,
      ),
      read: ([, digit, word, german, year], c) => monthStretch(3 * quarterOf(digit ?? german, word) - 2, 3, year, c),
    },
    { pattern: phrase(`(${ON})(last |letzten )?${MONTH}(?: (\\d{4}))?`), read: monthName },
    {
      pattern: phrase(`(?:in|im jahr|im jahre|in the year|for|fuer) (20\\d\\d)`),
      read: ([, year], c) => monthStretch(1, 12, year, c),
    },
    {
      pattern: phrase(`${ON}(?:the )?(${LAST} |${THIS} )?(?:weekend|wochenende[ns]?)`),
      read: ([, last], c) => weekend(isLast(last), c),
    },
    {
      pattern: phrase(`${ON}(${LAST} )?${WEEKDAY}(s)?`),
      read: ([, last, word, plural], c) =>
        plural === undefined ? oneWeekday(word!, last !== undefined, c) : 'ambiguous',
    },
  ];
}

function ago(count: string, word: string): TimeReading | undefined {
  const n = readNumber(count);
  const name = readUnit(word);
  if (!n || !name) return undefined;
  return name === 'day' || name === 'week' || name === 'month' ? { kind: 'unit', unit: name, back: n } : 'ambiguous';
}

/** The most recent day of that number. */
function dayOfMonth(day: number, context: TimeContext): DatesReading | 'ambiguous' {
  const now = today(context);
  if (day < 1 || day > 31) return 'ambiguous';
  const month = day <= now.day ? now : now.minus({ months: 1 });
  const date = month.set({ day });
  return date.day === day ? { kind: 'dates', from: iso(date), to: iso(date) } : 'ambiguous';
}

/** Production days, both included. */
type DatesReading = Extract<TimeReading, { kind: 'dates' }>;

function monthOfYear(month: number, year: string, context: TimeContext): TimeReading {
  return month >= 1 && month <= 12 ? monthStretch(month, 1, year, context) : 'ambiguous';
}

function weekOf(day: DateTime | undefined): TimeReading {
  const monday = day?.startOf('week');
  return dateStretch(monday, monday?.plus({ days: 6 }));
}

function dayOfWeek(week: TimeReading, weekday: number): TimeReading {
  if (typeof week === 'string' || week.kind !== 'dates') return week;
  const day = iso(DateTime.fromISO(week.from).plus({ days: weekday - 1 }));
  return { kind: 'dates', from: day, to: day };
}

/** Halves of months and years: the first half of a month ends with its 15th. */
function halfRules(): TimeRule[] {
  const half = (source: string) => phrase(`${ON}(?:the )?(?:(${FIRST})|${SECOND}) ${source}`);
  return [
    {
      pattern: half(`(?:half|haelfte)(?: of| des| im| vom)?(?: the)? ${MONTH}(?: (20\\d\\d))?`),
      read: ([, first, month, year], c) =>
        halfMonth(first !== undefined, monthStretch(monthNumber(month!), 1, year, c), c),
    },
    {
      pattern: half(`${patterns.month}(?:haelfte|halfte)(?: (20\\d\\d))?`),
      read: ([, first, month, year], c) =>
        halfMonth(first !== undefined, monthStretch(monthNumber(month!), 1, year, c), c),
    },
    {
      pattern: half(`(?:half|haelfte)(?: of| des)?(?: the)? ${halfUnit}`),
      read: ([, first, relation, word], c) => {
        const start = today(c).minus({ [readCalendarUnit(word!) ?? 'month']: isLast(`${relation!} `) ? 1 : 0 });
        return readCalendarUnit(word!) === 'year'
          ? monthStretch(first === undefined ? 7 : 1, 6, String(start.year), c)
          : halfMonth(first !== undefined, monthStretch(start.month, 1, String(start.year), c), c);
      },
    },
    {
      pattern: phrase(
        `${ON}(?:h([12])|(?:(${FIRST})|${SECOND}) (?:half year|half(?: of)?(?= 20\\d\\d)|halbjahr))(?:(?:/| (?:of )?)(20\\d\\d))?`,
      ),
      read: ([, digit, first, year], c) =>
        monthStretch((digit ?? (first === undefined ? '2' : '1')) === '1' ? 1 : 7, 6, year, c),
    },
  ];
}

function halfMonth(isFirst: boolean, month: TimeReading, context: TimeContext): TimeReading {
  if (typeof month === 'string' || month.kind !== 'dates') return month;
  const first = DateTime.fromISO(month.from, { zone: context.calendar.timeZone });
  return isFirst
    ? dateStretch(first, first.set({ day: 15 }))
    : dateStretch(first.set({ day: 16 }), first.endOf('month'));
}

function oneWeekday(word: string, last: boolean, context: TimeContext): TimeReading {
  const date = recentWeekday(word, context, last ? 1 : 0);
  return { kind: 'dates', from: date, to: date };
}

function weekdayOf(word: string, relation: string, context: TimeContext): TimeReading {
  const monday = today(context)
    .startOf('week')
    .minus({ weeks: isLast(`${relation} `) ? 1 : 0 });
  const day = monday.plus({ days: weekdayNumber(word) - 1 });
  return dateStretch(day, day);
}

function quarterOf(digit: string | undefined, word: string | undefined): number {
  if (digit !== undefined) return Number(digit);
  const ordinals = ['first|erste', 'second|zweite', 'third|dritte', 'fourth|vierte'];
  return ordinals.findIndex((list) => list.split('|').some((start) => word?.startsWith(start))) + 1;
}

/** May and march are words of their own: alone they are no months. */
function monthName([, on, last, word, year]: Groups, context: TimeContext): TimeReading | undefined {
  const isAlone = !on && !last && year === undefined;
  if (isAlone && /^(may|mar|march)$/.test(word!)) return undefined;
  return monthStretch(monthNumber(word!), 1, year, context);
}
