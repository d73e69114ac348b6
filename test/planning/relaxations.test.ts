import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MillwrightError } from '../../src/kernel/index.ts';
import {
  buildProblem,
  Decoder,
  doNothing,
  explainPlan,
  searchAlternatives,
  type PlanInputs,
  type Problem,
} from '../../src/planning/index.ts';
import { replayOf } from '../../src/planning/replay.ts';
import type { LateReasonKind, PlantModel, PlantState } from '../../src/plant/index.ts';
import { scheduleOf } from './judged.ts';
import { randomCase } from './random-plant.ts';

const hour = 3_600_000;
/** Monday. */
const now = Date.UTC(2026, 5, 1, 6);

describe('what if one constraint were relaxed', () => {
  it('begins from exactly the plan that is explained, whatever search made it', () => {
    const seen = new Map<LateReasonKind, number>();
    let plans = 0;
    let gains = 0;
    fc.assert(
      fc.property(
        fc.nat(1_000_000),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 2, max: 12 }),
        (...arbitrary) => {
          const inputs = randomCase(...arbitrary);
          let problem: Problem;
          try {
            problem = buildProblem(inputs.model, inputs.state, inputs.live, inputs.request);
            for (const alternative of searchAlternatives(problem, { count: 3, seed: 1, maxDecodes: 60 }).alternatives) {
              plans++;
              const plan = scheduleOf(problem, alternative);
              const replay = replayOf(problem, plan.entries)!;
              const again = new Decoder(replay.problem).decode(replay.solution);
              assert.deepEqual(again.start, alternative.plan.start);
              assert.deepEqual(again.end, alternative.plan.end);
              const explanation = explainPlan(inputs, plan)!;
              assert.equal(explanation.lateReasons.length, alternative.plan.lateRequests);
              for (const relaxation of explanation.relaxations) {
                seen.set(relaxation.reason, (seen.get(relaxation.reason) ?? 0) + 1);
                assert.equal(relaxation.weightedTardinessSeconds, alternative.kpis.weightedTardinessSeconds);
                assert.equal(relaxation.lateOrders, alternative.kpis.lateOrders);
                assert.ok(relaxation.requests.length > 0);
                if (relaxation.weightedTardinessSecondsThen < relaxation.weightedTardinessSeconds) gains++;
              }
            }
          } catch (thrown) {
            assert.ok(thrown instanceof MillwrightError && thrown.code === 'MW_PLAN_INFEASIBLE', String(thrown));
          }
        },
      ),
      { numRuns: 12, seed: 20261126 },
    );
    assert.ok(plans > 25 && gains > 30 && seen.size >= 8, `${plans} plans, ${gains} gains, ${[...seen.keys()].join()}`);
  });

  it('refuses a plan of other inputs', () => {
    const inputs = twoOrders();
    const plan = planOf(inputs);
    const later = { ...inputs, state: { ...inputs.state, at: now + 1 } };
    assert.equal(explainPlan(later, plan), undefined);
  });

  /** Two orders of one operation each on one machine: A takes 3 h, then B 2 h, both due after 1 h. */
  function twoOrders(changes: { model?: Partial<PlantModel>; state?: Partial<PlantState>; segment?: object } = {}) {
    const order = (id: string, hours: number) => ({
      workRequestId: id,
      customer: '',
      materialId: id,
      quantity: hours,
      releasedAt: now,
      dueAt: now + hour,
      priority: 1,
      requestState: 'Released' as const,
    });
    const orders = [order('A', 3), order('B', 2)];
    const model: PlantModel = {
      enterprise: 'E',
      site: 'S',
      calendar: {
        timeZone: 'UTC',
        shifts: [{ shiftId: 'day', name: 'Day', start: '06:00', end: '16:00', weekdays: [1, 2, 3, 4, 5, 6, 7] }],
        holidays: [],
      },
      equipment: [{ equipmentId: 'M', level: 'WorkUnit', name: 'M', equipmentClassId: 'any' }],
      persons: [],
      materials: [],
      workMasters: orders.map(({ workRequestId }) => ({
        workMasterId: workRequestId,
        version: '1',
        materialId: workRequestId,
        segments: [
          {
            segmentId: workRequestId,
            sequence: 10,
            name: '',
            predecessors: [],
            equipment: [{ equipmentId: 'M', secondsPerUnit: 3600 }],
            materials: [],
            interruptible: true,
            ...changes.segment,
          },
        ],
      })),
      setupMatrices: [],
      transportSeconds: 0,
      ...changes.model,
    };
    const state: PlantState = {
      at: now,
      workRequests: orders,
      jobOrders: orders.map(({ workRequestId, quantity }) => ({
        jobOrderId: `${workRequestId}/10`,
        workRequestId,
        workMasterId: workRequestId,
        workMasterVersion: '1',
        segmentId: workRequestId,
        quantity,
        goodQuantity: 0,
        dispatchStatus: 'Waiting' as const,
      })),
      lots: [],
      setupFamily: {},
      unavailable: [],
      absences: [],
      ...changes.state,
    };
    const request = { from: now, frozenUntil: now, horizon: now + 48 * hour, constraints: [] };
    return { model, state, live: undefined, request } satisfies PlanInputs;
  }
  function planOf(inputs: PlanInputs) {
    const problem = buildProblem(inputs.model, inputs.state, inputs.live, inputs.request);
    return scheduleOf(problem, { plan: new Decoder(problem).decode(doNothing(problem)) });
  }
  /** Hours late of A and B now and then, and the plan's sum then, for one kind of link. */
  function gainOf(reason: LateReasonKind, inputs: PlanInputs) {
    const explanation = explainPlan(inputs, planOf(inputs))!;
    const relaxation = explanation.relaxations.find((r) => r.reason === reason);
    assert.ok(relaxation, explanation.relaxations.map((r) => r.reason).join());
    const hours = (seconds: number) => Math.round(seconds / 36) / 100;
    return {
      requests: relaxation.requests.map((r) => [r.workRequestId, hours(r.lateSeconds), hours(r.lateSecondsThen)]),
      plan: [hours(relaxation.weightedTardinessSeconds), hours(relaxation.weightedTardinessSecondsThen)],
    };
  }

  it('tells what each is worth: computed by hand on two orders and one machine', () => {
    // A ends at 3 h, B at 5 h: 2 and 4 h late. With B first: 1 and 4 h.
    assert.deepEqual(gainOf('machine-busy', twoOrders()), {
      requests: [
        ['B', 4, 1],
        ['A', 2, 4],
      ],
      plan: [6, 5],
    });
    // The machine is down for 4 h: A ends at 7 h, B at 9 h.
    const unavailable = [{ equipmentId: 'M', reason: 'breakdown', start: now, end: now + 4 * hour }];
    assert.deepEqual(gainOf('machine-closed', twoOrders({ state: { unavailable } })), {
      requests: [
        ['B', 8, 4],
        ['A', 6, 2],
      ],
      plan: [14, 6],
    });
    // Material for both comes after 2 h.
    const lots = [
      { lotId: 'L', materialId: 'BAR', quantity: 5, unit: 'm', availableAt: now + 2 * hour, locationId: '' },
    ];
    const materials = [{ materialId: 'BAR', quantityPerUnit: 1 }];
    assert.deepEqual(gainOf('material', twoOrders({ state: { lots }, segment: { materials } })), {
      requests: [
        ['A', 4, 2],
        ['B', 6, 4],
      ],
      plan: [10, 6],
    });
    // One person, absent for 5 h.
    const persons = [{ personId: 'P', qualificationIds: ['q'] }];
    const absences = [{ personId: 'P', start: now, end: now + 5 * hour }];
    const attended = { model: { persons }, state: { absences }, segment: { qualificationId: 'q' } };
    // A works 11:00–14:00, B 14:00–16:00; with one more person as if nobody were absent.
    assert.deepEqual(gainOf('no-operator', twoOrders(attended)), {
      requests: [
        ['A', 7, 2],
        ['B', 9, 4],
      ],
      plan: [16, 6],
    });
  });
});
