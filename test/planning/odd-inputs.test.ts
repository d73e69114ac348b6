import assert from 'node:assert/strict';
import { MillwrightError } from '../../src/kernel/index.ts';
import { buildProblem } from '../../src/planning/index.ts';
import type { PlantState, WorkSchedule } from '../../src/plant/index.ts';
import { searchSound, type Inputs } from './judged.ts';
import { smallPlant, start, type ShortJob } from './small-plant.ts';

const hour = 3600;
const oneShift = [{ shiftId: 'd', name: '', start: '06:00', end: '14:00', weekdays: [1, 2, 3, 4, 5] }];
const single = (seconds: number, machine = 'L1-A'): ShortJob => ({ segments: [{ seconds: { [machine]: seconds } }] });

function search(inputs: Inputs) {
  return searchSound(inputs, { count: 5, seed: 1, maxDecodes: 20 }, 'odd inputs');
}

describe('plans from odd inputs', () => {
  it('reach as far as the work does, one after the other, in the time that is open', () => {
    // Sixty days' work of one shift: 84 days from Monday to Friday.
    const { result } = search(
      smallPlant(
        Array.from({ length: 60 }, () => single(8 * hour)),
        oneShift,
      ),
    );
    assert.equal(result.alternatives[0]!.kpis.makespanSeconds, (81 * 24 + 8) * hour);
  });

  it('reach as far for what must not pause and fits into a shift but once', () => {
    const job: ShortJob = { segments: [{ seconds: { 'L1-A': 5 * hour }, interruptible: false }] };
    const { result } = search(
      smallPlant(
        Array.from({ length: 60 }, () => job),
        oneShift,
      ),
    );
    assert.equal(result.alternatives[0]!.kpis.makespanSeconds, (81 * 24 + 5) * hour);
  });

  it('refuse an operation that follows itself', () => {
    const inputs = smallPlant([{ segments: [{ seconds: { 'L1-A': 60 }, predecessors: ['S0'] }] }]);
    assert.throws(
      () => buildProblem(inputs.model, inputs.state, inputs.live, inputs.request),
      (thrown: MillwrightError) =>
        thrown.code === 'MW_PLAN_INFEASIBLE' && JSON.stringify(thrown.cause).includes('circular-precedence'),
    );
  });

  it('take the first of a machine that a segment names twice', () => {
    const inputs = smallPlant([single(60), single(60)]);
    for (const { segments } of inputs.model.workMasters)
      segments[0]!.equipment.push({ equipmentId: 'L1-A', secondsPerUnit: 30 });
    assert.equal(search(inputs).result.alternatives[0]!.kpis.makespanSeconds, 120);
  });

  it('let run what is said to begin in a moment', () => {
    const inputs = smallPlant([single(60), single(60)]);
    const begun = { dispatchStatus: 'Running' as const, equipmentId: 'L1-A', startedAt: start + 10_000 };
    Object.assign(inputs.state.jobOrders[0]!, begun);
    assert.equal(search(inputs).result.alternatives[0]!.kpis.makespanSeconds, 120);
  });

  it('give a frozen operation free whose only person something running will need before it ends', () => {
    // Running work goes on at 08:00, when its machine is repaired; the frozen operation would last from 07:30 to 08:30.
    const inputs = smallPlant([single(2 * hour, 'L1-A'), single(hour, 'L1-B')]);
    for (const { segments } of inputs.model.workMasters) segments[0]!.qualificationId = 'turning';
    inputs.model.persons = [{ personId: 'P', qualificationIds: ['turning'] }];
    const begun = { dispatchStatus: 'Running' as const, equipmentId: 'L1-A', startedAt: start - 1000 };
    const jobOrders: PlantState['jobOrders'] = inputs.state.jobOrders.map((job, i) => ({
      ...job,
      ...(i === 0 ? begun : {}),
    }));
    const stop = {
      equipmentId: 'L1-A',
      reason: 'breakdown' as const,
      start: start - 500,
      end: start + 2 * hour * 1000,
    };
    const live: WorkSchedule = {
      scheduleId: 'LIVE',
      frozenUntil: start,
      inputDigest: '',
      status: 'published',
      createdAt: start,
      from: start,
      label: '',
      seed: 1,
      entries: [
        {
          jobOrderId: 'J1/0',
          equipmentId: 'L1-B',
          start: start + 1.5 * hour * 1000,
          end: start + 2.5 * hour * 1000,
          setupSeconds: 0,
          frozen: false,
        },
      ],
    };
    const request = { ...inputs.request, frozenUntil: start + 3 * hour * 1000 };
    const { problem } = search({
      ...inputs,
      state: { ...inputs.state, jobOrders, unavailable: [stop] },
      live,
      request,
    });
    assert.deepEqual([...problem.fixed], [1, 0]);
  });

  it('keep a frozen operation behind a running one, although the way takes longer than the maximum lag', () => {
    const after = { seconds: { 'L2-B': 60 }, lags: [{ predecessor: 'S0', maxSeconds: 0 }] };
    const inputs = smallPlant([{ segments: [{ seconds: { 'L1-A': 60 } }, after] }], undefined, 600);
    const begun = { dispatchStatus: 'Running' as const, equipmentId: 'L1-A', startedAt: start };
    Object.assign(inputs.state.jobOrders[0]!, begun);
    const place = { start: start + 660_000, end: start + 720_000, setupSeconds: 0, frozen: false };
    const live: WorkSchedule = {
      scheduleId: 'LIVE',
      status: 'published',
      createdAt: start,
      from: start,
      frozenUntil: start,
      label: '',
      seed: 1,
      inputDigest: '',
      entries: [{ jobOrderId: 'J0/1', equipmentId: 'L2-B', ...place }],
    };
    const request = { ...inputs.request, frozenUntil: start + hour * 1000 };
    assert.deepEqual([...search({ ...inputs, live, request }).problem.fixed], [1, 1]);
  });
});
