import assert from 'node:assert/strict';
import fc from 'fast-check';
import { buildProblem, Decoder, dispatch } from '../../src/planning/index.ts';
import { endOfWork, openBetween, packCalendars, startOfWork } from '../../src/planning/calendars.ts';
import { checkerOf, scheduleOf, type Inputs } from './judged.ts';
import { smallPlant, start, type ShortJob } from './small-plant.ts';

const minute = 60_000;

/** Start and end of every operation in seconds from the plan's start, in a plan by due date that the checker accepts. */
function planned(inputs: Inputs): [number, number][] {
  const problem = buildProblem(inputs.model, inputs.state, inputs.live, inputs.request);
  const decoder = new Decoder(problem);
  const plan = decoder.decode(dispatch(problem, decoder, 'earliest-due-date'));
  assert.equal(plan.complete, true);
  assert.deepEqual(checkerOf(inputs)(scheduleOf(problem, { plan })).violations, []);
  return problem.jobOrderIds.map((_, i) => [plan.start[i]! / 1000, plan.end[i]! / 1000]);
}

/** Whether the checker refuses the plan with one operation started so much earlier, and with what words. */
function refusedEarlier(inputs: Inputs, jobOrderId: string, milliseconds: number): string[] {
  const problem = buildProblem(inputs.model, inputs.state, inputs.live, inputs.request);
  const decoder = new Decoder(problem);
  const plan = scheduleOf(problem, { plan: decoder.decode(dispatch(problem, decoder, 'earliest-due-date')) });
  const entries = plan.entries.map((entry) =>
    entry.jobOrderId === jobOrderId
      ? { ...entry, start: entry.start - milliseconds, end: entry.end - milliseconds }
      : entry,
  );
  return checkerOf(inputs)({ ...plan, entries }).violations;
}

describe('start of work, the inverse of its end', () => {
  const stretches = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 })), { minLength: 1, maxLength: 6 })
    .map((list) => {
      let at = 0;
      return list.map(([closed, open]) => {
        const from = at + closed;
        at = from + open;
        return { start: from, end: at };
      });
    });

  it('is the first instant from which no more than that much open time lies before another', () => {
    fc.assert(
      fc.property(stretches, fc.nat(400), fc.nat(150), (list, until, work) => {
        const calendars = packCalendars([[{ start: -9, end: -5 }], list, [{ start: 3, end: 400 }]], 0);
        const found = startOfWork(calendars, 1, until, work);
        const first = Array.from({ length: until + 1 }, (_, at) => at).find(
          (at) => openBetween(calendars, 1, at, until) <= work,
        )!;
        // From the last instant at which the calendar was still closed on, all is the same.
        if (found === -Infinity) assert.ok(openBetween(calendars, 1, -100, until) <= work);
        else assert.equal(found, first);
        if (found > -Infinity && work > 0) assert.ok(endOfWork(calendars, 1, found, work) <= until);
      }),
    );
  });
});

describe('minimum lags', () => {
  const cooling = (minSeconds: number): ShortJob => ({
    segments: [{ seconds: { 'L1-A': 100 } }, { seconds: { 'L2-B': 50 }, lags: [{ predecessor: 'S0', minSeconds }] }],
  });

  it('hold from the end of the predecessor on, transport meanwhile', () => {
    assert.deepEqual(planned(smallPlant([cooling(300)], undefined, 120)), [
      [0, 100],
      [400, 450],
    ]);
    assert.deepEqual(planned(smallPlant([cooling(60)], undefined, 120)), [
      [0, 100],
      [220, 270],
    ]);
  });

  it('hold behind what has ended and what is running', () => {
    const ended = {
      dispatchStatus: 'Completed',
      goodQuantity: 1,
      equipmentId: 'L1-A',
      endedAt: start - minute,
    } as const;
    assert.deepEqual(planned(smallPlant([{ ...cooling(300), state: [ended] }])), [[240, 290]]);
    const running = { dispatchStatus: 'Running', equipmentId: 'L1-A', startedAt: start - 10_000 } as const;
    assert.deepEqual(planned(smallPlant([{ ...cooling(300), state: [running] }])), [
      [-10, 100],
      [400, 450],
    ]);
  });

  it('are checked', () => {
    const inputs = smallPlant([cooling(300)], undefined, 120);
    assert.deepEqual(refusedEarlier(inputs, 'J0/1', 0), []);
    assert.match(refusedEarlier(inputs, 'J0/1', 1).join(), /J0\/1 starts at .* before its predecessor J0\/0/);
  });
});

describe('overlapping operations', () => {
  const passing = (seconds: [number, number], transferQuantity: number, more: Partial<ShortJob> = {}): ShortJob => ({
    segments: [
      { seconds: { 'L1-A': seconds[0] } },
      { seconds: { 'L2-B': seconds[1] }, lags: [{ predecessor: 'S0', transferQuantity }] },
    ],
    quantity: 10,
    ...more,
  });

  it('start with the first transfer where the later one is the slower', () => {
    assert.deepEqual(planned(smallPlant([passing([60, 90], 2)], undefined, 30)), [
      [0, 600],
      [150, 1050],
    ]);
  });

  it('start so late that the last transfer is there in time where the later one is the quicker', () => {
    const inputs = smallPlant([passing([60, 30], 2)], undefined, 30);
    // The last transfer arrives at 630; four transfers of two parts take 240 seconds.
    assert.deepEqual(planned(inputs), [
      [0, 600],
      [390, 690],
    ]);
    assert.match(refusedEarlier(inputs, 'J0/1', 1).join(), /J0\/1 runs out of parts of J0\/0/);
  });

  it('follow end to start on one machine, and where the transfer is the whole', () => {
    const oneMachine = passing([60, 90], 2);
    oneMachine.segments[1]!.seconds = { 'L1-A': 90 };
    assert.deepEqual(planned(smallPlant([oneMachine]))[1], [600, 1500]);
    assert.deepEqual(planned(smallPlant([passing([60, 90], 10)]))[1], [600, 1500]);
  });

  it('count what a running predecessor has made, and its parts that are still to come', () => {
    const running = {
      dispatchStatus: 'Running',
      equipmentId: 'L1-A',
      startedAt: start - 400_000,
      goodQuantity: 4,
    } as const;
    // Four parts are there; the last two transfers, at 120 + 120 and 360, decide.
    assert.deepEqual(planned(smallPlant([passing([60, 30], 2, { state: [running] })]))[1], [120, 420]);
    assert.deepEqual(planned(smallPlant([passing([60, 90], 2, { state: [running] })]))[1], [0, 900]);
  });

  it('wait while running where the parts run out', () => {
    const state = [
      { dispatchStatus: 'Running', equipmentId: 'L1-A', startedAt: start - 9_000_000, goodQuantity: 4 },
      { dispatchStatus: 'Running', equipmentId: 'L2-B', startedAt: start - 8_000_000, goodQuantity: 3 },
    ] as const;
    // Seven parts are left, five of them before the last transfer, which comes at 360: begun again at 210.
    assert.deepEqual(planned(smallPlant([passing([60, 30], 2, { state: [...state] })]))[1]![1], 420);
  });

  it('need no parts while they pause, and get none while the predecessor does', () => {
    const day = { shiftId: 'd', name: '', start: '06:00', end: '07:00', weekdays: [1, 2, 3, 4, 5, 6, 7] };
    // 90 minutes of ten parts: six are made on the first day, at 07:00 and not later.
    const inputs = smallPlant([passing([540, 60], 2)], [day]);
    const [first, second] = planned(inputs);
    assert.deepEqual(first, [0, 86_400 + 1800]);
    // The last transfer comes half an hour after the second day begins, eight minutes of work before it.
    assert.deepEqual(second, [86_400 + 1800 - 480, 86_400 + 1800 + 120]);
    assert.match(refusedEarlier(inputs, 'J0/1', 1).join(), /runs out of parts/);
  });

  it('are put together where there would be more than a hundred transfers', () => {
    const inputs = smallPlant([passing([60, 90], 1, { quantity: 1000 })]);
    assert.deepEqual(planned(inputs)[1]![0], 600);
  });
});
