import assert from 'node:assert/strict';
import { digestOf } from '../../../src/audit/index.ts';
import { shownContent, type PlantState } from '../../../src/plant/index.ts';
import type { ApprovalRecord } from '../../../src/store/index.ts';
import { actor, hour, now, schedule, scenarioSet } from '../plant.ts';
import type { StoreForTest } from './open-for-test.ts';

/** A supervisor's approval of a plan. */
export function approval(approvalId: string, planId: string, changes: Partial<ApprovalRecord> = {}): ApprovalRecord {
  return {
    approvalId,
    planId,
    planDigest: 'ef'.repeat(32),
    decision: 'approved',
    meaning: 'approved',
    personId: 'OP-02',
    role: 'supervisor',
    authenticated: true,
    reason: 'least late',
    signedAt: now,
    ...changes,
  };
}

/** A state with a stop that nobody knows the end of. */
function plantState(at: number): PlantState {
  const unavailable = [{ equipmentId: 'CNC-22', reason: 'breakdown', start: at, end: Infinity }];
  return {
    at,
    workRequests: [],
    jobOrders: [],
    lots: [],
    setupFamily: { 'CNC-22': 'steel' },
    unavailable,
    absences: [],
  };
}

export function plansAndDecisions(open: StoreForTest): void {
  describe('plans', () => {
    const held = open();

    it('gives plans back entry by entry and knows the live one', async () => {
      const { store } = held;
      assert.equal(await store.livePlan(), undefined);
      const live = schedule('LIVE', { status: 'published' });
      await store.saveSchedule(live, actor);
      await store.saveSchedule(schedule('NEXT', { baseScheduleId: 'LIVE' }), actor);
      assert.deepEqual(await store.livePlan(), live);
      assert.deepEqual(await store.loadSchedule('NEXT'), schedule('NEXT', { baseScheduleId: 'LIVE' }));
      assert.equal(await store.loadSchedule('NONE'), undefined);
      await store.publishSchedule('NEXT', undefined, actor, { undo: ['c-1'] });
      assert.equal((await store.livePlan())?.scheduleId, 'NEXT');
      assert.equal((await store.loadSchedule('LIVE'))?.status, 'superseded');
      const [entry] = await store.auditRows({ subject: 'NEXT' });
      assert.deepEqual(entry?.data, { approvalId: null, supersedes: 'LIVE', evidence: { undo: ['c-1'] } });
      const { size } = await store.verifyAudit();
      await store.publishSchedule('NEXT', undefined, actor);
      assert.equal((await store.verifyAudit()).size, size);
      await assert.rejects(store.publishSchedule('NONE', undefined, actor), { code: 'MW_RECORD_UNKNOWN' });
    });

    it('refuses to publish a plan with two operations of one machine at a time, but for a batch machine', async () => {
      const { store } = held;
      const entries = schedule('X').entries;
      const overlapping = entries.with(2, { ...entries[2]!, start: entries[0]!.end - 1 });
      await store.saveSchedule(schedule('BAD', { entries: overlapping }), actor);
      const before = await store.verifyAudit();
      await assert.rejects(store.publishSchedule('BAD', undefined, actor), { code: 'MW_STORE_CONFLICT' });
      const published = schedule('BAD-2', { status: 'published', entries: overlapping });
      await assert.rejects(store.saveSchedule(published, actor), { code: 'MW_STORE_CONFLICT' });
      assert.equal((await store.livePlan())?.scheduleId, 'NEXT');
      assert.equal(await store.loadSchedule('BAD-2'), undefined);
      assert.deepEqual(await store.verifyAudit(), before);
      const { start, end } = entries[1]!;
      const sameLoad = { ...entries[3]!, start, end };
      assert.equal(sameLoad.equipmentId, 'WASH-24');
      const touching = entries.with(2, { ...entries[2]!, start: entries[0]!.end }).with(3, sameLoad);
      await store.saveSchedule(schedule('GOOD', { status: 'published', entries: touching }), actor);
      assert.equal((await store.livePlan())?.scheduleId, 'GOOD');
    });

    it('refuses an operation that ends before it begins', async () => {
      const entries = schedule('X').entries;
      const backwards = entries.with(1, { ...entries[1]!, end: entries[1]!.start });
      await assert.rejects(held.store.saveSchedule(schedule('BACK', { entries: backwards }), actor), {
        code: 'MW_STORE_CONFLICT',
      });
      assert.equal(await held.store.loadSchedule('BACK'), undefined);
    });
  });

  describe('scenario sets', () => {
    const held = open();

    it('gives sets back so exactly that each digest can be computed anew', async () => {
      const { store } = held;
      const set = scenarioSet('R-1', 50, {}, 40);
      await store.saveScenarioSet(set, actor);
      const loaded = await store.loadScenarioSet('R-1');
      assert.deepEqual(loaded, JSON.parse(JSON.stringify(set)));
      for (const record of loaded!.scenarios) assert.equal(digestOf(shownContent(record)), record.digest);
      assert.deepEqual(await store.loadScenarioSet(), loaded);
      const found = await store.findScenario('R-1-P7');
      assert.deepEqual([found?.set.requestId, found?.index], ['R-1', 7]);
      assert.equal(await store.findScenario('NONE'), undefined);
      assert.equal(await store.loadScenarioSet('NONE'), undefined);
    });

    it('keeps what the newest three sets were made from, endless stretches too', async () => {
      const { store } = held;
      for (const i of [1, 2, 3, 4])
        await store.saveScenarioSet(scenarioSet(`S-${i}`, 1, { createdAt: now - 40 * hour + i }), actor, plantState(i));
      for (const i of [1, 2]) assert.equal(await store.scenarioState(`S-${i}`), undefined);
      for (const i of [3, 4]) assert.deepEqual(await store.scenarioState(`S-${i}`), plantState(i));
      assert.equal(await store.scenarioState('R-1'), undefined);
    });

    it('keeps the newest 20 sets whole and of older ones what was signed or live', async () => {
      const { store } = held;
      await store.saveApproval(approval('A-1', 'R-1-P3'), actor);
      await store.publishSchedule('R-1-P4', undefined, actor);
      for (let i = 2; i <= 23; i++)
        await store.saveScenarioSet(scenarioSet(`R-${i}`, 2, { createdAt: now + i * hour }), actor);
      assert.equal(await store.loadScenarioSet('R-2'), undefined);
      assert.equal(await store.loadScenarioSet('R-3'), undefined);
      assert.equal(await store.loadSchedule('R-2-P0'), undefined);
      assert.equal((await store.loadScenarioSet('R-4'))?.scenarios.length, 2);
      const kept = await store.loadScenarioSet('R-1');
      assert.deepEqual(
        kept?.scenarios.map(({ plan, digest }) => [plan.scheduleId, plan.status, digest.length]),
        [
          ['R-1-P3', 'approved', 64],
          ['R-1-P4', 'published', 64],
        ],
      );
      const found = await store.findScenario('R-1-P4');
      const record = found!.set.scenarios[found!.index]!;
      assert.equal(digestOf(shownContent(record)), record.digest);
      assert.equal((await store.loadScenarioSet())?.requestId, 'R-23');
    });
  });

  describe('decisions', () => {
    const held = open();

    it('keeps approvals and marks the plan, but not for a mere review', async () => {
      const { store } = held;
      await store.saveScenarioSet(scenarioSet('R-1', 3), actor);
      const reviewed = approval('A-1', 'R-1-P0', { meaning: 'reviewed', authenticated: false });
      await store.saveApproval(reviewed, actor);
      assert.equal((await store.loadSchedule('R-1-P0'))?.status, 'proposed');
      const approved = approval('A-2', 'R-1-P0', { signedAt: now + 1 });
      await store.saveApproval(approved, actor);
      await store.saveApproval(approval('A-3', 'R-1-P1', { decision: 'rejected', meaning: 'rejected' }), actor);
      assert.equal((await store.loadSchedule('R-1-P0'))?.status, 'approved');
      assert.equal((await store.loadSchedule('R-1-P1'))?.status, 'rejected');
      assert.deepEqual(await store.loadApproval('A-1'), reviewed);
      assert.deepEqual(await store.approvalsOf('R-1-P0'), [reviewed, approved]);
      assert.equal(await store.loadApproval('A-9'), undefined);
      await assert.rejects(store.saveApproval(approval('A-2', 'R-1-P2'), actor), { code: 'MW_STORE_CONFLICT' });
      await assert.rejects(store.saveApproval(approval('A-4', 'NONE'), actor), { code: 'MW_STORE_CONFLICT' });
      const [entry] = await store.auditRows({ subject: 'R-1-P1' });
      assert.equal(entry?.action, 'approval.rejected');
    });

    it('is in shadow until a signed entry says otherwise, field by field', async () => {
      const { store } = held;
      assert.equal(await store.modeInForce('schedule', 'plan'), 'shadow');
      await store.setMode({ useCase: 'schedule', field: 'plan', mode: 'write', reason: 'trial passed' }, actor);
      assert.equal(await store.modeInForce('schedule', 'plan'), 'write');
      assert.equal(await store.modeInForce('schedule', 'other'), 'shadow');
      await store.setMode({ useCase: 'schedule', field: 'plan', mode: 'advise', reason: 'demoted' }, actor);
      assert.equal(await store.modeInForce('schedule', 'plan'), 'advise');
    });

    it('keeps what a person accepted for the twin, and says in the log what it was before', async () => {
      const { store, clock } = held;
      const anna = { id: 'anna', role: 'engineer', authenticated: true };
      assert.deepEqual(await store.twinParameters(), []);
      await store.acceptTwinParameters(
        [
          { subject: 'run/M-2', value: { mean: 2 } },
          { subject: 'run/M-1', value: { mean: 1 } },
        ],
        { count: 9 },
        anna,
      );
      const at = clock.at;
      const [first, second] = await store.twinParameters();
      assert.deepEqual(first, { subject: 'run/M-1', value: { mean: 1 }, personId: 'anna', acceptedAt: at });
      assert.equal(second?.subject, 'run/M-2');
      await store.acceptTwinParameters([{ subject: 'run/M-1', value: { mean: 3 } }, { subject: 'run/M-2' }], {}, actor);
      assert.deepEqual(
        (await store.twinParameters()).map(({ value, personId }) => [value, personId]),
        [[{ mean: 3 }, actor.id]],
      );
      const entries = await store.auditRows({ subject: 'twin' });
      const data = entries.map((entry) => entry.data as { changes: unknown; evidence: unknown });
      const changed = data.find(({ evidence }) => Object.keys(evidence as object).length === 0);
      assert.equal(entries.length, 2);
      assert.deepEqual(changed?.changes, [
        { subject: 'run/M-1', before: { mean: 1 }, after: { mean: 3 } },
        { subject: 'run/M-2', before: { mean: 2 }, after: null },
      ]);
      await assert.rejects(store.acceptTwinParameters([{ subject: 'run/M-1', value: { mean: NaN } }], {}, anna), {
        code: 'MW_VALUE_NOT_JSON',
      });
      assert.deepEqual((await store.twinParameters())[0]?.value, { mean: 3 });
    });

    it('inhibits writes until the inhibit is lifted', async () => {
      const { store } = held;
      assert.equal(await store.writeInhibit(), undefined);
      await store.setWriteInhibit({ reason: 'audit', source: 'board' }, actor);
      await store.setWriteInhibit({ reason: 'again', source: 'other' }, actor);
      assert.deepEqual(await store.writeInhibit(), { reason: 'audit', source: 'board', at: now });
      await store.setWriteInhibit(undefined, actor);
      await store.setWriteInhibit(undefined, actor);
      assert.equal(await store.writeInhibit(), undefined);
    });
  });
}
