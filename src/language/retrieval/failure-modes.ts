import { MillwrightError, readCsv } from '../../kernel/index.ts';
import type { SourceDocument, Span } from './source.ts';
import { foldedWords } from './terms.ts';

/** Which way a signal goes when a component fails in a mode. */
interface SignalSign {
  /** Last part of the tag: `Vibration`. */
  signal: string;
  direction: 'high' | 'low';
}

/** One row of a failure-mode table; every cell is a stretch of the row's text, so that it can be cited. */
export interface FailureMode {
  code: string;
  docId: string;
  language: 'en' | 'de';
  /** Machines or classes of machines that have it; empty: all. */
  equipment: string[];
  component: Span;
  mode: Span;
  mechanism: Span[];
  cause: Span[];
  symptoms: Span[];
  signals: SignalSign[];
  actions: Span[];
  parts: Span[];
  skills: Span[];
  lockout: Span[];
  safety: Span[];
}

/** A table as advice uses it: its rows, and each row as a document. */
export interface FailureModeTable {
  modes: FailureMode[];
  documents: SourceDocument[];
}

/** Columns by the words that name them in a header, English or German. */
const columnNames = {
  code: ['code', 'id', 'schluessel', 'fehlercode'],
  language: ['language', 'sprache'],
  equipment: ['equipment', 'machine', 'machines', 'anlage', 'maschine', 'maschinen'],
  component: ['component', 'item', 'maintainable item', 'bauteil', 'komponente'],
  mode: ['mode', 'failure mode', 'fehlerart', 'ausfallart', 'versagensart'],
  mechanism: ['mechanism', 'failure mechanism', 'mechanismus', 'schadensmechanismus'],
  cause: ['cause', 'failure cause', 'ursache'],
  symptoms: ['symptoms', 'effect', 'effects', 'symptome', 'anzeichen', 'auswirkung', 'folge'],
  signals: ['signals', 'signale', 'messgroessen'],
  actions: ['action', 'actions', 'remedy', 'massnahme', 'massnahmen', 'abhilfe'],
  parts: ['parts', 'spare parts', 'teile', 'ersatzteile'],
  skills: ['skills', 'skill', 'qualification', 'qualifikation', 'qualifikationen'],
  lockout: ['lock out', 'lockout', 'freischaltung', 'freischalten'],
  safety: ['safety', 'hazard', 'sicherheit', 'gefaehrdung'],
} as const;
type Column = keyof typeof columnNames;
const needed: readonly Column[] = ['code', 'component', 'mode'];
/** What a case or a symptom may be recognised by. */
const searched: readonly Column[] = ['component', 'mode', 'mechanism', 'cause', 'symptoms', 'actions', 'parts'];

const mostRows = 5000;
const longestCell = 2000;

/**
 * Reads a failure-mode table (ISO 14224 or FMEA) from CSV; several entries of a cell are parted by `|`. Rows of one code
 * in two languages are one failure mode. What is wrong is `MW_TABLE_INVALID` with its line.
 */
export function readFailureModes(text: string, file: string): FailureModeTable {
  const wrong = (line: number, reason: string) => new MillwrightError('MW_TABLE_INVALID', { file, line, reason });
  const { records, openQuote } = readCsv(text);
  if (openQuote !== undefined) throw wrong(openQuote, 'a quote is not closed');
  const [header, ...rows] = records;
  if (!header) throw wrong(1, 'the table is empty');
  if (rows.length > mostRows) throw wrong(mostRows + 2, `more than ${mostRows} rows`);
  const columns = header.cells.map((name) => {
    const folded = foldedWords(name).join(' ');
    const found = (Object.keys(columnNames) as Column[]).find((column) =>
      (columnNames[column] as readonly string[]).includes(folded),
    );
    if (!found) throw wrong(header.line, `column ${name} is not known`);
    return found;
  });
  const missing = needed.find((column) => !columns.includes(column));
  if (missing) throw wrong(header.line, `column ${missing} is missing`);

  const table: FailureModeTable = { modes: [], documents: [] };
  const seen = new Set<string>();
  for (const { line, cells } of rows) {
    const cellOf = (column: Column) => (cells[columns.indexOf(column)] ?? '').normalize('NFC');
    const empty = needed.find((column) => cellOf(column).trim() === '');
    if (empty) throw wrong(line, `${empty} is empty`);
    if (cells.some((cell) => cell.length > longestCell)) throw wrong(line, `a cell is longer than ${longestCell}`);
    const language = languageOf(cellOf('language'));
    if (!language) throw wrong(line, 'language is neither en nor de');
    const code = cellOf('code');
    const docId = `failure-mode/${code}/${language}`;
    if (seen.has(docId)) throw wrong(line, `${code} is there twice`);
    seen.add(docId);
    const signals = entriesOf(cellOf('signals')).map(signOf);
    if (signals.includes(undefined)) throw wrong(line, 'a signal is written as: name high, or name low');
    const row = layOut(columns, cellOf);
    const of = (column: Column) => row.spans.get(column) ?? [];
    const [component, mode] = [of('component')[0]!, of('mode')[0]!];
    table.documents.push({ docId, kind: 'failure-mode', title: `${code} ${component.text}`, text: row.text, language });
    table.modes.push({
      ...{ code, docId, language, component, mode },
      equipment: entriesOf(cellOf('equipment')),
      mechanism: of('mechanism'),
      cause: of('cause'),
      symptoms: of('symptoms'),
      signals: signals.filter((sign) => sign !== undefined),
      actions: of('actions'),
      parts: of('parts'),
      skills: of('skills'),
      lockout: of('lockout'),
      safety: of('safety'),
    });
  }
  return table;
}

/** What a text is compared with to see whether it is about a failure mode. */
export function recognisedBy(modes: readonly FailureMode[]): string {
  const spans = modes.flatMap((mode) => [
    mode.component,
    mode.mode,
    ...[mode.mechanism, mode.cause, mode.symptoms, mode.actions, mode.parts].flat(),
  ]);
  return spans.map(({ text }) => text).join(' ');
}

/** The row as one text, and where each entry stands in it: first what it is recognised by, then the rest. */
function layOut(columns: readonly Column[], cellOf: (column: Column) => string) {
  const spans = new Map<Column, Span[]>();
  let text = '';
  const ordered = [...searched, ...columns.filter((column) => !searched.includes(column))];
  for (const column of ordered.filter((name) => columns.includes(name))) {
    if (column === 'signals' || column === 'equipment' || column === 'language') continue;
    const whole = column === 'component' || column === 'mode' || column === 'code';
    for (const entry of whole ? [cellOf(column).trim()] : entriesOf(cellOf(column))) {
      if (text !== '') text += '\n';
      spans.set(column, [
        ...(spans.get(column) ?? []),
        { start: text.length, end: text.length + entry.length, text: entry },
      ]);
      text += entry;
    }
  }
  return { text, spans };
}

function entriesOf(cell: string): string[] {
  return cell
    .split('|')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function languageOf(cell: string): 'en' | 'de' | undefined {
  const folded = cell.trim().toLowerCase().slice(0, 2);
  return folded === '' ? 'en' : folded === 'en' || folded === 'de' ? folded : undefined;
}

function signOf(entry: string): SignalSign | undefined {
  const [, signal, direction] = /^(\S+)\s+(high|low|hoch|niedrig)$/i.exec(entry) ?? [];
  if (!signal || !direction) return undefined;
  return { signal, direction: /^(high|hoch)$/i.test(direction) ? 'high' : 'low' };
}
