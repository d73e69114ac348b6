import type { DialogText } from '../shared/dialog.editor.ts';

/** A row of the allow list. */
export interface AllowedRow {
  kind: 'write' | 'call' | 'never';
  nodeId: string;
  objectId?: string;
  low?: number;
  high?: number;
  perMinute?: number;
}

const numbers = ['low', 'high', 'perMinute'] as const;

/** Draws the allow list as an editable list; gives what reads it. */
export function openAllowList(text: DialogText, list: JQuery, given: readonly AllowedRow[]): () => AllowedRow[] {
  list.editableList({
    sortable: true,
    removable: true,
    addItem(row: JQuery, _index: number, data: Partial<AllowedRow>) {
      const kind = $('<select data-field="kind">').attr('aria-label', text('allow.kind'));
      for (const value of ['write', 'call', 'never'])
        kind.append(
          $('<option>')
            .val(value)
            .text(text(`allow.kinds.${value}`)),
        );
      kind.val(data.kind ?? 'write');
      const field = (name: string, type: string, value: string) =>
        $('<input>')
          .attr({
            type,
            step: 'any',
            'data-field': name,
            'aria-label': text(`allow.${name}`),
            placeholder: text(`allow.${name}`),
            title: text(`allow.${name}`),
          })
          .val(value);
      const nodeId = field('nodeId', 'text', data.nodeId ?? '');
      const objectId = field('objectId', 'text', data.objectId ?? '');
      const limits = numbers.map((name) => field(name, 'number', data[name] === undefined ? '' : String(data[name])));
      const isMissing = (input: JQuery) => String(input.val()).trim() === '';
      const check = () => {
        const isCall = kind.val() === 'call';
        objectId.toggle(isCall);
        for (const limit of limits) limit.toggle(kind.val() !== 'never');
        nodeId.toggleClass('input-error', isMissing(nodeId) && isCall && !isMissing(objectId));
        objectId.toggleClass('input-error', isCall && isMissing(objectId));
      };
      row.addClass('mw-allow').append(kind, nodeId, objectId, $('<span class="mw-limits">').append(limits));
      row.on('input change', check);
      check();
    },
  });
  for (const row of given) list.editableList('addItem', row);
  return () => rowsOf(list);
}

function rowsOf(list: JQuery): AllowedRow[] {
  const rows: AllowedRow[] = [];
  list.editableList('items').each(function (this: HTMLElement) {
    const value = (field: string) => String($(this).find(`[data-field=${field}]`).val()).trim();
    const kind = value('kind') as AllowedRow['kind'];
    const nodeId = value('nodeId');
    if (!nodeId) return;
    const row: AllowedRow = { kind, nodeId };
    if (kind === 'call') row.objectId = value('objectId');
    if (kind !== 'never')
      for (const field of numbers)
        if (value(field) !== '' && !Number.isNaN(Number(value(field)))) row[field] = Number(value(field));
    rows.push(row);
  });
  return rows;
}
