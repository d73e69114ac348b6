import assert from 'node:assert/strict';
import { MillwrightError } from '../../src/kernel/index.ts';
import { buildProblem, Decoder, placesOf, type Solution } from '../../src/planning/index.ts';
import type { WorkSchedule } from '../../src/plant/index.ts';
import { furnacePlant, type FurnaceJob } from './furnace.ts';
import { checkerOf, scheduleOf, type Inputs } from './judged.ts';
import { start } from './small-plant.ts';

/** The plan in which the jobs come in this order; every plan here must pass the checker. */
function decoded(inputs: Inputs, order: readonly number[]) {
  const problem = buildProblem(inputs.model, inputs.state, inputs.live, inputs.request);
  const n = problem.jobOrderIds.length;
  const solution: Solution = { order: Int32Array.from(order), choice: new Uint16Array(n), hold: new Uint8Array(n) };
  const plan = new Decoder(problem).decode(solution);
  const schedule = scheduleOf(problem, { plan });
  const { violations, kpis } = checkerOf(inputs)(schedule);
  assert.deepEqual(violations, []);
  assert.ok(Math.abs(kpis.setupSeconds - plan.setupSeconds) < 1e-9);
  return { problem, plan, schedule, kpis };
}

/** Starts in hours, by job. */
function starts(jobs: readonly FurnaceJob[], capacity: number, order: readonly number[]): number[] {
  return [...decoded(furnacePlant(jobs, capacity), order).plan.start].map((at) => at / 3_600_000);
}

describe('batch machines', () => {
  const hour = 3600;
  it('treat what is of one family and takes as long in one load, as far as there is room', () => {
    assert.deepEqual(starts([{ parts: 4 }, { parts: 6 }], 10, [0, 1]), [0, 0]);
    assert.deepEqual(starts([{ parts: 4 }, { parts: 7 }], 10, [0, 1]), [0, 1]);
    assert.deepEqual(starts([{ parts: 4 }, { parts: 6 }, { parts: 1 }], 10, [0, 1, 2]), [0, 0, 1]);
    assert.deepEqual(starts([{ parts: 4, family: 'a' }, { parts: 6 }], 10, [0, 1]), [0, 1]);
    assert.deepEqual(starts([{ parts: 4, run: 1800 }, { parts: 6 }], 10, [0, 1]), [0, 0.5]);
  });
  it('let what comes late wait for the next load, unless it comes first in the order: then the load waits for it', () => {
    const jobs = [{ parts: 4 }, { parts: 6, release: 0.5 * hour }];
    assert.deepEqual(starts(jobs, 10, [0, 1]), [0, 1]);
    assert.deepEqual(starts(jobs, 10, [1, 0]), [0.5, 0.5]);
  });
  it('treat more parts than fit in several loads, which nobody shares', () => {
    assert.deepEqual(starts([{ parts: 25 }, { parts: 1 }], 10, [0, 1]), [0, 3]);
    assert.deepEqual(starts([{ parts: 1 }, { parts: 25, run: 0.25 * hour }], 10, [0, 1]), [0, 1]);
    assert.deepEqual(starts([{ parts: 20 }, { parts: 1 }], 10, [0, 1]), [0, 2]);
  });
  it('are set up once for a load, attended once and busy once', () => {
    const inputs = furnacePlant(
      [
        { parts: 4, family: 'a' },
        { parts: 2, family: 'b' },
        { parts: 3, family: 'b' },
      ],
      10,
      {
        a: { b: 600 },
      },
    );
    const persons = [{ personId: 'P', qualificationIds: ['heat'] }];
    const workMasters = inputs.model.workMasters.map((master) => ({
      ...master,
      segments: master.segments.map((s) => ({ ...s, qualificationId: 'heat', toolIds: ['basket'] })),
    }));
    const tools = [{ toolId: 'basket', name: '', copies: 1 }];
    const attended = { ...inputs, model: { ...inputs.model, persons, workMasters, tools } };
    const { plan, kpis, schedule } = decoded(attended, [0, 1, 2]);
    assert.deepEqual([...plan.start], [0, hour * 1000, hour * 1000]);
    assert.deepEqual([kpis.setupSeconds, kpis.changeovers, kpis.makespanSeconds], [600, 1, 2 * hour + 600]);
    assert.deepEqual(
      schedule.entries.map((e) => e.setupSeconds),
      [0, 600, 600],
    );
    // Nine parts, each a tenth of a load, in the time that the furnace is planned to be busy.
    assert.ok(Math.abs(kpis.oee - (9 * 360) / kpis.makespanSeconds) < 1e-9);
  });
  it('give the same places whatever the order within their loads', () => {
    const inputs = furnacePlant([{ parts: 4 }, { parts: 6 }, { parts: 5 }, { parts: 5 }], 10);
    const places = ([...order]: number[]) => {
      const { problem, plan } = decoded(inputs, order);
      return [...placesOf(problem, plan)];
    };
    assert.deepEqual(places([0, 1, 2, 3]), places([1, 0, 3, 2]));
    assert.notDeepEqual(places([0, 1, 2, 3]), places([2, 3, 0, 1]));
  });
  it('keep their frozen loads together, and go on with what they treat', () => {
    const inputs = furnacePlant([{ parts: 4 }, { parts: 6 }, { parts: 5 }, { parts: 5 }], 10);
    const live: WorkSchedule = { ...decoded(inputs, [0, 1, 2, 3]).schedule, scheduleId: 'LIVE' };
    const minute = 60_000;
    const running = inputs.state.jobOrders.map((job, j) =>
      j < 2 ? { ...job, dispatchStatus: 'Running' as const, equipmentId: 'L-F', startedAt: start } : job,
    );
    const later = start + 20 * minute;
    const state = { ...inputs.state, at: later, jobOrders: running };
    const request = { ...inputs.request, from: later, frozenUntil: start + 90 * minute };
    const { plan, problem } = decoded({ ...inputs, state, live, request }, []);
    assert.deepEqual([...problem.fixed], [1, 1, 1, 1]);
    assert.deepEqual([...plan.end], [40 * minute, 40 * minute, 100 * minute, 100 * minute]);
    assert.equal(problem.fixedBusy[problem.machineIds.indexOf('L-F')], 100 * minute);
  });
  it('need a time for a load', () => {
    const inputs = furnacePlant([{ parts: 4 }], 10);
    for (const { segments } of inputs.model.workMasters)
      for (const { equipment } of segments) for (const speed of equipment) delete speed.secondsPerBatch;
    assert.throws(
      () => buildProblem(inputs.model, inputs.state, inputs.live, inputs.request),
      (thrown: MillwrightError) => {
        assert.deepEqual(thrown.cause, [{ kind: 'batch-time-missing', jobOrderId: 'J0/0', subject: 'L-F' }]);
        return thrown.code === 'MW_PLAN_INFEASIBLE';
      },
    );
  });
});

describe('plan checker on batch machines', () => {
  const jobs = [{ parts: 4 }, { parts: 6 }, { parts: 5 }];
  const inputs = furnacePlant(jobs, 10);
  const { schedule } = decoded(inputs, [0, 1, 2]);
  /** Refuses the plan for furnace jobs that are like these but for something. */
  function refused(changes: FurnaceJob[], capacity: number, words: RegExp, plan = schedule): void {
    const other = furnacePlant(changes, capacity);
    const { violations } = checkerOf(other)(plan);
    assert.ok(
      violations.some((text) => words.test(text)),
      violations.join('\n'),
    );
  }
  it('refuses a load of too many parts, of two families, or of different times', () => {
    refused(jobs, 9, /J1\/0 on L-F shares the load of J0\/0, but finds no room/);
    refused([{ parts: 4 }, { parts: 6, family: 'b' }, { parts: 5 }], 10, /but is of another setup family/);
    refused([{ parts: 4 }, { parts: 6, run: 1800 }, { parts: 5 }], 10, /but takes another time/);
  });
  it('refuses loads that overlap', () => {
    const entries = schedule.entries.map((e) =>
      e.jobOrderId === 'J2/0' ? { ...e, start: e.start - 1000, end: e.end - 1000 } : e,
    );
    refused(jobs, 10, /J2\/0 on L-F begins at .* and overlaps J/, { ...schedule, entries });
  });
  it('refuses what joins a load before it is there', () => {
    refused([{ parts: 4 }, { parts: 6, release: 60 }, { parts: 5 }], 10, /J1\/0 starts at .* before the release/);
  });
});
