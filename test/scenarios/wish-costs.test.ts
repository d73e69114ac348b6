import assert from 'node:assert/strict';
import { Scenarios } from '../../src/contracts/index.ts';
import { compileCheck, isoInstant } from '../../src/kernel/index.ts';
import { scenariosPayload } from '../../nodes/mw-schedule/scenarios-payload.ts';
import type { PlanKpis, ScenarioSet } from '../../src/plant/index.ts';
import { costOf, shareTime } from '../../src/scenarios/wish-costs.ts';
import { testNow } from '../planning/northfield.ts';
import { fillSite, openSite, planRequest } from './site.ts';

const kpis = (weightedTardinessSeconds: number, lateOrders: number): PlanKpis => ({
  weightedTardinessSeconds,
  lateOrders,
  onTimeShare: 0.5,
  makespanSeconds: 1000,
  changeovers: 3,
  setupSeconds: 10,
  stability: 0.5,
  workloadImbalance: 0.1,
  expectedScrap: 0,
  oee: 0.5,
});

describe('what wishes cost', () => {
  const to = isoInstant(testNow + 72 * 3_600_000);
  const ban = { kind: 'forbid-machine' as const, subject: 'GRIND-23', to };
  const overtime = { kind: 'overtime' as const, subject: 'GRIND-23' };

  it('is the best plan with all of them against the best without one', () => {
    const cost = costOf(ban, [kpis(500, 4), kpis(400, 3)], [kpis(900, 9), kpis(100, 1)], undefined);
    assert.deepEqual([cost.withIt.weightedTardinessSeconds, cost.withoutIt?.weightedTardinessSeconds], [400, 100]);
    // What keeps a ban may be done without it: no wish costs less than nothing because a short search found less.
    assert.equal(costOf(ban, [kpis(400, 3)], [kpis(900, 9)], undefined).withoutIt?.lateOrders, 3);
    // Overtime gives time: without it that plan is not possible.
    assert.equal(costOf(overtime, [kpis(400, 3)], [kpis(900, 9)], undefined).withoutIt?.lateOrders, 9);
    assert.equal(costOf(overtime, [kpis(400, 3)], [], undefined).withoutIt, undefined);
  });

  it('takes a quarter of the time limit, however many threads there are, and nothing without wishes', () => {
    for (const threads of [1, 2, 3, 16])
      for (const wishes of [1, 2, 5, 20]) {
        const { plans, eachWish, wishes: looked } = shareTime(5000, wishes, threads);
        assert.equal(plans, 3750);
        assert.equal(looked, Math.min(5, wishes));
        assert.ok(Math.abs(eachWish * Math.ceil((1 + looked) / threads) - 1250) < 1e-9);
      }
    assert.equal(shareTime(5000, 0, 1).plans, 5000);
    // Of a short limit fewer wishes have their share, so that each search is worth something.
    assert.deepEqual(shareTime(2000, 5, 1), { plans: 1500, eachWish: 500 / 3, wishes: 2 });
    assert.equal(shareTime(100, 5, 1).wishes, 1);
  });

  describe('of a request', () => {
    let site: Awaited<ReturnType<typeof openSite>>;
    let set: ScenarioSet;
    before(async () => {
      site = await openSite();
      await fillSite(site.store, 40);
      set = await site.service.plan(
        planRequest({ timeLimitMs: 2000, replications: 5, count: 10, constraints: [ban, overtime] }),
      );
    });
    after(() => site.close());

    it('is saved with the set, as is what was asked for, and goes out with its message', async () => {
      assert.deepEqual(
        set.wishCosts.map(({ constraint }) => constraint),
        [ban, overtime],
      );
      const stored = await site.store.loadScenarioSet(set.requestId);
      assert.deepEqual(stored?.wishCosts, set.wishCosts);
      assert.deepEqual(stored.request.constraints, [ban, overtime]);
      const payload = scenariosPayload(set);
      assert.equal(compileCheck(Scenarios)(payload), undefined);
      assert.deepEqual(payload.wishCosts, set.wishCosts);
    });

    it('is lateness where the only grinding machine is banned for three days', () => {
      const { withIt, withoutIt } = set.wishCosts[0]!;
      assert.ok(withoutIt!.weightedTardinessSeconds < withIt.weightedTardinessSeconds);
    });
  });
});
