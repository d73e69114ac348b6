import { shown, type RawCell } from './cells.ts';
import { mostFaults, type FaultKind, type ImportFault } from './fault.ts';
import type { RawRow, RawTable } from './read-rows.ts';
import { columnOf } from './read-table.ts';
import { tableNames, templates, type TableName } from './templates.ts';

/**
 * Reads JSON: one document `{table: [rows]}`, or the rows of one table alone. Rows are objects by the names of the
 * columns; a cell is text, a number, yes or no (`true`, `false`), a list of texts or numbers, or null for none.
 * @param table whose rows they are, where the text is a list
 */
export function readJson(
  text: string,
  table: TableName | undefined,
  file: string | undefined,
): { tables: RawTable[]; faults: ImportFault[] } {
  const faults: ImportFault[] = [];
  const fault = (line: number, kind: FaultKind, more: Partial<ImportFault> = {}) => {
    if (faults.length < mostFaults) faults.push({ line, kind, ...(file === undefined ? {} : { file }), ...more });
  };
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    const line = /\(line (\d+) column/.exec(reason)?.[1] ?? text.split('\n').length;
    fault(Number(line), 'not-json', { found: shown(reason) });
    return { tables: [], faults };
  }
  const places = placesIn(text);
  for (const { name, line } of places.repeated) fault(line, 'table-repeated', { found: shown(name) });
  const lists = Array.isArray(document) ? [{ name: table ?? '', list: document as unknown }] : entriesOf(document);
  const tables = lists.flatMap(({ name, list }, i): RawTable[] => {
    const line = places.tables[i] ?? 1;
    const known = tableNames.find((each) => each === name);
    if (known === undefined) {
      if (name === '') fault(line, 'no-table');
      else fault(line, 'table-unknown', { found: shown(name), expected: tableNames.join(', ') });
      return [];
    }
    if (!Array.isArray(list)) {
      fault(line, 'not-rows', { table: known });
      return [];
    }
    const rows = list.flatMap((row: unknown, place): RawRow[] => {
      const at = places.rows[i]?.[place] ?? line;
      if (typeof row === 'object' && row !== null && !Array.isArray(row))
        return [{ line: at, cells: cellsOf(row, known, (kind, more) => fault(at, kind, { table: known, ...more })) }];
      fault(at, 'not-a-row', { table: known, found: shown(JSON.stringify(row)) });
      return [];
    });
    return [{ table: known, rows, whole: true, ...(file === undefined ? {} : { file }) }];
  });
  if (lists.length === 0) fault(1, 'no-table');
  return { tables: faults.length > 0 ? [] : tables, faults };
}

function entriesOf(document: unknown): { name: string; list: unknown }[] {
  if (typeof document !== 'object' || document === null) return [];
  return Object.entries(document).map(([name, list]) => ({ name, list: list as unknown }));
}

function cellsOf(
  row: object,
  table: TableName,
  fault: (kind: FaultKind, more: Partial<ImportFault>) => void,
): RawRow['cells'] {
  const { columns } = templates[table];
  const cells = new Map<string, RawCell>();
  for (const [name, value] of Object.entries(row) as [string, unknown][]) {
    const column = columnOf(columns, name);
    const cell = cellOf(value);
    if (!column) {
      fault('column-unknown', { column: shown(name), expected: columns.map((each) => each.name).join(', ') });
    } else if (cells.has(column.name)) fault('column-repeated', { column: column.name });
    else if (cell === undefined) fault('not-a-cell', { column: column.name, found: shown(JSON.stringify(value)) });
    else cells.set(column.name, cell);
  }
  return cells;
}

/** Nothing for what no cell can be. */
function cellOf(value: unknown): RawCell | undefined {
  if (value === null) return '';
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  const list = Array.isArray(value) ? (value as unknown[]) : undefined;
  return list?.every((each) => typeof each === 'string' || typeof each === 'number') ? list.map(String) : undefined;
}

/** Where the tables of a JSON text and their rows begin, and the tables that are named twice. */
interface Places {
  /** By the place of a table in the parsed document. */
  tables: number[];
  rows: number[][];
  repeated: { name: string; line: number }[];
}

/** Walks over valid JSON. A name that stands there twice counts once, as `JSON.parse` reads it. */
function placesIn(text: string): Places {
  const names = new Map<string, { line: number; rows: number[] }>();
  const repeated: Places['repeated'] = [];
  let rows: number[] = [];
  let line = 1;
  const isList = text.trimStart().startsWith('[');
  if (isList) names.set('', { line, rows });
  let depth = isList ? 1 : 0;
  /** A key of the document or a row comes next. */
  let isNext = false;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],\n]|[^\s"{}[\],:]+/g)) {
    if (token === '\n') {
      line++;
      continue;
    }
    const isEnd = token === '}' || token === ']';
    if (isNext && depth === 1 && !isEnd) {
      if (names.has(token)) repeated.push({ name: String(JSON.parse(token)), line });
      rows = [];
      names.set(token, { line, rows });
    } else if (isNext && depth === 2 && !isEnd) rows.push(line);
    isNext = false;
    if (isEnd) depth--;
    else if (token === '{' || token === '[') isNext = ++depth <= 2;
    else if (token === ',') isNext = depth <= 2;
  }
  const found = [...names.values()];
  return { tables: found.map((each) => each.line), rows: found.map((each) => each.rows), repeated };
}
