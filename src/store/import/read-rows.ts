import { readCell, shown, type CellValue, type RawCell } from './cells.ts';
import { mostFaults, type FaultKind, type ImportFault } from './fault.ts';
import type { TableName, Template } from './templates.ts';

/** A row as a file has it: cells by the template's names of columns. Empty ones may be absent. */
export interface RawRow {
  line: number;
  cells: ReadonlyMap<string, RawCell>;
}

/** One table of a file. */
export interface RawTable {
  table: TableName;
  rows: RawRow[];
  /** The file is the whole of the table, if that is master data; otherwise it adds rows, or changes cells of those with the same key. */
  whole: boolean;
  /** Named in faults, where a file may hold several tables. */
  file?: string;
}

/** A row with its line. */
export interface TableRow {
  line: number;
  values: Partial<Record<string, CellValue>>;
}

/**
 * Reads the rows of a table. Either all are returned, or all faults.
 * @param zone time zone of instants that name no offset
 */
export function readRows(
  { table, rows: raw, file }: RawTable,
  { columns, key: keyColumns }: Template,
  zone: string,
): { rows: TableRow[]; faults: ImportFault[] } {
  const faults: ImportFault[] = [];
  const fault = (line: number, kind: FaultKind, more: Partial<ImportFault>) => {
    if (faults.length < mostFaults)
      faults.push({ table, line, kind, ...(file === undefined ? {} : { file }), ...more });
  };
  const seen = new Map<string, number>();
  const rows = raw.map(({ line, cells }) => {
    const values: TableRow['values'] = {};
    for (const { name, type, optional } of columns) {
      const cell = trimmed(cells.get(name));
      if (cell === undefined) {
        if (!optional) fault(line, 'required', { column: name });
        continue;
      }
      const value = readCell(cell, type, zone);
      if (typeof value === 'object' && 'kind' in value)
        fault(line, value.kind, {
          column: name,
          found: shown(String(cell)),
          ...(value.expected === undefined ? {} : { expected: value.expected }),
        });
      else values[name] = value;
    }
    const key = JSON.stringify(keyColumns.map((name) => values[name] ?? null));
    const earlier = seen.get(key);
    if (earlier === undefined) seen.set(key, line);
    else fault(line, 'repeated', { found: shown([...cells.values()].join(', ')), expected: String(earlier) });
    return { line, values };
  });
  return faults.length > 0 ? { rows: [], faults } : { rows, faults };
}

/** Nothing for an empty cell. */
function trimmed(cell: RawCell | undefined): RawCell | undefined {
  if (typeof cell === 'string') return cell.trim() || undefined;
  return cell?.length === 0 ? undefined : cell;
}
