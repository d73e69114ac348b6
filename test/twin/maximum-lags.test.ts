import assert from 'node:assert/strict';
import type { PlantState } from '../../src/plant/index.ts';
import { gather } from '../../src/scenarios/gather.ts';
import { simulatePlan } from '../../src/twin/index.ts';
import { exact, hour, minute, monday, smallModel, smallPlan, smallState } from './small-plant.ts';

/** Operation 20 must follow operation 10, which ends after 30 min, within 60 min. */
const model = smallModel();
model.workMasters[0]!.segments[1]!.lags = [{ predecessor: 'A-10', maxSeconds: 3600 }];

function missedOf(second: number, change: Partial<PlantState> = {}, parameters = exact) {
  const state = smallState(1, 30, change);
  const plan = smallPlan(state);
  plan.entries.find(({ jobOrderId }) => jobOrderId === 'WO-1/20')!.start = second;
  return simulatePlan(model, state, plan, { parameters, replications: 200, seed: 1 }).missedMaximumLags;
}

describe('maximum lags in the simulation', () => {
  it('are missed by what starts later than that behind its predecessor, to the millisecond', () => {
    assert.deepEqual(missedOf(monday + 90 * minute), { 'WO-1/20': 0 });
    assert.deepEqual(missedOf(monday + 90 * minute + 1), { 'WO-1/20': 200 });
  });

  it('are missed behind what is over, and by nothing that runs already', () => {
    const { jobOrders } = smallState(1, 30);
    const [first, second] = jobOrders as [(typeof jobOrders)[0], (typeof jobOrders)[0]];
    const over = { ...first, dispatchStatus: 'Completed' as const, endedAt: monday - hour, equipmentId: 'M-1' };
    assert.deepEqual(missedOf(monday, { jobOrders: [over, second] }), { 'WO-1/20': 0 });
    assert.deepEqual(missedOf(monday + 1, { jobOrders: [over, second] }), { 'WO-1/20': 200 });
    const running = { ...second, dispatchStatus: 'Running' as const, equipmentId: 'M-2', startedAt: monday - 1 };
    assert.deepEqual(missedOf(monday, { jobOrders: [over, running] }), {});
  });

  it('are missed as often as a stop of the second machine holds it up for too long', () => {
    // M-2 has done something before, so it fails after an exponential run time of mean 1 h of the other order.
    const { workRequests, jobOrders } = smallState(1, 30);
    const before = { ...workRequests[0]!, workRequestId: 'WO-0', quantity: 60 };
    const busy = { ...jobOrders[1]!, jobOrderId: 'WO-0/20', workRequestId: 'WO-0', quantity: 60 };
    const done = {
      ...{ ...jobOrders[0]!, jobOrderId: 'WO-0/10', workRequestId: 'WO-0', quantity: 60 },
      ...{ dispatchStatus: 'Completed' as const, endedAt: monday - hour, equipmentId: 'M-1' },
    };
    const stop = { reason: 'breakdown' as const, meanRunSecondsBetween: 3600, medianSeconds: 36_000, sigma: 0 };
    const change = { workRequests: [before, ...workRequests], jobOrders: [done, busy, ...jobOrders] };
    const missed = missedOf(monday + 60 * minute, change, { ...exact, stops: { 'M-2': [stop] } });
    assert.equal(missed['WO-0/20'], 0);
    const share = missed['WO-1/20']! / 200;
    const expected = 1 - Math.exp(-1);
    assert.ok(Math.abs(share - expected) < 4 * Math.sqrt((expected * (1 - expected)) / 200), String(share));
  });

  it('weigh by their number of replications where several stretches are put together', () => {
    const state = smallState(1, 30);
    const stretch = (shift: number, replications: number) => {
      const plan = smallPlan(state);
      plan.entries[1]!.start = monday + 90 * minute + shift;
      return simulatePlan(model, state, plan, { parameters: exact, replications, seed: 1 });
    };
    assert.deepEqual(gather([stretch(0, 30), stretch(1, 10)]).missedMaximumLags, { 'WO-1/20': 0.25 });
  });
});
