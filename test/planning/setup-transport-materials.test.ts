import assert from 'node:assert/strict';
import { buildProblem } from '../../src/planning/index.ts';
import { claimMaterial, earliestWithMaterial } from '../../src/planning/constraints/materials.ts';
import { setupTime } from '../../src/planning/constraints/setup.ts';
import { transportTime } from '../../src/planning/constraints/transport.ts';
import { smallPlant, start } from './small-plant.ts';

const hour = 3_600_000;
/** Two operations on machines of two lines, each of three parts. */
const inputs = smallPlant(
  [
    { segments: [{ seconds: { 'L1-M1': 60 } }, { seconds: { 'L1-M2': 60, 'L2-M3': 60 } }], quantity: 3 },
    { segments: [{ seconds: { 'L1-M1': 60 } }], quantity: 3 },
  ],
  undefined,
  600,
);
const { model, state, live, request } = inputs;
const build = (change: Partial<typeof model>, lots: typeof state.lots = []) =>
  buildProblem({ ...model, ...change }, { ...state, lots }, live, request);
const machine = (problem: ReturnType<typeof build>, id: string) => problem.machineIds.indexOf(id);

describe('the setup constraint', () => {
  const ofClass = (equipmentClassId: string) =>
    model.equipment.map((e) => (e.equipmentId === 'L1-M1' ? { ...e, equipmentClassId } : e));
  const families = { J0: 'red', J1: 'blue' } as Record<string, string>;
  const materials = model.materials.map((m) => ({ ...m, setupFamily: families[m.materialId]! }));
  const setupMatrices = [{ equipmentClassId: 'mill', seconds: { red: { blue: 90, red: 5 } }, defaultSeconds: 240 }];

  it('takes the matrix of the machine’s class, its default for a missing pair and for what nobody knows', () => {
    const problem = build({ materials, setupMatrices, equipment: ofClass('mill') });
    const time = (from: number, to: number) => setupTime(problem, machine(problem, 'L1-M1'), from, to);
    // Families in alphabetical order; one behind them stands for the unknown.
    const [blue, red, unknown] = [0, 1, 2];
    assert.deepEqual([time(red, blue), time(red, red)], [90_000, 5_000]);
    assert.deepEqual([time(blue, red), time(unknown, blue)], [240_000, 240_000]);
    assert.equal(time(blue, blue), 0);
  });

  it('takes no time on a machine whose class has no matrix', () => {
    const problem = build({ materials, setupMatrices, equipment: ofClass('saw') });
    assert.equal(setupTime(problem, machine(problem, 'L1-M1'), 1, 0), 0);
  });
});

describe('the transport constraint', () => {
  it('takes the plant’s usual time between lines, none within one, and another for a pair in its direction only', () => {
    const usual = build({});
    const time = (problem: typeof usual, from: string, to: string) =>
      transportTime(problem, machine(problem, from), machine(problem, to));
    assert.deepEqual([time(usual, 'L1-M1', 'L2-M3'), time(usual, 'L1-M1', 'L1-M2')], [600_000, 0]);
    const pair = build({ transportTimes: [{ fromLineId: 'L1', toLineId: 'L2', seconds: 30 }] });
    assert.deepEqual([time(pair, 'L1-M1', 'L2-M3'), time(pair, 'L2-M3', 'L1-M1')], [30_000, 600_000]);
  });
});

describe('the material constraint', () => {
  const lots = [
    { lotId: 'B', materialId: 'BAR', quantity: 4, unit: 'm', availableAt: start + 2 * hour, locationId: 'STORE' },
    { lotId: 'A', materialId: 'BAR', quantity: 3, unit: 'm', availableAt: start - hour, locationId: 'STORE' },
  ];
  const workMasters = model.workMasters.map((master) => ({
    ...master,
    segments: master.segments.map((segment, s) =>
      s === 0 ? { ...segment, materials: [{ materialId: 'BAR', quantityPerUnit: 1 }] } : segment,
    ),
  }));

  it('holds the second claim back until the lot that covers both has come, in whichever order they claim', () => {
    const problem = build({ workMasters }, lots);
    const takers = problem.jobOrderIds.flatMap((_, i) =>
      problem.needOffset[i + 1]! > problem.needOffset[i]! ? [i] : [],
    );
    assert.equal(takers.length, 2);
    for (const [first, second] of [takers, [...takers].reverse()]) {
      const claimed = problem.fixedClaims.slice();
      assert.equal(earliestWithMaterial(problem, first!, claimed), -hour);
      claimMaterial(problem, first!, claimed);
      assert.equal(earliestWithMaterial(problem, second!, claimed), 2 * hour);
    }
    const none = problem.jobOrderIds.findIndex((_, i) => !takers.includes(i));
    assert.equal(earliestWithMaterial(problem, none, problem.fixedClaims), -Infinity);
  });

  it('never is met where the lots do not cover what is claimed already', () => {
    const problem = build({ workMasters }, lots);
    const taker = problem.jobOrderIds.findIndex((_, i) => problem.needOffset[i + 1]! > problem.needOffset[i]!);
    assert.equal(earliestWithMaterial(problem, taker, Float64Array.of(4 + 1e-9)), 2 * hour);
    assert.equal(earliestWithMaterial(problem, taker, Float64Array.of(4.1)), Infinity);
  });
});
