import { DateTime } from 'luxon';
import type { WorkCalendar } from '../plant/index.ts';
import { productionDate, type PeriodSpec } from './period.ts';

/** What a time phrase says: a period, or why it says none that can be answered. */
export type TimeReading = PeriodSpec | 'future' | 'ambiguous';

/** A question with its time phrases taken out: `⟨t0⟩` stands for the first, and so on. */
export interface TimedText {
  text: string;
  times: TimeReading[];
}

/** What the grammar needs to know of the plant. */
export interface TimeContext {
  calendar: WorkCalendar;
  /** Milliseconds since 1970 UTC. */
  now: number;
  /** Shift ids and the normalised words that name each. */
  shiftWords: readonly { shiftId: string; words: readonly string[] }[];
}

interface Rule {
  pattern: RegExp;
  read(match: RegExpExecArray, context: TimeContext): TimeReading | undefined;
}

const numberWords = [
  'zero null',
  'one a an ein eine einer einem einen',
  'two couple zwei beiden',
  'three drei',
  'four vier',
  'five fuenf',
  'six sechs',
  'seven sieben',
  'eight acht',
  'nine neun',
  'ten zehn',
  'eleven elf',
  'twelve zwoelf',
].map((line) => line.split(' '));
const weekdayWords = [
  ['monday', 'mon', 'montag'],
  ['tuesday', 'tue', 'tues', 'dienstag'],
  ['wednesday', 'wed', 'mittwoch'],
  ['thursday', 'thu', 'thurs', 'donnerstag'],
  ['friday', 'fri', 'freitag'],
  ['saturday', 'sat', 'samstag', 'sonnabend'],
  ['sunday', 'sun', 'sonntag'],
];
const monthWords = [
  ['january', 'jan', 'januar'],
  ['february', 'feb', 'februar'],
  ['march', 'mar', 'maerz'],
  ['april', 'apr'],
  ['may', 'mai'],
  ['june', 'jun', 'juni'],
  ['july', 'jul', 'juli'],
  ['august', 'aug'],
  ['september', 'sep', 'sept'],
  ['october', 'oct', 'oktober', 'okt'],
  ['november', 'nov'],
  ['december', 'dec', 'dezember', 'dez'],
];
const units: Record<string, 'hour' | 'shift' | 'day' | 'week' | 'month' | 'quarter' | 'year'> = {
  h: 'hour',
  hr: 'hour',
  hrs: 'hour',
  hour: 'hour',
  hours: 'hour',
  stunde: 'hour',
  stunden: 'hour',
  std: 'hour',
  shift: 'shift',
  shifts: 'shift',
  schicht: 'shift',
  schichten: 'shift',
  day: 'day',
  days: 'day',
  tag: 'day',
  tage: 'day',
  tagen: 'day',
  tages: 'day',
  week: 'week',
  weeks: 'week',
  woche: 'week',
  wochen: 'week',
  month: 'month',
  months: 'month',
  monat: 'month',
  monate: 'month',
  monaten: 'month',
  monats: 'month',
  quarter: 'quarter',
  quartal: 'quarter',
  quartals: 'quarter',
  year: 'year',
  jahr: 'year',
  jahres: 'year',
  jahre: 'year',
};

const anyOf = (list: readonly string[][]) => [...list.flat()].sort((a, b) => b.length - a.length).join('|');
const N = `(\\d{1,4}|${anyOf(numberWords)})`;
const WEEKDAY = `(${anyOf(weekdayWords)})s?`;
const MONTH = `(${anyOf(monthWords)})`;
const UNIT = `(${Object.keys(units)
  .sort((a, b) => b.length - a.length)
  .join('|')})`;
const LAST = '(?:last|previous|past|prior|letzte[nrsm]?|vergangene[nrsm]?|vorige[nrsm]?|vorherige[nrsm]?)';
const THIS = '(?:this|current|running|present|diese[nrsm]?|aktuelle[nrsm]?|laufende[nrsm]?|jetzige[nrsm]?)';
const NEXT = '(?:next|coming|upcoming|following|naechste[nrsm]?|kommende[nrsm]?)';
const SINCE = '(?:since|from|as of|seit|ab)';
const ON = '(?:(?:on|for|at|in|during|of|am|an|vom|fuer|im|in|waehrend)(?: the| der| dem| den| des)? )?';
const CLOCK = '(\\d{1,2})(?::(\\d\\d))?(?: ?(am|pm|uhr|oclock|h))?';
const DATE = `(\\d{4}-\\d\\d-\\d\\d|\\d{1,2}\\.\\d{1,2}\\.(?:\\d{4}|\\d\\d)?(?!\\d)|\\d{1,2}\\.\\d{1,2}(?!\\d)|\\d{1,2}(?:st|nd|rd|th|\\.)? (?:of )?${MONTH}(?: \\d{4})?|${MONTH} \\d{1,2}(?:st|nd|rd|th)?(?!\\d)(?: \\d{4})?)`;

function phrase(source: string): RegExp {
  return new RegExp(`(?<![a-z0-9-])${source}(?![a-z0-9-])`, 'g');
}

/** Longer and more special phrases first: each takes its words away from those below. */
function rules(shiftPattern: string): Rule[] {
  const named = `(${shiftPattern})`;
  return [
    {
      pattern: phrase(
        `(?:tomorrow|uebermorgen|day after tomorrow|tonight|heute abend|${NEXT} (?:\\w+ )?(?:${UNIT}|${WEEKDAY}|${named})|in (?:the future|zukunft|future)|by the end of (?:the|this) \\w+|bis ende (?:der|des|dieser|dieses)? ?\\w+)`,
      ),
      read: () => 'future',
    },
    {
      pattern: phrase(
        `(?:this morning|heute morgen|heute frueh|this afternoon|heute nachmittag|this evening|gestern abend|gestern nachmittag|yesterday morning|yesterday afternoon|yesterday evening|gestern morgen|gestern frueh)`,
      ),
      read: () => 'ambiguous',
    },
    { pattern: phrase('(?:ab )?morgen'), read: () => 'future' },
    {
      pattern: phrase(`${ON}(?:${LAST} (?:completed |abgeschlossenen? |full )?(?:night|nacht)|gestern nacht)`),
      read: (_m, c) => nightShift(c),
    },
    { pattern: phrase(`${ON}${LAST} (?:completed )?${named}`), read: (m, c) => shiftOf(m[1]!, 1, c) },
    { pattern: phrase(`${ON}${THIS} ${named}`), read: (m, c) => shiftOf(m[1]!, 0, c) },
    {
      pattern: phrase(`${ON}(?:the )?shift before (?:the )?last(?: one)?|${ON}vorletzten? schicht`),
      read: () => unit('shift', 2),
    },
    { pattern: phrase(`${ON}(?:day before yesterday|vorgestern|vorletzten tag(?:es)?)`), read: () => unit('day', 2) },
    {
      pattern: phrase(`${ON}(?:the )?(week|month) before last|${ON}vorletzte[nrs]? (woche|monat|monats)`),
      read: (m) => unit(units[m[1] ?? m[2]!]!, 2),
    },
    {
      pattern: phrase(
        `(?:between|from|zwischen|von) ${CLOCK} (?:and|to|until|till|und|bis) ${CLOCK}(?: (?:${ON})?(today|yesterday|heute|gestern|${WEEKDAY}|${DATE}))?`,
      ),
      read: clockRange,
    },
    {
      pattern: phrase(`(?:between|from|zwischen|von|vom) ${DATE} (?:and|to|until|till|und|bis|bis zum) ${DATE}`),
      read: dateRange,
    },
    {
      pattern: phrase(`(?:between|from|zwischen|von|vom) ${WEEKDAY} (?:and|to|until|till|through|und|bis) ${WEEKDAY}`),
      read: weekdayRange,
    },
    {
      pattern: phrase(
        `${SINCE} (?:the )?(?:start|beginning) of (?:the|this) (shift|day|week|month|quarter|year)|seit (?:beginn|anfang|start) (?:der|des|dieser|dieses) (schicht|tages|woche|monats|quartals|jahres)`,
      ),
      read: (m) => unit(units[m[1] ?? m[2]!]!, 0),
    },
    {
      pattern: phrase(`${SINCE} (?:last )?${WEEKDAY}`),
      read: (m, c) => ({ kind: 'since', from: weekday(m[1]!, c, 0) }),
    },
    {
      pattern: phrase(`${SINCE} (yesterday|gestern|vorgestern)`),
      read: (m, c) => ({ kind: 'since', from: daysAgo(m[1] === 'vorgestern' ? 2 : 1, c) }),
    },
    {
      pattern: phrase(`${SINCE} (?:last|letzte[nrm]?) (week|woche|month|monat)`),
      read: (m, c) => ({
        kind: 'since',
        from: iso(
          today(c)
            .startOf(units[m[1]!] as 'week')
            .minus({ [units[m[1]!]!]: 1 }),
        ),
      }),
    },
    {
      pattern: phrase(`${SINCE} (?:the )?(?:dem )?${DATE}`),
      read: (m, c) => withDate(m[1]!, c, (from) => ({ kind: 'since', from })),
    },
    { pattern: phrase(`${SINCE} ${CLOCK}(?: today| heute)?`), read: (m, c) => sinceClock(m, c) },
    {
      pattern: phrase(
        `(?:over |in |during |within |for |waehrend |innerhalb )?(?:the |den |der |die |des )?(?:${LAST} ${N} ?${UNIT}|${N} ${LAST} ${UNIT})`,
      ),
      read: (m) => lastN(m[1] ?? m[3]!, m[2] ?? m[4]!),
    },
    {
      pattern: phrase(
        `${ON}(?:the )?(?:${LAST} (?:completed |full |abgeschlossenen? )?(shift|schicht|day|tag|week|woche|month|monat|monats|quarter|quartal|quartals|year|jahr|jahres))`,
      ),
      read: (m) => unit(units[m[1]!]!, 1),
    },
    {
      pattern: phrase(
        `${ON}(?:the )?${THIS} (shift|schicht|day|tag|week|woche|month|monat|monats|quarter|quartal|quartals|year|jahr|jahres)`,
      ),
      read: (m) => unit(units[m[1]!]!, 0),
    },
    { pattern: phrase(`${LAST} (hour|stunde)`), read: () => ({ kind: 'last', unit: 'hour', n: 1 }) },
    { pattern: phrase(`(?:the )?(week|month|quarter|year)[ -]to[ -]date`), read: (m) => unit(units[m[1]!]!, 0) },
    {
      pattern: phrase('(wtd|mtd|qtd|ytd)'),
      read: (m) => unit(({ w: 'week', m: 'month', q: 'quarter', y: 'year' } as const)[m[1]![0] as 'w'], 0),
    },
    { pattern: phrase('(?:so far |bisher )?(?:today|heute)(?: so far| bisher)?'), read: () => unit('day', 0) },
    { pattern: phrase(`${ON}(?:yesterday|gestern|vortags?|gestrigen tag(?:es)?)`), read: () => unit('day', 1) },
    { pattern: phrase(`${ON}vorwoche`), read: () => unit('week', 1) },
    { pattern: phrase(`${ON}vormonats?`), read: () => unit('month', 1) },
    { pattern: phrase(`${ON}vorjahr(?:es)?`), read: () => unit('year', 1) },
    { pattern: phrase(`${ON}(?:the )?(?:${LAST} |vergangenes )?(?:weekend|wochenende)`), read: (_m, c) => weekend(c) },
    {
      pattern: phrase(`${ON}${DATE}`),
      read: (m, c) => withDate(m[1]!, c, (from) => ({ kind: 'dates', from, to: from })),
    },
    { pattern: phrase('\\d{1,2}/\\d{1,2}(?:/\\d{2,4})?'), read: () => 'ambiguous' },
    {
      pattern: phrase(`${ON}(?:calendar week|week|kw|kalenderwoche|woche) ?(\\d{1,2})(?: (?:of )?(\\d{4}))?`),
      read: isoWeek,
    },
    {
      pattern: phrase(
        `${ON}(?:q([1-4])|(first|second|third|fourth|ersten|zweiten|dritten|vierten) (?:quarter|quartal)|([1-4])\\.? quartal)(?: (?:of )?(\\d{4}))?`,
      ),
      read: quarter,
    },
    { pattern: phrase(`${ON}(?:last |letzten )?${MONTH}(?: (\\d{4}))?`), read: monthName },
    { pattern: phrase(`${ON}(${LAST} )?${WEEKDAY}`), read: (m, c) => oneWeekday(m[2]!, m[1] !== undefined, c) },
    {
      pattern: phrase('(?:right now|at the moment|at present|gerade|momentan|derzeit|im moment|zur zeit|now|jetzt)'),
      read: () => ({ kind: 'now' }),
    },
  ];
}

/**
 * Finds the time phrases of a normalised question, in English and German, and replaces them by placeholders.
 * Weekdays mean the most recent one; a date without a year the most recent such date. What lies in the future or
 * can be read in two ways (7/8/2026, "this morning") is given back as that, never guessed.
 */
export function readTimes(text: string, context: TimeContext): TimedText {
  const shiftPattern =
    context.shiftWords
      .flatMap((shift) => shift.words)
      .sort((a, b) => b.length - a.length)
      .join('|') || '(?!)';
  const times: TimeReading[] = [];
  let rest = text;
  for (const rule of rules(shiftPattern))
    rest = rest.replace(rule.pattern, (...found: unknown[]) => {
      const groups = found.slice(
        0,
        found.findIndex((part) => typeof part === 'number'),
      );
      const reading = rule.read(groups as unknown as RegExpExecArray, context);
      if (reading === undefined) return found[0] as string;
      times.push(reading);
      return ` ⟨t${String(times.length - 1)}⟩ `;
    });
  return { text: rest.replace(/\s+/g, ' ').trim(), times };
}

/** A number in digits or as a word, up to twelve. */
export function readNumber(word: string): number | undefined {
  if (/^\d{1,4}$/.test(word)) return Number(word);
  const index = numberWords.findIndex((list) => list.includes(word));
  return index < 0 ? undefined : index;
}

function today(context: TimeContext): DateTime {
  return productionDate(context.calendar, context.now);
}

function iso(day: DateTime): string {
  return day.toISODate() ?? '';
}

function daysAgo(days: number, context: TimeContext): string {
  return iso(today(context).minus({ days }));
}

function unit(name: string, back: number): TimeReading | undefined {
  if (name === 'hour') return undefined;
  return { kind: 'unit', unit: name as 'shift', back };
}

function lastN(count: string, unitWord: string): TimeReading | undefined {
  const n = readNumber(count);
  const name = units[unitWord]!;
  if (!n) return undefined;
  if (name === 'quarter') return { kind: 'last', unit: 'month', n: 3 * n };
  if (name === 'year') return { kind: 'last', unit: 'month', n: 12 * n };
  return { kind: 'last', unit: name, n };
}

function shiftIdOf(word: string, context: TimeContext): string | undefined {
  return context.shiftWords.find((shift) => shift.words.includes(word))?.shiftId;
}

function shiftOf(word: string, back: number, context: TimeContext): TimeReading | undefined {
  const shiftId = shiftIdOf(word, context);
  return shiftId === undefined ? undefined : { kind: 'namedShift', shiftId, back };
}

function nightShift(context: TimeContext): TimeReading | undefined {
  return shiftOf('night shift', 1, context) ?? 'ambiguous';
}

function weekdayNumber(word: string): number {
  return weekdayWords.findIndex((list) => list.includes(word)) + 1;
}

/** The most recent such day, at least `atLeast` days ago. */
function weekday(word: string, context: TimeContext, atLeast: number): string {
  const now = today(context);
  const back = (now.weekday - weekdayNumber(word) + 7) % 7;
  return iso(now.minus({ days: back < atLeast ? back + 7 : back }));
}

function oneWeekday(word: string, last: boolean, context: TimeContext): TimeReading {
  const date = weekday(word, context, last ? 1 : 0);
  return { kind: 'dates', from: date, to: date };
}

function weekdayRange(match: RegExpExecArray, context: TimeContext): TimeReading {
  const to = weekday(match[2]!, context, 0);
  const days = (weekdayNumber(match[2]!) - weekdayNumber(match[1]!) + 7) % 7;
  return { kind: 'dates', from: iso(DateTime.fromISO(to).minus({ days })), to };
}

function weekend(context: TimeContext): TimeReading {
  const monday = today(context).startOf('week');
  const saturday = today(context).weekday >= 6 ? monday.plus({ days: 5 }) : monday.minus({ days: 2 });
  return { kind: 'dates', from: iso(saturday), to: iso(saturday.plus({ days: 1 })) };
}

/** A date as written; without a year the most recent one that is not in the future. */
function readDate(text: string, context: TimeContext): DateTime | undefined {
  const now = today(context);
  const zone = context.calendar.timeZone;
  const isoForm = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (isoForm) return valid(DateTime.fromISO(text, { zone }));
  const dotted = /^(\d{1,2})\.(\d{1,2})\.?(\d{4}|\d\d)?$/.exec(text);
  const worded = /^(\d{1,2})(?:st|nd|rd|th|\.)? (?:of )?([a-z]+)(?: (\d{4}))?$/.exec(text);
  const american = /^([a-z]+) (\d{1,2})(?:st|nd|rd|th)?(?: (\d{4}))?$/.exec(text);
  const day = Number(dotted?.[1] ?? worded?.[1] ?? american?.[2]);
  const month = dotted ? Number(dotted[2]) : monthNumber(worded?.[2] ?? american?.[1] ?? '');
  const year = dotted?.[3] ?? worded?.[3] ?? american?.[3];
  if (year)
    return valid(DateTime.fromObject({ year: Number(year) + (year.length === 2 ? 2000 : 0), month, day }, { zone }));
  const thisYear = valid(DateTime.fromObject({ year: now.year, month, day }, { zone }));
  return thisYear && thisYear > now ? thisYear.minus({ years: 1 }) : thisYear;
}

function valid(date: DateTime): DateTime | undefined {
  return date.isValid ? date : undefined;
}

function monthNumber(word: string): number {
  return monthWords.findIndex((list) => list.includes(word)) + 1;
}

function withDate(text: string, context: TimeContext, make: (date: string) => PeriodSpec): TimeReading {
  const date = readDate(text, context);
  if (!date) return 'ambiguous';
  return date > today(context) ? 'future' : make(iso(date));
}

function dateRange(match: RegExpExecArray, context: TimeContext): TimeReading {
  const found = [...match[0].matchAll(new RegExp(DATE, 'g'))].map((part) => readDate(part[0], context));
  const [from, to] = found;
  if (!from || !to || to < from) return 'ambiguous';
  return from > today(context) ? 'future' : { kind: 'dates', from: iso(from), to: iso(to) };
}

function clock(hour: string, minute: string | undefined, suffix: string | undefined): string | undefined {
  let h = Number(hour);
  if ((suffix === 'pm' || suffix === 'am') && h > 12) return undefined;
  if (suffix === 'pm' && h < 12) h += 12;
  if (suffix === 'am' && h === 12) h = 0;
  return h > 24 ? undefined : `${String(h).padStart(2, '0')}:${minute ?? '00'}`;
}

function clockRange(match: RegExpExecArray, context: TimeContext): TimeReading | undefined {
  const [, h1, m1, s1, h2, m2, s2, day] = match;
  const hasClockSign = [m1, s1, m2, s2, day].some((part) => part !== undefined);
  const from = clock(h1!, m1, s1 ?? (s2 === 'pm' || s2 === 'am' ? s2 : undefined));
  const to = clock(h2!, m2, s2);
  if (!hasClockSign || !from || !to) return undefined;
  const date = clockDay(day, context);
  return date === undefined ? 'ambiguous' : { kind: 'clock', date, from, to };
}

function clockDay(day: string | undefined, context: TimeContext): string | undefined {
  const local = DateTime.fromMillis(context.now, { zone: context.calendar.timeZone });
  if (day === undefined || day === 'today' || day === 'heute') return iso(local);
  if (day === 'yesterday' || day === 'gestern') return iso(local.minus({ days: 1 }));
  const name = day.replace(/s$/, '');
  if (weekdayNumber(name) > 0) return weekday(name, context, 0);
  const date = readDate(day, context);
  return date && iso(date);
}

function sinceClock(match: RegExpExecArray, context: TimeContext): TimeReading | undefined {
  const time = clock(match[1]!, match[2], match[3]);
  if (!time || (match[2] === undefined && match[3] === undefined)) return undefined;
  const local = DateTime.fromMillis(context.now, { zone: context.calendar.timeZone });
  return { kind: 'since', from: iso(local), time };
}

function isoWeek(match: RegExpExecArray, context: TimeContext): TimeReading {
  const now = today(context);
  const week = Number(match[1]);
  const zone = context.calendar.timeZone;
  let monday = DateTime.fromObject(
    { weekYear: match[2] ? Number(match[2]) : now.weekYear, weekNumber: week, weekday: 1 },
    { zone },
  );
  if (!monday.isValid) return 'ambiguous';
  if (monday > now && !match[2])
    monday = DateTime.fromObject({ weekYear: now.weekYear - 1, weekNumber: week, weekday: 1 }, { zone });
  return monday > now ? 'future' : { kind: 'dates', from: iso(monday), to: iso(monday.plus({ days: 6 })) };
}

function quarter(match: RegExpExecArray, context: TimeContext): TimeReading {
  const ordinals = [
    ['first', 'ersten'],
    ['second', 'zweiten'],
    ['third', 'dritten'],
    ['fourth', 'vierten'],
  ];
  const number = Number(match[1] ?? match[3] ?? ordinals.findIndex((list) => list.includes(match[2] ?? '')) + 1);
  return stretch(number * 3 - 2, 3, match[4], context);
}

function monthName(match: RegExpExecArray, context: TimeContext): TimeReading | undefined {
  if (/^may$|^mar$|^sun$|^sat$/.test(match[0].trim())) return undefined;
  return stretch(monthNumber(match[1]!), 1, match[2], context);
}

function stretch(month: number, months: number, year: string | undefined, context: TimeContext): TimeReading {
  const now = today(context);
  const zone = context.calendar.timeZone;
  let first = DateTime.fromObject({ year: year ? Number(year) : now.year, month, day: 1 }, { zone });
  if (first > now && !year) first = first.minus({ years: 1 });
  if (first > now) return 'future';
  return { kind: 'dates', from: iso(first), to: iso(first.plus({ months }).minus({ days: 1 })) };
}
