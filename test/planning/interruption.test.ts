import assert from 'node:assert/strict';
import { MillwrightError } from '../../src/kernel/index.ts';
import { buildProblem, Decoder, doNothing, planKpis, stagingNeeds, type Conflict } from '../../src/planning/index.ts';
import type { InterruptionMode, MaterialLot, PlantState, SetupMatrix, WorkSchedule } from '../../src/plant/index.ts';
import { checkerOf, scheduleOf, type Inputs } from './judged.ts';
import { smallPlant, start } from './small-plant.ts';

const minute = 60_000;
const repaired = 30;

/**
 * One operation of ten parts of ten minutes that has run since an hour before the plan, five parts made; its machine is
 * down since ten minutes and comes back half an hour into the plan, unless something else is said.
 */
function broken(
  mode: InterruptionMode | undefined,
  {
    reason = 'breakdown',
    lots = [],
    interruptible = true,
    again = 0,
    shifts,
  }: {
    reason?: string;
    lots?: MaterialLot[];
    interruptible?: boolean;
    again?: number;
    shifts?: Parameters<typeof smallPlant>[1];
  } = {},
): Inputs {
  const running = {
    dispatchStatus: 'Running' as const,
    equipmentId: 'L-M',
    startedAt: start - 60 * minute,
    goodQuantity: 5,
  };
  const segment = {
    seconds: { 'L-M': 600 },
    interruptible,
    ...(mode === undefined ? {} : { afterInterruption: mode }),
  };
  const inputs = smallPlant([{ segments: [segment], quantity: 10, state: [running] }], shifts);
  const matrix: SetupMatrix = { equipmentClassId: 'mill', seconds: { J0: { J0: again } }, defaultSeconds: 7200 };
  return {
    ...inputs,
    model: {
      ...inputs.model,
      equipment: inputs.model.equipment.map((e) => ({ ...e, equipmentClassId: 'mill' })),
      workMasters: inputs.model.workMasters.map((master) => ({
        ...master,
        segments: master.segments.map((s) => ({ ...s, materials: [{ materialId: 'BAR', quantityPerUnit: 2 }] })),
      })),
      setupMatrices: [matrix],
    },
    state: {
      ...inputs.state,
      lots,
      unavailable: [{ equipmentId: 'L-M', reason, start: start - 10 * minute, end: start + repaired * minute }],
    },
  };
}

function bars(quantity: number, minutes: number): MaterialLot {
  const availableAt = start + minutes * minute;
  return { lotId: `B${minutes}`, materialId: 'BAR', quantity, unit: 'pcs', availableAt, locationId: 'STORE' };
}

/** When the operation ends, in minutes from the plan's start, in a plan that the checker accepts. */
function endOf(inputs: Inputs): number {
  const { plan } = planned(inputs);
  return plan.end[0]! / minute;
}

function planned(inputs: Inputs) {
  const problem = buildProblem(inputs.model, inputs.state, inputs.live, inputs.request);
  const plan = new Decoder(problem).decode(doNothing(problem));
  const schedule = scheduleOf(problem, { plan });
  const { violations, kpis } = checkerOf(inputs)(schedule);
  assert.deepEqual(violations, []);
  return { problem, plan, schedule, kpis };
}

describe('a running operation whose machine breaks down', () => {
  it('resumes with the parts that are left, if nothing else is said', () => {
    assert.equal(endOf(broken(undefined)), repaired + 50);
    assert.equal(endOf(broken('resume')), repaired + 50);
  });
  it('or restarts: all parts, after the setup from its own family to its own', () => {
    assert.equal(endOf(broken('restart')), repaired + 100);
    assert.equal(endOf(broken('restart', { again: 900 })), repaired + 115);
  });
  it('or is scrap: all parts again with new material, for which it waits', () => {
    assert.equal(endOf(broken('scrap', { lots: [bars(20, 0)] })), repaired + 100);
    assert.equal(endOf(broken('scrap', { lots: [bars(10, 0), bars(10, 45)] })), 45 + 100);
  });
  it('is not interrupted by planned maintenance', () => {
    assert.equal(endOf(broken('restart', { reason: 'planned-maintenance' })), repaired + 50);
  });
  it('does not pause when it starts anew, where its segment must not or does not resume', () => {
    // The shift ends an hour after the repair; the next one begins at noon.
    const shifts = [
      { shiftId: 'a', name: '', start: '05:00', end: '07:30', weekdays: [1] },
      { shiftId: 'b', name: '', start: '12:00', end: '20:00', weekdays: [1] },
    ];
    assert.equal(endOf(broken('restart', { shifts })), 6 * 60 + 100);
    assert.equal(endOf(broken(undefined, { shifts, interruptible: false })), repaired + 50);
  });
  it('claims its material before everything that is still to be done', () => {
    const inputs = broken('scrap', { lots: [bars(20, 0), bars(2, 300)] });
    const waiting = { ...inputs.state.jobOrders[0]!, dispatchStatus: 'Waiting' as const, quantity: 1, goodQuantity: 0 };
    delete waiting.equipmentId;
    delete waiting.startedAt;
    const jobOrders = [inputs.state.jobOrders[0]!, { ...waiting, jobOrderId: 'J0/9' }];
    const { plan } = planned({ ...inputs, state: { ...inputs.state, jobOrders } });
    assert.deepEqual(
      [...plan.end].map((end) => end / minute),
      [repaired + 100, 310],
    );
  });
  it('cannot go on without material', () => {
    const inputs = broken('scrap', { lots: [bars(19, 0)] });
    assert.throws(
      () => planned(inputs),
      (thrown: MillwrightError) => {
        const conflicts = thrown.cause as Conflict[];
        assert.deepEqual(conflicts, [{ kind: 'material-never-arrives', jobOrderId: 'J0/0', subject: 'BAR' }]);
        return thrown.code === 'MW_PLAN_INFEASIBLE';
      },
    );
  });
  it('counts the parts it had made as scrap, and has its new material brought', () => {
    const inputs = broken('scrap', { lots: [bars(20, 0)] });
    const { problem, plan, schedule, kpis } = planned(inputs);
    assert.equal(planKpis(problem, plan).expectedScrap, 5);
    assert.equal(kpis.expectedScrap, 5);
    const [need] = stagingNeeds(inputs.model, inputs.state, undefined, schedule);
    assert.deepEqual([need?.lotId, need?.quantity, need?.to, need?.needAt], ['B0', 20, 'L-M', start]);
    assert.equal(planned(broken('restart')).kpis.expectedScrap, 0);
  });
  it('of a batch machine goes on for as long as its load has not been worked, or from the beginning', () => {
    const loaded = (mode: InterruptionMode): Inputs => {
      const inputs = broken(mode, { lots: [bars(20, 0)] });
      const { model, state } = inputs;
      const speed = { equipmentId: 'L-M', secondsPerUnit: 1, secondsPerBatch: 7200 };
      return {
        ...inputs,
        model: {
          ...model,
          equipment: model.equipment.map((e) => ({ ...e, batchCapacity: 10 })),
          workMasters: model.workMasters.map((m) => ({
            ...m,
            segments: m.segments.map((s) => ({ ...s, equipment: [speed] })),
          })),
        },
        state: { ...state, jobOrders: state.jobOrders.map((job) => ({ ...job, goodQuantity: 0 })) },
      };
    };
    // Fifty of 120 minutes were worked before it broke down.
    assert.equal(endOf(loaded('resume')), repaired + 70);
    assert.equal(endOf(loaded('restart')), repaired + 120);
    assert.equal(planned(loaded('scrap')).kpis.expectedScrap, 10);
  });
});

describe('plan checker on interrupted operations', () => {
  function refused(state: PlantState, inputs: Inputs, words: RegExp, plan: WorkSchedule): void {
    const { violations } = checkerOf({ ...inputs, state })(plan);
    assert.ok(
      violations.some((text) => words.test(text)),
      violations.join('\n'),
    );
  }
  it('refuses the end of one that resumes where it must start anew', () => {
    const { schedule } = planned(broken('resume'));
    const inputs = broken('restart');
    refused(inputs.state, inputs, /cannot end at .*: 6000 s of work are left/, schedule);
  });
  it('refuses one that starts anew before its new material is there', () => {
    const inputs = broken('scrap', { lots: [bars(20, 0)] });
    const { schedule } = planned(inputs);
    refused({ ...inputs.state, lots: [bars(20, 31)] }, inputs, /before its material BAR has arrived/, schedule);
  });
  it('refuses one that pauses after it started anew', () => {
    const inputs = broken('restart');
    const { schedule } = planned(inputs);
    const stop = { equipmentId: 'L-M', reason: 'planned-maintenance' };
    const unavailable = [
      ...inputs.state.unavailable,
      { ...stop, start: start + 60 * minute, end: start + 70 * minute },
    ];
    const entries = schedule.entries.map((e) => ({ ...e, end: e.end + 10 * minute }));
    refused({ ...inputs.state, unavailable }, inputs, /pauses at .*, which it must not/, { ...schedule, entries });
  });
});
