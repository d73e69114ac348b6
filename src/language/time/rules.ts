import { dateRules, weekRules, weekStartRules } from './date-rules.ts';
import { rangeRules, sinceClockRules, sinceRules } from './range-rules.ts';
import type { PeriodSpec } from './period.ts';
import { clockDayPattern, clockPattern, clockRange } from './clock.ts';
import { datePattern, type TimeContext, type TimeReading } from './dates.ts';
import { phrase, LAST, THIS, NEXT, BETWEEN, AND, ON, WHOLE, unit, type TimeRule } from './patterns.ts';
import { alternation, readNumber, readUnit, patterns } from './words.ts';

const { number: N, weekday: WEEKDAY, unit: UNIT } = patterns;
const DAY_OF_CLOCK = clockDayPattern(WEEKDAY, datePattern);

/** The rules for a plant's shifts. Longer and more special phrases come first: each takes its words from the rest. */
export function timeRules(shiftWords: TimeContext['shiftWords']): TimeRule[] {
  const named = `(${alternation(shiftWords.flatMap((shift) => shift.words)) || '(?!)'})`;
  return [
    ...futureRules(named),
    ...clockRules(),
    ...shiftRules(named),
    ...weekStartRules(),
    ...rangeRules(),
    ...sinceRules(),
    ...weekRules(),
    ...dateRules(),
    ...unitRules(),
  ];
}

function futureRules(named: string): TimeRule[] {
  return [
    { pattern: phrase(`${ON}(?:the )?(?:day after tomorrow|uebermorgen)`), read: () => unit('day', -2) },
    { pattern: phrase(`${ON}tomorrow`), read: () => unit('day', -1) },
    {
      pattern: phrase(`${ON}(?:the |der |die |den )?${NEXT} (week|month|quarter|woche|monat|quartal)`),
      read: ([, word]) => unit(readUnit(word!), -1),
    },
    {
      pattern: phrase(
        `(?:tonight|heute abend|${NEXT} (?:\\w+ )?(?:${UNIT}|${WEEKDAY}|${named})|in (?:the future|zukunft|future)|(?:by|until|till) the end of (?:the|this) \\w+|bis ende (?:der |des |dieser |dieses )?\\w+|in (?:\\d+|a|an|einer|einem) (?:hour|hours|day|days|week|weeks|stunde|stunden|tag|tagen|woche|wochen))`,
      ),
      read: () => 'future',
    },
  ];
}

function clockRules(): TimeRule[] {
  const range = `${BETWEEN} ${clockPattern} ${AND} ${clockPattern}`;
  const hours = '(?<![\\d.:-])(\\d{1,2})(?::(\\d\\d))? ?(am|pm|uhr|h)?';
  const dashed = `${hours}(?: ?- ?| bis | to )${clockPattern}`;
  const readDashed: TimeRule['read'] = ([, h1, m1, s1, h2, m2, s2, day, part], c) =>
    (m1 ?? s1 ?? m2 ?? s2) === undefined ? undefined : clockRange([h1!, m1, s1], [h2!, m2, s2], day, part, c);
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
      pattern: phrase(`${ON}${DAY_OF_CLOCK} ${dashed}`),
      read: ([whole, day, part, ...clocks], c) => readDashed([whole, ...clocks, day, part], c),
    },
    { pattern: phrase(`${dashed}(?: ${ON}${DAY_OF_CLOCK})?`), read: readDashed },
    ...sinceClockRules(),
    {
      pattern: phrase(
        '(?:(?:this|yesterday|gestern|heute) (?:morning|afternoon|evening|morgen|frueh|vormittag|nachmittag|abend)|heute nacht)',
      ),
      read: () => 'ambiguous',
    },
    { pattern: phrase('ab morgen'), read: () => 'future' },
    { pattern: phrase('morgen'), read: () => unit('day', -1) },
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

function unitRules(): TimeRule[] {
  return [
    {
      pattern: phrase(
        `(?:over |in |during |within |for |of |waehrend |innerhalb |ueber |fuer )?(?:the |den |der |die |des )?(?:(?:${LAST}|rolling|trailing) ${N} ?${UNIT}|(?<=(?:the|den|der|die|over|in) )${N} ${LAST} ${UNIT})`,
      ),
      read: ([, n1, u1, n2, u2]) => lastN(n1 ?? n2!, u1 ?? u2!),
    },
    {
      pattern: phrase(`${ON}(?:the )?(?:${UNIT} before (?:the )?(?:last|previous)|vorletzte[nrsm]? ${UNIT})`),
      read: ([, a, b]) => unit(readUnit(a ?? b!), 2),
    },
    { pattern: phrase(`${ON}(?:the )?${LAST} ${WHOLE}${UNIT}`), read: ([, word]) => unit(readUnit(word!), 1) },
    {
      pattern: phrase(`(?:in |during |over )?(?:the |der |die )?${LAST} (?:half (?:an )?hour|halben? stunde)`),
      read: () => ({ kind: 'last', unit: 'minute', n: 30 }),
    },
    {
      pattern: phrase(
        `${ON}(?:the )?${THIS} ${UNIT}(?: so far| bisher| until now| till now| up to now| bis jetzt| bis heute| to date)?`,
      ),
      read: ([, word]) => unit(readUnit(word!), 0),
    },
    {
      pattern: phrase(`${ON}(?:the )?(week|month|quarter|year)[ -]to[ -]date`),
      read: ([, word]) => unit(readUnit(word!), 0),
    },
    {
      pattern: phrase(`${ON}([wmqy])td`),
      read: ([, letter]) => unit(({ w: 'week', m: 'month', q: 'quarter', y: 'year' } as const)[letter as 'w'], 0),
    },
    {
      pattern: phrase(
        '(?:so far |bisher )?(?:(?:for|on|of|from|von|fuer|am) )?(?:today|heute|heutige[nrsm]? tag(?:es)?|heutige[nrsm]?)(?: so far| bisher| until now| till now| up to now| bis jetzt)?',
      ),
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

function lastN(count: string, word: string): TimeReading | undefined {
  const n = readNumber(count);
  const name = readUnit(word);
  if (!n || !name) return undefined;
  if (name === 'quarter') return { kind: 'last', unit: 'month', n: 3 * n };
  if (name === 'year') return { kind: 'last', unit: 'month', n: 12 * n };
  return { kind: 'last', unit: name, n };
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
