import assert from 'node:assert/strict';
import { Scenarios } from '../../src/contracts/index.ts';
import { scenariosPayload } from '../../nodes/mw-schedule/scenarios-payload.ts';
import { compileCheck, MillwrightError } from '../../src/kernel/index.ts';
import type { PlantState } from '../../src/plant/index.ts';
import { planWhatCanBe } from '../../src/scenarios/left-out.ts';
import { northfieldEvent } from '../planning/northfield.ts';
import { fillSite, openSite, planRequest } from './site.ts';

const actor = { id: 'test' };

describe('orders that no plan can have', () => {
  const { state } = northfieldEvent(1, 40);
  const free = state.jobOrders.filter(
    (job) => !state.jobOrders.some((o) => o.workRequestId === job.workRequestId && o.dispatchStatus === 'Running'),
  );
  const orderOf = new Map(state.jobOrders.map((job) => [job.jobOrderId, job.workRequestId]));
  const conflict = (jobOrderId: string, ...causes: { kind: string; subject: string }[]) => ({
    kind: 'no-open-time',
    jobOrderId,
    subject: 'CNC-22',
    causes,
  });
  const infeasible = (...conflicts: ReturnType<typeof conflict>[]) =>
    new MillwrightError('MW_PLAN_INFEASIBLE', { count: conflicts.length, conflicts: '' }, conflicts);
  /** Fails until the orders of these jobs are held. */
  const attemptWithout = (jobs: readonly string[]) => (known: PlantState) => {
    const planned = new Set(
      known.workRequests.filter((r) => r.requestState !== 'Held').map(({ workRequestId }) => workRequestId),
    );
    const bad = jobs.find((id) => planned.has(orderOf.get(id)!));
    return bad === undefined ? Promise.resolve(planned.size) : Promise.reject(infeasible(conflict(bad)));
  };
  const [first, second] = [free[0]!, free.find((job) => job.workRequestId !== free[0]!.workRequestId)!];

  it('are left out round by round and named with what keeps them out', async () => {
    const { result, unplanned } = await planWhatCanBe(state, [], attemptWithout([first.jobOrderId, second.jobOrderId]));
    assert.equal(result, state.workRequests.length - 2);
    assert.deepEqual(
      unplanned.map(({ workRequestId, conflicts }) => [workRequestId, conflicts[0]!.jobOrderId]),
      [first, second].map(({ workRequestId, jobOrderId }) => [workRequestId, jobOrderId]),
    );
  });

  const refused = (thrown: MillwrightError, wishes: Parameters<typeof planWhatCanBe>[1] = []) =>
    assert.rejects(
      planWhatCanBe(state, wishes, () => Promise.reject(thrown)),
      { code: thrown.code },
    );

  it('stop the search where a wish keeps them out, or is about them', async () => {
    await refused(infeasible(conflict(first.jobOrderId, { kind: 'ban', subject: 'CNC-22' })));
    await refused(infeasible(conflict(first.jobOrderId)), [{ kind: 'lock', subject: first.jobOrderId }]);
    await refused(infeasible(conflict(first.jobOrderId)), [{ kind: 'must-be-on-time', subject: first.workRequestId }]);
  });

  it('stop the search where one is running, unknown, or they are more than half of all', async () => {
    const running = state.jobOrders.find((job) => job.dispatchStatus === 'Running')!;
    await refused(infeasible(conflict(running.jobOrderId)));
    await refused(infeasible(conflict('nobody knows it')));
    await refused(infeasible(...free.map((job) => conflict(job.jobOrderId))));
    await refused(new MillwrightError('MW_PLAN_INVALID', { planId: 'x', reason: 'y' }));
    // An attempt that blames the same order again and again ends.
    await refused(infeasible(conflict(first.jobOrderId)));
  });

  it('do not keep a plant from fifty plans of all others', async () => {
    const site = await openSite();
    try {
      const { model, state: plant } = await fillSite(site.store, 40);
      const waiting = new Set(plant.workRequests.map(({ workRequestId }) => workRequestId));
      for (const job of plant.jobOrders) if (job.dispatchStatus === 'Running') waiting.delete(job.workRequestId);
      const [victim = ''] = waiting;
      const job = plant.jobOrders.find(({ workRequestId }) => workRequestId === victim)!;
      const master = model.workMasters.find(({ workMasterId }) => workMasterId === job.workMasterId)!;
      // A routing of its own that needs a qualification nobody has.
      const odd = {
        ...master,
        workMasterId: 'ODD',
        segments: master.segments.map((segment) => ({ ...segment, qualificationId: 'nobody-has-it' })),
      };
      await site.store.savePlantModel({ ...model, workMasters: [...model.workMasters, odd] }, actor);
      const jobOrders = plant.jobOrders
        .filter(({ workRequestId }) => workRequestId === victim)
        .map((one) => ({ ...one, workMasterId: 'ODD' }));
      await site.store.saveOrders({ workRequests: [], jobOrders, lots: [] }, actor);

      const set = await site.service.plan(planRequest({ count: 10, timeLimitMs: 1500, replications: 5 }));
      assert.deepEqual(
        set.unplanned.map(({ workRequestId }) => workRequestId),
        [victim],
      );
      assert.equal(set.unplanned[0]!.conflicts[0]!.kind, 'qualification-nobody-has');
      assert.ok(set.scenarios.length >= 5, `${String(set.scenarios.length)} plans`);
      const ids = new Set(jobOrders.map(({ jobOrderId }) => jobOrderId));
      for (const { plan } of set.scenarios) {
        assert.ok(plan.entries.length > 20);
        assert.ok(plan.entries.every(({ jobOrderId }) => !ids.has(jobOrderId)));
      }
      assert.deepEqual((await site.store.loadScenarioSet(set.requestId))?.unplanned, set.unplanned);
      const payload = JSON.parse(JSON.stringify(scenariosPayload(set))) as Scenarios;
      assert.equal(compileCheck(Scenarios)(payload), undefined);
      assert.equal(payload.unplanned[0]!.workRequestId, victim);

      const bans = model.equipment
        .filter((machine) => machine.level === 'WorkUnit')
        .map(({ equipmentId }) => ({ kind: 'forbid-machine' as const, subject: equipmentId }));
      await assert.rejects(
        site.service.plan(planRequest({ requestId: 'R-2', count: 10, timeLimitMs: 1500, constraints: bans })),
        { code: 'MW_PLAN_INFEASIBLE' },
      );
    } finally {
      await site.close();
    }
  });
});
