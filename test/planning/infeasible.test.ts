import assert from 'node:assert/strict';
import { MillwrightError } from '../../src/kernel/index.ts';
import { buildProblem, searchAlternatives, type Conflict } from '../../src/planning/index.ts';
import type { PlantModel, PlantState } from '../../src/plant/index.ts';
import { northfieldModel, northfieldState, plainRequest, testNow } from './northfield.ts';

const hour = 3_600_000;

describe('infeasible problems', () => {
  const model = northfieldModel(1);
  const state = northfieldState(model, 1, 60);

  /** The conflicts that planning names, and the text of the error. */
  function conflictsOf(changes: { model?: PlantModel; state?: PlantState }, request = plainRequest()) {
    try {
      const problem = buildProblem(changes.model ?? model, changes.state ?? state, undefined, request);
      searchAlternatives(problem, { count: 5, seed: 1, maxDecodes: 50 });
    } catch (thrown) {
      assert.ok(thrown instanceof MillwrightError && thrown.code === 'MW_PLAN_INFEASIBLE');
      return { list: thrown.cause as Conflict[], params: thrown.params };
    }
    return assert.fail('a plan was found');
  }
  const open = state.jobOrders.filter((j) => j.dispatchStatus === 'Waiting');
  const segmentOf = (id: string) => {
    const job = state.jobOrders.find((j) => j.jobOrderId === id)!;
    return model.workMasters.flatMap((m) => m.segments).find((s) => s.segmentId === job.segmentId)!;
  };

  it('name every operation that nobody is qualified for', () => {
    const persons = model.persons.map((p) => ({
      ...p,
      qualificationIds: p.qualificationIds.filter((q) => q !== 'grinding'),
    }));
    const { list, params } = conflictsOf({ model: { ...model, persons } });
    const wanted = open.filter((j) => segmentOf(j.jobOrderId).qualificationId === 'grinding').map((j) => j.jobOrderId);
    assert.deepEqual(list.map((c) => c.jobOrderId).sort(), wanted.sort());
    assert.ok(list.every((c) => c.kind === 'qualification-nobody-has' && c.subject === 'grinding'));
    assert.equal(params.count, wanted.length);
    assert.match(String(params.conflicts), /qualification-nobody-has \(grinding\)/);
  });
  it('name the material that never arrives, for the orders that come last', () => {
    const lots = state.lots.filter((lot) => lot.lotId !== 'L-4');
    const { list } = conflictsOf({ state: { ...state, lots } });
    assert.ok(list.length > 0 && list.every((c) => c.kind === 'material-never-arrives' && c.subject === 'CAST'));
    const needing = open.filter((j) => segmentOf(j.jobOrderId).materials.some((m) => m.materialId === 'CAST'));
    const covered = needing.filter((j) => !list.some((c) => c.jobOrderId === j.jobOrderId));
    const sum = covered.reduce((total, j) => total + j.quantity, 0);
    assert.ok(sum <= 500, 'what is not named fits into the lot that is there');
    const dueOf = (id: string) =>
      state.workRequests.find(
        (r) => r.workRequestId === state.jobOrders.find((j) => j.jobOrderId === id)!.workRequestId,
      )!.dueAt;
    const lastCovered = Math.max(...covered.map((j) => dueOf(j.jobOrderId)));
    assert.ok(list.every((c) => dueOf(c.jobOrderId) >= lastCovered));
  });
  it('name operations whose machine is banned for good', () => {
    const request = plainRequest({ constraints: [{ kind: 'forbid-machine', subject: 'PRESS-41' }] });
    const { list } = conflictsOf({}, request);
    assert.ok(list.length > 0 && list.every((c) => c.kind === 'no-open-time'));
    assert.ok(list.every((c) => segmentOf(c.jobOrderId).name === 'press'));
  });
  it('name work that must not pause and is longer than any shift of its people', () => {
    const jobOrders = state.jobOrders.map((j) =>
      segmentOf(j.jobOrderId).name === 'test' && j.dispatchStatus === 'Waiting' ? { ...j, quantity: 40_000 } : j,
    );
    const { list } = conflictsOf({ state: { ...state, jobOrders } });
    assert.ok(list.every((c) => c.kind === 'no-open-time' && segmentOf(c.jobOrderId).name === 'test'));
  });
  it('name work that only its setup makes too long', () => {
    // The packer is open for one hour at a time; packing takes 59 minutes and every setup ten.
    const packing = open.find((j) => segmentOf(j.jobOrderId).name === 'pack')!;
    const workMasters = model.workMasters.map((m) => ({
      ...m,
      segments: m.segments.map((s) =>
        s.name === 'pack'
          ? {
              ...s,
              interruptible: false,
              equipment: [{ equipmentId: 'PACK-44', secondsPerUnit: (59 * 60) / packing.quantity }],
            }
          : s,
      ),
    }));
    const setupMatrices = [...model.setupMatrices, { equipmentClassId: 'pack', seconds: {}, defaultSeconds: 600 }];
    const unavailable = Array.from({ length: 24 * 400 }, (_, h) => ({
      equipmentId: 'PACK-44',
      reason: 'planned-maintenance',
      start: testNow + h * hour,
      end: testNow + h * hour + 1,
    }));
    const only = state.jobOrders.filter((j) => j.workRequestId === packing.workRequestId);
    const { list } = conflictsOf({
      model: { ...model, workMasters, setupMatrices },
      state: { ...state, jobOrders: only, setupFamily: {}, unavailable },
    });
    assert.deepEqual(list, [{ kind: 'no-open-time', jobOrderId: packing.jobOrderId, subject: 'PACK-44' }]);
  });
  it('name routings and requests that are missing, machines that are not there, and circles', () => {
    const [first] = open;
    const kindOf = (changes: Parameters<typeof conflictsOf>[0]) => [
      ...new Set(conflictsOf(changes).list.map((c) => c.kind)),
    ];
    const swap = (change: object) => state.jobOrders.map((j) => (j === first ? { ...j, ...change } : j));
    assert.deepEqual(kindOf({ state: { ...state, jobOrders: swap({ workMasterId: 'NONE' }) } }), ['routing-unknown']);
    assert.deepEqual(kindOf({ state: { ...state, jobOrders: swap({ workRequestId: 'NONE' }) } }), ['request-unknown']);
    assert.deepEqual(
      kindOf({ state: { ...state, jobOrders: swap({ dispatchStatus: 'Running', equipmentId: 'NONE' }) } }),
      ['running-machine-unknown'],
    );
    const withSegments = (change: object): PlantModel => ({
      ...model,
      workMasters: model.workMasters.map((m) => ({ ...m, segments: m.segments.map((s) => ({ ...s, ...change })) })),
    });
    assert.deepEqual(
      kindOf({ model: withSegments({ equipment: [{ equipmentId: 'NONE', secondsPerUnit: 1 }] }) }).sort(),
      ['segment-without-machine'],
    );
    const everyOther = model.workMasters.map((m) => ({
      ...m,
      segments: m.segments.map((s) => ({
        ...s,
        predecessors: m.segments.filter((o) => o !== s).map((o) => o.segmentId),
      })),
    }));
    assert.deepEqual(kindOf({ model: { ...model, workMasters: everyOther } }), ['circular-precedence']);
  });
});
