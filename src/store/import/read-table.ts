import { readCsv, type CsvRecord } from '../../kernel/index.ts';
import { shown } from './cells.ts';
import type { ImportFault } from './fault.ts';
import type { RawTable } from './read-rows.ts';
import { templates, type Column, type TableName, type Template } from './templates.ts';

/**
 * Reads one table from CSV text with a heading. Columns may stand in any order; names are compared without case,
 * blanks and punctuation.
 */
export function readTable(table: TableName, text: string): { tables: RawTable[]; faults: ImportFault[] } {
  const { records, openQuote } = readCsv(text);
  const [heading, ...body] = records;
  if (openQuote !== undefined) return { tables: [], faults: [{ table, line: openQuote, kind: 'open-quote' }] };
  if (!heading) return { tables: [], faults: [{ table, line: 1, kind: 'empty-table' }] };
  const { order, faults } = readHeading(table, heading, templates[table]);
  if (faults.length > 0) return { tables: [], faults };
  const rows = body.map(({ line, cells }) => ({
    line,
    cells: new Map(order.flatMap((column, i) => (column ? [[column.name, cells[i] ?? ''] as const] : []))),
  }));
  return { tables: [{ table, rows, whole: true }], faults };
}

function readHeading(table: TableName, { line, cells }: CsvRecord, { columns }: Template) {
  const faults: ImportFault[] = [];
  const order = cells.map((cell) => columnOf(columns, cell));
  const expected = columns.map(({ name }) => name).join(', ');
  order.forEach((column, i) => {
    const cell = cells[i] ?? '';
    if (column === undefined && cell !== '')
      faults.push({ table, line, kind: 'column-unknown', column: shown(cell), expected });
    if (column !== undefined && order.indexOf(column) < i)
      faults.push({ table, line, kind: 'column-repeated', column: column.name });
  });
  for (const column of columns)
    if (!column.optional && !order.includes(column))
      faults.push({ table, line, kind: 'column-missing', column: column.name });
  return { order, faults };
}

/** The column that a name means, whatever its case, blanks and punctuation. */
export function columnOf(columns: readonly Column[], name: string): Column | undefined {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return columns.find((column) => plain(column.name) === plain(name));
}
