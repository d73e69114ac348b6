import assert from 'node:assert/strict';
import fc from 'fast-check';
import { northfieldModel } from '../../../src/demo/index.ts';
import type { JobOrder } from '../../../src/plant/index.ts';
import { exportTable, planImport, tableNames, type ImportBase, type TableName } from '../../../src/store/index.ts';
import { jobOrder, model } from '../plant.ts';
import { empty, full } from './base.ts';

const [lot] = full.lots;
const [workRequest] = full.workRequests;
const filesOf = (base: ImportBase) => tableNames.map((table) => ({ table, text: exportTable(base, table) }));
const faultsOf = async (table: TableName, text: string, base = full) =>
  (await planImport(base, [{ table, text }])).faults.map(({ line, column, kind, found }) =>
    [line, column, kind, found].filter((part) => part !== undefined).join(' '),
  );

describe('import of master data', () => {
  it('gives a plant back exactly as it was exported, into a new store', async () => {
    for (const known of [model, northfieldModel()]) {
      const { model: read, faults } = await planImport(
        empty,
        filesOf({ ...full, model: known, lots: [], workRequests: [] }),
      );
      assert.deepEqual(faults, []);
      assert.deepEqual(read, known);
    }
  });

  it('changes nothing the second time', async () => {
    const { summaries, model: read, lots, workRequests, jobOrders } = await planImport(full, filesOf(full));
    assert.equal(summaries.length, tableNames.length);
    for (const { added, changed, ended } of summaries) assert.deepEqual([added, changed, ended], [0, 0, 0]);
    assert.deepEqual([read, lots, workRequests, jobOrders], [model, [lot], [workRequest], full.jobOrders]);
  });

  it('takes a file as the whole of its table and leaves the other tables as they are', async () => {
    const text = 'Person ID;Shift-ID;qualification_ids\r\nOP-02;night;turning milling\r\nOP-09;;\r\n';
    const { summaries, model: read } = await planImport(full, [{ table: 'persons', text }]);
    assert.deepEqual(summaries, [{ table: 'persons', rows: 2, added: 1, changed: 1, unchanged: 0, ended: 1 }]);
    assert.deepEqual(read?.persons, [
      { personId: 'OP-02', shiftId: 'night', qualificationIds: ['turning', 'milling'] },
      { personId: 'OP-09', qualificationIds: [] },
    ]);
    assert.deepEqual({ ...read, persons: model.persons }, model);
  });

  it('adds stock and orders to what is there; local times are those of the plant', async () => {
    const stock = 'lot_id,material_id,quantity,available_at\nL-NEW,BAR,"12,5",2026-11-30 14:00\n';
    const plan = await planImport(full, [{ table: 'stock', text: stock }]);
    assert.deepEqual(plan.faults, []);
    assert.deepEqual(plan.lots, [
      {
        lotId: 'L-NEW',
        materialId: 'BAR',
        quantity: 12.5,
        unit: 'pcs',
        availableAt: Date.UTC(2026, 10, 30, 13),
        promisedAt: Date.UTC(2026, 10, 30, 13),
        locationId: 'STORE',
      },
    ]);
    assert.equal(plan.summaries[0]?.ended, 0);
  });

  it('splits a new order into lots where its routing says so, and shares another quantity among them', async () => {
    const orders = (quantity: number) =>
      `work_request_id,material_id,quantity,due_at\nWO-9,SH-20,${quantity},2026-12-01`;
    const planned = (base: ImportBase, quantity: number) =>
      planImport(base, [{ table: 'orders', text: orders(quantity) }]);
    const ids = (jobOrders: readonly JobOrder[]) => jobOrders.map((job) => `${job.jobOrderId} ${job.quantity}`);
    const first = await planned(full, 40);
    const lots = ['WO-9/10.1 14', 'WO-9/10.2 13', 'WO-9/10.3 13'];
    assert.deepEqual(ids(first.jobOrders), [...lots, 'WO-9/20 40', 'WO-9/30 40']);
    const again = await planned({ ...full, workRequests: first.workRequests, jobOrders: first.jobOrders }, 60);
    const more = ['WO-9/10.1 20', 'WO-9/10.2 20', 'WO-9/10.3 20'];
    assert.deepEqual(ids(again.jobOrders), [...more, 'WO-9/20 60', 'WO-9/30 60']);
  });

  it('keeps the routing revision that open job orders follow beside the new one', async () => {
    const files = filesOf(full).map(({ table, text }) => ({
      table,
      text: text.replaceAll('WM-SH-20,2,', 'WM-SH-20,3,'),
    }));
    const versions = async (jobOrders: JobOrder[]) =>
      (await planImport({ ...full, jobOrders }, files)).model?.workMasters
        .filter(({ workMasterId }) => workMasterId === 'WM-SH-20')
        .map(({ version }) => version);
    assert.deepEqual(await versions([jobOrder('WO-1', 10)]), ['2', '3']);
    assert.deepEqual(await versions([]), ['3']);
  });

  it('names what is wrong by line and column, and then takes nothing', async () => {
    assert.deepEqual(await faultsOf('persons', ''), ['1 empty-table']);
    assert.deepEqual(await faultsOf('tools', 'tool_id,colour\nT1,red'), [
      '1 colour column-unknown',
      '1 copies column-missing',
    ]);
    assert.deepEqual(await faultsOf('tools', 'tool_id,copies\nT1,2\n,1\nT1,x\nT2,1.5\nT3,-1'), [
      '3 tool_id required',
      '4 copies not-a-whole-number x',
      '4 repeated T1, x',
      '5 copies not-a-whole-number 1.5',
      '6 copies not-a-whole-number -1',
    ]);
    assert.deepEqual(await faultsOf('equipment', 'equipment_id,level\nA,Machine'), ['2 level not-one-of Machine']);
    assert.deepEqual((await faultsOf('equipment', 'equipment_id,level,parent_id\nA,Area,B\nB,Area,A')).slice(-2), [
      '2 circle A',
      '3 circle B',
    ]);
    assert.deepEqual(await faultsOf('stock', 'lot_id,material_id,quantity\nL,NONE,1'), [
      '2 material_id unknown-reference NONE',
    ]);
    assert.deepEqual(await faultsOf('orders', 'work_request_id,material_id,quantity,due_at\nW,BAR,5,2026-12-01'), [
      '2 material_id no-routing BAR',
    ]);
    assert.deepEqual(await faultsOf('orders', 'work_request_id,material_id,quantity,due_at\nW,SH-20,5,tomorrow'), [
      '2 due_at not-an-instant tomorrow',
    ]);
    assert.deepEqual(
      (await faultsOf('shifts', 'shift_id,start_local,end_local,weekdays\nx,6:00,25:00,1-5')).slice(0, 1),
      ['2 end_local not-a-time 25:00'],
    );
    assert.deepEqual(await faultsOf('tools', 'tool_id,copies\n"T1,2\n'), ['2 open-quote']);
  });

  it('reads days as German spreadsheets write them', async () => {
    const heading = 'work_request_id,material_id,quantity,due_at\n';
    const times = ['2026-12-01 06:30', '2026-12-01 6:30', '01.12.2026 06:30', '1.12.2026 6:30', '01.12.2026 06:30:00'];
    const text = heading + times.map((due, i) => `W-${i},SH-20,5,${due}\n`).join('');
    const { workRequests, faults } = await planImport(full, [{ table: 'orders', text }]);
    assert.deepEqual(faults, []);
    const due = new Set(
      workRequests.filter(({ workRequestId }) => /^W-\d$/.test(workRequestId)).map(({ dueAt }) => dueAt),
    );
    assert.deepEqual([...due], [Date.parse('2026-12-01T05:30:00Z')]);
    assert.deepEqual(await faultsOf('orders', `${heading}W,SH-20,5,31.11.2026`), [
      '2 due_at not-an-instant 31.11.2026',
    ]);
    assert.deepEqual(await faultsOf('holidays', 'local_date\n24.12.2026'), []);
    assert.deepEqual(await faultsOf('holidays', 'local_date\n24.12.26'), ['2 local_date not-a-date 24.12.26']);
  });

  it('names operations without a machine, with foreign predecessors, and that wait for themselves', async () => {
    const heading = 'work_master_id,version,segment_id,material_id,sequence,predecessors\n';
    const faults = await faultsOf('operations', `${heading}R,1,a,SH-20,10,b\nR,1,b,SH-20,20,a\nR,1,c,PH-100,30,z`);
    for (const expected of [
      '2 no-machine R / 1 / a',
      '4 two-materials PH-100',
      '4 predecessors unknown-reference z',
      '2 circle R / 1 / a',
      '3 circle R / 1 / b',
    ])
      assert.ok(faults.includes(expected), `${expected} is not among ${faults.join('; ')}`);
  });

  it('answers any text with a plan or with faults, never with an exception', async () => {
    const line = fc.array(fc.constantFrom('SH-20', '1', '', '"', 'x y', '2026-11-30', 'yes', '-5', '1e9', 'NaN'), {
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...tableNames), fc.array(line, { maxLength: 4 }), async (table, lines) => {
        const heading = exportTable(empty, table).split('\r\n')[0]!;
        const text = [heading, ...lines.map((cells) => cells.join(','))].join('\n');
        const { model: read, faults } = await planImport(full, [{ table, text }]);
        assert.equal(read === undefined, faults.length > 0);
      }),
      { numRuns: 500, seed: 2 },
    );
  });
});
