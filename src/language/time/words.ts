/** Units of time that people name. */
export type TimeUnit = 'minute' | 'hour' | 'shift' | 'day' | 'week' | 'month' | 'quarter' | 'year';

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
  'monday mon montag',
  'tuesday tue tues dienstag',
  'wednesday wed mittwoch',
  'thursday thu thurs donnerstag',
  'friday fri freitag',
  'saturday sat samstag sonnabend',
  'sunday sun sonntag',
].map((line) => line.split(' '));

const monthWords = [
  'january jan januar',
  'february feb februar',
  'march mar maerz',
  'april apr',
  'may mai',
  'june jun juni',
  'july jul juli',
  'august aug',
  'september sep sept',
  'october oct oktober okt',
  'november nov',
  'december dec dezember dez',
].map((line) => line.split(' '));

const unitWords: Record<TimeUnit, string> = {
  minute: 'min mins minute minutes minuten',
  hour: 'h hr hrs hour hours stunde stunden std',
  shift: 'shift shifts schicht schichten',
  day: 'day days tag tage tagen tages',
  week: 'week weeks woche wochen',
  month: 'month months monat monate monaten monats',
  quarter: 'quarter quarters quartal quartale quartalen quartals',
  year: 'year years jahr jahre jahren jahres',
};

const unitOfWord = new Map(
  Object.entries(unitWords).flatMap(([unit, list]) => list.split(' ').map((word) => [word, unit as TimeUnit])),
);

/** Spellings as one alternation for a pattern, longest first. */
export function alternation(words: readonly string[]): string {
  return [...words].sort((a, b) => b.length - a.length).join('|');
}

/** Pattern sources: each is one group. */
export const patterns = {
  number: `(\\d{1,4}|${alternation(numberWords.flat())})`,
  weekday: `(${alternation(weekdayWords.flat())})`,
  month: `(${alternation(monthWords.flat())})`,
  unit: `(${alternation([...unitOfWord.keys()])})`,
};

/** A number in digits or as a word, up to twelve. */
export function readNumber(word: string): number | undefined {
  if (/^\d{1,4}$/.test(word)) return Number(word);
  const index = numberWords.findIndex((list) => list.includes(word));
  return index < 0 ? undefined : index;
}

const shortWeekdays = 'mo di mi do fr sa so'.split(' ');

/** 1 Monday … 7 Sunday; 0 for any other word. */
export function weekdayNumber(word: string): number {
  const index = weekdayWords.findIndex((list) => list.includes(word));
  return (index < 0 ? shortWeekdays.indexOf(word) : index) + 1;
}

/** 1 January … 12 December; 0 for any other word. */
export function monthNumber(word: string): number {
  return monthWords.findIndex((list) => list.includes(word)) + 1;
}

/** The unit that a word names, in either language. */
export function readUnit(word: string): TimeUnit | undefined {
  return unitOfWord.get(word);
}

/** The calendar unit that a word names: one that has a first day. */
export function readCalendarUnit(word: string): 'week' | 'month' | 'quarter' | 'year' | undefined {
  const name = readUnit(word);
  return name === 'week' || name === 'month' || name === 'quarter' || name === 'year' ? name : undefined;
}

/** Words of time phrases, for the spelling of a question. */
export const timeVocabulary: readonly string[] = [
  ...numberWords.flat(),
  ...weekdayWords.flat(),
  ...weekdayWords.flat().map((word) => `${word}s`),
  ...monthWords.flat(),
  ...unitOfWord.keys(),
  ...'today yesterday tomorrow now last previous past prior this current running since from until till between before'.split(
    ' ',
  ),
  ...'heute gestern vorgestern morgen jetzt letzte letzten letzter letztes letztem vergangene vergangenen vorige'.split(
    ' ',
  ),
  ...'vorigen diese dieser diesen dieses diesem aktuelle aktuellen laufende laufenden seit zwischen bis weekend'.split(
    ' ',
  ),
  ...['heutige', 'gestrige', 'vorgestrige', 'vorige', 'vergangene', 'aktuelle', 'laufende', 'vorletzte'].flatMap(
    (word) => ['', 'n', 'r', 's', 'm'].map((ending) => `${word}${ending}`),
  ),
  ...'wochenende vorwoche vormonat vorjahr quarter ago first second third fourth morning afternoon evening'.split(' '),
];
