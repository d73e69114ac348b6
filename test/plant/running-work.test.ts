import assert from 'node:assert/strict';
import { partsLost, workLeft, type Equipment, type JobOrder, type RunningWork } from '../../src/plant/index.ts';

const at = Date.UTC(2026, 5, 1, 6);
const minute = 60_000;
const furnace: Equipment = { equipmentId: 'F', level: 'WorkUnit', name: 'F', batchCapacity: 10 };
const mill: Equipment = { equipmentId: 'F', level: 'WorkUnit', name: 'M' };

function running(machine: Equipment, job: Partial<JobOrder>, rest: Partial<RunningWork> = {}): RunningWork {
  return {
    job: {
      jobOrderId: 'J/1',
      workRequestId: 'J',
      workMasterId: 'W',
      workMasterVersion: '1',
      segmentId: 'S',
      quantity: 25,
      goodQuantity: 0,
      dispatchStatus: 'Running',
      equipmentId: 'F',
      ...job,
    },
    interruption: undefined,
    machine,
    speed: { equipmentId: 'F', secondsPerUnit: 60, secondsPerBatch: 3600 },
    setup: 0,
    setupAgain: 0,
    ...rest,
  };
}

/** Setup and run time in minutes that are left of what began so many minutes ago. */
function left(minutesAgo: number, machine: Equipment, job: Partial<JobOrder>, rest: Partial<RunningWork> = {}) {
  const stop = { equipmentId: 'F', reason: 'breakdown', start: at - 10 * minute, end: at - 5 * minute };
  const work = workLeft(
    { at, unavailable: [stop] },
    running(machine, { startedAt: at - minutesAgo * minute, ...job }, rest),
  );
  return [work.setup / minute, work.run / minute];
}

describe('what is left of a running operation', () => {
  it('part by part is the parts, and before the first one the rest of the setup; a stop is no time worked', () => {
    assert.deepEqual(left(20, mill, {}, { setup: 40 * minute }), [25, 25]);
    assert.deepEqual(left(20, mill, { goodQuantity: 5 }, { setup: 40 * minute }), [0, 20]);
  });
  it('on a batch machine is what its loads take less the time worked', () => {
    assert.deepEqual(left(45, furnace, {}), [0, 180 - 40]);
    assert.deepEqual(left(45, furnace, {}, { setup: 30 * minute }), [0, 30 + 180 - 40]);
    assert.deepEqual(left(75, furnace, { goodQuantity: 10 }), [0, 180 - 70]);
  });
  it('on a batch machine is at least the loads behind the present one, and at most the loads whose parts are missing', () => {
    const justAbove = 1 / minute;
    assert.deepEqual(left(500, furnace, { goodQuantity: 10 }), [0, 60 + justAbove]);
    assert.deepEqual(left(500, furnace, {}), [0, 120 + justAbove]);
    assert.deepEqual(left(30, furnace, { goodQuantity: 20 }), [0, 60]);
  });
  it('is everything where it starts anew, after whichever setup takes longer', () => {
    const setups = { setup: 40 * minute, setupAgain: 10 * minute };
    assert.deepEqual(left(45, furnace, {}, { interruption: 'restart', ...setups }), [10, 180]);
    assert.deepEqual(left(20, mill, {}, { interruption: 'scrap', ...setups }), [25, 25]);
    assert.deepEqual(left(45, mill, { goodQuantity: 5 }, { interruption: 'restart', ...setups }), [10, 25]);
  });
  it('loses the parts made, and those in the load, only where they are scrap', () => {
    const { job } = running(furnace, { goodQuantity: 20 });
    assert.equal(partsLost(job, 'restart', furnace), 0);
    assert.equal(partsLost(job, 'scrap', furnace), 25);
    assert.equal(partsLost(job, 'scrap', mill), 20);
    assert.equal(partsLost({ ...job, goodQuantity: 0 }, 'scrap', furnace), 10);
  });
});
