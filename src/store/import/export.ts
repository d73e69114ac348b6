import { isoInstant, writeCsv } from '../../kernel/index.ts';
import type { CellValue } from './cells.ts';
import { tablesOf, type ImportBase } from './import.ts';
import type { TableRow } from './read-rows.ts';
import { tableNames, templates, type TableName } from './templates.ts';

/** A table as CSV: what is in the store, ready to be corrected and imported again; a new store's has a heading only. */
export function exportTable(base: ImportBase, table: TableName): string {
  const { columns } = templates[table];
  const rows = tablesOf(base)[table] ?? [];
  return writeCsv([
    columns.map(({ name }) => name),
    ...rows.map(({ values }) => columns.map(({ name, type }) => textOf(values[name], type === 'instant'))),
  ]);
}

/** All tables as one JSON document `{table: [rows]}` that imports as it is, a row a line. */
export function exportDocument(base: ImportBase): string {
  const tables = tablesOf(base);
  const texts = tableNames.map((table) => {
    const rows = (tables[table] ?? []).map((row) => `\n    ${JSON.stringify(recordOf(table, row))}`);
    return `  ${JSON.stringify(table)}: [${rows.join(',')}${rows.length > 0 ? '\n  ' : ''}]`;
  });
  return `{\n${texts.join(',\n')}\n}\n`;
}

function recordOf(table: TableName, { values }: TableRow): Record<string, CellValue> {
  const cells = templates[table].columns.flatMap(({ name, type }): [string, CellValue][] => {
    const value = values[name];
    if (value === undefined) return [];
    return [[name, type === 'instant' ? isoInstant(Number(value)) : value]];
  });
  return Object.fromEntries(cells);
}

function textOf(value: CellValue | undefined, instant: boolean): string {
  if (value === undefined) return '';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.join(' ');
  return instant ? isoInstant(Number(value)) : String(value);
}
