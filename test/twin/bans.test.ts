import assert from 'node:assert/strict';
import { jobState, replicate, type ReplicateJob } from '../../src/scenarios/jobs.ts';
import { simulatePlan } from '../../src/twin/index.ts';
import { exact, hour, minute, monday, smallModel, smallPlan, smallState } from './small-plant.ts';

const model = smallModel({ persons: [{ personId: 'OP-1', qualificationIds: ['q'] }] });
const ban = (from: number, to: number) => ({
  equipmentIds: ['M-1'],
  start: monday + from * minute,
  end: monday + to * minute,
});

/** End of the last operation of a request of 30 parts, in minutes: 30 on M-1, 10 of transport, 30 on M-2. */
function lastEnd(bans: ReturnType<typeof ban>[], change: Parameters<typeof smallState>[2] = {}, plant = model): number {
  const state = smallState(1, 30, change);
  const { kpis } = simulatePlan(plant, state, smallPlan(state), { parameters: exact, replications: 1, seed: 1, bans });
  return kpis.makespanSeconds.mean / 60;
}

describe('a machine that plans may not use for a while', () => {
  it('begins nothing then, and what pauses goes on after it', () => {
    assert.equal(lastEnd([]), 70);
    assert.equal(lastEnd([ban(0, 20)]), 90);
    assert.equal(lastEnd([ban(10, 25), ban(20, 30)]), 90);
    assert.equal(lastEnd([ban(30, 40)]), 70);
    const attended = smallModel({ persons: model.persons }, { qualificationId: 'q' });
    assert.equal(lastEnd([ban(10, 30)], {}, attended), 90);
    const whole = smallModel({}, { interruptible: false });
    assert.equal(lastEnd([ban(10, 30)], {}, whole), 100);
  });

  it('goes on with what was running before', () => {
    const { jobOrders } = smallState(1, 30);
    const running = { dispatchStatus: 'Running' as const, equipmentId: 'M-1', startedAt: monday - hour };
    const change = { jobOrders: [{ ...jobOrders[0]!, ...running }, jobOrders[1]!] };
    assert.equal(lastEnd([ban(0, 600)], change), 100, 'its planned end is minute 60');
    assert.equal(lastEnd([ban(0, 600)]), 670);
  });

  it('keeps its bans in a job to replicate a plan, also those without an end', () => {
    const state = smallState(1, 30);
    const job: ReplicateJob = {
      ...{ kind: 'replicate', version: 1, model, state: jobState(state), plan: smallPlan(state), parameters: exact },
      ...{ bans: [ban(10, 30), { ...ban(50, 0), end: null }], seed: 1, from: 0, to: 1 },
    };
    assert.equal(replicate(JSON.parse(JSON.stringify(job)) as ReplicateJob).kpis[0]!.makespanSeconds, 90 * 60);
    const never = replicate({ ...job, bans: [{ ...ban(0, 0), end: null }] }).kpis[0]!;
    assert.ok(never.makespanSeconds > 14 * 24 * 3600 && never.lateOrders === 1);
  });
});
