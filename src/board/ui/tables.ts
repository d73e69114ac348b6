import { el } from './dom.ts';

/** A plain table with a caption; numbers are right-aligned where a column says so. */
export function plainTable(
  caption: string,
  columns: readonly { label: string; number?: boolean }[],
  rows: readonly (readonly (Node | string)[])[],
): HTMLTableElement {
  return el('table', { class: 'listing' }, [
    el('caption', {}, caption),
    el('thead', {}, [
      el(
        'tr',
        {},
        columns.map(({ label, number }) => el('th', { scope: 'col', class: number ? 'number' : null }, label)),
      ),
    ]),
    el(
      'tbody',
      {},
      rows.map((cells) =>
        el(
          'tr',
          {},
          cells.map((cell, index) => el('td', { class: columns[index]?.number ? 'number' : null }, [cell])),
        ),
      ),
    ),
  ]);
}

/** What stands where there is nothing to show. */
export function emptyState(title: string, hint?: string): HTMLElement {
  return el('div', { class: 'empty' }, [
    el('p', { class: 'empty-title' }, title),
    hint === undefined ? null : el('p', {}, hint),
  ]);
}
