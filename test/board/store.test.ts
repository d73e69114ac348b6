import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type Store } from '../../src/store/index.ts';
import { serveBoard, type BoardServer } from './board-server.ts';
import { Visit } from './client.ts';
import { boardNow, syntheticPlant } from './synthetic-plant.ts';

const actor = { id: 'test' };

describe('planning board: over the embedded store', () => {
  let folder: string;
  let store: Store;
  let server: BoardServer;
  let visit: Visit;
  const plant = syntheticPlant({ count: 6 });

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mw-board-store-'));
    store = await openStore({ file: join(folder, 'plant.db'), clock: { now: () => boardNow } });
    await store.savePlantModel(plant.model, actor);
    const { workRequests, jobOrders, lots } = plant.state;
    await store.saveOrders({ workRequests, jobOrders, lots }, actor);
    await store.saveSchedule(plant.live, actor);
    await store.publishSchedule(plant.live.scheduleId, undefined, actor);
    await store.saveEvent(plant.event, actor);
    const inputsDigest = await store.inputsDigest(boardNow);
    await store.saveScenarioSet({ ...plant.set, inputsDigest }, actor);
    server = await serveBoard({ store, demo: true });
    visit = await Visit.begin(server.url);
  });
  after(async () => {
    await server.stop();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('shows the plant, the plans and the stop that the store holds', async () => {
    const { json: state } = await visit.get('api/state');
    assert.equal((state.machines as unknown[]).length, 16);
    assert.equal((state.orders as unknown[]).length, 60);
    assert.equal((state.jobs as unknown[]).length, 300);
    assert.equal(state.livePlanId, plant.live.scheduleId);
    assert.equal((state.set as { stale: boolean }).stale, false);
    const down = (state.unavailable as { equipmentId: string; end: string }[]).find(
      ({ equipmentId }) => equipmentId === 'CNC-22',
    );
    assert.equal(Date.parse(down?.end ?? ''), plant.event.expectedEnd?.p50);
    const first = plant.set.scenarios[0]!;
    const { json: shown } = await visit.get(`api/plan/${first.plan.scheduleId}`);
    const entries = shown.entries as { jobOrderId: string; start: string; equipmentId: string }[];
    const expected = new Map(first.plan.entries.map((entry) => [entry.jobOrderId, entry]));
    assert.equal(entries.length, 300);
    for (const { jobOrderId, start, equipmentId } of entries)
      assert.deepEqual(
        [Date.parse(start), equipmentId],
        [expected.get(jobOrderId)?.start, expected.get(jobOrderId)?.equipmentId],
      );
  });

  it('signs into the audit log, and no more once the expected end of the stop was corrected', async () => {
    const [first, second] = plant.set.scenarios;
    const sign = (record: typeof first) =>
      visit.post('api/approve', {
        planId: record!.plan.scheduleId,
        planDigest: record!.digest,
        decision: 'approved',
        meaning: 'approved',
        reason: '',
      });
    const signed = await sign(first);
    assert.equal(signed.status, 200, signed.text);
    const saved = await store.loadApproval(signed.json.approvalId as string);
    assert.deepEqual([saved?.planDigest, saved?.authenticated, saved?.personId], [first!.digest, false, 'demo']);
    const { json: shown } = await visit.get(`api/plan/${first!.plan.scheduleId}`);
    assert.equal((shown.decisions as unknown[]).length, 1);

    const corrected = await visit.post('api/correct-end', {
      eventId: 'EV-1',
      expectedEnd: new Date(boardNow + 9 * 3_600_000).toISOString(),
    });
    assert.equal(corrected.status, 200, corrected.text);
    assert.equal(((await visit.get('api/state')).json.set as { stale: boolean }).stale, true);
    assert.equal((await sign(second)).json.code, 'MW_APPROVAL_STALE');
    const { verified, size } = await store.verifyAudit();
    assert.ok(verified && size > 0);
    const entries = await store.auditRows({ subject: 'CNC-22' });
    const correction = entries.find(({ action }) => action === 'event.correct-expected-end');
    assert.equal(correction?.actor, 'demo');
  });
});
