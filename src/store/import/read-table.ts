import { DateTime } from 'luxon';
import { parseInstant, readCsv, type CsvRecord } from '../../kernel/index.ts';
import type { Column, ColumnType, TableName, Template } from './templates.ts';

/** What is wrong in a table: a key below `import.faults` of the catalogue, with what it names. `line` counts from 1. */
export interface ImportFault {
  table: TableName;
  line: number;
  column?: string;
  kind:
    | 'open-quote'
    | 'empty-table'
    | 'column-missing'
    | 'column-unknown'
    | 'column-repeated'
    | 'required'
    | 'not-an-id'
    | 'not-a-number'
    | 'not-a-whole-number'
    | 'not-a-count'
    | 'not-yes-or-no'
    | 'not-an-instant'
    | 'not-a-time'
    | 'not-a-date'
    | 'not-weekdays'
    | 'not-one-of'
    | 'repeated'
    | 'unknown-reference'
    | 'circle'
    | 'segment-unknown'
    | 'no-machine'
    | 'no-routing'
    | 'two-materials'
    | 'impossible';
  found?: string;
  expected?: string;
}

/** A cell's value: list, number, yes or no, or text; absent where it is empty. */
export type CellValue = string | number | boolean | string[] | number[];

/** A row with its line. */
export interface TableRow {
  line: number;
  values: Partial<Record<string, CellValue>>;
}

/** At most so many faults are told of one table: whoever has more has chosen the wrong file. */
const mostFaults = 50;
/** Characters of a cell that get into a fault. */
const shownLength = 60;
const longestId = 200;

/**
 * Reads one table from CSV text with a heading. Columns may stand in any order; names are compared without case,
 * blanks and punctuation. Either all rows are returned, or all faults.
 * @param zone time zone of instants that name no offset
 */
export function readTable(
  table: TableName,
  template: Template,
  text: string,
  zone: string,
): { rows: TableRow[]; faults: ImportFault[] } {
  const { records, openQuote } = readCsv(text);
  const faults: ImportFault[] = [];
  const fault = (line: number, kind: ImportFault['kind'], more: Omit<ImportFault, 'table' | 'line' | 'kind'> = {}) => {
    if (faults.length < mostFaults) faults.push({ table, line, kind, ...more });
  };
  if (openQuote !== undefined) fault(openQuote, 'open-quote');
  const [heading, ...body] = records;
  if (!heading) {
    fault(1, 'empty-table');
    return { rows: [], faults };
  }
  const order = readHeading(heading, template, fault);
  const seen = new Map<string, number>();
  const rows: TableRow[] = [];
  for (const record of body) {
    const row = readRow(record, template, order, zone, fault);
    const key = JSON.stringify(template.key.map((name) => row.values[name] ?? null));
    const earlier = seen.get(key);
    if (earlier === undefined) seen.set(key, record.line);
    else fault(record.line, 'repeated', { found: shown(record.cells.join(', ')), expected: String(earlier) });
    rows.push(row);
  }
  return faults.length > 0 ? { rows: [], faults } : { rows, faults };
}

type Report = (line: number, kind: ImportFault['kind'], more?: Omit<ImportFault, 'table' | 'line' | 'kind'>) => void;

function readHeading({ line, cells }: CsvRecord, { columns }: Template, fault: Report): (Column | undefined)[] {
  const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const order = cells.map((cell) => columns.find(({ name }) => plain(name) === plain(cell)));
  const expected = columns.map(({ name }) => name).join(', ');
  order.forEach((column, i) => {
    const cell = cells[i] ?? '';
    if (column === undefined && cell !== '') fault(line, 'column-unknown', { column: shown(cell), expected });
    if (column !== undefined && order.indexOf(column) < i) fault(line, 'column-repeated', { column: column.name });
  });
  for (const column of columns)
    if (!column.optional && !order.includes(column)) fault(line, 'column-missing', { column: column.name });
  return order;
}

function readRow(
  { line, cells }: CsvRecord,
  { columns }: Template,
  order: readonly (Column | undefined)[],
  zone: string,
  fault: Report,
): TableRow {
  const values: TableRow['values'] = {};
  for (const column of columns) {
    const at = order.indexOf(column);
    const cell = at < 0 ? '' : (cells[at] ?? '').trim();
    if (cell === '') {
      if (!column.optional && at >= 0) fault(line, 'required', { column: column.name });
      continue;
    }
    const value = readCell(cell, column.type, zone);
    if (typeof value === 'object' && 'kind' in value)
      fault(line, value.kind, {
        column: column.name,
        found: shown(cell),
        ...(value.expected === undefined ? {} : { expected: value.expected }),
      });
    else values[column.name] = value;
  }
  return { line, values };
}

interface NoValue {
  kind: ImportFault['kind'];
  expected?: string;
}

function readCell(cell: string, type: ColumnType, zone: string): CellValue | NoValue {
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

/** Not negative; a decimal comma is understood, a separator of thousands is not. */
function numberOf(cell: string): number | undefined {
  return /^\d+([.,]\d+)?$/.test(cell) ? Number(cell.replace(',', '.')) : undefined;
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

function shown(text: string): string {
  return text.length > shownLength ? `${text.slice(0, shownLength - 1)}…` : text;
}
