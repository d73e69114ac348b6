import assert from 'node:assert/strict';
import { Instruction } from '../../src/contracts/index.ts';
import { openDispatch } from '../../src/dispatch/index.ts';
import { checkInstruction, openInstructions, type DocumentModel } from '../../src/documents/index.ts';
import { compileCheck } from '../../src/kernel/index.ts';
import type { Store } from '../../src/store/index.ts';
import { clock, openSmallPlant, removeStoreFiles, signProposed } from '../dispatch/small-plant-store.ts';
import { jobOrders } from '../trust/small-plant.ts';
import { turningFacts } from './facts.ts';

const instructionsOf = (store: Store, locale: 'en' | 'de' = 'en') =>
  openInstructions({ store, clock, nodeId: 'instruct-1', locale });

describe('instructions of a plan change', () => {
  let store: Store;
  let approvalId: string;
  let change: Parameters<ReturnType<typeof instructionsOf>['forPlanChange']>[0];
  before(async () => {
    store = await openSmallPlant();
    approvalId = await signProposed(store);
    const dispatch = openDispatch({ store, clock, nodeId: 'd', highestMode: () => 'write', changeLimit: 10 });
    change = (await dispatch.carryOut(approvalId)).planChange!;
  });
  after(async () => {
    await store.close();
    removeStoreFiles();
  });

  it('are issued for the jobs that changed, checked, put to review and kept', async () => {
    const { instructions, refused } = await instructionsOf(store).forPlanChange(change, { correlationId: 'chain-1' });
    assert.deepEqual(refused, []);
    assert.deepEqual(
      instructions.map((i) => [i.jobOrderId, i.revision, i.status, i.approvedBy]),
      [
        ['WO-26001/10', 1, 'review', undefined],
        ['WO-26002/10', 1, 'review', undefined],
      ],
    );
    const check = compileCheck(Instruction);
    for (const instruction of instructions) {
      assert.equal(check(instruction), undefined);
      assert.ok(JSON.stringify(instruction).length < 64 * 1024);
      const kept = await store.loadDocument(instruction.documentId);
      assert.ok(kept);
      assert.deepEqual(kept.body, instruction.body.document, 'the document is kept, not its renderings');
      assert.deepEqual(kept.sources, instruction.sources);
    }
    const body = instructions[0]!.body as { document: DocumentModel; markdown: string; html: string };
    const [staged] = await store.staging('PLAN-1');
    const facts = { ...turningFacts(), approvalId, staging: [staged!] };
    assert.deepEqual(checkInstruction(body.document, facts), []);
    assert.ok(body.markdown.includes('- Machine: CNC-22 → **CNC-21**'));
    assert.ok(body.html.includes('checked, not yet approved'));
    const audit = await store.auditRows({ subject: instructions[0]!.documentId });
    assert.deepEqual(
      audit.map((row) => [row.action, row.actor, row.correlationId]),
      [['document.save', 'instruct-1', 'chain-1']],
    );
  });

  it('make no new revision of what says the same, and one of what does not', async () => {
    const again = await instructionsOf(store).forPlanChange(change);
    assert.deepEqual(
      again.instructions.map((i) => i.revision),
      [1, 1],
    );
    assert.equal((await store.auditRows({ subject: again.instructions[0]!.documentId })).length, 1);
    const [first] = jobOrders;
    await store.saveOrders({ jobOrders: [{ ...first!, goodQuantity: 12 }] }, { id: 'mes' });
    const later = await instructionsOf(store).forPlanChange(change);
    assert.deepEqual(
      later.instructions.map((i) => i.revision),
      [2, 1],
    );
    assert.ok((later.instructions[0]!.body as { markdown: string }).markdown.includes('| Already good | 12 pcs |'));
  });

  it('exist beside each other in two languages', async () => {
    const { instructions } = await instructionsOf(store, 'de').forPlanChange(change);
    assert.deepEqual(
      instructions.map((i) => [i.locale, i.revision]),
      [
        ['de', 1],
        ['de', 1],
      ],
    );
    assert.match((instructions[0]!.body as { html: string }).html, /<html lang="de">[\s\S]*Arbeitsanweisung/);
  });

  it('are not made for what did not become live', async () => {
    for (const result of ['conflict', 'rejected', 'shadow'] as const) {
      const jobs = change.jobs.map((job) => ({ ...job, result }));
      assert.deepEqual(await instructionsOf(store).forPlanChange({ ...change, jobs }), {
        instructions: [],
        refused: [],
      });
    }
  });

  it('believe the store and not the message: forged approvals, machines and plans', async () => {
    const jobs = change.jobs.map((job) => ({ ...job, equipmentId: 'CNC-99', start: '2020-01-01T00:00:00Z' }));
    const { instructions } = await instructionsOf(store).forPlanChange({ ...change, approvalId: 'forged', jobs });
    const text = JSON.stringify(instructions);
    assert.ok(text.includes(approvalId));
    assert.doesNotMatch(text, /forged|CNC-99|2020-01-01/);
    await assert.rejects(instructionsOf(store).forPlanChange({ ...change, planId: 'PLAN-LIVE' }), {
      code: 'MW_APPROVAL_STALE',
    });
  });

  it('name no approval for a first plan that nobody had to sign', async () => {
    const fresh = await openSmallPlant();
    const { instructions, refused } = await instructionsOf(fresh).forPlanChange({ ...change, planId: 'PLAN-LIVE' });
    await fresh.close();
    assert.deepEqual(refused, []);
    assert.equal(instructions.length, 2);
    assert.doesNotMatch((instructions[0]!.body as { markdown: string }).markdown, /Approval/);
  });

  it('refuse one job without holding up the others, and unknown plans altogether', async () => {
    const [first, second] = change.jobs;
    const jobs = [{ ...first!, jobOrderId: 'WO-99999/10' }, second!];
    const { instructions, refused } = await instructionsOf(store).forPlanChange({ ...change, jobs });
    assert.deepEqual(
      instructions.map((i) => i.jobOrderId),
      ['WO-26002/10'],
    );
    assert.deepEqual(
      refused.map((error) => [error.code, error.params.jobOrderId]),
      [['MW_JOB_ORDER_UNKNOWN', 'WO-99999/10']],
    );
    await assert.rejects(instructionsOf(store).forPlanChange({ ...change, planId: 'PLAN-9' }), {
      code: 'MW_PLAN_UNKNOWN',
    });
  });
});
