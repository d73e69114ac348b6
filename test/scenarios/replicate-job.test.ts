import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Replicated as ReplicatedSchema } from '../../src/contracts/index.ts';
import { compileCheck, openTaskPool, workerUrl } from '../../src/kernel/index.ts';
import { jobState, joinReplicated, replicate, type Replicated, type ReplicateJob } from '../../src/scenarios/jobs.ts';
import { defaultTwinParameters, simulatePlan, summaryOf } from '../../src/twin/index.ts';
import { northfieldEvent } from '../planning/northfield.ts';

const { model, state, live } = northfieldEvent(3, 25);
// Breakdowns make some operations miss these.
for (const segment of model.workMasters.flatMap((master) => master.segments))
  segment.lags = segment.predecessors.map((predecessor) => ({ predecessor, maxSeconds: 6 * 3600 }));
const breakdown = { reason: 'breakdown' as const, meanRunSecondsBetween: 18_000, medianSeconds: 1800, sigma: 0.8 };
const machines = model.equipment.flatMap((e) => (e.level === 'WorkUnit' ? [e.equipmentId] : []));
const job: ReplicateJob = {
  kind: 'replicate',
  version: 1,
  model,
  state: jobState(state),
  plan: live,
  live,
  parameters: {
    ...defaultTwinParameters(model),
    stops: Object.fromEntries(machines.map((id) => [id, [breakdown]])),
    rejects: Object.fromEntries(machines.map((id) => [id, { scrap: 0.03, rework: 0.01 }])),
    lateLots: { share: 0.3, medianSeconds: 7200, sigma: 0.6 },
  },
  watched: { workRequests: [state.workRequests[0]!.workRequestId], jobOrders: [live.entries.at(-1)!.jobOrderId] },
  seed: 11,
  from: 0,
  to: 24,
};
const inJson = <T>(value: T) => JSON.parse(JSON.stringify(value)) as T;

describe('a job to replicate a plan', () => {
  const whole = replicate(job);

  it('gives the same bytes in this thread, in a worker and from JSON, and others for another seed', async () => {
    const here = JSON.stringify(whole);
    assert.equal(compileCheck(ReplicatedSchema)(inJson(whole)), undefined);
    assert.equal(JSON.stringify(replicate(inJson(job))), here);
    const pool = openTaskPool('jobs', workerUrl(new URL('../../src/scenarios/jobs.ts', import.meta.url).href), {
      size: 1,
    });
    try {
      assert.equal(JSON.stringify(await pool.run<Replicated>('replicate', inJson(job))), here);
    } finally {
      await pool.close();
    }
    const other = replicate({ ...job, seed: 12 });
    assert.notDeepEqual(other.kpis, whole.kpis);
    assert.ok(Object.values(whole.missedMaximumLags).some((count) => count > 0 && count < job.to));
    assert.ok(new Set(whole.kpis.map((kpis) => kpis.makespanSeconds)).size > 20, 'replications differ');
  });

  it('split at any places and joined is to the byte what one run gives', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: job.to - 1 }), { maxLength: 5 }), (cuts) => {
        const ends = [...cuts.sort((a, b) => a - b), job.to];
        const parts = ends.map((to, i) => inJson(replicate({ ...job, from: ends[i - 1] ?? 0, to })));
        assert.equal(JSON.stringify(joinReplicated(parts)), JSON.stringify(whole));
      }),
      { numRuns: 12 },
    );
  });

  it('comes to what the simulation of the plan gives', () => {
    const { parameters, seed, to: replications, watched } = job;
    const options = { base: live, parameters, replications, seed, watched: watched! };
    assert.deepEqual(summaryOf(joinReplicated([whole])), simulatePlan(model, state, live, options));
  });

  it('does not join what has a gap or comes twice, and refuses what is no job', () => {
    const [first, last] = [replicate({ ...job, to: 2 }), replicate({ ...job, from: 3, to: 4 })];
    for (const parts of [
      [first, last],
      [first, first],
    ])
      assert.throws(() => joinReplicated(parts), { code: 'MW_PAYLOAD_INVALID' });
    for (const wrong of [{ from: -1 }, { to: 1.5 }, { from: 3, to: 3 }, { plan: undefined }, { parameters: {} }])
      assert.throws(() => replicate(inJson({ ...job, ...wrong }) as ReplicateJob), { code: 'MW_PAYLOAD_INVALID' });
  });
});
