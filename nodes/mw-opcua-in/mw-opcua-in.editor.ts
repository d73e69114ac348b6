interface TagRow {
  tag: string;
  nodeId: string;
  unit?: string;
  intervalMs?: number;
}
interface OpcuaInNode {
  tags: TagRow[];
  _(key: string, params?: Record<string, string>): string;
}
/** What the browse route answers, one per child. */
interface Child {
  nodeId: string;
  browseName: string;
  isVariable: boolean;
  unit?: string;
}

const rowText = ({ tag, nodeId, unit, intervalMs }: TagRow) =>
  [tag, nodeId, unit ?? '', intervalMs ?? ''].join('\t').trimEnd();

/** Reads a pasted table: one tag a line; columns by tab, semicolon or comma; a heading and bad lines are left out. */
function parseTable(text: string): TagRow[] {
  const rows: TagRow[] = [];
  for (const line of text.split('\n')) {
    const cells = line.includes('\t') ? line.split('\t') : splitPlain(line);
    const [tag = '', nodeId = '', unit = '', interval = ''] = cells.map((cell) => cell.trim());
    if (!tag || !/^(ns=\d+;)?[isgb]=/.test(nodeId)) continue;
    const intervalMs = Number(interval);
    rows.push({
      tag,
      nodeId,
      ...(unit ? { unit } : {}),
      ...(interval && intervalMs >= 0 ? { intervalMs } : {}),
    });
  }
  return rows;
}

/** Node ids themselves hold semicolons (`ns=1;s=…`), so only other ones part the columns. */
function splitPlain(line: string): string[] {
  return line.split(/,|(?<!ns=\d+);/);
}

/** Fills the dialog: the tag table as text, and a browser of the server's address space beside it. */
export function oneditprepare(this: OpcuaInNode): void {
  const text = (key: string, params: Record<string, string> = {}) => this._(`form.${key}`, params);
  const table = $('<textarea id="mw-opcua-in-table" rows="10" spellcheck="false" wrap="off">')
    .css({ width: '100%', fontFamily: 'var(--red-ui-monospace-font)' })
    .attr({ placeholder: text('pasteHint'), 'aria-label': text('tags') })
    .val(this.tags.map(rowText).join('\n'));
  const count = $('<span aria-live="polite">').css({ marginLeft: '10px' });
  const showCount = () => count.text(text('count', { count: String(parseTable(String(table.val())).length) }));
  table.on('input', showCount);
  showCount();
  const panel = $('<div>').css({ maxHeight: '220px', overflow: 'auto', margin: '6px 0' });
  const open = $('<button type="button" class="red-ui-button">').text(text('browse'));
  const label = $('<label>').css({ width: 'auto' }).text(text('tags'));
  const row = $('<div class="form-row">').append(label, ' ', open, count, panel, table);
  $('#node-input-endpoint').closest('.form-row').after(row);

  const add = (child: Child, path: string[]) => {
    const tag = [...path, child.browseName].slice(-3).join('/');
    const present = parseTable(String(table.val()));
    if (present.some((known) => known.nodeId === child.nodeId)) return;
    const line = rowText({ tag, nodeId: child.nodeId, ...(child.unit ? { unit: child.unit } : {}) });
    table.val([...present.map(rowText), line].join('\n'));
    showCount();
  };
  const browse = (trail: { nodeId: string; browseName: string }[]) => {
    const endpoint = String($('#node-input-endpoint').val());
    const at = trail.at(-1);
    const path = trail.slice(1).map((step) => step.browseName);
    panel.text(text('browsing'));
    $.getJSON(`millwright/opcua/${endpoint}/browse`, at ? { nodeId: at.nodeId } : {})
      .done((children: Child[]) => {
        panel.empty();
        const link = (label: string, go: () => void) =>
          $('<button type="button" class="red-ui-button red-ui-button-small">')
            .css({ margin: '2px' })
            .text(label)
            .on('click', go);
        if (trail.length > 1)
          panel.append(
            link(`↑ ${text('up')}`, () => {
              browse(trail.slice(0, -1));
            }),
            document.createTextNode(` ${path.join(' / ')} `),
          );
        const variables = children.filter((child) => child.isVariable);
        if (variables.length > 1)
          panel.append(
            link(`+ ${text('add')} (${variables.length})`, () => {
              for (const child of variables) add(child, path);
            }),
          );
        if (children.length === 0) panel.append($('<div>').text(text('none')));
        for (const child of children)
          panel.append(
            $('<div>').append(
              child.isVariable
                ? link(`+ ${child.browseName}`, () => {
                    add(child, path);
                  })
                : link(`▸ ${child.browseName}`, () => {
                    browse([...trail, child]);
                  }),
            ),
          );
      })
      .fail((request: JQuery.jqXHR) => {
        const { message } = (request.responseJSON ?? {}) as { message?: string };
        const reason = message ?? request.statusText;
        panel.text(request.status === 404 ? text('deployFirst') : text('failed', { reason }));
      });
  };
  open.on('click', () => {
    browse([{ nodeId: 'i=85', browseName: 'Objects' }]);
  });
}

/** Reads the table back into the node. */
export function oneditsave(this: OpcuaInNode): void {
  this.tags = parseTable(String($('#mw-opcua-in-table').val()));
}
