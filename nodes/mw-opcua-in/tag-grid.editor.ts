import { button, type DialogText } from '../shared/dialog.editor.ts';
import { deadbandText, isNodeId, longest, repeatedTags, setDeadband, setSampling, type TagRow } from './tag-table.ts';

/** The tag table as a person edits it. */
export interface TagGrid {
  readonly element: JQuery;
  rows(): TagRow[];
  /** Adds rows; one whose node id stands there already replaces it. */
  merge(rows: readonly TagRow[]): void;
  replace(rows: readonly TagRow[]): void;
}

/** Rows drawn at once: thousands of input fields would make the editor slow. */
const rowsPerPage = 50;

/** Draws the table: a filter, pages, fields to edit in place, and work on the ticked rows. */
export function openTagGrid(text: DialogText, given: readonly TagRow[], count: (text: string) => void): TagGrid {
  let all: TagRow[] = given.map((row) => ({ ...row }));
  let page = 0;
  const ticked = new Set<TagRow>();
  const filter = $('<input type="search">')
    .attr({ placeholder: text('filter'), 'aria-label': text('filter') })
    .css({ width: '220px' });
  const pager = $('<span>').css({ marginLeft: 'auto' });
  const body = $('<tbody>');
  const everything = $('<input type="checkbox">').attr('aria-label', text('tickAll'));
  const head = $('<tr>').append($('<th>').append(everything));
  for (const key of ['tag', 'nodeId', 'unit', 'intervalMs', 'deadband'])
    head.append($('<th scope="col">').text(text(key)));
  const table = $('<table class="mw-tag-grid">').append($('<thead>').append(head), body);
  const bulk = $('<div class="mw-tag-bar">');
  const element = $('<div>').append(
    $(`<style>
.mw-tag-bar { display: flex; gap: 6px; align-items: center; flex-wrap: wrap; margin: 6px 0; min-height: 34px; }
.mw-tag-scroll { max-height: 340px; overflow: auto; border: 1px solid var(--red-ui-form-input-border-color); }
.mw-tag-grid { width: 100%; border-collapse: collapse; table-layout: fixed; }
.mw-tag-grid th { position: sticky; top: 0; z-index: 1; text-align: left; padding: 4px 6px; font-weight: normal;
  background: var(--red-ui-secondary-background); color: var(--red-ui-secondary-text-color); }
.mw-tag-grid td { padding: 1px 2px; }
.mw-tag-grid td:first-child, .mw-tag-grid th:first-child { width: 24px; text-align: center; }
.mw-tag-grid th:nth-child(4) { width: 44px; }
.mw-tag-grid th:nth-child(5) { width: 52px; }
.mw-tag-grid th:nth-child(6) { width: 76px; }
.mw-tag-grid td input:not([type=checkbox]) { width: 100%; margin: 0; padding: 2px 6px; height: 28px; box-sizing: border-box; }
.mw-tag-grid input[type=checkbox] { width: auto; margin: 0; }
</style>`),
    $('<div class="mw-tag-bar">').append(
      filter,
      button(text('addRow'), 'plus', () => {
        const row = { tag: '', nodeId: '' };
        all = [row, ...all];
        filter.val('');
        page = 0;
        draw();
        body.find('input[data-field=tag]').first().trigger('focus');
      }),
      pager,
    ),
    $('<div class="mw-tag-scroll">').append(table),
    bulk,
  );

  function shown(): TagRow[] {
    const words = String(filter.val()).toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return all;
    return all.filter((row) => {
      const line = `${row.tag} ${row.nodeId} ${row.unit ?? ''}`.toLowerCase();
      return words.every((word) => line.includes(word));
    });
  }

  function draw(): void {
    const rows = shown();
    const pages = Math.max(1, Math.ceil(rows.length / rowsPerPage));
    page = Math.min(page, pages - 1);
    const from = page * rowsPerPage;
    const visible = rows.slice(from, from + rowsPerPage);
    const repeated = repeatedTags(all);
    body.empty().append(visible.map((row) => line(row, repeated)));
    if (visible.length === 0)
      body.append(
        $('<tr>').append(
          $('<td colspan="6">')
            .css('padding', '14px')
            .text(text(all.length ? 'noMatch' : 'noTags')),
        ),
      );
    // Node ids of one server begin alike: their ends tell them apart.
    body.find('input[data-field=nodeId]').each((_index, input) => {
      input.scrollLeft = input.scrollWidth;
    });
    everything.prop('checked', rows.length > 0 && rows.every((row) => ticked.has(row)));
    drawPager(rows.length, pages, from, visible.length);
    drawBulk();
    const bad = all.filter((row) => !isNodeId(row.nodeId) || row.tag === '').length;
    const parts = [text('count', { count: String(all.length) })];
    if (bad > 0) parts.push(text('incomplete', { count: String(bad) }));
    if (repeated.size > 0) parts.push(text('repeated', { tag: [...repeated][0] ?? '', count: String(repeated.size) }));
    count(parts.join(' · '));
  }

  function line(row: TagRow, repeated: ReadonlySet<string>): JQuery {
    const tick = $('<input type="checkbox">')
      .attr('aria-label', text('tickRow', { tag: row.tag }))
      .prop('checked', ticked.has(row))
      .on('change', () => {
        if (tick.prop('checked')) ticked.add(row);
        else ticked.delete(row);
        drawBulk();
      });
    const tag = field('tag', row.tag, (value) => (row.tag = value));
    tag.toggleClass('input-error', row.tag === '' || repeated.has(row.tag)).attr('title', row.tag);
    const nodeId = field('nodeId', row.nodeId, (value) => (row.nodeId = value));
    nodeId.toggleClass('input-error', !isNodeId(row.nodeId)).attr('title', row.nodeId);
    const unit = field('unit', row.unit ?? '', (value) => {
      if (value) row.unit = value;
      else delete row.unit;
    });
    const cells = [tag, nodeId, unit, intervalField(row), deadbandField(row)];
    return $('<tr>').append($('<td>').append(tick), ...cells.map((cell) => $('<td>').append(cell)));
  }

  function field(key: string, value: string, set: (value: string) => unknown): JQuery {
    const input = $('<input type="text" spellcheck="false">').attr({ 'data-field': key, 'aria-label': text(key) });
    if (key in longest) input.attr('maxlength', longest[key as keyof typeof longest]);
    input.val(value).on('change', () => {
      set(String(input.val()).trim());
      draw();
    });
    return input;
  }

  function intervalField(row: TagRow): JQuery {
    return field('intervalMs', String(row.intervalMs ?? ''), (given) => setSampling(row, given)).attr(
      'inputmode',
      'decimal',
    );
  }

  function deadbandField(row: TagRow): JQuery {
    return field('deadband', deadbandText(row), (given) => setDeadband(row, given)).attr('title', text('deadbandHint'));
  }

  function drawPager(length: number, pages: number, from: number, visible: number): void {
    pager.empty();
    if (pages === 1) return;
    const turn = (to: number) => () => {
      page = Math.max(0, Math.min(pages - 1, to));
      draw();
    };
    pager.append(
      button(text('before'), 'chevron-left', turn(page - 1), true),
      $('<span>')
        .css({ margin: '0 8px' })
        .text(text('range', { from: String(from + 1), to: String(from + visible), count: String(length) })),
      button(text('after'), 'chevron-right', turn(page + 1), true),
    );
  }

  function drawBulk(): void {
    bulk.empty();
    if (ticked.size === 0) return;
    const interval = $('<input type="text" inputmode="decimal">')
      .attr('aria-label', text('intervalMs'))
      .css({ width: '80px' });
    bulk.append(
      $('<span>').text(text('ticked', { count: String(ticked.size) })),
      button(text('remove'), 'trash', () => {
        all = all.filter((row) => !ticked.has(row));
        ticked.clear();
        draw();
      }),
      interval,
      button(text('setInterval'), 'clock-o', () => {
        const given = String(interval.val()).trim();
        for (const row of ticked) setSampling(row, given);
        draw();
      }),
    );
  }

  filter.on('input', () => {
    page = 0;
    draw();
  });
  everything.on('change', () => {
    for (const row of shown())
      if (everything.prop('checked')) ticked.add(row);
      else ticked.delete(row);
    draw();
  });
  draw();
  return {
    element,
    rows: () => all.filter((row) => row.tag !== '' && row.nodeId !== ''),
    merge(rows) {
      const at = new Map(all.map((row, index) => [row.nodeId, index]));
      for (const row of rows) {
        const index = at.get(row.nodeId);
        if (index === undefined) at.set(row.nodeId, all.push({ ...row }) - 1);
        else all[index] = { ...row };
      }
      draw();
    },
    replace(rows) {
      all = rows.map((row) => ({ ...row }));
      ticked.clear();
      page = 0;
      draw();
    },
  };
}
