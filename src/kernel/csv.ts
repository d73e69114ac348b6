/** One record of a CSV text: its cells, trimmed unless quoted, and the line on which it begins (from 1). */
export interface CsvRecord {
  line: number;
  cells: string[];
}

/** What a CSV text holds. Where a quote is left open, `openQuote` is the line on which it opens, and nothing follows. */
export interface CsvText {
  records: CsvRecord[];
  openQuote?: number;
}

/**
 * Reads comma-, semicolon- or tab-separated values (RFC 4180): quoted cells may hold the separator, line breaks and
 * doubled quotes. The separator is the one that the first line has most of outside quotes. Empty lines are left out.
 */
export function readCsv(text: string): CsvText {
  const source = text.replace(/^\uFEFF/, '');
  const separator = separatorOf(source);
  const records: CsvRecord[] = [];
  let line = 1;
  let at = 0;
  while (at < source.length) {
    const record: CsvRecord = { line, cells: [] };
    for (let more = true; more;) {
      const cell = source[at] === '"' ? quotedCell(source, at) : plainCell(source, at, separator);
      if (!cell) return { records, openQuote: line };
      line += cell.breaks;
      at = endOfBlanks(source, cell.end, separator);
      more = source[at] === separator;
      // What stands between a closing quote and the separator belongs to the cell, as spreadsheets read it.
      const rest = more || at >= source.length || isBreak(source, at) ? undefined : plainCell(source, at, separator);
      record.cells.push(cell.text + (rest?.text ?? ''));
      if (rest) at = rest.end;
      more = source[at] === separator;
      if (more) at++;
    }
    if (source[at] === '\r' && source[at + 1] === '\n') at++;
    if (at < source.length) [at, line] = [at + 1, line + 1];
    if (record.cells.some((cell) => cell !== '')) records.push(record);
  }
  return { records };
}

/** Writes records so that `readCsv` and spreadsheets read them back; every line ends with CRLF. */
export function writeCsv(records: readonly (readonly string[])[]): string {
  return records.map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('');
}

interface Cell {
  text: string;
  /** Just behind it. */
  end: number;
  /** Line breaks within. */
  breaks: number;
}

function plainCell(source: string, from: number, separator: string): Cell {
  let end = from;
  while (end < source.length && source[end] !== separator && !isBreak(source, end)) end++;
  return { text: source.slice(from, end).trim(), end, breaks: 0 };
}

function quotedCell(source: string, from: number): Cell | undefined {
  let text = '';
  let at = from + 1;
  for (;;) {
    const quote = source.indexOf('"', at);
    if (quote < 0) return undefined;
    text += source.slice(at, quote);
    if (source[quote + 1] !== '"') return { text, end: quote + 1, breaks: text.split(/\r\n|\r|\n/).length - 1 };
    text += '"';
    at = quote + 2;
  }
}

function endOfBlanks(source: string, from: number, separator: string): number {
  let at = from;
  while ((source[at] === ' ' || source[at] === '\t') && source[at] !== separator) at++;
  return at;
}

function isBreak(source: string, at: number): boolean {
  return source[at] === '\n' || source[at] === '\r';
}

function separatorOf(source: string): string {
  const first = /^\s*[^\r\n]*/.exec(source)?.[0].replaceAll(/"[^"]*"/g, '') ?? '';
  const count = (separator: string) => first.split(separator).length;
  return ['\t', ';'].reduce((best, separator) => (count(separator) > count(best) ? separator : best), ',');
}

function quoted(text: string): string {
  return /[",;\t\n\r]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
