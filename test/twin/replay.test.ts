import assert from 'node:assert/strict';
import type { PlanKpis, PlantModel, PlantState, WorkSchedule } from '../../src/plant/index.ts';
import { buildProblem, checkPlan, searchAlternatives, toWorkSchedule } from '../../src/planning/index.ts';
import { openPlantProcess, openSimulator, simulatePlan, type TwinParameters } from '../../src/twin/index.ts';
import { northfieldEvent } from '../planning/northfield.ts';
import { exact, hour } from './small-plant.ts';

/** What happened to each operation, from the live process's events. */
function processTimes(model: PlantModel, state: PlantState, plan: WorkSchedule, parameters: TwinParameters, seed = 7) {
  const times = new Map<string, { start: number; end: number; machine: string }>();
  const plant = openPlantProcess(model, state, plan, parameters, { seed });
  for (const event of plant.advance(state.at + 120 * 24 * hour))
    if (event.kind === 'job-started')
      times.set(event.jobOrderId, { start: event.at, end: NaN, machine: event.equipmentId });
    else if (event.kind === 'job-ended') times.get(event.jobOrderId)!.end = event.at;
  for (const order of state.jobOrders)
    if (order.dispatchStatus === 'Running') times.get(order.jobOrderId)!.start = order.startedAt!;
  return times;
}

/** Tardiness, late orders and makespan computed from times alone. */
function measures(state: PlantState, plan: WorkSchedule, endOf: (jobOrderId: string) => number) {
  const ends = new Map<string, number>();
  let last = -Infinity;
  for (const { jobOrderId } of plan.entries) {
    const id = jobOrderId.split('/')[0]!;
    ends.set(id, Math.max(ends.get(id) ?? -Infinity, endOf(jobOrderId)));
    last = Math.max(last, endOf(jobOrderId));
  }
  const late = state.workRequests.filter((r) => (ends.get(r.workRequestId) ?? -Infinity) > r.dueAt);
  return {
    weightedTardinessSeconds: late.reduce(
      (sum, r) => sum + (ends.get(r.workRequestId)! - r.dueAt) / 1000 / r.priority,
      0,
    ),
    lateOrders: late.length,
    makespanSeconds: (last - plan.from) / 1000,
  };
}

function assertMeasures(kpis: PlanKpis, expected: ReturnType<typeof measures>) {
  assert.equal(kpis.lateOrders, expected.lateOrders);
  assert.equal(kpis.makespanSeconds, expected.makespanSeconds);
  assert.ok(
    Math.abs(kpis.weightedTardinessSeconds - expected.weightedTardinessSeconds) <
      1e-6 * (1 + expected.weightedTardinessSeconds),
  );
}

function varied(model: PlantModel): TwinParameters {
  const machines = model.equipment.filter((e) => e.level === 'WorkUnit').map((e) => e.equipmentId);
  return {
    runVariation: 0.1,
    setupVariation: 0.2,
    stops: Object.fromEntries(
      machines.map((id) => [
        id,
        [
          { reason: 'breakdown' as const, meanRunSecondsBetween: 20 * 3600, medianSeconds: 2400, sigma: 0.8 },
          { reason: 'tool-change' as const, meanRunSecondsBetween: 5 * 3600, medianSeconds: 300, sigma: 0.3 },
        ],
      ]),
    ),
    rejects: Object.fromEntries(machines.map((id) => [id, { scrap: 0.03, rework: 0.02 }])),
  };
}

describe('replay of a plan', () => {
  for (const seed of [1, 2, 3, 4, 5])
    it(`keeps the plan's times to the millisecond where nothing varies (plant ${String(seed)})`, () => {
      const { model, before, live } = northfieldEvent(seed, 60);
      const times = processTimes(model, before, live, exact);
      for (const entry of live.entries)
        assert.deepEqual(times.get(entry.jobOrderId), {
          start: entry.start,
          end: entry.end,
          machine: entry.equipmentId,
        });
      const planned = new Map(live.entries.map((entry) => [entry.jobOrderId, entry.end]));
      const { replications, kpis } = simulatePlan(model, before, live, {
        base: live,
        parameters: exact,
        replications: 2,
        seed,
      });
      for (const replication of replications) {
        assertMeasures(
          replication,
          measures(before, live, (id) => planned.get(id)!),
        );
        assert.equal(replication.stability, 1);
      }
      assert.equal(kpis.makespanSeconds.p10, kpis.makespanSeconds.p90);
    });

  for (const seed of [3, 9])
    it(`finds every KPI of searched plans as the independent checker does, a machine being down (plant ${String(seed)})`, () => {
      const { model, state, live } = northfieldEvent(seed, 60);
      const horizon = state.at + 14 * 24 * hour;
      const request = { from: state.at, frozenUntil: state.at + hour / 2, horizon, constraints: [] };
      const problem = buildProblem(model, state, live, request);
      const { alternatives } = searchAlternatives(problem, { count: 20, seed, maxDecodes: 1500 });
      const simulator = openSimulator(model, state, { base: live, parameters: exact, replications: 1, seed });
      for (const { plan } of alternatives) {
        const schedule = toWorkSchedule(problem, plan, { scheduleId: 'P', createdAt: 0, label: '', seed });
        const { kpis } = checkPlan(model, state, schedule, request, live);
        const [replayed] = simulator.simulate(schedule).replications;
        for (const [name, value] of Object.entries(kpis) as [keyof PlanKpis, number][])
          assert.ok(Math.abs(replayed![name] - value) <= 1e-9 * (1 + Math.abs(value)), name);
      }
    });

  for (const seed of [1, 2, 3])
    it(`the lean replay ends every operation when the live process does, breakdowns and scrap included (plant ${String(seed)})`, () => {
      const { model, before, live } = northfieldEvent(seed, 40);
      const parameters = varied(model);
      const times = processTimes(model, before, live, parameters);
      const { replications } = simulatePlan(model, before, live, { parameters, replications: 1, seed: 7 });
      assertMeasures(
        replications[0]!,
        measures(before, live, (id) => times.get(id)!.end),
      );
    });

  it('gives other plans the same random numbers, and the same plan the same result', () => {
    const { model, before, live } = northfieldEvent(2, 40);
    const simulator = openSimulator(model, before, {
      base: live,
      parameters: varied(model),
      replications: 20,
      seed: 3,
    });
    const later: WorkSchedule = {
      ...live,
      entries: live.entries.map((e) => ({ ...e, start: e.start + (e.frozen ? 0 : 10 * 60_000) })),
    };
    const first = simulator.simulate(live);
    const moved = simulator.simulate(later);
    assert.deepEqual(simulator.simulate(live), first);
    const spread = (values: number[]) => {
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      return values.reduce((a, b) => a + (b - mean) ** 2, 0);
    };
    const ends = first.replications.map((k) => k.makespanSeconds);
    const differences = moved.replications.map((k, i) => k.makespanSeconds - ends[i]!);
    assert.ok(spread(differences) < 0.2 * spread(ends), 'differences of plans vary far less than the plans');
    const other = openSimulator(model, before, { base: live, parameters: varied(model), replications: 20, seed: 4 });
    assert.notDeepEqual(other.simulate(live).replications, first.replications);
  });

  it('gives quantiles in order, shares of time that sum to 1, and the machine with the longest active periods as bottleneck', () => {
    const { model, before, live } = northfieldEvent(3, 40);
    const { kpis, utilisation, bottleneck, activePeriodSeconds } = simulatePlan(model, before, live, {
      base: live,
      parameters: varied(model),
      replications: 50,
      seed: 1,
    });
    for (const { p10, p50, p90, mean } of Object.values(kpis))
      assert.ok(p10 <= p50 && p50 <= p90 && Number.isFinite(mean));
    for (const { busy, setup, blocked, starved, down, waitingForOperator } of Object.values(utilisation)) {
      const shares = [busy, setup, blocked, starved, down, waitingForOperator];
      assert.ok(shares.every((share) => share >= 0 && share <= 1));
      assert.ok(Math.abs(shares.reduce((a, b) => a + b, 0) - 1) < 1e-9);
    }
    assert.equal(bottleneck, Object.entries(activePeriodSeconds).sort((a, b) => b[1] - a[1])[0]![0]);
  });

  it('is cancelled between replications', () => {
    const { model, before, live } = northfieldEvent(1, 10);
    let asked = 0;
    const shouldStop = () => ++asked > 3;
    assert.throws(
      () => simulatePlan(model, before, live, { parameters: exact, replications: 100, seed: 1, shouldStop }),
      { code: 'MW_ABORTED' },
    );
    assert.equal(asked, 4);
  });
});
