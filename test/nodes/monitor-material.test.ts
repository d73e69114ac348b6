import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type Store } from '../../src/store/index.ts';
import { openMaterialWatch } from '../../nodes/mw-monitor/material-watch.ts';
import { recordOrder } from '../../nodes/mw-record/orders.ts';
import { actor, hour, jobOrder, model, now, schedule, workRequest } from '../store/plant.ts';

describe('a monitor of late material', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mw-material-'));
  let time = now;
  const clock = { now: () => time };
  let store: Store;
  before(async () => {
    store = await openStore({ file: join(folder, 'plant.sqlite'), clock });
    await store.savePlantModel(model, actor);
    await store.saveOrders({ workRequests: [workRequest('WO-0')], jobOrders: [jobOrder('WO-0', 10)] }, actor);
  });
  after(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const receipt = (hours: number, quantity = 20) =>
    recordOrder(
      store,
      {
        kind: 'receipt',
        id: 'L-1',
        materialId: 'BAR',
        quantity,
        unit: 'm',
        availableAt: new Date(now + hours * hour).toISOString(),
      },
      clock,
      actor,
    );
  /** A new watch each time: what it knows is in the store, as after a restart. */
  const check = async () =>
    (await openMaterialWatch(store, clock, { id: 'monitor' }, 60_000).check()).map(
      ({ subject, supersedes, evidence, expectedEnd }) => [
        subject,
        evidence.find(({ name }) => name === 'cause')?.value,
        supersedes === undefined ? 'new' : 'supersedes',
        (expectedEnd!.p50 - now) / hour,
      ],
    );
  const open = async () => (await store.openEvents()).filter(({ kind }) => kind === 'material-late');
  const expected = async () =>
    ((await store.loadPlantState(time)).lots.find(({ lotId }) => lotId === 'L-1')!.availableAt - now) / hour;

  it('tells of a lot once, again with a new date, and is silent when it has come', async () => {
    await receipt(2);
    assert.deepEqual(await check(), []);
    assert.equal(await expected(), 2);

    time = now + 3 * hour;
    const digest = await store.inputsDigest(time, now);
    assert.deepEqual(await check(), [['L-1', 'not-received', 'new', 27]]);
    assert.deepEqual(await check(), []);
    assert.equal(await expected(), 27, 'plans count on it when the event expects it');
    assert.notEqual(await store.inputsDigest(time, now), digest, 'plans made before are stale');

    await receipt(30);
    assert.deepEqual(await check(), [['L-1', 'postponed', 'supersedes', 30]]);
    assert.deepEqual(await check(), []);
    assert.equal((await open()).length, 1);
    assert.equal(await expected(), 30);

    await receipt(40);
    assert.deepEqual(await check(), [['L-1', 'postponed', 'supersedes', 40]]);
    time = now + 41 * hour;
    assert.deepEqual(await check(), [['L-1', 'not-received', 'supersedes', 65]]);

    await recordOrder(store, { kind: 'stock', id: 'L-1', materialId: 'BAR', quantity: 20, unit: 'm' }, clock, actor);
    assert.deepEqual(await check(), []);
    assert.deepEqual(await open(), []);
    assert.equal(await expected(), 41);
  });

  it('tells of a receipt that comes in short of what the plan needs', async () => {
    await store.saveSchedule(schedule('LIVE', { status: 'published' }), actor);
    const [job] = (await store.loadPlantState(time)).jobOrders;
    const entry = (await store.livePlan())!.entries.find(({ jobOrderId }) => jobOrderId === job!.jobOrderId);
    assert.ok(entry, 'the plan has the operation');
    time = entry.start - 2 * hour;
    await recordOrder(store, { kind: 'stock', id: 'L-1', materialId: 'BAR', quantity: 13, unit: 'm' }, clock, actor);
    const [event] = await openMaterialWatch(store, clock, { id: 'monitor' }, 60_000).check();
    assert.deepEqual([event?.subject, event?.kind, event?.severity], ['BAR', 'material-late', 700]);
    assert.deepEqual(
      event!.evidence.map(({ name, value }) => `${name} ${String(value)}`),
      ['cause short', 'missing 1', 'jobOrderId WO-0/10', `neededAt ${new Date(entry.start).toISOString()}`],
    );
    await recordOrder(store, { kind: 'stock', id: 'L-2', materialId: 'BAR', quantity: 1, unit: 'm' }, clock, actor);
    assert.deepEqual(await check(), []);
    assert.deepEqual(await open(), []);
  });

  it('leaves late material that others report as it is', async () => {
    await store.saveEvent(
      { eventId: 'mes', kind: 'material-late', severity: 500, subject: 'L-9', start: now, evidence: [] },
      actor,
    );
    assert.deepEqual(await check(), []);
    assert.deepEqual(
      (await open()).map(({ eventId }) => eventId),
      ['mes'],
    );
  });
});
