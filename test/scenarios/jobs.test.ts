import assert from 'node:assert/strict';
import { openTaskPool, workerUrl } from '../../src/kernel/index.ts';
import { buildProblem } from '../../src/planning/index.ts';
import { improve, jobState, type Improved, type ImproveJob } from '../../src/scenarios/jobs.ts';
import { northfieldEvent, plainRequest } from '../planning/northfield.ts';

const { model, state, live } = northfieldEvent(1, 12);
const request = plainRequest();
const job: ImproveJob = {
  kind: 'improve',
  version: 1,
  model,
  state: jobState(state),
  live,
  request,
  count: 12,
  seed: 7,
  maxDecodes: 1500,
};
const inJson = <T>(value: T) => JSON.parse(JSON.stringify(value)) as T;

describe('a job to improve plans', () => {
  it('gives the same bytes in this thread, in a worker and from JSON', async () => {
    const here = JSON.stringify(improve(job));
    assert.equal(JSON.stringify(improve(inJson(job))), here);
    const pool = openTaskPool('jobs', workerUrl(new URL('../../src/scenarios/jobs.ts', import.meta.url).href), {
      size: 1,
    });
    try {
      assert.equal(JSON.stringify(await pool.run<Improved>('improve', inJson(job))), here);
    } finally {
      await pool.close();
    }
    assert.notEqual(JSON.stringify(improve({ ...job, seed: 8 })), here);
  });

  it('limited by time, says after how many decodes the same comes out again', () => {
    const timed: ImproveJob = { ...job };
    delete timed.maxDecodes;
    const found = improve({ ...timed, seconds: 0.3 });
    assert.ok(found.decodes > 100, String(found.decodes));
    assert.deepEqual(improve({ ...timed, maxDecodes: found.decodes }), found);
  });

  it('begins with plans that it is given: none of the best of their kind gets lost', () => {
    const before = improve(job);
    const least = (list: Improved, kpi: 'changeovers' | 'workloadImbalance') =>
      Math.min(...list.plans.map(({ kpis }) => kpis[kpi]));
    const after = improve({ ...job, maxDecodes: 1, solutions: before.plans.map(({ solution }) => solution) });
    for (const kpi of ['changeovers', 'workloadImbalance'] as const)
      assert.equal(least(after, kpi), least(before, kpi));
    const alone = improve({ ...job, maxDecodes: 1 });
    assert.ok(least(alone, 'workloadImbalance') > least(before, 'workloadImbalance'));
  });

  it('takes the live plan as a plan of any source', () => {
    assert.deepEqual(
      improve({ ...job, maxDecodes: 1, plan: live })
        .plans.map(({ kpis }) => kpis)
        .slice(0, 2),
      improve({ ...job, maxDecodes: 1 })
        .plans.map(({ kpis }) => kpis)
        .slice(0, 2),
    );
  });

  it('refuses what is no job, and solutions of another problem, with the place of the fault', () => {
    const n = buildProblem(model, state, live, request).jobOrderIds.length;
    const [{ solution }] = improve({ ...job, maxDecodes: 1 }).plans as [Improved['plans'][number]];
    const wrong: [object, RegExp][] = [
      [{ ...job, seed: -1 }, /\/seed/],
      [{ ...job, state: { ...job.state, jobOrders: undefined } }, /\/state\/jobOrders/],
      [{ ...job, solutions: [{ ...solution, choice: solution.choice.slice(1) }] }, /\/solutions\/0\/choice/],
      [{ ...job, solutions: [{ ...solution, order: solution.order.toReversed() }] }, /\/solutions\/0\/order/],
      [{ ...job, solutions: [{ ...solution, order: solution.order.slice(1) }] }, /\/solutions\/0\/order/],
      [{ ...job, solutions: [{ ...solution, choice: new Array<number>(n).fill(99) }] }, /\/solutions\/0\/choice\/0/],
    ];
    for (const [bad, place] of wrong)
      assert.throws(
        () => improve(inJson(bad) as ImproveJob),
        (error: Error & { code?: string; params?: object }) => {
          assert.equal(error.code, 'MW_PAYLOAD_INVALID');
          assert.match(JSON.stringify(error.params), place);
          return true;
        },
      );
  });
});
