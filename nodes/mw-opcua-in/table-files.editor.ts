import { button, type DialogText } from '../shared/dialog.editor.ts';
import type { TagGrid } from './tag-grid.editor.ts';
import { parseTagTable, writeTagTable, type TagRow } from './tag-table.ts';

const faultsShown = 5;
const largestFileBytes = 20e6;

/** Draws the import of a table: a file or pasted text, what it holds and which lines are bad, then add or replace. */
export function openTableImport(text: DialogText, grid: TagGrid): JQuery {
  const file = $('<input type="file" accept=".csv,.tsv,.txt,text/csv">').attr('aria-label', text('file'));
  const area = $('<textarea rows="6" spellcheck="false" wrap="off">')
    .css({ width: '100%', fontFamily: 'var(--red-ui-monospace-font)' })
    .attr({ placeholder: text('pasteHint'), 'aria-label': text('pasteHint') });
  const preview = $('<div aria-live="polite">').css({ margin: '6px 0', whiteSpace: 'pre-line' });
  let rows: TagRow[] = [];

  function read(): void {
    const { rows: good, faults } = parseTagTable(String(area.val()));
    rows = good;
    const known = new Set(grid.rows().map(({ nodeId }) => nodeId));
    const changed = good.filter(({ nodeId }) => known.has(nodeId)).length;
    const lines = [
      text('preview', { count: String(good.length), fresh: String(good.length - changed), changed: String(changed) }),
      ...faults
        .slice(0, faultsShown)
        .map(({ line, reason }) => text('fault', { line: String(line), reason: text(`faults.${reason}`) })),
    ];
    if (faults.length > faultsShown) lines.push(text('moreFaults', { count: String(faults.length - faultsShown) }));
    preview.text(String(area.val()).trim() === '' ? '' : lines.join('\n'));
    add.prop('disabled', good.length === 0);
    replace.prop('disabled', good.length === 0);
  }
  const close = () => {
    area.val('');
    read();
  };
  const add = button(text('addRows'), 'plus', () => {
    grid.merge(rows);
    close();
  });
  const replace = button(text('replaceRows'), 'exchange', () => {
    grid.replace(rows);
    close();
  });
  area.on('input', read);
  file.on('change', () => {
    const [chosen] = (file[0] as HTMLInputElement).files ?? [];
    if (!chosen) return;
    if (chosen.size > largestFileBytes) {
      preview.text(text('fileTooLarge'));
      return;
    }
    void chosen.text().then((content) => {
      area.val(content);
      read();
    });
  });
  read();
  return $('<div>').append(file, area, preview, $('<div class="mw-tag-bar">').append(add, replace));
}

/** Hands the table to the person as a CSV file. */
export function saveTable(rows: readonly TagRow[], name: string): void {
  const address = URL.createObjectURL(new Blob([`\uFEFF${writeTagTable(rows)}`], { type: 'text/csv;charset=utf-8' }));
  const link = $('<a>').attr({ href: address, download: `${name.replaceAll(/[^\w.-]+/g, '-')}.csv` });
  link[0]?.click();
  setTimeout(() => URL.revokeObjectURL(address), 1_000);
}
