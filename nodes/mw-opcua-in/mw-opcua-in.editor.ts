import { button, type DialogText } from '../shared/dialog.editor.ts';
import { showGranted } from './granted.editor.ts';
import { openMachineList, type ChosenMachine, type MachineList } from './machine-list.editor.ts';
import { openServerTree } from './server-tree.editor.ts';
import { openTagGrid, type TagGrid } from './tag-grid.editor.ts';
import { openTableImport, saveTable } from './table-files.editor.ts';
import { tagNames, type TagRow } from './tag-table.ts';

interface OpcuaInNode {
  id: string;
  name: string;
  tags: TagRow[];
  /** Absent in flows from before there were machines. */
  machines?: ChosenMachine[];
  _(key: string, params?: Record<string, string>): string;
}

declare const RED: {
  tabs: {
    create(options: { element: JQuery; onchange: (tab: { id: string }) => void }): {
      addTab(tab: { id: string; label: string }): void;
    };
  };
};

let grid: TagGrid | undefined;
let machineList: MachineList | undefined;

/** Fills the dialog: one tab for the tags with the server's tree and files beside them, one for the settings. */
export function oneditprepare(this: OpcuaInNode): void {
  const text: DialogText = (key, params = {}) => this._(`form.${key}`, params);
  const settings = $('<div>');
  const tags = $('<div>');
  const machines = $('<div>');
  const form = $('#node-input-endpoint').closest('.form-row').parent();
  settings.append(form.children('.form-row').not(':has(#node-input-name, #node-input-endpoint)'));
  const bar = $('<ul id="mw-opcua-in-tabs">');
  settings.append(showGranted(text, this.id));
  form.append($('<div class="form-row">').append(bar), tags, machines, settings);
  const tabs = RED.tabs.create({
    element: bar,
    onchange: ({ id }) => {
      tags.toggle(id === 'tags');
      machines.toggle(id === 'machines');
      settings.toggle(id === 'settings');
    },
  });
  tabs.addTab({ id: 'tags', label: text('tags') });
  tabs.addTab({ id: 'machines', label: text('machines') });
  tabs.addTab({ id: 'settings', label: text('settings') });

  const endpoint = () => String($('#node-input-endpoint').val());
  machineList = openMachineList(text, endpoint, this.machines ?? []);
  machines.append(machineList.element);
  const counted = $('<span aria-live="polite">').css({ marginLeft: '10px' });
  const drawer = $('<div>');
  const table = openTagGrid(text, this.tags, (shown) => counted.text(shown));
  grid = table;
  /** Opens one thing in the drawer above the table, or closes it where it is open already. */
  const open = (what: string, draw: () => JQuery) => () => {
    const isOpen = drawer.attr('data-open') === what;
    drawer.empty().attr('data-open', isOpen ? '' : what);
    if (!isOpen) drawer.append(draw());
  };
  tags.append(
    $('<div class="mw-tag-bar">').append(
      button(
        text('browse'),
        'sitemap',
        open('tree', () =>
          openServerTree(text, endpoint, (variables) => {
            const known = new Set(table.rows().map(({ nodeId }) => nodeId));
            const fresh = variables.filter(
              ({ nodeId, indexedNodeId }) => !known.has(nodeId) && !known.has(indexedNodeId),
            );
            const names = tagNames(
              fresh.map(({ path }) => path),
              new Set(table.rows().map(({ tag }) => tag)),
            );
            table.merge(fresh.map(({ nodeId }, index) => ({ tag: names[index] ?? nodeId, nodeId })));
            return fresh.length;
          }),
        ),
      ),
      button(
        text('import'),
        'upload',
        open('import', () => openTableImport(text, table)),
      ),
      button(text('export'), 'download', () => saveTable(table.rows(), this.name || 'tags')),
      counted,
    ),
    drawer,
    table.element,
  );
}

/** Reads the table back into the node. */
export function oneditsave(this: OpcuaInNode): void {
  if (grid) this.tags = grid.rows();
  if (machineList) this.machines = machineList.machines();
  oneditcancel();
}

/** Forgets what was edited. */
export function oneditcancel(): void {
  grid = undefined;
  machineList = undefined;
}
