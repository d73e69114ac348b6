import assert from 'node:assert/strict';
import fc from 'fast-check';
import { northfieldModel } from '../../../src/demo/index.ts';
import {
  exportDocument,
  planImport,
  planImportApart,
  type ImportBase,
  type ImportFault,
} from '../../../src/store/index.ts';
import { jobOrder, model } from '../plant.ts';
import { empty, full } from './base.ts';

const brief = ({ table, line, column, kind, found }: ImportFault) =>
  [table, line, column, kind, found].filter((part) => part !== undefined).join(' ');
const faultsOf = async (text: string, base: ImportBase = full) =>
  (await planImport(base, [{ text }])).faults.map(brief);
const rows = (table: string, list: unknown) => JSON.stringify({ [table]: list });

describe('import of JSON', () => {
  it('gives a plant back exactly as it was exported, into a new store and into its own', async () => {
    for (const known of [model, northfieldModel()]) {
      const document = exportDocument({ ...full, model: known, lots: [], workRequests: [] });
      const { model: read, faults } = await planImport(empty, [{ text: document }]);
      assert.deepEqual([faults, read], [[], known]);
    }
    const again = await planImportApart(full, [{ text: exportDocument(full) }]);
    for (const { table, added, changed, ended } of again.summaries)
      assert.deepEqual([table, added, changed, ended], [table, 0, 0, 0]);
    assert.deepEqual(again.model, model);
    assert.deepEqual([again.lots, again.workRequests, again.jobOrders], [full.lots, full.workRequests, full.jobOrders]);
  });

  it('takes the rows of one table alone, with numbers, lists and nothing as they come', async () => {
    const text = '[{"person_id": 7, "Shift ID": null, "qualification_ids": ["turning", "5-axis milling"]}]';
    const { model: read, summaries } = await planImport(full, [{ table: 'persons', text }]);
    assert.deepEqual(read?.persons, [{ personId: '7', qualificationIds: ['turning', '5-axis milling'] }]);
    assert.deepEqual(summaries, [{ table: 'persons', rows: 1, added: 1, changed: 0, unchanged: 0, ended: 2 }]);
    assert.deepEqual((await planImport(full, [{ text }])).faults.map(brief), ['1 no-table']);
  });

  it('names what is wrong by the line on which a row begins, and then takes nothing', async () => {
    const text = `{
  "tools": [
    {"tool_id": "T1", "copies": 1},
    {
      "tool_id": "T2",
      "colour": "red",
      "copies": 1.5
    },
    7,
    {"tool_id": "T1", "copies": 2, "name": {"en": "x"}},
    {"tool_id": "T3"}
  ],
  "robots": [],
  "stock": {}
}`;
    assert.deepEqual(await faultsOf(text), [
      'tools 4 colour column-unknown',
      'tools 9 not-a-row 7',
      'tools 10 name not-a-cell {"en":"x"}',
      '13 table-unknown robots',
      'stock 14 not-rows',
    ]);
    const values = `{"tools": [\n{"tool_id": "T1", "copies": 1},\n{"tool_id": "T2", "copies": 1.5},\n{"tool_id": "T1"}]}`;
    assert.deepEqual(await faultsOf(values), [
      'tools 3 copies not-a-whole-number 1.5',
      'tools 4 copies required',
      'tools 4 repeated T1',
    ]);
    assert.match((await faultsOf('{"tools": [\n{"tool_id": "T1",}\n]}')).join(), /^2 not-json /);
    assert.match((await faultsOf('{"tools": [\n')).join(), /^2 not-json /);
    assert.deepEqual(await faultsOf('{"tools": [], "stock": [],\n"tools": []}'), ['2 table-repeated tools']);
    assert.deepEqual(await faultsOf('{}'), ['1 no-table']);
    assert.deepEqual(await faultsOf(rows('stock', [{ lot_id: 'L', material_id: 'NONE', quantity: 1 }])), [
      'stock 1 material_id unknown-reference NONE',
    ]);
  });

  it('refuses two files that are each the whole of a table', async () => {
    const twice = planImport(full, [{ text: rows('tools', []) }, { table: 'tools', text: 'tool_id,copies\n' }]);
    await assert.rejects(twice, { code: 'MW_IMPORT_TABLE_TWICE' });
  });

  it('finds the line of any row, however the document is written', async () => {
    const cell = fc.oneof(fc.string(), fc.constantFrom('{', '}', '[', ']', '"', '\\', '\n', ','));
    await fc.assert(
      fc.asyncProperty(
        fc.array(cell, { minLength: 1, maxLength: 6 }),
        fc.constantFrom(0, 1, 4),
        async (names, indent) => {
          const document = {
            materials: names.map((name, i) => ({ material_id: `M${i}`, name })),
            tools: [
              { tool_id: 'T', copies: 1 },
              { tool_id: 'BAD', copies: 'x' },
            ],
          };
          const text = JSON.stringify(document, undefined, indent);
          const line = indent === 0 ? 1 : text.slice(0, text.lastIndexOf('{')).split('\n').length;
          const faults = (await planImport(empty, [{ text }])).faults;
          assert.deepEqual(faults.map(brief), [`tools ${line} copies not-a-whole-number x`]);
        },
      ),
      { numRuns: 200, seed: 3 },
    );
  });
});

describe('hints of an import', () => {
  const hintsOf = async (document: Record<string, unknown>, base: ImportBase = full) =>
    (await planImport(base, [{ text: JSON.stringify(document) }])).hints.map(({ line, ...hint }) => {
      assert.ok(line >= 0);
      return hint;
    });

  it('name a setup family, class or qualification that nobody has, with the nearest known names', async () => {
    const time = (from: string, to: string, machines = 'cnc') => ({
      equipment_class_id: machines,
      from_family: from,
      to_family: to,
      seconds: 60,
    });
    assert.deepEqual(
      await hintsOf({ setup_times: [time('*', '*'), time('shafts', 'housing'), time('zzz', 'shaft', 'cmc')] }),
      [
        { table: 'setup_times', column: 'from_family', kind: 'unknown-family', found: 'shafts', expected: 'shaft' },
        { table: 'setup_times', column: 'from_family', kind: 'unknown-family', found: 'zzz', expected: '' },
        { table: 'setup_times', column: 'equipment_class_id', kind: 'unknown-class', found: 'cmc', expected: 'cnc' },
      ],
    );
    const persons = (qualification_ids: string[]) => ({ persons: [{ person_id: 'OP-1', qualification_ids }] });
    assert.deepEqual(await hintsOf(persons(['Turning', 'first-aid'])), [
      {
        table: 'operations',
        column: 'qualification_id',
        kind: 'unknown-qualification',
        found: 'turning',
        expected: 'Turning',
      },
      {
        table: 'persons',
        column: 'qualification_ids',
        kind: 'unused-qualification',
        found: 'Turning',
        expected: 'turning',
      },
    ]);
    assert.deepEqual(await hintsOf(persons(['turning', 'first-aid'])), []);
    const material = { material_id: 'SH-20', name: 'Shaft', unit: 'pcs', setup_family: 'shaff' };
    const materials = [material, { material_id: 'PH-100', setup_family: 'housing' }, { material_id: 'BAR' }];
    assert.deepEqual(
      (await hintsOf({ materials })).map(({ kind, found, expected }) => [kind, found, expected]),
      [
        ['unknown-family', 'shaft', 'shaff'],
        ['unused-family', 'shaff', 'shaft'],
      ],
    );
  });

  it('are silent about a plant without faults', async () => {
    assert.deepEqual(await hintsOf(JSON.parse(exportDocument(full)) as Record<string, unknown>), []);
    const northfield = { ...full, model: northfieldModel(), jobOrders: [], workRequests: [], lots: [] };
    assert.deepEqual(await hintsOf(JSON.parse(exportDocument(northfield)) as Record<string, unknown>, northfield), []);
  });
});

describe('revisions of routings', () => {
  type Row = Record<string, unknown>;
  const document = JSON.parse(exportDocument(full)) as Record<string, Row[]>;
  const operations = ['operations', 'operation_equipment', 'operation_materials', 'operation_lags'];
  const revision = (version: string, changes: Row = {}) =>
    JSON.stringify(
      Object.fromEntries(
        operations.map((table) => [table, document[table]!.map((row) => ({ ...row, version, ...changes }))]),
      ),
    );
  const none = { ...full, jobOrders: [], workRequests: [] };
  const versions = (plan: Awaited<ReturnType<typeof planImport>>) =>
    plan.model?.workMasters.map(({ version }) => version);

  it('stand beside the one that open job orders follow, and new orders take the newest', async () => {
    const order = '[{"work_request_id": "WO-9", "material_id": "SH-20", "quantity": 5, "due_at": "2026-12-01"}]';
    const plan = await planImport(full, [{ text: revision('10') }, { table: 'orders', text: order }]);
    assert.deepEqual(versions(plan), ['2', '10']);
    assert.deepEqual([...new Set(plan.jobOrders.map(({ workMasterVersion }) => workMasterVersion))], ['10']);
    assert.deepEqual(versions(await planImport(none, [{ text: revision('10') }])), ['10']);
  });

  it('are not overwritten by an older one that arrives later', async () => {
    for (const base of [full, none]) {
      const plan = await planImport(base, [{ text: revision('1') }]);
      assert.deepEqual(versions(plan), ['1', '2']);
      assert.deepEqual(plan.model?.workMasters.at(-1), model.workMasters[0]);
      assert.deepEqual(
        plan.hints.map(({ kind, found, expected }) => [kind, found, expected]),
        [['older-revision', 'WM-SH-20 / 1', '2']],
      );
    }
  });

  it('warn where one is changed that open job orders follow', async () => {
    const text = revision('2', { name: 'Other' }).replaceAll('"operation_equipment"', '"operation_equipment"');
    const changed = JSON.stringify({ operations: (JSON.parse(text) as Record<string, Row[]>)['operations'] });
    assert.deepEqual(
      (await planImport(full, [{ text: changed }])).hints.map(({ kind }) => kind),
      ['revision-changed'],
    );
    assert.deepEqual((await planImport(none, [{ text: changed }])).hints, []);
    const other = { ...full, jobOrders: [jobOrder('WO-1', 10, { workMasterVersion: '1' })] };
    assert.deepEqual((await planImport(other, [{ text: changed }])).hints, []);
  });
});
