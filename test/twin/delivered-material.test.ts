import assert from 'node:assert/strict';
import type { PlantState } from '../../src/plant/index.ts';
import { openPlantProcess } from '../../src/twin/index.ts';
import { exact, hour, minute, monday, smallModel, smallPlan, smallState } from './small-plant.ts';

/** C-1 takes 30 A, 60 s a part, on a line of its own or on that of the last operation of A. */
function startOfC(equipmentId: 'M-2' | 'M-3', change: Partial<PlantState> = {}): number {
  const model = smallModel();
  model.equipment.push(
    { equipmentId: 'L3', level: 'ProductionLine', parentId: 'S', name: 'L3' },
    { equipmentId: 'M-3', level: 'WorkUnit', parentId: 'L3', name: 'M-3', equipmentClassId: 'cnc' },
  );
  model.materials.push({ materialId: 'C', name: 'C', unit: 'pcs' });
  const [first] = model.workMasters[0]!.segments;
  const assembly = {
    ...{ ...first!, segmentId: 'C-10', predecessors: [], equipment: [{ equipmentId, secondsPerUnit: 60 }] },
    materials: [{ materialId: 'A', quantityPerUnit: 1 }],
  };
  model.workMasters.push({ workMasterId: 'WM-C', version: '1', materialId: 'C', segments: [assembly] });
  const state = smallState(2, 30, change);
  Object.assign(state.workRequests[1]!, { workRequestId: 'C-1', materialId: 'C' });
  const order = { ...state.jobOrders[2]!, jobOrderId: 'C-1/10', workRequestId: 'C-1', workMasterId: 'WM-C' };
  state.jobOrders.splice(2, 2, { ...order, segmentId: 'C-10' });
  const plan = smallPlan(state);
  Object.assign(plan.entries[2]!, { equipmentId, start: monday + minute });
  const events = openPlantProcess(model, state, plan, exact, { seed: 1 }).advance(monday + 5 * hour);
  const start = events.find((event) => event.kind === 'job-started' && event.jobOrderId === 'C-1/10')!;
  return (start.at - monday) / minute;
}

describe('what one request delivers and another takes', () => {
  it('travels from line to line, and is there at once on the same line', () => {
    assert.equal(startOfC('M-2'), 70);
    assert.equal(startOfC('M-3'), 80);
  });

  it('is not waited for where a lot is there before it, which is planned to end at minute 60 and to be there at 70', () => {
    const lot = { lotId: 'L', materialId: 'A', unit: 'pcs', locationId: 'ST' };
    assert.equal(startOfC('M-3', { lots: [{ ...lot, quantity: 30, availableAt: monday + 65 * minute }] }), 65);
    assert.equal(startOfC('M-3', { lots: [{ ...lot, quantity: 30, availableAt: monday + 71 * minute }] }), 80);
  });
});
