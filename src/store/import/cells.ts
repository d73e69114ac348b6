import { DateTime } from 'luxon';
import { parseInstant } from '../../kernel/index.ts';
import type { FaultKind } from './fault.ts';
import type { ColumnType } from './templates.ts';

/** What a file has for a cell: text, or several where the file knows lists. */
export type RawCell = string | readonly string[];

/** A cell's value: list, number, yes or no, or text; absent where it is empty. */
export type CellValue = string | number | boolean | string[] | number[];

/** Why a text is no value of a column. */
export interface NoValue {
  kind: FaultKind;
  expected?: string;
}

/** Characters of a cell that get into a fault. */
const shownLength = 60;
const longestId = 200;

/**
 * Reads a cell that is not empty.
 * @param zone time zone of instants that name no offset
 * @returns the value, or what is wrong with the text
 */
export function readCell(raw: RawCell, type: ColumnType, zone: string): CellValue | NoValue {
  if (typeof raw === 'object' && type === 'ids') return raw.every(isId) ? [...new Set(raw)] : { kind: 'not-an-id' };
  const cell = typeof raw === 'object' ? raw.join(' ') : raw;
  if (typeof type === 'object') {
    const word = type.find((candidate) => candidate.toLowerCase() === cell.toLowerCase());
    return word ?? { kind: 'not-one-of', expected: type.join(', ') };
  }
  switch (type) {
    case 'text':
      return cell;
    case 'id':
      return isId(cell) ? cell : { kind: 'not-an-id' };
    case 'ids': {
      const ids = cell.split(/[\s,;]+/).filter((id) => id !== '');
      return ids.every(isId) ? [...new Set(ids)] : { kind: 'not-an-id' };
    }
    case 'number':
      return numberOf(cell) ?? { kind: 'not-a-number' };
    case 'whole':
      return wholeOf(cell, 0) ?? { kind: 'not-a-whole-number' };
    case 'count':
      return wholeOf(cell, 1) ?? { kind: 'not-a-count' };
    case 'yes-no':
      if (/^(yes|y|true|1|ja|j|wahr)$/i.test(cell)) return true;
      return /^(no|n|false|0|nein|falsch)$/i.test(cell) ? false : { kind: 'not-yes-or-no' };
    case 'instant':
      return instantOf(cell, zone) ?? { kind: 'not-an-instant' };
    case 'time': {
      const time = /^(\d?\d):(\d\d)(:00)?$/.exec(cell);
      const valid = time && Number(time[1]) < 24 && Number(time[2]) < 60;
      return valid ? `${time[1]!.padStart(2, '0')}:${time[2]!}` : { kind: 'not-a-time' };
    }
    case 'date': {
      const date = isoDay(cell);
      return /^\d{4}-\d\d-\d\d$/.test(date) && DateTime.fromISO(date).isValid ? date : { kind: 'not-a-date' };
    }
    case 'weekdays': {
      const range = /^([1-7])\s*-\s*([1-7])$/.exec(cell);
      if (range) return span(Number(range[1]), Number(range[2]));
      const days = cell.split(/[\s,;]+/).map(Number);
      const valid = days.every((day) => Number.isInteger(day) && day >= 1 && day <= 7);
      return valid ? [...new Set(days)].sort() : { kind: 'not-weekdays' };
    }
  }
}

function span(first: number, last: number): number[] {
  return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, i) => ((first - 1 + i) % 7) + 1).sort();
}

function isId(text: string): boolean {
  return text.length > 0 && text.length <= longestId && !/[\u0000-\u001f\u007f]/.test(text);
}

/** Not negative, as people, spreadsheets (`1E+06`) and programs write it; a separator of thousands is not understood. */
function numberOf(cell: string): number | undefined {
  const value = /^\d+([.,]\d+)?(e[+-]?\d{1,3})?$/i.test(cell) ? Number(cell.replace(',', '.')) : NaN;
  return Number.isFinite(value) ? value : undefined;
}

function wholeOf(cell: string, least: number): number | undefined {
  const value = numberOf(cell);
  return Number.isSafeInteger(value) && value! >= least ? value : undefined;
}

/**
 * ISO 8601 with an offset, or local time in the zone (`2026-11-30 14:00`, `30.11.2026 14:00`, or a day alone for its
 * first instant).
 */
function instantOf(cell: string, zone: string): number | undefined {
  const exact = parseInstant(cell);
  if (!Number.isNaN(exact)) return exact;
  const text = isoDay(cell).replace(/ (\d:)/, ' 0$1');
  const local = DateTime.fromISO(text.replace(' ', 'T'), { zone });
  return /^\d{4}-\d\d-\d\d/.test(text) && local.isValid ? local.toMillis() : undefined;
}

/** A text that begins with a day as German spreadsheets write it (`30.11.2026`), beginning with it as ISO 8601 does. */
function isoDay(cell: string): string {
  return cell.replace(
    /^(\d?\d)\.(\d?\d)\.(\d{4})(?!\d)/,
    (_, day: string, month: string, year: string) => `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`,
  );
}

/** A text from a file as far as a fault shows it. */
export function shown(text: string): string {
  return text.length > shownLength ? `${text.slice(0, shownLength - 1)}…` : text;
}
