import type { Language } from '../metric.ts';
import type { Recognised } from './recognise.ts';
import type { Lexicon } from './lexicon.ts';
import { fillerWords, forecastWords, peopleWords, writeInfinitives, writeVerbs } from './vocabulary.ts';

const words = (text: string) => new Set(text.split(' '));
const germanWords = words(
  'der die das dem den des ein eine einer einem einen im am vom zum zur und oder ist war waren wie was wieviel viele viel welche welcher welches hoch auf bei seit letzte letzten letzter letztes gestern heute schicht linie maschine produkt auftrag zeig zeige mir gab hatte hatten wurde wurden fuer nach pro je mit von wir uns bitte wann wird werden fertig noch wo wer warum woche monat tag stunden stunde',
);
const englishWords = words(
  'the a an of is was were what which how many much on at by for since last this yesterday today shift line machine product order show me did do does we our had have has has been were per each with from please week month day hours hour and or per during right now',
);

/** The language of a question: the one given, where it is one of ours, else the one whose words are more. */
export function languageOf(text: string, plain: string, given: string | undefined): Language {
  const prefix = given?.slice(0, 2).toLowerCase();
  if (prefix === 'de' || prefix === 'en') return prefix;
  if (/[äöüß]/i.test(text)) return 'de';
  const tokens = plain.split(' ');
  const count = (list: ReadonlySet<string>) => tokens.filter((token) => list.has(token)).length;
  const [german, english] = [count(germanWords), count(englishWords)];
  const hasGermanForm = tokens.some((token) =>
    /(quote|zeit|grad|schicht|teile|menge|anzahl|keit|ung)(en|n|s)?$/.test(token),
  );
  return german > english || (german === english && hasGermanForm) ? 'de' : 'en';
}

/** A kind of request that is never answered, whatever else stands in it. */
export type Intent = 'write' | 'people' | 'forecast';

/** Finds a request to change something, a question about people, and one after the future. */
export function intentOf(found: Recognised, language: Language, lexicon: Lexicon, sqlText: string): Intent | undefined {
  const free = found.tokens.map((token, index) => (found.used.has(index) ? '' : token));
  if (writesInSql(sqlText) || asksToWrite(found.tokens, free)) return 'write';
  if (free.some((token) => peopleWords.has(token)) || namesPerson(found.tokens, lexicon)) return 'people';
  return asksForecast(found.tokens, free, language) ? 'forecast' : undefined;
}

function writesInSql(text: string): boolean {
  return /\b(drop|truncate|alter|create)\s+(table|view|database|index)\b|\bdelete\s+from\b|\binsert\s+into\b|\bupdate\s+\S+\s+set\b/i.test(
    text,
  );
}

function asksToWrite(tokens: readonly string[], free: readonly string[]): boolean {
  const isOpening = (token: string) => fillerWords.has(token) && !writeVerbs.has(token);
  const first = tokens.findIndex((token) => !isOpening(token));
  const isImperative = first >= 0 && writeVerbs.has(free[first] ?? '');
  return isImperative || free.some((token) => writeInfinitives.has(token));
}

function namesPerson(tokens: readonly string[], lexicon: Lexicon): boolean {
  return tokens.some((_, from) =>
    [1, 2, 3, 4].some((length) => lexicon.personPhrases.has(tokens.slice(from, from + length).join(' '))),
  );
}

function asksForecast(tokens: readonly string[], free: readonly string[], language: Language): boolean {
  if (free.some((token) => forecastWords.has(token))) return true;
  if (language === 'en')
    return free.some((token, i) => token === 'will' || (token === 'going' && free[i + 1] === 'to'));
  const willBe = free.some((token) => token === 'wird' || token === 'werden');
  return willBe && tokens.some((token) => /^(sein|haben|erreichen|schaffen|produzieren|betragen|fertig)$/.test(token));
}
