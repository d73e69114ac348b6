import { ask, button, type DialogText, type Translating } from '../shared/dialog.editor.ts';
import { drawMapping } from './mapping.editor.ts';

interface StoreNode extends Translating {
  id: string;
}

/** What the routes answer, as far as it is shown. */
interface Answer {
  summaries: { table: string; rows: number; added: number; changed: number; unchanged: number; ended: number }[];
  faults: Finding[];
  hints: Finding[];
  imported: boolean;
}

interface Finding {
  table?: string;
  file?: string;
  line: number;
  column?: string;
  kind: string;
  found?: string;
  expected?: string;
}

interface StoredTable {
  table: string;
  rows: number;
}

interface ChosenFile {
  name: string;
  /** Nothing where the file itself says which tables it holds. */
  table: string | undefined;
  text: string;
}

declare const RED: { notify(text: string, options: { type: string }): void };

const counts = ['rows', 'added', 'changed', 'unchanged', 'ended'] as const;
const faultsShown = 20;
const largestFilesBytes = 4_500_000;

/** Settings that mean something with one engine only; SQLite's file is PostgreSQL's place for the audit key. */
const ofPostgres = ['host', 'port', 'database', 'schema', 'user', 'password', 'tls', 'readerUser', 'readerPassword'];

/** Puts the log-in beside the server's address, and shows only what the chosen engine needs. */
function followEngine(text: DialogText): void {
  const field = (key: string) => $(`#node-config-input-${key}`);
  const row = (key: string) => field(key).closest('.form-row');
  row('schema').after(...['user', 'password'].map(row));
  row('caFile').after(...['readerUser', 'readerPassword'].map(row));
  const show = () => {
    const postgres = field('engine').val() === 'postgres';
    for (const key of ofPostgres) row(key).toggle(postgres);
    row('caFile').toggle(postgres && field('tls').val() === 'verify');
    row('file')
      .find('label span')
      .text(text(postgres ? 'keyPlace' : 'file'));
  };
  field('engine').on('change', show);
  field('tls').on('change', show);
  show();
}

/** Settings of a database that has views over a plant's existing tables. */
const ofViews = ['viewsHost', 'viewsPort', 'viewsDatabase', 'viewsSchema', 'viewsUser', 'viewsPassword', 'viewsTls'];

/** The port that each kind of server listens on by default. */
const usualPorts: Record<string, string> = { postgres: '5432', mariadb: '3306' };

/** Shows what the chosen source of questions needs, its log-in beside its address; a usual port follows the choice. */
function followViews(): void {
  const field = (key: string) => $(`#node-config-input-${key}`);
  const row = (key: string) => field(key).closest('.form-row');
  row('viewsSchema').after(...['viewsUser', 'viewsPassword'].map(row));
  const show = () => {
    const from = field('questionsFrom').val();
    for (const key of ofViews) row(key).toggle(from !== 'store');
    row('viewsSchema').toggle(from === 'postgres');
    row('viewsCaFile').toggle(from !== 'store' && field('viewsTls').val() === 'verify');
  };
  let chosen = String(field('questionsFrom').val());
  field('questionsFrom').on('change', () => {
    const from = String(field('questionsFrom').val());
    const isUsual = Object.values(usualPorts).includes(String(field('viewsPort').val()));
    const port = usualPorts[from];
    if (from !== chosen && isUsual && port !== undefined) field('viewsPort').val(port).trigger('change');
    chosen = from;
    show();
  });
  field('viewsTls').on('change', show);
  show();
}

/** Adds to the dialog the import of master data, stock and orders from files (CSV, JSON, B2MML), and their export. */
export function oneditprepare(this: StoreNode): void {
  const text: DialogText = (key, params) => this._(`form.${key}`, params);
  followEngine(text);
  followViews();
  drawMapping(this, text, $('#node-config-input-viewsCaFile').closest('.form-row'));
  const place = $('<div>');
  $('#node-config-input-aggregateDays')
    .closest('.form-row')
    .after($('<h4>').text(text('masterData')), $('<p>').text(text('masterDataHint')), place);
  ask<{ tables: StoredTable[] }>(this, 'GET', `store/${this.id}/tables`).then(
    ({ tables }) => {
      drawTransfer(this, text, tables, place);
    },
    () => place.text(text('deployFirst')),
  );
}

function drawTransfer(node: StoreNode, text: DialogText, tables: StoredTable[], place: JQuery): void {
  const names = tables.map(({ table }) => table);
  const chosen: ChosenFile[] = [];
  const list = $('<div id="mw-store-files">');
  const preview = $('<div id="mw-store-preview" aria-live="polite">').css('margin', '6px 0');
  const failed = (thrown: unknown) => {
    preview.empty().text(thrown instanceof Error ? thrown.message : String(thrown));
    importButton.prop('disabled', true);
  };
  const send = (commit: boolean) => {
    importButton.prop('disabled', true);
    preview.text(chosen.length === 0 ? '' : text('checking'));
    if (chosen.length === 0) return;
    const files = chosen.map(({ name, table, text }) => ({ name, text, ...(table === undefined ? {} : { table }) }));
    ask<Answer>(node, 'POST', `store/${node.id}/import`, { files, commit }).then((answer) => {
      drawAnswer(text, answer, preview);
      importButton.prop('disabled', answer.imported || answer.faults.length > 0);
      if (answer.imported) RED.notify(text('imported'), { type: 'success' });
    }, failed);
  };
  const check = () => {
    send(false);
  };
  const importButton = button(text('import'), 'upload', () => {
    send(true);
  }).prop('disabled', true);
  const input = $('<input type="file" multiple accept=".csv,.tsv,.txt,.json,.xml,text/csv" id="mw-store-input">')
    .attr('aria-label', text('chooseFiles'))
    .css('width', 'auto');
  input.on('change', () => {
    const files = [...((input[0] as HTMLInputElement).files ?? [])];
    if (files.reduce((sum, { size }) => sum + size, 0) > largestFilesBytes) {
      failed(new Error(text('filesTooLarge')));
      return;
    }
    void Promise.all(
      files.map(async (file): Promise<ChosenFile> => {
        const text = textOf(await file.arrayBuffer());
        return { name: file.name, text, table: isDocument(text) ? undefined : tableOf(file.name, names) };
      }),
    ).then((read) => {
      chosen.splice(0, Infinity, ...read);
      list.empty().append(chosen.map((file) => drawFile(text, file, names, check)));
      check();
    });
  });
  const which = $('<select id="mw-store-table">').attr('aria-label', text('table')).css('width', 'auto');
  which.append(
    tables.map(({ table, rows }) =>
      $('<option>')
        .val(table)
        .text(`${text(`tables.${table}`)} (${String(rows)})`),
    ),
  );
  const exportButton = button(text('export'), 'download', () => {
    const table = String(which.val());
    ask<{ csv: string }>(node, 'GET', `store/${node.id}/table/${table}`).then(({ csv }) => {
      saveFile(`\uFEFF${csv}`, `${table}.csv`);
    }, failed);
  });
  const documentButton = button(text('exportAll'), 'download', () => {
    ask<{ json: string }>(node, 'GET', `store/${node.id}/document`).then(({ json }) => {
      saveFile(json, 'plant.json');
    }, failed);
  });
  place.append(
    $('<div class="mw-actions">').append(which, ' ', exportButton, ' ', documentButton),
    $('<div class="mw-actions">').css('marginTop', '6px').append(input, importButton),
    preview,
    list,
  );
}

/** A file's text: UTF-16 where its first bytes say so, UTF-8 where it can be, else as spreadsheets on Windows save it. */
function textOf(file: ArrayBuffer): string {
  const [first, second] = new Uint8Array(file.slice(0, 2));
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(file);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(file);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(file);
  } catch {
    return new TextDecoder('windows-1252').decode(file);
  }
}

/** Whether a file says itself which tables it holds: a JSON document or XML. */
function isDocument(text: string): boolean {
  return /^\uFEFF?\s*[{<]/.test(text);
}

/** The table whose name a file bears (`2026-11 Operation equipment.csv`): the longest that fits; else the first. */
function tableOf(fileName: string, names: readonly string[]): string {
  const plain = fileName.toLowerCase().replaceAll(/[^a-z]+/g, '_');
  const fitting = names.filter((table) => plain.includes(table)).sort((a, b) => b.length - a.length);
  return fitting[0] ?? names[0] ?? '';
}

function drawFile(text: DialogText, file: ChosenFile, names: readonly string[], changed: () => void): JQuery {
  if (file.table === undefined) return $('<div>').css('margin', '2px 0').text(file.name);
  const select = $('<select>')
    .attr('aria-label', `${text('table')}: ${file.name}`)
    .css('width', 'auto');
  select
    .append(
      names.map((name) =>
        $('<option>')
          .val(name)
          .text(text(`tables.${name}`)),
      ),
    )
    .val(file.table);
  select.on('change', () => {
    file.table = String(select.val());
    changed();
  });
  return $('<div>')
    .css('margin', '2px 0')
    .append(document.createTextNode(`${file.name} → `), select);
}

function drawFindings(text: DialogText, findings: readonly Finding[], texts: 'faults' | 'hints'): JQuery {
  const lines = findings
    .slice(0, faultsShown)
    .map(({ table, file, line, column = '', kind, found = '', expected = '' }) => {
      const place = [file, table === undefined ? undefined : text(`tables.${table}`)].filter(Boolean).join(', ');
      const where = text(line > 0 ? 'faultLine' : 'faultStored', { table: place || text('file'), line: String(line) });
      const near = texts === 'hints' && expected !== '' && !kind.includes('revision') ? text('near', { expected }) : '';
      return $('<li>').text(`${where} ${column} ${text(`${texts}.${kind}`, { found, expected })} ${near}`.trim());
    });
  return $('<ul>').append(lines);
}

function drawAnswer(text: DialogText, { summaries, faults, hints, imported }: Answer, preview: JQuery): void {
  preview.empty();
  if (faults.length > 0) {
    preview.append($('<p>').text(text('faultCount', { count: String(faults.length) })));
    preview.append(drawFindings(text, faults, 'faults'));
    return;
  }
  const head = ['table', ...counts].map((key) =>
    $('<th scope="col">')
      .css({ textAlign: 'left', paddingRight: '10px' })
      .text(text(`counts.${key}`)),
  );
  const rows = summaries.map((summary) =>
    $('<tr>').append(
      $('<td>').text(text(`tables.${summary.table}`)),
      counts.map((key) => $('<td>').text(String(summary[key]))),
    ),
  );
  preview.append(
    $('<p>').text(text(imported ? 'imported' : 'ready')),
    $('<table>').append($('<thead>').append($('<tr>').append(head)), $('<tbody>').append(rows)),
  );
  if (hints.length > 0)
    preview.append(
      $('<p>').text(text('hintCount', { count: String(hints.length) })),
      drawFindings(text, hints, 'hints'),
    );
}

function saveFile(content: string, name: string): void {
  const address = URL.createObjectURL(new Blob([content], { type: 'text/plain;charset=utf-8' }));
  $('<a>').attr({ href: address, download: name })[0]?.click();
  setTimeout(() => URL.revokeObjectURL(address), 1_000);
}
