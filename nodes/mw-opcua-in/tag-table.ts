/** A row of the tag table. */
export interface TagRow {
  tag: string;
  nodeId: string;
  unit?: string;
  intervalMs?: number;
  /** In the tag's unit. */
  deadband?: number;
  /** In percent of the range that the server states. */
  deadbandPercent?: number;
}

/** Why a line of a pasted or imported table was left out. `line` counts from 1. */
export interface TableFault {
  line: number;
  reason: 'tag' | 'nodeId' | 'unit' | 'intervalMs' | 'deadband' | 'quote';
}

/** The longest texts of a row, as the node's settings take them: one longer text would stop all its tags. */
export const longest = { tag: 200, nodeId: 500, unit: 40 } as const;
/** The longest interval between two samples: a day. */
const longestMs = 86_400_000;

const columns = ['tag', 'nodeId', 'unit', 'intervalMs', 'deadband'] as const;
type Column = (typeof columns)[number];

/** Headings as other tools write them. */
const aliases: Record<string, Column> = {
  tag: 'tag',
  tagname: 'tag',
  name: 'tag',
  nodeid: 'nodeId',
  node: 'nodeId',
  address: 'nodeId',
  unit: 'unit',
  engineeringunit: 'unit',
  intervalms: 'intervalMs',
  interval: 'intervalMs',
  ms: 'intervalMs',
  samplingms: 'intervalMs',
  deadband: 'deadband',
};

/** An id of namespace 0, by index, or by namespace URI. */
const nodeIdForm = /^(ns=\d+;|nsu=[^;]+;)?[isgb]=.+$/s;

/**
 * Reads a table of one tag a line; columns parted by tab, semicolon or comma, in quotes where they hold the separator
 * (RFC 4180). A heading may name the columns in any order; without one they are tag, node id, unit, ms, deadband.
 * Bad lines are left out and named.
 */
export function parseTagTable(text: string): { rows: TagRow[]; faults: TableFault[] } {
  const rows: TagRow[] = [];
  const faults: TableFault[] = [];
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  const separator = separatorOf(lines);
  let order: readonly (Column | undefined)[] = columns;
  let first = true;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const cells = splitLine(line, separator);
    if (!cells) {
      faults.push({ line: index + 1, reason: 'quote' });
      continue;
    }
    const heading = first ? headingOf(cells) : undefined;
    first = false;
    if (heading) {
      order = heading;
      continue;
    }
    const read = readRow(cells, order);
    if (typeof read === 'string') faults.push({ line: index + 1, reason: read });
    else rows.push(read);
  }
  return { rows, faults };
}

/** Writes a table with a heading that `parseTagTable` and spreadsheets read back. */
export function writeTagTable(rows: readonly TagRow[]): string {
  const lines = rows.map((row) => columns.map((column) => quoted(cellOf(row, column))).join(','));
  return [columns.join(','), ...lines, ''].join('\r\n');
}

/**
 * Names for variables by the last three names of their path (line/machine/signal), with more of the path where that
 * is not enough to tell them apart.
 * @param taken names that are given already
 */
export function tagNames(paths: readonly (readonly string[])[], taken: ReadonlySet<string>): string[] {
  const used = new Set(taken);
  return paths.map((path) => {
    const parts = path.map((part) => part.replaceAll('/', '_'));
    let length = Math.min(3, parts.length);
    let name = parts.slice(-length).join('/');
    while (used.has(name) && length < parts.length) name = parts.slice(-++length).join('/');
    for (let number = 2; used.has(name); number++) name = `${parts.join('/')} ${String(number)}`;
    used.add(name);
    return name;
  });
}

/** A row's deadband as a person reads and writes it: `0.5`, or `2%` of the tag's range; empty without one. */
export function deadbandText({ deadband, deadbandPercent }: TagRow): string {
  return deadbandPercent === undefined ? String(deadband ?? '') : `${String(deadbandPercent)}%`;
}

/** Sets a row's deadband from such a text; false, and nothing changed, where it is none. */
export function setDeadband(row: TagRow, text: string): boolean {
  const percent = text.endsWith('%');
  const value = numberUpTo(percent ? 100 : Number.MAX_VALUE, percent ? text.slice(0, -1) : text);
  if (text !== '' && value === undefined) return false;
  delete row.deadband;
  delete row.deadbandPercent;
  if (value !== undefined) row[percent ? 'deadbandPercent' : 'deadband'] = value;
  return true;
}

/** Sets how often a row is sampled from a text in ms, as often as values are published where empty; false, and nothing changed, where it is no such number. */
export function setSampling(row: TagRow, text: string): boolean {
  const value = numberUpTo(longestMs, text);
  if (text !== '' && value === undefined) return false;
  delete row.intervalMs;
  if (value !== undefined) row.intervalMs = value;
  return true;
}

function numberUpTo(highest: number, text: string): number | undefined {
  const value = Number(text.replace(',', '.'));
  return text.trim() !== '' && value >= 0 && value <= highest ? value : undefined;
}

/** Tags that stand in more than one row. */
export function repeatedTags(rows: readonly TagRow[]): Set<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const { tag } of rows) (seen.has(tag) ? repeated : seen).add(tag);
  return repeated;
}

/** Whether a text has the form of a node id, of a length that the settings take. */
export function isNodeId(text: string): boolean {
  return text.length <= longest.nodeId && nodeIdForm.test(text);
}

function separatorOf(lines: readonly string[]): string {
  const sample = lines.find((line) => line.trim() !== '') ?? '';
  if (sample.includes('\t')) return '\t';
  // Node ids hold semicolons themselves (`ns=1;s=…`): those part no columns.
  const plain = sample.replaceAll(/"[^"]*"/g, '').replaceAll(/(ns=\d+|nsu=[^;,]+);/g, '');
  return plain.includes(';') ? ';' : ',';
}

/** The cells of one line, or nothing where a quote is left open. */
function splitLine(line: string, separator: string): string[] | undefined {
  const cells: string[] = [];
  let at = 0;
  while (at <= line.length) {
    if (line[at] === '"') {
      const cell = /^"((?:[^"]|"")*)"\s*/.exec(line.slice(at));
      const end = at + (cell?.[0].length ?? 0);
      if (!cell || (end < line.length && line[end] !== separator)) return undefined;
      cells.push((cell[1] ?? '').replaceAll('""', '"'));
      at = end + 1;
    } else {
      const found = line.indexOf(separator, at);
      const end = found < 0 ? line.length : found;
      cells.push(line.slice(at, end).trim());
      at = end + 1;
    }
  }
  return separator === ';' ? joinNodeIds(cells) : cells;
}

/** Puts together what an unquoted semicolon within a node id took apart. */
function joinNodeIds(cells: readonly string[]): string[] {
  const joined: string[] = [];
  for (const cell of cells) {
    const before = joined.at(-1);
    if (before !== undefined && /^(ns=\d+|nsu=[^;]+)$/.test(before)) joined[joined.length - 1] = `${before};${cell}`;
    else joined.push(cell);
  }
  return joined;
}

function headingOf(cells: readonly string[]): (Column | undefined)[] | undefined {
  const order = cells.map((cell) => aliases[cell.toLowerCase().replaceAll(/[^a-z]/g, '')]);
  return order.includes('tag') && order.includes('nodeId') ? order : undefined;
}

function readRow(cells: readonly string[], order: readonly (Column | undefined)[]): TagRow | TableFault['reason'] {
  const cell = (column: Column) => cells[order.indexOf(column)] ?? '';
  const tag = cell('tag');
  const nodeId = cell('nodeId');
  if (tag === '' || tag.length > longest.tag) return 'tag';
  if (!isNodeId(nodeId)) return 'nodeId';
  const row: TagRow = { tag, nodeId };
  if (cell('unit').length > longest.unit) return 'unit';
  if (cell('unit') !== '') row.unit = cell('unit');
  if (!setSampling(row, cell('intervalMs'))) return 'intervalMs';
  return setDeadband(row, cell('deadband')) ? row : 'deadband';
}

function cellOf(row: TagRow, column: Column): string {
  return column === 'deadband' ? deadbandText(row) : String(row[column] ?? '');
}

function quoted(text: string): string {
  return /[",;\t\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
