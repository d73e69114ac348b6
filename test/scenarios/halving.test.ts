import assert from 'node:assert/strict';
import type { PlanKpis } from '../../src/plant/index.ts';
import { buildProblem, searchAlternatives, toWorkSchedule } from '../../src/planning/index.ts';
import { rankHalved, simulateByHalves } from '../../src/scenarios/halving.ts';
import { rankBySimulation } from '../../src/scenarios/ranking.ts';
import { kpisOf, openSimulator, type TwinParameters } from '../../src/twin/index.ts';
import { northfieldEvent } from '../planning/northfield.ts';

const hour = 3_600_000;
const cpuMs = (work: () => void) => {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};

describe('successive halving over plans', () => {
  for (const seed of [1, 2, 3])
    it(`finds the ten best of fifty as full replication does, for less (plant ${String(seed)})`, () => {
      const { model, state, live } = northfieldEvent(seed, 40);
      const request = {
        from: state.at,
        frozenUntil: state.at,
        horizon: state.at + 14 * 24 * hour,
        constraints: [],
      };
      const problem = buildProblem(model, state, live, request);
      const { alternatives } = searchAlternatives(problem, { count: 50, seed, maxDecodes: 3000 });
      const plans = alternatives.map(({ plan }) =>
        toWorkSchedule(problem, plan, { scheduleId: 'P', createdAt: 0, label: '', seed }),
      );
      const stop = { reason: 'breakdown' as const, meanRunSecondsBetween: 20 * 3600, medianSeconds: 2400, sigma: 0.8 };
      const machines = model.equipment.filter((e) => e.level === 'WorkUnit');
      const parameters: TwinParameters = {
        runVariation: 0.1,
        setupVariation: 0.2,
        stops: Object.fromEntries(machines.map(({ equipmentId }) => [equipmentId, [stop]])),
        rejects: {},
      };
      const replications = 240;
      const simulator = openSimulator(model, state, { base: live, parameters, replications, seed });
      let spent = 0;
      const simulate = (plan: number, from: number, to: number): PlanKpis[] => {
        spent += to - from;
        return simulator.simulate(plans[plan]!, { from, to }).replications;
      };
      let full: number[] = [];
      let halved: number[] = [];
      const fullMs = cpuMs(() => {
        full = rankBySimulation(plans.map((_, plan) => kpisOf(simulate(plan, 0, replications))));
      });
      const fullSpent = spent;
      spent = 0;
      const weak = full.indexOf(plans.length);
      const halvedMs = cpuMs(() => {
        const seen = simulateByHalves(plans.length, replications, simulate, { always: [weak] });
        halved = rankHalved(seen);
        assert.equal(seen[weak]!.replications, replications);
        assert.ok(seen.filter((plan) => plan.replications === replications).length >= 20);
        assert.deepEqual(
          seen[halved.indexOf(1)]!.simulated,
          kpisOf(simulator.simulate(plans[halved.indexOf(1)]!).replications),
        );
      });
      assert.equal(new Set(halved).size, plans.length);
      const best = (ranks: number[]) => ranks.flatMap((rank, plan) => (rank <= 10 ? [plan] : []));
      const both = best(full).filter((plan) => best(halved).includes(plan));
      console.log(
        `      ${String(plans.length)} plans: ${String(both.length)} of the ten best in common, best ${
          full.indexOf(1) === halved.indexOf(1) ? 'the same' : 'another'
        }; ${String(spent)} of ${String(fullSpent)} replications, ${halvedMs.toFixed(0)} of ${fullMs.toFixed(0)} CPU ms`,
      );
      assert.ok(both.length >= 9);
      assert.ok(halved[full.indexOf(1)]! <= 3);
      assert.ok(spent < 0.65 * fullSpent);
    });

  it('simulates each plan as often as asked where that is little', () => {
    const seen = simulateByHalves(3, 5, (plan, from, to) =>
      Array.from({ length: to - from }, (_, r) => ({ makespanSeconds: plan + r }) as PlanKpis),
    );
    assert.deepEqual(
      seen.map(({ replications }) => replications),
      [5, 5, 5],
    );
    assert.deepEqual(
      simulateByHalves(0, 100, () => []),
      [],
    );
  });
});
