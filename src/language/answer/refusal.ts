import type { Static } from 'typebox';
import type { RefusalType as RefusalTypeSchema } from '../../contracts/index.ts';
import type { Language } from '../metric.ts';

/** Why a question is not answered. */
export type RefusalType = Static<typeof RefusalTypeSchema>;

/** What no other reading changes: what such a question asks for is not given here, whoever reads it. */
export const refusedForGood: ReadonlySet<RefusalType> = new Set([
  'write_request',
  'not_permitted',
  'forecast_not_supported',
]);

/** A refusal in the asker's language; an answer like any other. */
export interface Refusal {
  type: RefusalType;
  detail: string;
  /** At most eight things to ask for instead. */
  choices?: string[];
}

/** Texts of refusals; `%1` and `%2` are filled in. */
const texts = {
  outOfScope: {
    en: 'This is not a question about the key figures of this plant.',
    de: 'Das ist keine Frage zu den Kennzahlen dieses Werks.',
  },
  unknownWords: { en: 'I do not understand “%1” here.', de: 'Ich verstehe hier „%1“ nicht.' },
  unsupported: {
    en: '%1 cannot be told by %2 from the data of this plant.',
    de: '%1 lässt sich aus den Daten dieses Werks nicht nach %2 angeben.',
  },
  leftOut: { en: '%1 leaves out %2 by definition.', de: '%1 lässt %2 nach Definition außer Betracht.' },
  unsupportedForm: { en: '%1 cannot be shown in this form.', de: '%1 lässt sich so nicht darstellen.' },
  tooFine: {
    en: 'The period is too long to be cut so finely.',
    de: 'Der Zeitraum ist zu lang für eine so feine Aufteilung.',
  },
  unknownEntity: { en: '“%1” is not known in this plant.', de: '„%1“ gibt es in diesem Werk nicht.' },
  unknownOfKind: {
    en: '“%1” is not in this plant; %2.',
    de: '„%1“ gibt es in diesem Werk nicht; %2.',
  },
  whichMetric: { en: 'Which key figure is meant?', de: 'Welche Kennzahl ist gemeint?' },
  whichReading: {
    en: 'This can be read in more than one way. Which question is meant?',
    de: 'Das lässt sich verschieden lesen. Welche Frage ist gemeint?',
  },
  whichOne: { en: 'Which %1 is meant?', de: 'Welche(r) %1 ist gemeint?' },
  whichPeriod: {
    en: 'The period can be read in more than one way; please give a date, a shift or times of day.',
    de: 'Der Zeitraum lässt sich verschieden lesen; bitte Datum, Schicht oder Uhrzeiten nennen.',
  },
  whatWith: { en: 'What is to be compared with what?', de: 'Was soll womit verglichen werden?' },
  people: {
    en: 'Figures about individual people are not given: people are assigned by qualification and shift, and never counted or ranked by what they achieve. Ask by line, machine or shift.',
    de: 'Zahlen über einzelne Personen werden nicht ausgegeben: Personal wird nach Qualifikation und Schicht eingeteilt und nie nach Leistung gezählt oder gereiht. Fragen Sie nach Linie, Maschine oder Schicht.',
  },
  write: {
    en: 'Questions only read; nothing in the plant is changed here.',
    de: 'Fragen lesen nur; hier wird im Werk nichts geändert.',
  },
  forecast: {
    en: 'Only what has happened can be answered, not the future.',
    de: 'Beantwortet wird nur, was geschehen ist, nicht die Zukunft.',
  },
  noPeriod: {
    en: 'There is no such worked time: %1.',
    de: 'Eine solche gearbeitete Zeit gibt es nicht: %1.',
  },
  noData: { en: 'There is no data for %1.', de: 'Für %1 liegen keine Daten vor.' },
  emptyStore: {
    en: 'The database holds no plant yet.',
    de: 'Die Datenbank enthält noch kein Werk.',
  },
  undefinedRatio: {
    en: '%1 has no value for %2: there was nothing to divide by.',
    de: '%1 hat für %2 keinen Wert: Es gab nichts, wodurch zu teilen wäre.',
  },
  implausible: {
    en: 'The data give %1, which cannot be right; please check them.',
    de: 'Die Daten ergeben %1, das kann nicht stimmen; bitte prüfen.',
  },
  stale: {
    en: 'The newest data are of %1; that is too old for %2.',
    de: 'Die neuesten Daten sind von %1; das ist zu alt für %2.',
  },
} as const satisfies Record<string, Record<Language, string>>;

/** Name of a refusal's text. */
export type RefusalText = keyof typeof texts;

/** Builds a refusal; what is quoted from the question is cut to 80 characters. */
export function refuse(
  type: RefusalType,
  text: RefusalText,
  language: Language,
  fill: readonly string[] = [],
  choices: readonly string[] = [],
): Refusal {
  const cut = (value: string | undefined) => (value && value.length > 80 ? `${value.slice(0, 79)}…` : (value ?? ''));
  const detail = texts[text][language].replace(/%([12])/g, (_, digit: string) => cut(fill[Number(digit) - 1]));
  return choices.length === 0 ? { type, detail } : { type, detail, choices: choices.slice(0, 8) };
}
