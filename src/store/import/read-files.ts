import { MillwrightError } from '../../kernel/index.ts';
import { readB2mml } from './b2mml.ts';
import type { ImportFault, ImportHint } from './fault.ts';
import { readJson } from './read-json.ts';
import { readRows, type RawRow, type RawTable, type TableRow } from './read-rows.ts';
import { readTable } from './read-table.ts';
import { templates, type TableName } from './templates.ts';
import type { Tables } from './to-tables.ts';

/** A file to import: CSV or JSON rows of one table, a JSON document of several, or B2MML. */
export interface ImportFile {
  /** Whose rows they are, where the text does not say. */
  table?: TableName;
  text: string;
  /** Named in faults. */
  name?: string;
}

/** A table as the files have it. */
export interface ReadTable {
  rows: TableRow[];
  /** See `RawTable.whole`. */
  whole: boolean;
}

/**
 * Reads files by what they begin with: `{` or `[` is JSON, `<` is B2MML, all else CSV.
 * @param known the tables before
 * @param usualZone zone of times without an offset, unless the files bring another with the plant
 * @throws `MW_IMPORT_TABLE_TWICE` where two files are the whole of one table, `MW_PACKAGE_MISSING` for the XML parser
 */
export async function readFiles(
  files: readonly ImportFile[],
  known: Tables,
  usualZone: string,
): Promise<{ tables: Map<TableName, ReadTable>; faults: ImportFault[]; hints: ImportHint[] }> {
  const faults: ImportFault[] = [];
  const hints: ImportHint[] = [];
  const raw = new Map<TableName, RawTable[]>();
  const soFar: Tables = { ...known };
  for (const file of files) {
    const found = await readFile(file, soFar, usualZone);
    faults.push(...found.faults);
    hints.push(...(found.hints ?? []));
    for (const each of found.tables) {
      raw.set(each.table, [...(raw.get(each.table) ?? []), each]);
      soFar[each.table] = [...(soFar[each.table] ?? []), ...each.rows.map(asRead)];
    }
  }
  const zone = String(raw.get('plant')?.[0]?.rows[0]?.cells.get('time_zone') ?? '').trim() || usualZone;
  const tables = new Map<TableName, ReadTable>();
  for (const [table, parts] of raw) {
    const [first] = parts;
    if (!first || (parts.length > 1 && parts.some(({ whole }) => whole)))
      throw new MillwrightError('MW_IMPORT_TABLE_TWICE', { table });
    const read = readRows({ ...first, rows: parts.flatMap(({ rows }) => rows) }, templates[table], zone);
    faults.push(...read.faults);
    tables.set(table, { rows: read.rows, whole: first.whole });
  }
  return { tables, faults, hints };
}

/** A row for looking ids up, before its cells are checked. */
function asRead({ line, cells }: RawRow): TableRow {
  return {
    line,
    values: Object.fromEntries([...cells].map(([name, cell]) => [name, typeof cell === 'string' ? cell : [...cell]])),
  };
}

async function readFile(
  { table, text, name }: ImportFile,
  known: Tables,
  zone: string,
): Promise<{ tables: RawTable[]; faults: ImportFault[]; hints?: ImportHint[] }> {
  const [begin] = text.replace(/^\uFEFF/, '').trimStart();
  if (begin === '<') return readB2mml(text, known, zone, name);
  if (begin === '{' || begin === '[') return readJson(text.replace(/^\uFEFF/, ''), table, name);
  if (table) return readTable(table, text);
  return { tables: [], faults: [{ line: 1, kind: 'no-table', ...(name === undefined ? {} : { file: name }) }] };
}
