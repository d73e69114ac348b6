import type { DateTime } from 'luxon';
import { clockPattern, sinceClock } from './clock.ts';
import {
  dateStretch,
  datePattern,
  dayPattern,
  plain,
  iso,
  isoWeek,
  monthStretch,
  readDate,
  readDay,
  recentWeekday,
  today,
  withDate,
  type TimeContext,
  type TimeReading,
} from './dates.ts';
import { phrase, AND, BEGIN, BETWEEN, LAST, SINCE, THIS, isLast, unit, type TimeRule } from './patterns.ts';
import { monthNumber, patterns, readCalendarUnit, readUnit, weekdayNumber } from './words.ts';

const { weekday: WEEKDAY, month: MONTH, unit: UNIT } = patterns;
const UNTIL = '(?:to|until|till|through|thru|up to|up until|bis zum|bis einschliesslich|bis)';
const TO = `(?: ${UNTIL} | ?- ?|–)`;
const NOW = '(?:now|jetzt|today|heute|date)';
const THE = '(?:the |dem |den |der )?';
const MORNING = '(?:this morning|heute frueh|heute morgen)';
const weekSuffix = `(?: (?:of |in |in der |der )?(?:the )?(${LAST}|${THIS}) (?:week|woche))?`;
const WEEK = '(?:calendar weeks?|weeks?|cw|kws?|kalenderwochen?|wochen?)';

/** Stretches with both ends named. */
export function rangeRules(): TimeRule[] {
  return [
    {
      pattern: phrase(`(?:${BETWEEN} )?${THE}(\\d{1,2})(?:st|nd|rd|th|\\.)?(?: ${AND} | ?- ?)${THE}${datePattern}`),
      read: ([, day, to], c) => {
        const last = readDate(to!, c);
        return dateStretch(last?.set({ day: Number(day) }), last);
      },
    },
    {
      pattern: phrase(
        `(?:${BETWEEN} )?${MONTH} (\\d{1,2})(?:st|nd|rd|th)?(?: ${AND} | ?- ?)(\\d{1,2})(?:st|nd|rd|th)?(?: (\\d{4}))?`,
      ),
      read: ([, month, from, to, year], c) => {
        const last = readDate(`${month!} ${to!}${year === undefined ? '' : ` ${year}`}`, c);
        return dateStretch(last?.set({ day: Number(from) }), last);
      },
    },
    {
      pattern: phrase(`${BETWEEN} ${WEEKDAY} ${AND} ${WEEKDAY}${weekSuffix}`),
      read: ([, from, to, relation], c) => weekdayRange(from!, to!, relation, c),
    },
    {
      pattern: phrase(`(?:from |von )?${WEEKDAY}${TO}${WEEKDAY}${weekSuffix}`),
      read: ([, from, to, relation], c) => weekdayRange(from!, to!, relation, c),
    },
    {
      pattern: phrase(`(?:from |von )?(mo|di|mi|do|fr|sa)(?: ?- ?| bis )(di|mi|do|fr|sa|so)${weekSuffix}`),
      read: ([, from, to, relation], c) => weekdayRange(from!, to!, relation, c),
    },
    {
      pattern: phrase(
        `(?:${SINCE}|between|zwischen|von|vom) ${THE}${dayPattern}(?: ${UNTIL}| and| und| ?- ?) ?${THE}${dayPattern}`,
      ),
      read: ([, from, to], c) => dateStretch(readDay(from!, c), readDay(to!, c)),
    },
    {
      pattern: phrase(`${THE}${datePattern}${TO}${THE}${datePattern}`),
      read: ([, from, to], c) => dateStretch(readDate(from!, c), readDate(to!, c)),
    },
    {
      pattern: phrase(`(?:${SINCE}|between|von|zwischen) ${THE}${dayPattern} (?:${UNTIL} |and |und )?${NOW}`),
      read: ([, from], c) => dateStretch(readDay(from!, c), today(c)),
    },
    {
      pattern: phrase(
        `(?:in |im )?(?:the )?${THIS} (week|month|quarter|year|woche|monat|quartal|jahr) ${UNTIL} ${THE}${dayPattern}`,
      ),
      read: ([, word, to], c) => dateStretch(startOf(word!, c), readDay(to!, c)),
    },
    {
      pattern: phrase(
        `(?:(?:from|between|in|von|zwischen|in den) )?${WEEK} ?(\\d{1,2})(?: (?:and|und) |${TO})(?:${WEEK} ?)?(\\d{1,2})(?: (?:of )?(20\\d\\d))?`,
      ),
      read: ([, from, to, year], c) => stretchOver(isoWeek(Number(from), year, c), isoWeek(Number(to), year, c)),
    },
    {
      pattern: phrase(
        `(?:(?:from|between|von|zwischen) ${MONTH}(?: (?:and|und|to|until|through|bis) ?| ?- ?)|${MONTH}(?: (?:to|until|through|bis) | ?- ?))${MONTH}(?: (20\\d\\d))?`,
      ),
      read: ([, from, also, to, year], c) =>
        stretchOver(monthStretch(monthNumber(from ?? also!), 1, year, c), monthStretch(monthNumber(to!), 1, year, c)),
    },
  ];
}

/** From a time of day on a named day on until now. */
export function sinceClockRules(): TimeRule[] {
  return [
    {
      pattern: phrase(`${SINCE} ${clockPattern} (?:on |am )?(${MORNING}|${plain(dayPattern)})`),
      read: ([, h, m, s, day], c) => sinceOn(day!, [h!, m, s], c),
    },
    {
      pattern: phrase(`${SINCE} ${THE}(${MORNING}|${plain(dayPattern)}) (?:at |um )?${clockPattern}`),
      read: ([, day, h, m, s], c) => (m === undefined && s === undefined ? undefined : sinceOn(day!, [h!, m, s], c)),
    },
  ];
}

/** From something on until now. */
export function sinceRules(): TimeRule[] {
  return [
    {
      pattern: phrase(`${SINCE} ${THE}${BEGIN} (?:of |von |vom )?${MONTH}(?: (20\\d\\d))?`),
      read: ([, month, year], c) => sinceStart(monthStretch(monthNumber(month!), 1, year, c)),
    },
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
      pattern: phrase(`${SINCE} (yesterday|gestern|vorgestern|(?:the )?day before yesterday)`),
      read: ([, word], c) => ({ kind: 'since', from: iso(readDay(word!.replace(/^the /, ''), c)!) }),
    },
    {
      pattern: phrase(`${SINCE} (?:der |dem )?${LAST} (week|woche|month|monat|quarter|quartal|year|jahr)`),
      read: ([, word], c) => sinceLast(word!, c),
    },
    {
      pattern: phrase(`${SINCE} ${THE}${datePattern}`),
      read: ([, date], c) => withDate(date!, c, (from) => ({ kind: 'since', from })),
    },
    {
      pattern: phrase(`(?:since|seit) ${MONTH}(?: (20\\d\\d))?`),
      read: ([, month, year], c) => sinceStart(monthStretch(monthNumber(month!), 1, year, c)),
    },
    {
      pattern: phrase(`(?:since|seit|ab) ${THE}${WEEK} ?(\\d{1,2})`),
      read: ([, week], c) => sinceStart(isoWeek(Number(week), undefined, c)),
    },
    {
      pattern: phrase(`${SINCE} ${clockPattern}(?: today| heute)?`),
      read: ([, h, m, s], c) => sinceClock([h!, m, s], c),
    },
  ];
}

/** From the first day of a stretch on; what is no stretch stays what it is. */
function sinceStart(reading: TimeReading): TimeReading {
  return typeof reading === 'object' && reading.kind === 'dates' ? { kind: 'since', from: reading.from } : reading;
}

/** From the first day of one stretch to the last of another. */
function stretchOver(first: TimeReading, last: TimeReading): TimeReading {
  if (typeof first === 'string') return first;
  if (typeof last === 'string') return last;
  if (first.kind !== 'dates' || last.kind !== 'dates' || last.to < first.from) return 'ambiguous';
  return { kind: 'dates', from: first.from, to: last.to };
}

function startOf(word: string, context: TimeContext): DateTime | undefined {
  const name = readCalendarUnit(word);
  return name && today(context).startOf(name);
}

function sinceOn(
  day: string,
  clock: [string, string | undefined, string | undefined],
  context: TimeContext,
): TimeReading | undefined {
  const isMorning = /morning|frueh|heute morgen/.test(day);
  const reading = sinceClock([clock[0], clock[1], clock[2] ?? (isMorning ? 'am' : 'h')], context);
  if (typeof reading !== 'object' || reading.kind !== 'since') return reading;
  const date = isMorning ? today(context) : readDay(day, context);
  return date ? { ...reading, from: iso(date) } : 'ambiguous';
}

function sinceLast(word: string, context: TimeContext): TimeReading | undefined {
  const name = readCalendarUnit(word);
  return (
    name && {
      kind: 'since',
      from: iso(
        today(context)
          .startOf(name)
          .minus({ [name]: 1 }),
      ),
    }
  );
}

function weekdayRange(from: string, to: string, relation: string | undefined, context: TimeContext): TimeReading {
  const days = (weekdayNumber(to) - weekdayNumber(from) + 7) % 7;
  const monday = today(context)
    .startOf('week')
    .minus({ weeks: isLast(`${relation ?? ''} `) ? 1 : 0 });
  const last =
    relation === undefined
      ? today(context).minus({ days: (today(context).weekday - weekdayNumber(to) + 7) % 7 })
      : monday.plus({ days: weekdayNumber(to) - 1 });
  return dateStretch(last.minus({ days }), last);
}
