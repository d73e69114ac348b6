import assert from 'node:assert/strict';
import type { DocumentRecord, NotificationRecord, OutboxCommand, StagingRow } from '../../../src/store/index.ts';
import { actor, hour, jobOrder, now, scenarioSet, workRequest } from '../plant.ts';
import type { StoreForTest } from './open-for-test.ts';
import { approval } from './plans-and-decisions.ts';

export function carryingOut(open: StoreForTest): void {
  describe('outbox and embedded MES', () => {
    const held = open();
    const after = {
      equipmentId: 'CNC-21',
      plannedStart: now + hour,
      plannedEnd: now + 2 * hour,
      dispatchStatus: 'Dispatched',
    };
    const command = (commandId: string, jobOrderId: string, changes: Partial<OutboxCommand> = {}): OutboxCommand => ({
      commandId,
      approvalId: 'A-1',
      target: 'embedded-mes',
      jobOrderId,
      expectedVersion: 1,
      before: { equipmentId: null },
      after,
      state: 'pending',
      attempts: 0,
      ...changes,
    });
    const row = (jobOrderId: string) => held.store.dispatchRows([jobOrderId]).then(([found]) => found);

    before(async () => {
      const { store } = held;
      const jobOrders = [jobOrder('WO-1', 10), jobOrder('WO-1', 20), jobOrder('WO-2', 10)];
      await store.saveOrders({ workRequests: [workRequest('WO-1'), workRequest('WO-2')], jobOrders }, actor);
      await store.saveScenarioSet(scenarioSet('R-1', 1), actor);
      await store.saveApproval(approval('A-1', 'R-1-P0'), actor);
    });

    it('queues each command once', async () => {
      const { store } = held;
      await store.enqueueCommands([command('C-1', 'WO-1/10'), command('C-2', 'WO-1/20')], actor);
      await store.enqueueCommands([command('C-2', 'WO-2/10'), command('C-3', 'WO-2/10', { state: 'sent' })], actor);
      assert.deepEqual(await store.commands('A-1'), [
        command('C-1', 'WO-1/10'),
        command('C-2', 'WO-1/20'),
        command('C-3', 'WO-2/10', { state: 'sent' }),
      ]);
    });

    it('changes the row, reads it back and says so, once', async () => {
      const { store } = held;
      const done = await store.applyCommand('C-1', actor);
      const readBack = { jobOrderId: 'WO-1/10', rowVersion: 2, ...after };
      assert.deepEqual(done, { ...command('C-1', 'WO-1/10'), state: 'acknowledged', attempts: 1, readBack });
      assert.deepEqual(await row('WO-1/10'), readBack);
      assert.deepEqual(await store.applyCommand('C-1', actor), done);
      assert.deepEqual(await row('WO-1/10'), readBack);
      assert.deepEqual((await store.commands('A-1'))[0], done);
    });

    it('never overwrites a row that has changed since', async () => {
      const { store } = held;
      await store.saveOrders({ jobOrders: [jobOrder('WO-1', 20, { dispatchStatus: 'Ready' })] }, actor);
      const before = await row('WO-1/20');
      const conflict = await store.applyCommand('C-2', actor);
      assert.equal(conflict.state, 'conflict');
      assert.deepEqual(conflict.readBack, before);
      assert.deepEqual(await row('WO-1/20'), before);
      assert.equal(before?.dispatchStatus, 'Ready');
    });

    it('counts a row version up for real changes only, and orders leave the plan of a row alone', async () => {
      const { store } = held;
      await store.saveOrders({ jobOrders: [jobOrder('WO-1', 10, { dispatchStatus: 'Dispatched' })] }, actor);
      assert.deepEqual(await row('WO-1/10'), { jobOrderId: 'WO-1/10', rowVersion: 2, ...after });
      await store.saveOrders({ jobOrders: [jobOrder('WO-1', 10, { dispatchStatus: 'Ready' })] }, actor);
      assert.deepEqual(await row('WO-1/10'), {
        jobOrderId: 'WO-1/10',
        ...after,
        rowVersion: 3,
        dispatchStatus: 'Ready',
      });
    });

    it('rejects what it does not know and what contradicts the plant', async () => {
      const { store } = held;
      const cases: [Partial<OutboxCommand>, string][] = [
        [{ jobOrderId: 'NONE' }, 'job-order-unknown'],
        [{ after: { quantity: 3 } }, 'field-unknown'],
        [{ after: {} }, 'field-unknown'],
        [{ after: { equipmentId: 'NONE' } }, 'value-refused'],
        [{ after: { plannedStart: now, plannedEnd: now - 1 } }, 'value-refused'],
        [{ after: { dispatchStatus: 'Whatever' } }, 'value-refused'],
        [{ after: { plannedStart: { at: 1 } } }, 'value-refused'],
      ];
      const before = await row('WO-2/10');
      for (const [i, [changes, error]] of cases.entries()) {
        await store.enqueueCommands([command(`B-${i}`, 'WO-2/10', changes)], actor);
        const outcome = await store.applyCommand(`B-${i}`, actor);
        assert.deepEqual([outcome.state, outcome.error], ['rejected', error]);
      }
      assert.deepEqual(await row('WO-2/10'), before);
      await assert.rejects(store.applyCommand('NONE', actor), { code: 'MW_RECORD_UNKNOWN' });
      const unsigned = command('U-1', 'WO-2/10', { approvalId: 'NONE' });
      await assert.rejects(store.enqueueCommands([unsigned], actor), { code: 'MW_STORE_CONFLICT' });
    });

    it('writes what became of a command elsewhere', async () => {
      const { store } = held;
      const dead = command('C-3', 'WO-2/10', { state: 'dead', attempts: 5, error: 'MW_DEADLINE', readBack: { a: 1 } });
      await store.recordCommand(dead, actor);
      assert.deepEqual((await store.commands('A-1'))[2], dead);
      assert.deepEqual(await store.applyCommand('C-3', actor), dead);
      await assert.rejects(store.recordCommand({ ...dead, commandId: 'NONE' }, actor), { code: 'MW_RECORD_UNKNOWN' });
    });
  });

  describe('staging, notifications, documents', () => {
    const held = open();

    it('keeps staging rows as they were first written', async () => {
      const staged: StagingRow = {
        stagingId: 'S-1',
        planId: 'P-1',
        jobOrderId: 'WO-1/10',
        materialId: 'BAR',
        lotId: 'L-1',
        quantity: 3.5,
        unit: 'm',
        from: 'STORE',
        to: 'CNC-22',
        needAt: now + hour,
        status: 'open',
      };
      const noLot: StagingRow = { ...staged, stagingId: 'S-2', needAt: now };
      delete noLot.lotId;
      await held.store.saveStaging([staged, noLot], actor);
      await held.store.saveStaging([{ ...staged, quantity: 9 }], actor);
      assert.deepEqual(await held.store.staging('P-1'), [noLot, staged]);
      assert.deepEqual(await held.store.staging('P-2'), []);
    });

    it('keeps notifications until somebody acknowledges them', async () => {
      const note: NotificationRecord = {
        notificationId: 'N-1',
        role: 'supervisor',
        severity: 500,
        templateId: 'plan-live',
        params: { jobs: 3, nested: { a: [1, null] } },
        createdAt: now,
      };
      const { store } = held;
      await store.saveNotification(note, actor);
      await store.saveNotification({ ...note, role: 'other' }, actor);
      await store.saveNotification({ ...note, notificationId: 'N-2', createdAt: now + 1 }, actor);
      assert.deepEqual(await store.notifications(1), [{ ...note, notificationId: 'N-2', createdAt: now + 1 }]);
      await store.acknowledgeNotification('N-1', { id: 'OP-02' });
      await store.acknowledgeNotification('N-1', { id: 'OP-03' });
      assert.deepEqual((await store.notifications(9))[1], { ...note, acknowledgedBy: 'OP-02' });
      await assert.rejects(store.acknowledgeNotification('N-9', actor), { code: 'MW_RECORD_UNKNOWN' });
    });

    it('gives the newest revision of a document', async () => {
      const document: DocumentRecord = {
        documentId: 'D-1',
        kind: 'work-instruction',
        jobOrderId: 'WO-1/10',
        revision: 1,
        locale: 'de',
        status: 'draft',
        body: { title: 'Drehen', steps: [{ text: 'Spannen' }] },
        sources: [{ table: 'job_order', id: 'WO-1/10' }],
        createdAt: now,
      };
      const { store } = held;
      const second = { ...document, revision: 2, createdAt: now + 1 };
      await store.saveDocument(document, actor);
      await store.saveDocument(second, actor);
      await store.saveDocument({ ...document, status: 'stale' }, actor);
      assert.deepEqual(await store.loadDocument('D-1'), second);
      assert.deepEqual(await store.documents(9), [second, { ...document, status: 'stale' }]);
      assert.equal(await store.loadDocument('D-9'), undefined);
    });
  });
}
