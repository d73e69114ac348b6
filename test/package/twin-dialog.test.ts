import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { EquipmentStateEvent } from '../../src/plant/index.ts';
import { openStore } from '../../src/store/index.ts';
import { northfieldModel } from '../planning/northfield.ts';
import { openEditor, type OpenEditor } from '../support/editor.ts';
import { temporaryFolder } from '../support/opcua.ts';

const minute = 60_000;

/** CNC-22 runs 100 minutes and is down 30 or 53, twelve times in the last five days. */
function broken(now: number): EquipmentStateEvent[] {
  const equipmentId = 'CNC-22';
  return Array.from({ length: 12 }, (_, i): EquipmentStateEvent[] => {
    const start = now - 5 * 1440 * minute + i * 600 * minute;
    const [down, up] = [start + 100 * minute, start + 100 * minute + (i % 2 === 0 ? 30 : 53) * minute];
    return [
      { equipmentId, state: 'Execute', start, end: down },
      { equipmentId, state: 'Aborted', reason: 'breakdown', start: down, end: up },
      { equipmentId, state: 'Idle', start: up, end: start + 600 * minute },
    ];
  }).flat();
}

describe('the dialog of mw-twin', function () {
  this.timeout(90_000);
  const folder = temporaryFolder('twin-dialog');
  const file = join(folder.path, 'plant.sqlite');
  const own = { z: 'tab', version: 1, name: '', x: 200, y: 80 };
  const flow = [
    { id: 'tab', type: 'tab', label: 'Twin' },
    { id: 'site', type: 'mw-site', name: '', version: 1, enterprise: 'Test', site: 'Works' },
    { id: 'store', type: 'mw-store', name: '', version: 1, site: 'site', file },
    { ...own, id: 'twin', type: 'mw-twin', store: 'store', wires: [[]] },
  ];
  let editor: OpenEditor;
  before(async () => {
    const store = await openStore({ file });
    await store.savePlantModel(northfieldModel(), { id: 'test' });
    await store.appendHistory({ states: broken(Date.now()) }, { id: 'test' });
    await store.close();
    editor = await openEditor(flow);
  });
  after(async () => {
    await editor.close();
    folder.remove();
  });

  it('compares with history, puts a chosen proposal in force, and takes it back', async () => {
    const key = 'time-between-stops/CNC-22/breakdown';
    await editor.hands.edit('twin', async (page) => {
      await page.getByRole('button', { name: 'Compare with history' }).click();
      const row = page.locator(`#mw-twin-proposals tr:has(input[value="${key}"])`);
      await row.waitFor();
      assert.match(await page.locator('#mw-twin-summary').innerText(), /2 differ.*drifts: 1/);
      const cells = await row.locator('td').allInnerTexts();
      assert.match(cells[1]!, /Run time between stops: CNC-22 · breakdown/);
      assert.deepEqual([cells[2], cells[4]], ['288,000', '11']);
      assert.match(cells[3]!, /^6,000 \([\d,]+ – [\d,]+\)$/);
      await row.locator('input').check();
      await page.getByRole('button', { name: 'Accept chosen' }).click();
      await page.locator('#mw-twin-proposals td', { hasText: '(editor,' }).waitFor();
      await row.locator('input').check();
      await page.getByRole('button', { name: 'Back to standard' }).click();
      await page.locator('#mw-twin-proposals td', { hasText: /^288,000$/ }).waitFor();
    });
    await editor.hands.until('twin', /drifts: 1/);
    const store = await openStore({ file });
    const entries = await store.auditRows({ subject: 'twin' }).finally(() => store.close());
    assert.deepEqual(
      entries.map(({ actor }) => actor),
      ['editor', 'editor'],
    );
    assert.deepEqual(editor.faults, { consoleErrors: [], outsideRequests: [] });
  });
});
