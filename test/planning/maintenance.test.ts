import assert from 'node:assert/strict';
import fc from 'fast-check';
import { buildProblem, Decoder, doNothing, repairLivePlan } from '../../src/planning/index.ts';
import { mayPause, type ScheduleEntry, type WorkSchedule } from '../../src/plant/index.ts';
import { checkerOf, scheduleOf, type Inputs } from './judged.ts';
import { randomCase } from './random-plant.ts';
import { smallPlant, start, type ShortJob } from './small-plant.ts';

const minute = 60_000;
const hour = 60 * minute;

/** A machine that is maintained from and to so many minutes after the plan's start. */
function maintained(inputs: Inputs, from: number, to: number, equipmentId = 'L-A'): Inputs {
  const window = {
    equipmentId,
    reason: 'planned-maintenance',
    start: start + from * minute,
    end: start + to * minute,
  };
  return { ...inputs, state: { ...inputs.state, unavailable: [...inputs.state.unavailable, window] } };
}

/** One operation of a hundred minutes on machine A. */
const job = (interruptible: boolean, changes: Partial<ShortJob> = {}, machines = ['L-A']): ShortJob => ({
  segments: [{ seconds: Object.fromEntries(machines.map((id) => [id, 60])), interruptible }],
  quantity: 100,
  ...changes,
});

/** Machine, start and end (minutes from the plan's start) and frozen mark of each operation, in a plan that is sound. */
function planned(inputs: Inputs, quickest = false) {
  const problem = buildProblem(inputs.model, inputs.state, inputs.live, inputs.request);
  const decoder = new Decoder(problem);
  const solution = quickest ? repairLivePlan(problem, decoder) : doNothing(problem);
  const schedule = scheduleOf(problem, { plan: decoder.decode(solution) });
  assert.deepEqual(checkerOf(inputs)(schedule).violations, []);
  return schedule.entries.map(({ equipmentId, start: from, end, frozen }) => [
    equipmentId,
    (from - start) / minute,
    (end - start) / minute,
    frozen,
  ]);
}

function live(...entries: [string, number, number][]): WorkSchedule {
  return {
    scheduleId: 'LIVE',
    status: 'published',
    createdAt: start,
    from: start,
    frozenUntil: start,
    label: '',
    seed: 1,
    inputDigest: '',
    entries: entries.map(([jobOrderId, from, to]): ScheduleEntry => ({
      jobOrderId,
      equipmentId: 'L-A',
      start: start + from * minute,
      end: start + to * minute,
      setupSeconds: 0,
      frozen: false,
    })),
  };
}

describe('planned maintenance', () => {
  it('is paused over by what may pause, and planned around by what may not', () => {
    assert.deepEqual(planned(maintained(smallPlant([job(true)]), 30, 60)), [['L-A', 0, 130, false]]);
    assert.deepEqual(planned(maintained(smallPlant([job(false)]), 30, 60)), [['L-A', 60, 160, false]]);
    assert.deepEqual(planned(maintained(smallPlant([job(false)]), 100, 160)), [['L-A', 0, 100, false]]);
    for (const interruptible of [true, false])
      assert.deepEqual(planned(maintained(smallPlant([job(interruptible)]), 0, 45)), [['L-A', 45, 145, false]]);
  });

  it('sends what must not pause to another machine', () => {
    const two = smallPlant([job(false, {}, ['L-A', 'L-B'])]);
    const before = { ...two, live: live(['J0/0', 10, 110]) };
    assert.deepEqual(planned(maintained(before, 30, 200), true), [['L-B', 0, 100, false]]);
  });

  it('is paused over by what is running: it can no more be planned around, whether or not it should pause', () => {
    const running = {
      dispatchStatus: 'Running' as const,
      equipmentId: 'L-A',
      startedAt: start - 40 * minute,
      goodQuantity: 40,
    };
    for (const interruptible of [true, false]) {
      const inputs = smallPlant([job(interruptible, { state: [running] })]);
      assert.deepEqual(planned(maintained(inputs, 30, 60)), [['L-A', -40, 90, true]]);
      assert.deepEqual(planned(maintained(inputs, -10, 20)), [['L-A', -40, 80, true]]);
    }
  });

  it('keeps a frozen operation that may pause in its place, and frees one that may not with all behind it', () => {
    const frozen = (interruptible: boolean): Inputs => {
      const inputs = smallPlant([job(interruptible), job(true)]);
      const request = { ...inputs.request, frozenUntil: start + 150 * minute };
      return { ...inputs, request, live: live(['J0/0', 10, 110], ['J1/0', 145, 245]) };
    };
    assert.deepEqual(planned(maintained(frozen(true), 30, 60)), [
      ['L-A', 10, 140, true],
      ['L-A', 145, 245, true],
    ]);
    assert.deepEqual(planned(maintained(frozen(false), 30, 60)), [
      ['L-A', 60, 160, false],
      ['L-A', 160, 260, false],
    ]);
  });

  it('is refused by the checker where something runs in it', () => {
    const inputs = smallPlant([job(false)]);
    const problem = buildProblem(inputs.model, inputs.state, inputs.live, inputs.request);
    const schedule = scheduleOf(problem, { plan: new Decoder(problem).decode(doNothing(problem)) });
    const refused = (from: number, to: number) => checkerOf(maintained(inputs, from, to))(schedule).violations.join();
    assert.match(refused(30, 60), /pauses at/);
    assert.match(refused(-5, 5), /begins or ends while the machine is closed/);
    assert.match(refused(99, 101), /begins or ends while the machine is closed/);
    assert.equal(refused(100, 101), '');
  });

  it('holds nothing on any machine of random plants', () => {
    let besides = 0;
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.integer({ min: 1, max: 4 }), (seed, machines) => {
        const inputs = randomCase(seed, machines, 6);
        const windows = inputs.model.equipment
          .filter((e) => e.level === 'WorkUnit')
          .map(({ equipmentId }, i) => {
            const begin = inputs.state.at + (((seed + 7 * i) % 30) + 1) * hour;
            return { equipmentId, reason: 'planned-maintenance', start: begin, end: begin + (1 + (seed % 9)) * hour };
          });
        const state = { ...inputs.state, unavailable: [...inputs.state.unavailable, ...windows] };
        const entries = entriesOf({ ...inputs, state });
        const segments = new Map(inputs.model.workMasters.flatMap((m) => m.segments.map((s) => [s.segmentId, s])));
        for (const entry of entries) {
          const order = state.jobOrders.find((j) => j.jobOrderId === entry.jobOrderId)!;
          const { start: from, end: to } = windows.find((w) => w.equipmentId === entry.equipmentId)!;
          if (entry.end <= from || entry.start >= to) continue;
          besides++;
          assert.ok(
            entry.start < from && entry.end > to,
            `seed ${String(seed)}: ${entry.jobOrderId} begins or ends in it`,
          );
          const paused = order.dispatchStatus === 'Running' || mayPause(segments.get(order.segmentId)!);
          assert.ok(paused, `seed ${String(seed)}: ${entry.jobOrderId} must not pause`);
        }
      }),
      { numRuns: 150, seed: 9 },
    );
    assert.ok(besides > 50, `${String(besides)} operations pause over maintenance`);
  });
});

/** A plan's operations; none where no plan is possible. */
function entriesOf({ model, state, live: before, request }: Inputs): ScheduleEntry[] {
  try {
    const problem = buildProblem(model, state, before, request);
    const decoder = new Decoder(problem);
    const plan = decoder.decode(repairLivePlan(problem, decoder));
    return plan.complete ? scheduleOf(problem, { plan }).entries : [];
  } catch (thrown) {
    if ((thrown as { code?: string }).code === 'MW_PLAN_INFEASIBLE') return [];
    throw thrown;
  }
}
