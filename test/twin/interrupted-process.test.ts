import assert from 'node:assert/strict';
import type { DowntimeReason, InterruptionMode } from '../../src/plant/index.ts';
import { openPlantProcess, type ProcessEvent } from '../../src/twin/index.ts';
import { exact, hour, minute, monday, smallModel, smallPlan, smallState } from './small-plant.ts';

/**
 * M-1 makes 30 parts of WO-1 in 30 min, after 20 min of setup, from 60 bars. It breaks down at minute 30, with 10 parts
 * made, and is repaired at minute 50. Setting it up again for what it is set up for takes 5 min.
 */
function interrupted(afterInterruption: InterruptionMode, reason: DowntimeReason = 'breakdown') {
  const seconds = { X: { A: 1200 }, A: { A: 300 } };
  const model = smallModel({ setupMatrices: [{ equipmentClassId: 'cnc', defaultSeconds: 0, seconds }] });
  Object.assign(model.workMasters[0]!.segments[0]!, {
    afterInterruption,
    interruptible: afterInterruption === 'resume',
    materials: [{ materialId: 'BAR', quantityPerUnit: 2 }],
  });
  model.materials.push({ materialId: 'BAR', name: 'Bar', unit: 'pcs' });
  const bars = { lotId: 'L-1', materialId: 'BAR', quantity: 200, unit: 'pcs', availableAt: monday, locationId: 'ST' };
  const state = smallState(1, 30, { lots: [bars], setupFamily: { 'M-1': 'X', 'M-2': 'A' } });
  const plant = openPlantProcess(model, state, smallPlan(state), exact, { seed: 1 });
  const before = plant.advance(monday + 30 * minute);
  plant.stop('M-1', reason);
  const down = plant.state();
  const during = plant.advance(monday + 50 * minute);
  plant.repair('M-1');
  const after = plant.advance(monday + 4 * hour);
  return { plant, down, events: [...before, ...during, ...after] };
}

const job = 'WO-1/10';
const countsOf = (events: ProcessEvent[]) => {
  const counts = events.flatMap((e) => (e.kind === 'count' && e.jobOrderId === job ? [e] : []));
  const sum = (name: 'good' | 'scrap') => counts.reduce((all, count) => all + count[name], 0);
  return { good: sum('good'), scrap: sum('scrap') };
};
const timesOf = (events: ProcessEvent[], jobOrderId: string) =>
  events.flatMap((e) =>
    (e.kind === 'job-started' || e.kind === 'job-ended') && e.jobOrderId === jobOrderId
      ? [`${e.kind} ${String((e.at - monday) / minute)}`]
      : [],
  );
const statesOf = (events: ProcessEvent[]) =>
  events.flatMap((e) =>
    e.kind === 'state' && e.equipmentId === 'M-1'
      ? [`${String((e.at - monday) / minute)} ${e.state}${e.reason ? ` ${e.reason}` : ''}`]
      : [],
  );
const orderOf = ({ jobOrders }: { jobOrders: { jobOrderId: string; goodQuantity: number }[] }) =>
  jobOrders.find(({ jobOrderId }) => jobOrderId === job)!;

describe('an operation of the plant process that a breakdown interrupts', () => {
  it('resumes with the parts that it has, its setup done', () => {
    const { plant, down, events } = interrupted('resume');
    assert.deepEqual(timesOf(events, job), ['job-started 0', 'job-ended 70']);
    assert.deepEqual(statesOf(events), ['0 Held setup', '20 Execute', '30 Aborted breakdown', '50 Execute', '70 Idle']);
    assert.equal(orderOf(down).goodQuantity, 10);
    assert.deepEqual(countsOf(events), { good: 30, scrap: 0 });
    assert.equal(plant.state().lots[0]!.quantity, 140);
    assert.deepEqual(timesOf(events, 'WO-1/20'), ['job-started 80', 'job-ended 115']);
  });

  it('begins anew with all its parts of the same material, after setting up for its own family', () => {
    const { plant, down, events } = interrupted('restart');
    assert.deepEqual(timesOf(events, job), ['job-started 0', 'job-ended 85']);
    assert.deepEqual(statesOf(events), [
      ...['0 Held setup', '20 Execute', '30 Aborted breakdown', '50 Held setup', '55 Execute', '85 Idle'],
    ]);
    assert.equal(orderOf(down).goodQuantity, 0);
    assert.deepEqual(countsOf(events), { good: 40, scrap: 0 }, 'each time that one is made');
    assert.equal(plant.state().lots[0]!.quantity, 140);
  });

  it('counts what it had made as scrap, and takes new material', () => {
    const { plant, down, events } = interrupted('scrap');
    assert.deepEqual(timesOf(events, job), ['job-started 0', 'job-ended 85']);
    assert.equal(orderOf(down).goodQuantity, 0);
    const scrap = events.flatMap((e) =>
      e.kind === 'count' && e.scrap > 0 ? [[(e.at - monday) / minute, e.scrap]] : [],
    );
    assert.deepEqual(scrap, [[30, 10]]);
    assert.deepEqual(countsOf(events), { good: 40, scrap: 10 }, 'the counter had taken them as good');
    assert.equal(plant.state().lots[0]!.quantity, 80);
    assert.equal(orderOf(plant.state()).goodQuantity, 30);
  });

  it('goes on where it was after any stop that is no breakdown', () => {
    const { plant, down, events } = interrupted('scrap', 'quality-hold');
    assert.deepEqual(timesOf(events, job), ['job-started 0', 'job-ended 70']);
    assert.equal(orderOf(down).goodQuantity, 10);
    assert.deepEqual(countsOf(events), { good: 30, scrap: 0 });
    assert.equal(plant.state().lots[0]!.quantity, 140);
  });
});
