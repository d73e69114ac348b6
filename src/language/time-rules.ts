import { DateTime } from 'luxon';
import type { PeriodSpec } from './period.ts';
import { clockDayPattern, clockPattern, clockRange, sinceClock } from './time-clock.ts';
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
import { alternation, monthNumber, patterns, readNumber, readUnit, weekdayNumber } from './time-words.ts';

/** Groups of a match, whole first. */
type Groups = readonly (string | undefined)[];

/** One kind of time phrase; `undefined` means that the words are no time after all. */
export interface TimeRule {
  pattern: RegExp;
  read(groups: Groups, context: TimeContext): TimeReading | undefined;
}

const { number: N, weekday: WEEKDAY, month: MONTH, unit: UNIT } = patterns;
const LAST = '(?:last|previous|past|prior|letzte[nrsm]?|vergangene[nrsm]?|vorige[nrsm]?|vorherige[nrsm]?)';
const THIS =
  '(?:this|current|running|present|diese[nrsm]?|aktuelle[nrsm]?|laufende[nrsm]?|jetzige[nrsm]?|heutige[nrsm]?)';
const NEXT = '(?:next|coming|upcoming|following|naechste[nrsm]?|kommende[nrsm]?)';
const SINCE = '(?:since|from|as of|starting|seit|ab)';
const BETWEEN = '(?:between|from|zwischen|von|vom)';
const AND = '(?:and|to|until|till|through|und|bis zum|bis)';
const ON = '(?:(?:on|for|at|in|during|of|over|am|an|vom|von|fuer|im|in|waehrend)(?: the| der| dem| den| des| die)? )?';
const BEGIN = '(?:start|beginning|begin|beginn|anfang)';
const WHOLE = '(?:completed |full |complete |abgeschlossenen? |ganzen? |volle[nrsm]? )?';
const DAY_OF_CLOCK = clockDayPattern(WEEKDAY, datePattern);

function phrase(source: string): RegExp {
  return new RegExp(`(?<![a-z0-9-])${source}(?![a-z0-9-])`, 'g');
}

/** The rules for a plant's shifts. Longer and more special phrases come first: each takes its words from the rest. */
export function timeRules(shiftWords: TimeContext['shiftWords']): TimeRule[] {
  const named = `(${alternation(shiftWords.flatMap((shift) => shift.words)) || '(?!)'})`;
  return [
    ...futureRules(named),
    ...clockRules(),
    ...shiftRules(named),
    ...rangeRules(),
    ...sinceRules(),
    ...dateRules(),
    ...unitRules(),
  ];
}

function futureRules(named: string): TimeRule[] {
  return [
    {
      pattern: phrase(
        `(?:day after tomorrow|tomorrow|uebermorgen|tonight|heute abend|${NEXT} (?:\\w+ )?(?:${UNIT}|${WEEKDAY}|${named})|in (?:the future|zukunft|future)|(?:by|until|till) the end of (?:the|this) \\w+|bis ende (?:der |des |dieser |dieses )?\\w+|in (?:\\d+|a|an|einer|einem) (?:hour|hours|day|days|week|weeks|stunde|stunden|tag|tagen|woche|wochen))`,
      ),
      read: () => 'future',
    },
  ];
}

function clockRules(): TimeRule[] {
  const range = `${BETWEEN} ${clockPattern} ${AND} ${clockPattern}`;
  return [
    {
      pattern: phrase(`${ON}${DAY_OF_CLOCK} ${range}`),
      read: ([, day, part, h1, m1, s1, h2, m2, s2], c) => clockRange([h1!, m1, s1], [h2!, m2, s2], day, part, c),
    },
    {
      pattern: phrase(`${range}(?: ${ON}${DAY_OF_CLOCK})?`),
      read: ([, h1, m1, s1, h2, m2, s2, day, part], c) => clockRange([h1!, m1, s1], [h2!, m2, s2], day, part, c),
    },
    {
      pattern: phrase(
        '(?:(?:this|yesterday|gestern|heute) (?:morning|afternoon|evening|morgen|frueh|vormittag|nachmittag|abend)|heute nacht)',
      ),
      read: () => 'ambiguous',
    },
    { pattern: phrase('(?:ab )?morgen'), read: () => 'future' },
  ];
}

function shiftRules(named: string): TimeRule[] {
  return [
    {
      pattern: phrase(`${ON}(?:the |den |die )?${LAST} ${N} ${named}s?`),
      read: ([, n, word], c) => lastNamed(n!, word!, c),
    },
    { pattern: phrase(`${ON}(?:the )?${LAST} ${WHOLE}${named}`), read: ([, word], c) => namedShift(word!, 1, c) },
    {
      pattern: phrase(`${ON}(?:the )?(?:${LAST} ${WHOLE}(?:night|nacht)|gestern nacht)`),
      read: (_groups, c) => namedShift('night shift', 1, c) ?? 'ambiguous',
    },
    { pattern: phrase(`${ON}${THIS} ${named}`), read: ([, word], c) => namedShift(word!, 0, c) },
    {
      pattern: phrase(`${ON}(?:the )?(?:shift before (?:the )?(?:last|previous)(?: one| shift)?|vorletzten? schicht)`),
      read: () => unit('shift', 2),
    },
  ];
}

function sinceRules(): TimeRule[] {
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

function rangeRules(): TimeRule[] {
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

function dateRules(): TimeRule[] {
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

function unitRules(): TimeRule[] {
  return [
    {
      pattern: phrase(
        `(?:over |in |during |within |for |of |waehrend |innerhalb |ueber |fuer )?(?:the |den |der |die |des )?(?:${LAST} ${N} ?${UNIT}|(?<=(?:the|den|der|die|over|in) )${N} ${LAST} ${UNIT})`,
      ),
      read: ([, n1, u1, n2, u2]) => lastN(n1 ?? n2!, u1 ?? u2!),
    },
    {
      pattern: phrase(`${ON}(?:the )?(?:${UNIT} before (?:the )?(?:last|previous)|vorletzte[nrsm]? ${UNIT})`),
      read: ([, a, b]) => unit(readUnit(a ?? b!), 2),
    },
    { pattern: phrase(`${ON}(?:the )?${LAST} ${WHOLE}${UNIT}`), read: ([, word]) => unit(readUnit(word!), 1) },
    { pattern: phrase(`${ON}(?:the )?${THIS} ${UNIT}`), read: ([, word]) => unit(readUnit(word!), 0) },
    {
      pattern: phrase(`(?:the )?(week|month|quarter|year)[ -]to[ -]date`),
      read: ([, word]) => unit(readUnit(word!), 0),
    },
    {
      pattern: phrase('([wmqy])td'),
      read: ([, letter]) => unit(({ w: 'week', m: 'month', q: 'quarter', y: 'year' } as const)[letter as 'w'], 0),
    },
    {
      pattern: phrase('(?:so far |bisher )?(?:today|heute|heutige[nrsm]?)(?: so far| bisher)?'),
      read: () => unit('day', 0),
    },
    {
      pattern: phrase(`${ON}(?:yesterday|gestern|vortage?s?|gestrige[nrsm]?(?: tag(?:es)?)?)`),
      read: () => unit('day', 1),
    },
    { pattern: phrase(`${ON}vor(woche|monats?|jahr(?:es)?|quartals?)`), read: ([, word]) => unit(readUnit(word!), 1) },
    {
      pattern: phrase(
        '(?:right now|at the moment|at present|currently|gerade|momentan|derzeit|aktuell|im moment|zur zeit|now|jetzt)',
      ),
      read: () => ({ kind: 'now' }),
    },
  ];
}

function isLast(word: string | undefined): boolean {
  return word !== undefined && new RegExp(`^${LAST} $`).test(word);
}

function daysAgo(days: number, context: TimeContext): string {
  return iso(today(context).minus({ days }));
}

/** The running or a completed unit; minutes and hours are only elapsed ones. */
function unit(name: ReturnType<typeof readUnit>, back: number): TimeReading | undefined {
  if (name === undefined) return undefined;
  if (name === 'minute' || name === 'hour') return back === 1 ? { kind: 'last', unit: name, n: 1 } : undefined;
  return { kind: 'unit', unit: name, back };
}

function lastN(count: string, word: string): TimeReading | undefined {
  const n = readNumber(count);
  const name = readUnit(word);
  if (!n || !name) return undefined;
  if (name === 'quarter') return { kind: 'last', unit: 'month', n: 3 * n };
  if (name === 'year') return { kind: 'last', unit: 'month', n: 12 * n };
  return { kind: 'last', unit: name, n };
}

function ago(count: string, word: string): TimeReading | undefined {
  const n = readNumber(count);
  const name = readUnit(word);
  if (!n || !name) return undefined;
  return name === 'day' || name === 'week' || name === 'month' ? { kind: 'unit', unit: name, back: n } : 'ambiguous';
}

function shiftIdOf(word: string, context: TimeContext): string | undefined {
  return context.shiftWords.find((shift) => shift.words.includes(word))?.shiftId;
}

function namedShift(word: string, back: number, context: TimeContext): PeriodSpec | undefined {
  const shiftId = shiftIdOf(word, context);
  return shiftId === undefined ? undefined : { kind: 'namedShift', shiftId, back };
}

function lastNamed(count: string, word: string, context: TimeContext): TimeReading | undefined {
  const n = readNumber(count);
  const shiftId = shiftIdOf(word, context);
  return !n || shiftId === undefined ? undefined : { kind: 'last', unit: 'shift', n, shiftId };
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
