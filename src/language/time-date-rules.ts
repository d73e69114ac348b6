import { DateTime } from 'luxon';
import { clockPattern, sinceClock } from './time-clock.ts';
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
} from './time-dates.ts';
import {
  phrase,
  LAST,
  THIS,
  SINCE,
  BETWEEN,
  AND,
  ON,
  BEGIN,
  isLast,
  unit,
  type Groups,
  type TimeRule,
} from './time-patterns.ts';
import { monthNumber, readNumber, readUnit, weekdayNumber, patterns } from './time-words.ts';

const { number: N, weekday: WEEKDAY, month: MONTH, unit: UNIT } = patterns;

/** Stretches with both ends named. */
export function rangeRules(): TimeRule[] {
  return [
    {
      pattern: phrase(`${BETWEEN} (?:the )?${datePattern} ${AND} (?:the )?${datePattern}`),
      read: ([, from, to], c) => dateStretch(readDate(from!, c), readDate(to!, c), c),
    },
    {
      pattern: phrase(`${BETWEEN} (?:the )?(\\d{1,2})(?:st|nd|rd|th|\\.)? ${AND} (?:the )?${datePattern}`),
      read: ([, day, to], c) => {
        const last = readDate(to!, c);
        return dateStretch(last?.set({ day: Number(day) }), last, c);
      },
    },
    {
      pattern: phrase(`${BETWEEN} ${WEEKDAY} ${AND} ${WEEKDAY}`),
      read: ([, from, to], c) => weekdayRange(from!, to!, c),
    },
  ];
}

/** From something on until now. */
export function sinceRules(): TimeRule[] {
  return [
    {
      pattern: phrase(
        `${SINCE} (?:the |der |dem |die )?${BEGIN} (?:of )?(?:the |this |der |des |dieser |dieses )?${UNIT}`,
      ),
      read: ([, word]) => unit(readUnit(word!), 0),
    },
    {
      pattern: phrase('seit (schicht|tages|wochen|monats|quartals|jahres)(?:beginn|anfang|start)'),
      read: ([, word]) => unit(readUnit(word === 'wochen' ? 'woche' : word!), 0),
    },
    {
      pattern: phrase(`${SINCE} (last |letzte[nrm]? )?${WEEKDAY}`),
      read: ([, last, word], c) => ({ kind: 'since', from: recentWeekday(word!, c, last ? 1 : 0) }),
    },
    {
      pattern: phrase(`${SINCE} (yesterday|gestern|vorgestern)`),
      read: ([, word], c) => ({ kind: 'since', from: daysAgo(word === 'vorgestern' ? 2 : 1, c) }),
    },
    {
      pattern: phrase(`${SINCE} ${LAST} (week|woche|month|monat|quarter|quartal|year|jahr)`),
      read: ([, word], c) => sinceLast(word!, c),
    },
    {
      pattern: phrase(`${SINCE} (?:the |dem )?${datePattern}`),
      read: ([, date], c) => withDate(date!, c, (from) => ({ kind: 'since', from })),
    },
    {
      pattern: phrase(`${SINCE} ${clockPattern}(?: today| heute)?`),
      read: ([, h, m, s], c) => sinceClock([h!, m, s], c),
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
    { pattern: phrase('\\d{1,2}/\\d{1,2}(?:/\\d{2,4})?'), read: () => 'ambiguous' },
    {
      pattern: phrase(`${ON}(?:calendar week|week|cw|kw|kalenderwoche|woche) ?(\\d{1,2})(?: (?:of )?(\\d{4}))?`),
      read: ([, week, year], c) => isoWeek(Number(week), year, c),
    },
    {
      pattern: phrase(
        `${ON}(?:q([1-4])|(first|second|third|fourth|erste[nsm]?|zweite[nsm]?|dritte[nsm]?|vierte[nsm]?) (?:quarter|quartal)|([1-4])\\.? quartal)(?: (?:of )?(\\d{4}))?`,
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

function sinceLast(word: string, context: TimeContext): TimeReading | undefined {
  const name = readUnit(word);
  if (name !== 'week' && name !== 'month' && name !== 'quarter' && name !== 'year') return undefined;
  return {
    kind: 'since',
    from: iso(
      today(context)
        .startOf(name)
        .minus({ [name]: 1 }),
    ),
  };
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
  return dateStretch(day, day, context);
}

function weekdayRange(from: string, to: string, context: TimeContext): TimeReading {
  const last = recentWeekday(to, context, 0);
  const days = (weekdayNumber(to) - weekdayNumber(from) + 7) % 7;
  return { kind: 'dates', from: iso(DateTime.fromISO(last).minus({ days })), to: last };
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

function daysAgo(days: number, context: TimeContext): string {
  return iso(today(context).minus({ days }));
}
