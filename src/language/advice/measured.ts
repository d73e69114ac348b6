import type { SourceDocument, Span } from '../retrieval/source.ts';

/** One signal of a machine as daily means. */
export interface SignalHistory {
  /** Last part of the tag: `Vibration`. */
  signal: string;
  unit?: string;
  /** Alarm limits of the tag table. */
  low?: number;
  high?: number;
  /** Means of the days before, oldest first, without days that have no value. */
  days: number[];
  /** Mean of the last 24 hours; absent where there was no value. */
  recent?: number;
}

/** What a machine has been through: stops for a breakdown and parts. */
export interface MachineHistory {
  breakdowns: number;
  breakdownMinutes: number;
  parts: number;
  rejects: number;
  /** Days that the four count. */
  days: number;
}

/** What a signal says now. */
export interface Finding {
  signal: string;
  state: 'high' | 'low' | 'normal';
  /** Past the tag's alarm limit. */
  isAlarm: boolean;
  /** The sentence that says so. */
  span: Span;
}

/** The machine's recent features as one text that can be cited. */
export interface Measured {
  document: SourceDocument;
  findings: Finding[];
}

/** Days that a usual level needs. */
const leastDays = 4;
/** How many spreads (of daily means, as standard deviations) from the usual level are unusual, and at least what share of it. */
const unusualSpreads = 5;
const unusualShare = 0.12;

/** Puts a machine's recent features into words; each finding is one sentence of the text. */
export function describeMeasured(
  equipmentId: string,
  at: number,
  signals: readonly SignalHistory[],
  history: MachineHistory,
  language: 'en' | 'de',
): Measured {
  const findings: Finding[] = [];
  let text = '';
  const write = (sentence: string): Span => {
    if (text !== '') text += '\n';
    const start = text.length;
    text += sentence;
    return { start, end: text.length, text: sentence };
  };
  for (const signal of signals) {
    const judged = judgeSignal(signal);
    if (judged)
      findings.push({ signal: signal.signal, ...judged, span: write(signalSentence(signal, judged, language)) });
  }
  write(historySentence(history, language));
  const document: SourceDocument = {
    docId: `measurement/${equipmentId}/${at}`,
    kind: 'measurement',
    title: equipmentId,
    text,
    equipmentId,
    date: at,
    language,
  };
  return { document, findings };
}

interface Judged {
  state: Finding['state'];
  isAlarm: boolean;
  usual: number;
}

/**
 * Compares the last day with the usual level: the median of the older two thirds of the daily means, spread by their
 * median absolute deviation, so that a growth of the last days does not become the usual.
 */
function judgeSignal({ days, recent, low, high }: SignalHistory): Judged | undefined {
  if (recent === undefined || days.length < leastDays) return undefined;
  const older = days.slice(0, Math.max(leastDays, Math.ceil((2 * days.length) / 3)));
  const usual = median(older);
  const spread = 1.4826 * median(older.map((mean) => Math.abs(mean - usual)));
  const reach = Math.max(unusualSpreads * spread, unusualShare * Math.abs(usual));
  const isAlarm = (high !== undefined && recent > high) || (low !== undefined && recent < low);
  const state = recent > usual + reach ? 'high' : recent < usual - reach ? 'low' : 'normal';
  return { state, isAlarm, usual };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

const stateWords = {
  en: { high: 'higher than usual', low: 'lower than usual', normal: 'as usual' },
  de: { high: 'höher als üblich', low: 'niedriger als üblich', normal: 'wie üblich' },
};

function signalSentence({ signal, unit, recent }: SignalHistory, judged: Judged, language: 'en' | 'de'): string {
  const value = (number: number) => [decimal(number, language), unitText(unit)].filter((part) => part !== '').join(' ');
  const words = stateWords[language][judged.state];
  return language === 'de'
    ? `${signal} ${words}: ${value(recent!)} im Mittel der letzten 24 Stunden, üblich ${value(judged.usual)}.`
    : `${signal} ${words}: ${value(recent!)} on average in the last 24 hours, usually ${value(judged.usual)}.`;
}

function historySentence(
  { breakdowns, breakdownMinutes, parts, rejects, days }: MachineHistory,
  language: 'en' | 'de',
) {
  const minutes = Math.round(breakdownMinutes);
  return language === 'de'
    ? `In ${days} Tagen: ${breakdowns} Stillstände wegen Störung (${minutes} Minuten), ${rejects} von ${parts} Teilen nicht auf Anhieb gut.`
    : `In ${days} days: ${breakdowns} stops for a breakdown (${minutes} minutes), ${rejects} of ${parts} parts not good at first.`;
}

function decimal(value: number, language: 'en' | 'de'): string {
  return new Intl.NumberFormat(language === 'de' ? 'de-DE' : 'en-GB', {
    maximumSignificantDigits: 3,
    useGrouping: false,
  }).format(value);
}

/** Units as people write them, from UCUM. */
function unitText(unit = ''): string {
  return unit === 'Cel' ? '°C' : unit === 'N.m' ? 'N·m' : unit;
}
