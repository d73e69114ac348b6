import assert from 'node:assert/strict';
import { buildProblem, checkPlan, Decoder, dispatch, planKpis, toWorkSchedule } from '../../src/planning/index.ts';
import type { PlantModel, PlantState, Rejects } from '../../src/plant/index.ts';
import { simulatePlan } from '../../src/twin/index.ts';
import { exact, hour, minute, monday, smallModel, smallState } from '../twin/small-plant.ts';

const near = (actual: number, expected: number, within = 1e-9) =>
  assert.ok(Math.abs(actual - expected) <= within, `${String(actual)}, not ${String(expected)}`);

/** The only plan of a small plant: as planning, the checker and the twin see it. */
function seen(model: PlantModel, state: PlantState, rejects: Rejects, replications = 1) {
  const request = { from: monday, frozenUntil: monday, horizon: monday + 96 * hour, constraints: [], rejects };
  const problem = buildProblem(model, state, undefined, request);
  const decoder = new Decoder(problem);
  const decoded = decoder.decode(dispatch(problem, decoder, 'slack'));
  const plan = toWorkSchedule(problem, decoded, { scheduleId: 'P', createdAt: 0, label: '', seed: 1 });
  const options = { parameters: { ...exact, rejects }, replications, seed: 1 };
  return {
    planned: planKpis(problem, decoded),
    checked: checkPlan(model, state, plan, request),
    simulated: simulatePlan(model, state, plan, options),
  };
}

describe('what a plan makes of its time', () => {
  const closed = (equipmentId: string, reason: string) => ({
    equipmentId,
    reason,
    start: monday,
    end: monday + 30 * minute,
  });

  // M-1 makes 60 parts of a minute from 0:30 on, M-2 after ten minutes of transport from 1:40 to 2:40.
  it('counts a breakdown against availability, planned maintenance not, and scrap against quality', () => {
    const state = smallState(1, 60, {
      unavailable: [closed('M-1', 'planned-maintenance'), closed('M-2', 'breakdown')],
    });
    const rejects = { 'M-1': { scrap: 0.5, rework: 0.5, byMaterial: { A: { scrap: 0.1, rework: 0.05 } } } };
    const { planned, checked } = seen(smallModel(), state, rejects);
    const { L1, L2 } = checked.oeeByLine;
    for (const [name, value] of Object.entries({ availability: 1, performance: 1, quality: 0.85, oee: 0.85 }))
      near(L1![name as keyof typeof L1], value);
    for (const [name, value] of Object.entries({ availability: 60 / 160, performance: 1, quality: 1, oee: 60 / 160 }))
      near(L2![name as keyof typeof L2], value);
    for (const kpis of [planned, checked.kpis]) {
      near(kpis.oee, (51 + 60) / (60 + 160));
      near(kpis.expectedScrap, (60 * 0.1) / 0.9);
    }
  });

  it('is the same in the twin where nothing is left to chance', () => {
    const state = smallState(3, 40, { unavailable: [closed('M-2', 'breakdown')] });
    const { planned, checked, simulated } = seen(smallModel(), state, {});
    assert.equal(planned.expectedScrap, 0);
    assert.equal(simulated.kpis.expectedScrap.mean, 0);
    near(simulated.kpis.oee.mean, planned.oee);
    for (const [line, { oee }] of Object.entries(checked.oeeByLine)) near(simulated.oeeByLine[line]![0]!, oee);
  });

  it('loses in the twin, on average, the scrap that the plan expects, which costs time as well', () => {
    const rejects = { 'M-2': { scrap: 0, rework: 0, byMaterial: { A: { scrap: 0.08, rework: 0.02 } } } };
    const { planned, simulated } = seen(smallModel(), smallState(2, 50), rejects, 2000);
    const scrap = simulated.replications.map((kpis) => kpis.expectedScrap);
    const mean = scrap.reduce((a, b) => a + b) / scrap.length;
    const deviation = Math.sqrt(scrap.reduce((sum, value) => sum + (value - mean) ** 2, 0) / scrap.length);
    near(planned.expectedScrap, (100 * 0.08) / 0.92);
    near(mean, planned.expectedScrap, (4 * deviation) / Math.sqrt(scrap.length));
    const without = seen(smallModel(), smallState(2, 50), {}).simulated;
    assert.ok(simulated.kpis.oee.mean < without.kpis.oee.mean);
    assert.ok(simulated.oeeByLine['L1']!.every((oee) => oee === 1));
  });
});

describe('a batch machine', () => {
  it('loses performance where its load is not full', () => {
    const model = smallModel();
    for (const machine of model.equipment) if (machine.equipmentId === 'M-1') machine.batchCapacity = 100;
    model.workMasters[0]!.segments[0]!.equipment = [{ equipmentId: 'M-1', secondsPerUnit: 30, secondsPerBatch: 3600 }];
    for (const segment of model.workMasters[0]!.segments) segment.interruptible = false;
    const { planned, checked } = seen(model, smallState(1, 60), {});
    near(checked.oeeByLine['L1']!.performance, 0.6);
    near(checked.kpis.oee, (36 + 60) / (60 + 130));
    near(planned.oee, checked.kpis.oee);
  });
});
