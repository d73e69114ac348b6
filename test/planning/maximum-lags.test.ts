import assert from 'node:assert/strict';
import fc from 'fast-check';
import { endOfWork, openBetween, packCalendars, startToEndAt } from '../../src/planning/calendars.ts';
import { MillwrightError } from '../../src/kernel/index.ts';
import {
  buildProblem,
  Decoder,
  dispatch,
  explainLate,
  searchAlternatives,
  toWorkSchedule,
} from '../../src/planning/index.ts';
import type { WorkSchedule } from '../../src/plant/index.ts';
import { checkerOf, scheduleOf, searchSound, type Inputs } from './judged.ts';
import { smallPlant, start, type ShortJob } from './small-plant.ts';

const day = { shiftId: 'd', name: '', start: '06:00', end: '14:00', weekdays: [1, 2, 3, 4, 5, 6, 7] };

/** A plan by due date, which the checker accepts. */
function planned(inputs: Inputs) {
  const problem = buildProblem(inputs.model, inputs.state, inputs.live, inputs.request);
  const decoder = new Decoder(problem);
  const plan = decoder.decode(dispatch(problem, decoder, 'earliest-due-date'));
  assert.equal(plan.complete, true);
  const schedule = scheduleOf(problem, { plan });
  const { violations, missedWishes } = checkerOf(inputs)(schedule);
  assert.deepEqual(violations, []);
  const places = problem.jobOrderIds.map((_, i) => [plan.start[i]! / 1000, plan.end[i]! / 1000]);
  return { problem, plan, schedule, places, missedWishes };
}

/** Two operations one after the other, the second within so many seconds. */
const gluing = (seconds: [number, number], maxSeconds: number, more: Partial<ShortJob> = {}): ShortJob => ({
  segments: [
    { seconds: { 'L1-A': seconds[0] } },
    { seconds: { 'L1-B': seconds[1] }, lags: [{ predecessor: 'S0', maxSeconds }] },
  ],
  ...more,
});

describe('start that makes work end at an instant', () => {
  const stretches = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 })), { minLength: 1, maxLength: 6 })
    .map((list) => {
      let at = 0;
      return list.map(([closed, open]) => ({ start: at + closed, end: (at += closed + open) }));
    });

  it('is the earliest with which it ends then or later', () => {
    fc.assert(
      fc.property(stretches, fc.nat(400), fc.integer({ min: 1, max: 150 }), (list, end, work) => {
        const calendars = packCalendars([list, [{ start: 3, end: 400 }]], 0);
        const found = startToEndAt(calendars, 0, end, work);
        const last = list.at(-1)!.end;
        const isOpen = (at: number) => openBetween(calendars, 0, at, at + 1) === 1;
        const late = Array.from({ length: last }, (_, at) => at).filter(
          (at) => isOpen(at) && endOfWork(calendars, 0, at, work) >= end,
        );
        if (end > last) assert.equal(found, Infinity);
        else if (found === -Infinity) assert.ok(list[0]!.start === late[0]);
        else assert.ok(late[0] === undefined || (found <= late[0] && openBetween(calendars, 0, found, late[0]) === 0));
      }),
    );
  });
});

describe('maximum lags', () => {
  it('that no shift is long enough for are told with all operations that they tie together', () => {
    const fiveHours = { interruptible: false };
    const tied: ShortJob = {
      segments: [
        { seconds: { 'L1-A': 18_000 }, ...fiveHours },
        { seconds: { 'L1-B': 18_000 }, ...fiveHours, lags: [{ predecessor: 'S0', maxSeconds: 60 }] },
      ],
    };
    const { model, state, live, request } = smallPlant([tied, { segments: [{ seconds: { 'L1-A': 60 } }] }], [day]);
    const problem = buildProblem(model, state, live, request);
    assert.throws(
      () => searchAlternatives(problem, { count: 2, seed: 1, maxDecodes: 10 }),
      ({ code, cause }: MillwrightError) => {
        assert.equal(code, 'MW_PLAN_INFEASIBLE');
        assert.deepEqual(cause, [
          { kind: 'no-open-time', jobOrderId: 'J0/0', subject: 'L1-A' },
          { kind: 'no-open-time', jobOrderId: 'J0/1', subject: 'L1-B' },
        ]);
        return true;
      },
    );
  });

  it('hold an operation back until the next one can follow in time', () => {
    // B is busy until 500 with the first job.
    const first: ShortJob = { segments: [{ seconds: { 'L1-B': 500 } }] };
    const { places } = planned(smallPlant([first, gluing([100, 50], 60, { dueSeconds: 1 })]));
    assert.deepEqual(places, [
      [0, 500],
      [340, 440],
      [500, 550],
    ]);
  });

  it('hold through closed time: what cannot be followed today is not ended today', () => {
    const inputs = smallPlant([gluing([7200, 3600 * 7], 1800)], [day]);
    inputs.model.workMasters[0]!.segments[1]!.interruptible = false;
    // The second needs seven hours in one piece: the next morning, so the first ends at its beginning.
    assert.deepEqual(planned(inputs).places, [
      [21_600 + 0.001, 86_400 + 0.001],
      [86_400 + 0.001, 86_400 + 0.001 + 25_200],
    ]);
    // In one piece, the first has its day for itself, and the second no morning: nothing is possible.
    inputs.model.workMasters[0]!.segments[0]!.interruptible = false;
    const problem = buildProblem(inputs.model, inputs.state, undefined, inputs.request);
    assert.throws(
      () => searchAlternatives(problem, { count: 1, seed: 1, maxDecodes: 10 }),
      (e: MillwrightError) => e.code === 'MW_PLAN_INFEASIBLE',
    );
  });

  it('tie whole chains and assemblies together', () => {
    const inputs = smallPlant([
      { segments: [{ seconds: { 'L1-D': 1000 } }] },
      {
        segments: [
          { seconds: { 'L1-A': 100 } },
          { seconds: { 'L1-B': 300 }, predecessors: [] },
          {
            seconds: { 'L1-C': 50 },
            predecessors: ['S0', 'S1'],
            lags: [
              { predecessor: 'S0', maxSeconds: 20 },
              { predecessor: 'S1', maxSeconds: 0 },
            ],
          },
          { seconds: { 'L1-D': 10 }, lags: [{ predecessor: 'S2', minSeconds: 5, maxSeconds: 5 }] },
        ],
        dueSeconds: 1,
      },
    ]);
    assert.deepEqual(planned(inputs).places.slice(1), [
      [825, 925],
      [645, 945],
      [945, 995],
      [1000, 1010],
    ]);
  });

  it('are a wish behind what is over or running, and met where that is possible', () => {
    const busy: ShortJob = { segments: [{ seconds: { 'L1-B': 500 } }], dueSeconds: -10 };
    const ended = (seconds: number) => ({
      dispatchStatus: 'Completed' as const,
      goodQuantity: 1,
      equipmentId: 'L1-A',
      endedAt: start - seconds * 1000,
    });
    const inTime = planned(smallPlant([busy, gluing([100, 50], 60, { state: [ended(30)] })]));
    assert.deepEqual(inTime.places[1], [0, 50], 'before the one that is due earlier');
    assert.deepEqual([inTime.missedWishes, inTime.plan.breachSeconds], [[], 0]);
    const tooLate = planned(smallPlant([busy, gluing([100, 50], 60, { state: [ended(90)] })]));
    assert.deepEqual(tooLate.places[1], [0, 50], 'as early as it can');
    assert.equal(tooLate.plan.breachSeconds, 30);
    assert.match(
      tooLate.missedWishes.map(({ text }) => text).join(),
      /^J1\/1 starts at .*, by when it must follow J1\/0$/,
    );
    const running = { dispatchStatus: 'Running' as const, equipmentId: 'L1-A', startedAt: start - 40_000 };
    const after = planned(smallPlant([busy, gluing([100, 50], 0, { state: [running] })]));
    assert.equal(after.plan.breachSeconds, 400, 'it waits until 500 for the machine');
  });

  it('are checked', () => {
    const inputs = smallPlant([gluing([100, 50], 60)]);
    const { schedule } = planned(inputs);
    const later = (milliseconds: number): WorkSchedule => ({
      ...schedule,
      entries: schedule.entries.map((entry) =>
        entry.jobOrderId === 'J0/1'
          ? { ...entry, start: entry.start + milliseconds, end: entry.end + milliseconds }
          : entry,
      ),
    });
    const check = checkerOf(inputs);
    assert.deepEqual(check(later(60_000)).violations, []);
    const { feasible, violations } = check(later(60_001));
    assert.equal(feasible, false);
    assert.match(violations.join(), /^J0\/1 starts at .*, by when it must follow J0\/0$/);
  });

  it('choose machines between which the way is short enough, and refuse where there are none', () => {
    const job = (targets: string[]): ShortJob => ({
      segments: [
        { seconds: { 'L1-A': 10, 'L2-A': 100 } },
        { seconds: Object.fromEntries(targets.map((id) => [id, 10])), lags: [{ predecessor: 'S0', maxSeconds: 60 }] },
      ],
    });
    assert.deepEqual(planned(smallPlant([job(['L2-B'])], undefined, 120)).places[0], [0, 100]);
    const { model, state, request } = smallPlant([job(['L3-B'])], undefined, 120);
    assert.throws(
      () => buildProblem(model, state, undefined, request),
      (e: MillwrightError) => /J0\/1: maximum-lag-too-short \(J0\/0\)/.test(String(e.params.conflicts)),
    );
  });

  it('refuse what contradicts itself: a lag shorter than what must happen meanwhile', () => {
    const { model, state, request } = smallPlant([
      {
        segments: [
          { seconds: { 'L1-A': 10 } },
          { seconds: { 'L1-B': 30, 'L1-C': 40 } },
          { seconds: { 'L1-D': 10 }, predecessors: ['S0', 'S1'], lags: [{ predecessor: 'S0', maxSeconds: 29 }] },
        ],
      },
    ]);
    assert.throws(
      () => buildProblem(model, state, undefined, request),
      (e: MillwrightError) => /^J0\/2: maximum-lag-too-short \(J0\/0\)$/.test(String(e.params.conflicts)),
    );
  });

  it('say why a request is late: the one that must follow soon has no machine', () => {
    const first: ShortJob = { segments: [{ seconds: { 'L1-B': 500 } }], dueSeconds: 500 };
    const { problem, plan } = planned(smallPlant([first, gluing([100, 50], 60, { dueSeconds: 540 })]));
    const [reason] = explainLate(problem, plan);
    assert.deepEqual([reason?.reason, reason?.jobOrderId, reason?.subject], ['maximum-lag', 'J1/0', 'J1/1']);
    const seconds = reason!.chain.reduce((sum, link) => sum + link.seconds, 0);
    assert.equal(seconds, 550);
  });

  it('keep a frozen live plan, and what follows it', () => {
    const inputs = smallPlant([gluing([100, 50], 0), gluing([100, 50], 0)]);
    const { problem, plan } = planned(inputs);
    const live = toWorkSchedule(problem, plan, { scheduleId: 'LIVE', createdAt: start, label: '', seed: 1 });
    const request = { ...inputs.request, frozenUntil: start + 50_000 };
    const { result } = searchSound({ ...inputs, live, request }, { count: 5, seed: 1, maxDecodes: 100 }, 'frozen');
    assert.ok(result.alternatives.every((one) => one.plan.end[0] === 100_000));
    assert.equal(result.alternatives[result.doNothing]!.plan.breachSeconds, 0);
  });
});

/** Least makespan of a flow shop without waiting between machines, over all sequences of the jobs. */
function noWaitOptimum(jobs: readonly (readonly number[])[]): number {
  let best = Infinity;
  const sequence: number[] = [];
  const visit = (free: readonly number[]): void => {
    if (free.length === 0) {
      best = Math.min(best, noWaitMakespan(sequence.map((j) => jobs[j]!)));
      return;
    }
    for (const j of free) {
      sequence.push(j);
      visit(free.filter((other) => other !== j));
      sequence.pop();
    }
  };
  visit([...jobs.keys()]);
  return best;
}

/** Each job starts so late that none of its operations waits for the job before it (Reddi and Ramamoorthy 1972). */
function noWaitMakespan(jobs: readonly (readonly number[])[]): number {
  const free = jobs[0]!.map(() => 0);
  let end = 0;
  for (const times of jobs) {
    const offsets = times.map((_, m) => times.slice(0, m).reduce((a, b) => a + b, 0));
    const begin = Math.max(...free.map((at, m) => at - offsets[m]!));
    times.forEach((time, m) => (free[m] = begin + offsets[m]! + time));
    end = free.at(-1)!;
  }
  return end;
}

describe('no-wait flow shops', () => {
  it('reach the optimum over all sequences', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const machines = 2 + (seed % 2);
      const jobs = Array.from({ length: 6 }, (_, j) =>
        Array.from({ length: machines }, (_, m) => 5 + ((seed * 37 + j * 53 + m * 29 + j * m * 17) % 41)),
      );
      const inputs = smallPlant(
        jobs.map((times) => ({
          segments: times.map((seconds, m) => ({
            seconds: { [`L1-M${m}`]: seconds },
            ...(m > 0 ? { lags: [{ predecessor: `S${m - 1}`, maxSeconds: 0 }] } : {}),
          })),
        })),
      );
      const weights = { tardiness: 0, changeovers: 0, instability: 0, imbalance: 0 };
      const { result } = searchSound(inputs, { count: 5, seed, maxDecodes: 3000, weights }, `flow shop ${seed}`);
      const least = Math.min(...result.alternatives.map(({ plan }) => plan.objectives[3]!));
      assert.equal(least, noWaitOptimum(jobs), `flow shop ${seed}`);
    }
  });
});
