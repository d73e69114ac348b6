import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  jobOrdersBefore,
  jobOrdersOf,
  lotQuantities,
  withQuantity,
  type JobOrder,
  type ProcessSegment,
  type WorkMaster,
  type WorkRequest,
} from '../../src/plant/index.ts';

const segment = (segmentId: string, sequence: number, predecessors: string[], mostLots?: number): ProcessSegment => ({
  segmentId,
  sequence,
  name: segmentId,
  predecessors,
  equipment: [],
  materials: [],
  interruptible: true,
  ...(mostLots === undefined ? {} : { lots: { mostLots, leastQuantity: 10 } }),
});
const master: WorkMaster = {
  workMasterId: 'W',
  version: '1',
  materialId: 'P',
  segments: [
    segment('saw', 10, []),
    segment('turn', 20, ['saw'], 3),
    segment('mill', 30, ['turn'], 3),
    segment('wash', 40, ['mill'], 2),
    segment('pack', 50, ['wash']),
  ],
};
const request = (quantity: number) => ({ workRequestId: 'R', quantity }) as WorkRequest;

describe('lots', () => {
  it('are equal, whole, at most as many as allowed and none below the least quantity', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.integer({ min: 0, max: 500 }), fc.double({ min: 0, max: 500, noNaN: true })),
        fc.integer({ min: 1, max: 9 }),
        fc.double({ min: 0, max: 60, noNaN: true }),
        (quantity, mostLots, leastQuantity) => {
          const lots = lotQuantities(quantity, { mostLots, leastQuantity });
          assert.ok(Math.abs(lots.reduce((a, b) => a + b, 0) - quantity) < 1e-9);
          assert.ok(lots.length >= 1 && lots.length <= mostLots);
          if (lots.length === 1) return;
          assert.ok(lots.every((lot) => lot >= leastQuantity));
          assert.ok(lots.slice(0, -1).every(Number.isInteger));
          assert.ok(Math.max(...lots) - Math.min(...lots) < 2);
          // One lot more would be too small, or one too many.
          const more = lots.length + 1;
          assert.ok(more > mostLots || Math.floor(quantity / more) < Math.ceil(leastQuantity) || quantity < more);
        },
      ),
      { numRuns: 1000, seed: 3 },
    );
    assert.deepEqual(lotQuantities(100, { mostLots: 3, leastQuantity: 20 }), [34, 33, 33]);
    assert.deepEqual(lotQuantities(100, { mostLots: 3, leastQuantity: 40 }), [50, 50]);
    assert.deepEqual(lotQuantities(30.5, { mostLots: 3, leastQuantity: 10 }), [10, 10, 10.5]);
    assert.deepEqual(lotQuantities(100, undefined), [100]);
  });

  it('are job orders of their own; what is not split keeps its id', () => {
    const ids = (quantity: number) => jobOrdersOf(request(quantity), master).map((job) => job.jobOrderId);
    assert.deepEqual(ids(9), ['R/10', 'R/20', 'R/30', 'R/40', 'R/50']);
    const jobs = jobOrdersOf(request(32), master);
    assert.deepEqual(
      jobs.map(({ jobOrderId, lot, quantity }) => [jobOrderId, lot, quantity]),
      [
        ['R/10', undefined, 32],
        ['R/20.1', 1, 11],
        ['R/20.2', 2, 11],
        ['R/20.3', 3, 10],
        ['R/30.1', 1, 11],
        ['R/30.2', 2, 11],
        ['R/30.3', 3, 10],
        ['R/40.1', 1, 16],
        ['R/40.2', 2, 16],
        ['R/50', undefined, 32],
      ],
    );
  });

  it('follow the lot of their number where both operations have as many, else all before them', () => {
    const jobs = jobOrdersOf(request(32), master);
    const other = jobOrdersOf({ ...request(32), workRequestId: 'Q' }, master);
    const before = jobOrdersBefore([...other, ...jobs]);
    const of = (id: string, predecessor: string) =>
      before(
        jobs.find((job) => job.jobOrderId === id)!,
        predecessor,
      ).map((job) => job.jobOrderId);
    assert.deepEqual(of('R/20.2', 'saw'), ['R/10']);
    assert.deepEqual(of('R/30.2', 'turn'), ['R/20.2']);
    assert.deepEqual(of('R/40.1', 'mill'), ['R/30.1', 'R/30.2', 'R/30.3']);
    assert.deepEqual(of('R/50', 'wash'), ['R/40.1', 'R/40.2']);
    assert.deepEqual(of('R/10', 'nothing'), []);
  });

  it('share another quantity equally, but for those that have begun', () => {
    const jobs = jobOrdersOf(request(32), master).map((job): JobOrder =>
      job.jobOrderId === 'R/20.1' ? { ...job, startedAt: 5, dispatchStatus: 'Running' } : job,
    );
    const quantities = (quantity: number) => withQuantity(jobs, quantity).map((job) => job.quantity);
    assert.deepEqual(quantities(60), [60, 11, 25, 24, 20, 20, 20, 30, 30, 60]);
    assert.deepEqual(quantities(4), [4, 11, 0, 0, 2, 1, 1, 2, 2, 4]);
  });
});
