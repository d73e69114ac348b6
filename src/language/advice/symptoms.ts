import { languageOf } from '../read/intent.ts';
import { foldedWords } from '../retrieval/terms.ts';
import type { SourceDocument, Span } from '../retrieval/source.ts';
import type { Case } from './cases.ts';
import type { Knowledge } from './knowledge.ts';
import type { Finding } from './measured.ts';
import type { AdviceRequest } from './request.ts';

/** A sign of trouble: a stretch of a supplied text. */
export interface Symptom {
  document: SourceDocument;
  span: Span;
  /** A measured one speaks through the table's signals, not through its words. */
  kind: 'question' | 'event' | 'record' | 'measured';
}

/** How long an open record counts as a symptom. */
const openMs = 21 * 86_400_000;
const mostRecords = 4;
/** Longest quote, in characters. */
const longestQuote = 400;

/** Words that say nothing about a fault. */
const empty = new Set(
  (
    'a an the of on at in to for from with and or is are was were be been it its this that there has have had what why how which ' +
    'der die das den dem des ein eine einen einem und oder ist sind war an am im in zu zum zur von vom mit bei auf fuer es dies was warum wie welche hat haben ' +
    'machine maschine line linie breakdown down event reason help please bitte wrong do'
  ).split(' '),
);

/** What speaks of a fault before an instant: the question, the event, open records, unusual measurements. */
export function symptomsOf(knowledge: Knowledge, request: AdviceRequest): Symptom[] {
  const { asset, question, event, measured } = request;
  const given = (kind: 'question' | 'event', docId: string, text: string): Symptom[] => {
    const document: SourceDocument = { docId, kind: 'measurement', title: asset, text, equipmentId: asset };
    return text.trim() === '' ? [] : [{ document, span: beginning(text), kind }];
  };
  const said = (event?.evidence ?? []).filter(({ value }) => typeof value === 'string' && value !== '');
  return [
    ...given('question', `question/${request.adviceId}`, question ?? ''),
    ...given(
      'event',
      `event/${event?.eventId ?? ''}`,
      said.map(({ name, value }) => `${name}: ${String(value)}`).join('; '),
    ),
    ...openRecords(knowledge, request).map((record): Symptom => {
      const document = knowledge.index.document(record.docId)!;
      return { document, span: beginning(document.text), kind: 'record' };
    }),
    ...(measured?.findings ?? [])
      .filter((finding) => isSign(knowledge, request, finding))
      .map(({ span }): Symptom => ({ document: measured!.document, span, kind: 'measured' })),
  ];
}

const germanSigns = new Set(
  'brummt klappert quietscht pfeift raucht riecht tropft leckt steht laeuft dreht schliesst oeffnet ruckelt kein keine nicht geht laut heiss undicht defekt spindel lager druck schwingung tuer kuehlmittel werkzeug pumpe dichtung schlauch antrieb stoerung'.split(
    ' ',
  ),
);
const englishSigns = new Set(
  'hums humming rattles squeals smokes smells drips leaks leaking stopped stops runs turns no not does loud hot broken spindle bearing pressure vibration door coolant tool pump seal hose drive fault noise'.split(
    ' ',
  ),
);

/** The language that a question is in: the one given, where it is one of ours. */
export function languageOfText(text: string, given?: string): 'en' | 'de' {
  const words = foldedWords(text);
  const count = (signs: ReadonlySet<string>) => words.filter((word) => signs.has(word)).length;
  const [german, english] = [count(germanSigns), count(englishSigns)];
  if (given !== undefined || german === english) return languageOf(text, words.join(' '), given);
  return german > english ? 'de' : 'en';
}

/** A text's beginning, to the end of a word: what is quoted of it. */
export function beginning(text: string): Span {
  const cut = text.length <= longestQuote ? text : text.slice(0, longestQuote).replace(/\s\S*$/, '');
  return { start: 0, end: cut.length, text: cut };
}

/** The words to look for: those of the symptoms that say something. */
export function queryOf(symptoms: readonly Symptom[], asset: string): string {
  const own = new Set(foldedWords(asset));
  return symptoms
    .filter(({ kind }) => kind !== 'measured')
    .flatMap(({ span }) => foldedWords(span.text))
    .filter((word) => !own.has(word) && !empty.has(word) && !/\d/.test(word))
    .join(' ');
}

/** Past an alarm limit, or unusual in a way that a failure mode of the machine is known by: less power may just be less work. */
function isSign(
  knowledge: Knowledge,
  { asset, language }: AdviceRequest,
  { signal, state, isAlarm }: Finding,
): boolean {
  if (isAlarm) return true;
  if (state === 'normal') return false;
  const modes = knowledge.modesOf(asset, language);
  return (
    modes.length === 0 ||
    modes.some(({ signals }) => signals.some((sign) => sign.signal === signal && sign.direction === state))
  );
}

/** Records on the machine that say what was seen and not what was done, since something of their mode was last closed. */
function openRecords(knowledge: Knowledge, { asset, at }: AdviceRequest): Case[] {
  const own = [...knowledge.cases.values()].filter(
    (known) => known.equipmentId === asset && known.at < at && known.at >= at - openMs && !known.isSuspicious,
  );
  const isSettled = (record: Case) =>
    own.some(
      (other) => other.isClosed && other.at > record.at && (other.code === record.code || record.code === undefined),
    );
  return own.filter((record) => !record.isClosed && !isSettled(record)).slice(-mostRecords);
}
