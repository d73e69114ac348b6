import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync } from 'node:fs';
import { dirname } from 'node:path';
import { openDispatch } from '../../src/dispatch/index.ts';
import { openStore, type Store } from '../../src/store/index.ts';
import { jobOrders, now, proposedPlan } from '../trust/small-plant.ts';
import { clock, newStoreFile, openSmallPlant, removeStoreFiles, signProposed } from './small-plant-store.ts';

const ids = jobOrders.map((job) => job.jobOrderId);
const dispatchOf = (store: Store) =>
  openDispatch({ store, clock, nodeId: 'dispatch-1', highestMode: () => 'write', changeLimit: 10 });

/** What carrying out leaves behind, without times and ids of the log. */
async function leftBehind(store: Store, approvalId: string) {
  const audit = await store.auditRows({ limit: 1000 });
  const count = (action: string) => audit.filter((row) => row.action === action).length;
  return {
    live: (await store.livePlan())?.scheduleId,
    rows: await store.dispatchRows(ids),
    commands: await store.commands(approvalId),
    staging: await store.staging('PLAN-1'),
    notifications: (await store.notifications(100)).map((n) => n.notificationId).sort(),
    applied: count('command.apply'),
    published: count('schedule.publish'),
    verified: (await store.verifyAudit()).verified,
  };
}

describe('carrying out on a real store', function () {
  this.timeout(60_000);
  after(removeStoreFiles);

  it('makes the plan live in the MES rows, keeps the undo in the audit log, and does it once', async () => {
    const store = await openSmallPlant();
    const approvalId = await signProposed(store);
    const first = await dispatchOf(store).carryOut(approvalId, { correlationId: 'chain-1' });
    assert.equal(first.outcome, 'published');
    assert.deepEqual(
      first.planChange?.jobs.map((job) => job.result),
      ['acknowledged', 'acknowledged'],
    );
    for (const entry of proposedPlan().entries.filter((e) => e.equipmentId === 'CNC-21')) {
      const [row] = await store.dispatchRows([entry.jobOrderId]);
      assert.deepEqual([row?.equipmentId, row?.plannedStart, row?.plannedEnd], ['CNC-21', entry.start, entry.end]);
    }
    const audit = await store.auditRows({ limit: 1000 });
    const published = audit.find((row) => row.action === 'schedule.publish');
    assert.deepEqual((published?.data as { evidence: unknown }).evidence, { undo: first.undo });
    assert.equal(published?.correlationId, 'chain-1');
    assert.equal(first.undo.length, 2);

    const before = await leftBehind(store, approvalId);
    assert.deepEqual(await dispatchOf(store).carryOut(approvalId), first);
    assert.deepEqual(await leftBehind(store, approvalId), before);
    await store.close();
  });

  it('refuses what the store does not allow: forged ids, shadow, an inhibit, inputs that changed', async () => {
    const store = await openSmallPlant();
    const code = (promise: Promise<unknown>) =>
      promise.then(
        () => 'none',
        (thrown: unknown) => (thrown as { code: string }).code,
      );
    assert.equal(await code(dispatchOf(store).carryOut('forged')), 'MW_APPROVAL_UNKNOWN');
    const approvalId = await signProposed(store);
    await dispatchOf(store).setWriteInhibit({ reason: 'test', source: 'P-9' });
    assert.equal(await code(dispatchOf(store).carryOut(approvalId)), 'MW_WRITE_INHIBITED');
    await store.setWriteInhibit(undefined, { id: 'P-9' });
    await store.setMode({ useCase: 'planning', field: 'plan', mode: 'shadow', reason: 'test' }, { id: 'P-9' });
    const shadow = await dispatchOf(store).carryOut(approvalId);
    assert.deepEqual([shadow.outcome, shadow.refusal?.code], ['shadow', 'MW_MODE_SHADOW']);
    assert.equal((await store.commands(approvalId)).length, 0);
    assert.equal((await store.livePlan())?.scheduleId, 'PLAN-LIVE');
    assert.equal((await store.loadSchedule('PLAN-1'))?.status, 'approved', 'the shadow plan');
    await store.setMode({ useCase: 'planning', field: 'plan', mode: 'write', reason: 'test' }, { id: 'P-9' });
    const stop = {
      eventId: 'E-1',
      kind: 'machine-down',
      severity: 700,
      subject: 'CNC-21',
      start: now,
      evidence: [],
    } as const;
    await store.saveEvent(
      { ...stop, evidence: [], expectedEnd: { p50: now + 3600_000, p90: now + 7200_000, basis: 'default' } },
      { id: 'test' },
    );
    assert.equal(await code(dispatchOf(store).carryOut(approvalId)), 'MW_APPROVAL_STALE');
    await store.close();
  });

  it('changes nothing for a rejection', async () => {
    const store = await openSmallPlant();
    const approvalId = await signProposed(store, 'rejected');
    assert.equal((await dispatchOf(store).carryOut(approvalId)).outcome, 'rejected');
    assert.equal((await store.livePlan())?.scheduleId, 'PLAN-LIVE');
    assert.equal((await store.loadSchedule('PLAN-1'))?.status, 'rejected');
    await store.close();
  });

  it('has exactly one effect however often it is killed on the way', async () => {
    const template = newStoreFile();
    let store = await openSmallPlant(template);
    const approvalId = await signProposed(store);
    await store.close();
    // With the key beside it: a mode whose signature cannot be checked counts as shadow.
    const copy = () => {
      const file = newStoreFile();
      cpSync(dirname(template), dirname(file), { recursive: true });
      return file;
    };

    store = await openStore({ file: copy(), clock });
    await dispatchOf(store).carryOut(approvalId);
    const whole = await leftBehind(store, approvalId);
    await store.close();
    assert.deepEqual([whole.live, whole.applied, whole.published, whole.verified], ['PLAN-1', 2, 1, true]);

    // 1 enqueue, 2 and 3 commands, 4 publish, 5 staging, 6 to 8 notifications; two of them also half way through.
    for (const kill of ['1', '2', '3', '4', '5', '6', '7', '8', '2 during', '4 during']) {
      const [step = '', when = 'after'] = kill.split(' ');
      const file = copy();
      const child = spawn(
        process.execPath,
        [new URL('./killed-child.ts', import.meta.url).pathname, file, approvalId, step, when],
        { stdio: 'inherit' },
      );
      const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
      assert.equal(signal, 'SIGKILL', kill);
      store = await openStore({ file, clock });
      const result = await dispatchOf(store).carryOut(approvalId);
      assert.equal(result.outcome, 'published');
      assert.deepEqual(await leftBehind(store, approvalId), whole, kill);
      await store.close();
    }
  });
});
