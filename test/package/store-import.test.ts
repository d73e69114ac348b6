import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { northfieldModel } from '../../src/demo/index.ts';
import { exportTable, openStore, tableNames, type ImportBase, type TableName } from '../../src/store/index.ts';
import { openEditor, type OpenEditor } from '../support/editor.ts';
import { temporaryFolder } from '../support/opcua.ts';

const model = northfieldModel();
const northfield: ImportBase = {
  model,
  workRequests: [],
  lots: [],
  jobOrders: [],
  site: model,
  now: 0,
};
const masterData = tableNames.filter((table) => table !== 'stock' && table !== 'orders');
const asFile = (table: TableName, text = exportTable(northfield, table)) => ({
  name: `2026-11 ${table}.csv`,
  mimeType: 'text/csv',
  buffer: Buffer.from(text),
});
const orders =
  'work_request_id;material_id;quantity;due_at\r\nWO-1;PH-100;40;2026-12-01 14:00\r\nWO-2;P-1;5;2026-12-02\r\n';

const b2mml =
  '<PersonnelInformation>\n<Person><ID>OP-99</ID><PersonnelClassID>miling</PersonnelClassID></Person>\n</PersonnelInformation>';

describe('import in the dialog of mw-store', function () {
  this.timeout(90_000);
  const folder = temporaryFolder('store-import');
  const file = join(folder.path, 'plant.sqlite');
  const flow = [
    { id: 'tab', type: 'tab', label: 'Store' },
    { id: 'site', type: 'mw-site', name: '', version: 1, enterprise: 'Test', site: 'Works' },
    { id: 'store', type: 'mw-store', name: '', version: 1, site: 'site', file },
    { id: 'trust', z: 'tab', type: 'mw-trust', name: '', version: 1, store: 'store', x: 200, y: 80, wires: [[]] },
  ];
  let editor: OpenEditor;
  before(async () => {
    editor = await openEditor(flow);
  });
  after(async () => {
    await editor.close();
    folder.remove();
  });

  const choose = (page: Page, files: ReturnType<typeof asFile>[]) => page.setInputFiles('#mw-store-input', files);
  const preview = (page: Page, pattern: RegExp) => page.locator('#mw-store-preview', { hasText: pattern }).waitFor();

  it('shows what the chosen engine needs, and that alone', async () => {
    await editor.hands.editConfig('store', async (page) => {
      const field = (key: string) => page.locator(`#node-config-input-${key}`);
      const shown = async (keys: string[]) => Promise.all(keys.map((key) => field(key).isVisible()));
      const ofServer = [
        'host',
        'port',
        'database',
        'schema',
        'user',
        'password',
        'tls',
        'readerUser',
        'readerPassword',
      ];
      assert.deepEqual(new Set(await shown(ofServer)), new Set([false]));
      await field('engine').selectOption('postgres');
      assert.deepEqual(new Set(await shown([...ofServer, 'caFile', 'file'])), new Set([true]));
      await field('tls').selectOption('off');
      assert.equal(await field('caFile').isVisible(), false);
      await field('engine').selectOption('sqlite');
      assert.deepEqual(await shown(['host', 'file', 'retentionDays', 'aggregateDays']), [false, true, true, true]);
    });
  });
  it('takes a plant and its orders from CSV files, all or nothing, and again without change', async () => {
    await editor.hands.editConfig('store', async (page) => {
      await choose(page, [asFile('equipment', 'equipment_id,level\r\nX,Machine\r\n')]);
      await preview(page, /Equipment, line 2: level Machine is none of/);
      assert.ok(await page.getByRole('button', { name: 'Import' }).isDisabled());
      for (const encoding of ['latin1', 'utf16le'] as const) {
        const buffer = Buffer.from(`\uFEFFequipment_id,level\r\nX,Säge ${encoding}\r\n`, encoding);
        await choose(page, [{ ...asFile('equipment'), buffer: encoding === 'latin1' ? buffer.subarray(1) : buffer }]);
        await preview(page, new RegExp(`level Säge ${encoding} is none of`));
      }

      await choose(page, [...masterData.map((table) => asFile(table)), asFile('orders', orders)]);
      await preview(page, /Ready to import/);
      await page.getByRole('button', { name: 'Import' }).click();
      await preview(page, /^Imported\./);

      await choose(
        page,
        masterData.map((table) => asFile(table)),
      );
      await preview(page, /Ready to import/);
      const cells = await page.locator('#mw-store-preview tbody td').allInnerTexts();
      const added = cells.filter((_, i) => i % 6 === 2 || i % 6 === 3 || i % 6 === 5);
      assert.deepEqual(new Set(added), new Set(['0']));

      await page.getByRole('button', { name: 'Check the views' }).click();
      const mapping = page.locator('#mw-store-mapping');
      await mapping.getByText(/plant\.sqlite: findings 4/).waitFor();
      assert.equal(await mapping.getByText('There is no row.').count(), 4);
      assert.ok(!(await page.locator('#node-config-input-viewsHost').isVisible()));
      await page.selectOption('#node-config-input-questionsFrom', 'mariadb');
      assert.ok(await page.locator('#node-config-input-viewsUser').isVisible());
      assert.ok(!(await page.locator('#node-config-input-viewsSchema').isVisible()));
      await page.selectOption('#node-config-input-questionsFrom', 'postgres');
      assert.equal(await page.inputValue('#node-config-input-viewsPort'), '5432');
      await page.getByRole('button', { name: 'Check the views' }).click();
      await mapping.getByText('Deploy the store first.').waitFor();
      await page.selectOption('#node-config-input-questionsFrom', 'store');

      await page.selectOption('#mw-store-table', 'orders');
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Save as CSV' }).click(),
      ]);
      const text = Buffer.concat(await (await download.createReadStream()).toArray()).toString();
      assert.match(text, /WO-1,,PH-100,40,.*,2026-12-01T13:00:00.000Z,3/);

      const [saved] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Save all as JSON' }).click(),
      ]);
      const document = Buffer.concat(await (await saved.createReadStream()).toArray());
      await choose(page, [{ name: saved.suggestedFilename(), mimeType: 'application/json', buffer: document }]);
      await preview(page, /Ready to import/);
      const xml = Buffer.from(b2mml);
      await choose(page, [{ name: 'people.xml', mimeType: 'text/xml', buffer: xml }]);
      await preview(page, /People, line 2: qualification_ids no operation needs the qualification miling/i);
      await preview(page, /Known is: milling/);
      await choose(page, [{ name: 'people.xml', mimeType: 'text/xml', buffer: xml.subarray(0, 40) }]);
      await preview(page, /people.xml, line \d: .*no well-formed XML/);
      assert.ok(await page.getByRole('button', { name: 'Import' }).isDisabled());
    });
    const store = await openStore({ file });
    try {
      assert.deepEqual(await store.loadPlantModel(), model);
      const state = await store.loadPlantState(Date.now());
      assert.deepEqual(state.workRequests.map(({ workRequestId }) => workRequestId).sort(), ['WO-1', 'WO-2']);
      const routing = model.workMasters.find(({ materialId }) => materialId === 'PH-100');
      const jobs = state.jobOrders.filter(({ workRequestId }) => workRequestId === 'WO-1');
      assert.equal(jobs.length, routing?.segments.length);
      const entries = await store.auditRows({ subject: model.site });
      assert.deepEqual(
        entries.map(({ actor, action }) => `${actor} ${action}`),
        ['editor plant.import'],
      );
    } finally {
      await store.close();
    }
    assert.deepEqual(editor.faults, { consoleErrors: [], outsideRequests: [] });
  });
});
