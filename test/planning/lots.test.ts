import assert from 'node:assert/strict';
import { buildProblem, checkPlan, Decoder, dispatch, stagingNeeds } from '../../src/planning/index.ts';
import {
  jobOrdersOf,
  type PlantModel,
  type PlantState,
  type ProcessSegment,
  type WorkRequest,
  type WorkSchedule,
} from '../../src/plant/index.ts';
import { searchSound, type Inputs } from './judged.ts';

const now = Date.UTC(2026, 5, 1, 6);
const minute = 60_000;

const machineIds = ['M1', 'M2', 'M3', 'M4'];
const on = (machines: string[]) => machines.map((equipmentId) => ({ equipmentId, secondsPerUnit: 60 }));
const lots = { mostLots: 2, leastQuantity: 10 };
const segment = (segmentId: string, changes: Partial<ProcessSegment>): ProcessSegment => ({
  segmentId,
  sequence: Number(segmentId.split('-')[1]),
  name: segmentId,
  predecessors: [],
  equipment: [],
  materials: [],
  interruptible: true,
  ...changes,
});

/** M1 and M2 on one line, M3 and M4 on another; A is turned and milled in lots, B is made of ten A. */
function plant(quantity: number, splitting: Pick<ProcessSegment, 'lots'> = { lots }): Inputs {
  const model: PlantModel = {
    enterprise: 'E',
    site: 'S',
    calendar: {
      timeZone: 'UTC',
      shifts: [{ shiftId: 'all', name: '', start: '00:00', end: '00:00', weekdays: [1, 2, 3, 4, 5, 6, 7] }],
      holidays: [],
    },
    equipment: [
      { equipmentId: 'L1', level: 'ProductionLine', name: '' },
      { equipmentId: 'L2', level: 'ProductionLine', name: '' },
      ...machineIds.map((equipmentId, i) => ({
        equipmentId,
        level: 'WorkUnit' as const,
        parentId: i < 2 ? 'L1' : 'L2',
        name: equipmentId,
        equipmentClassId: 'any',
      })),
    ],
    persons: [],
    materials: ['A', 'B'].map((materialId) => ({ materialId, name: '', unit: 'pcs', setupFamily: materialId })),
    workMasters: [
      {
        workMasterId: 'WA',
        version: '1',
        materialId: 'A',
        segments: [
          segment('A-10', { equipment: on(['M1', 'M2']), ...splitting }),
          segment('A-20', { equipment: on(['M3', 'M4']), predecessors: ['A-10'], ...splitting }),
        ],
      },
      {
        workMasterId: 'WB',
        version: '1',
        materialId: 'B',
        segments: [segment('B-10', { equipment: on(['M1']), materials: [{ materialId: 'A', quantityPerUnit: 10 }] })],
      },
    ],
    setupMatrices: [{ equipmentClassId: 'any', seconds: { A: { A: 0 } }, defaultSeconds: 600 }],
    transportSeconds: 300,
  };
  const request = (id: string, materialId: string, count: number): WorkRequest => ({
    workRequestId: id,
    customer: '',
    materialId,
    quantity: count,
    releasedAt: now,
    dueAt: now + 3 * 60 * minute,
    priority: 1,
    requestState: 'Released',
  });
  const workRequests = [request('RA', 'A', quantity), request('RB', 'B', 1)];
  const state: PlantState = {
    at: now,
    workRequests,
    jobOrders: workRequests.flatMap((r, i) => jobOrdersOf(r, model.workMasters[i]!)),
    lots: [],
    setupFamily: {},
    unavailable: [],
    absences: [],
  };
  const horizon = now + 24 * 60 * minute;
  return { model, state, live: undefined, request: { from: now, frozenUntil: now, horizon, constraints: [] } };
}

/** Each operation on a machine from and to so many minutes after the start. */
function planned(entries: Record<string, [string, number, number, number?]>): WorkSchedule {
  return {
    scheduleId: 'P',
    status: 'draft',
    createdAt: now,
    from: now,
    frozenUntil: now,
    label: '',
    seed: 1,
    inputDigest: '',
    entries: Object.entries(entries).map(([jobOrderId, [equipmentId, start, end, setup = 0]]) => ({
      jobOrderId,
      equipmentId,
      start: now + start * minute,
      end: now + end * minute,
      setupSeconds: setup * 60,
      frozen: false,
    })),
  };
}

describe('lot splitting in plans', () => {
  // Ten minutes of setup each, 20 minutes a lot, 5 of transport: lots run beside each other, and lot 1 moves on alone.
  const sideBySide = {
    'RA/10.1': ['M1', 0, 30, 10],
    'RA/10.2': ['M2', 0, 30, 10],
    'RA/20.1': ['M3', 35, 65, 10],
    'RA/20.2': ['M4', 35, 65, 10],
    'RB/10': ['M1', 70, 81, 10],
  } satisfies Parameters<typeof planned>[0];
  const oneAfterTheOther = {
    'RA/10.1': ['M1', 0, 30, 10],
    'RA/10.2': ['M1', 30, 50],
    'RA/20.1': ['M3', 35, 65, 10],
    'RA/20.2': ['M3', 65, 85],
    'RB/10': ['M1', 90, 101, 10],
  } satisfies Parameters<typeof planned>[0];
  const inputs = plant(40);
  const judge = (plan: WorkSchedule) => checkPlan(inputs.model, inputs.state, plan, inputs.request);

  it('may run beside each other or one after the other, then without setup; each lot follows the lot of its number', () => {
    for (const plan of [sideBySide, oneAfterTheOther]) assert.deepEqual(judge(planned(plan)).violations, []);
    const tooSoon = planned({ ...oneAfterTheOther, 'RA/20.2': ['M4', 45, 75, 10] });
    assert.match(judge(tooSoon).violations.join(), /RA\/20.2 starts at .* before its predecessor RA\/10.2 is over/);
  });

  it('are found by the search: half the time of what is not split', () => {
    const makespan = (of: Inputs) => {
      const { result } = searchSound(of, { count: 20, seed: 1, maxDecodes: 600 }, 'lots');
      return Math.min(...result.alternatives.map(({ kpis }) => kpis.makespanSeconds));
    };
    assert.equal(makespan(inputs), 81 * 60);
    assert.equal(makespan(plant(40, {})), (50 + 5 + 50 + 5 + 11) * 60);
  });

  it('keep what is not split whole, though its routing would allow it', () => {
    const { model, state, request } = plant(40);
    const whole = plant(40, {}).state.jobOrders;
    const problem = buildProblem(model, { ...state, jobOrders: whole }, undefined, request);
    assert.deepEqual(problem.jobOrderIds, ['RA/10', 'RA/20', 'RB/10']);
  });

  it('deliver when the last lot has ended and travelled', () => {
    const early = planned({ ...oneAfterTheOther, 'RB/10': ['M1', 89, 100, 10] });
    assert.match(judge(early).violations.join(), /RB\/10 starts at .* before its material A has arrived/);
    const { model, state, request } = inputs;
    const problem = buildProblem(model, state, undefined, request);
    const decoder = new Decoder(problem);
    const plan = decoder.decode(dispatch(problem, decoder, 'earliest-due-date'));
    const endOf = (id: string) => plan.end[problem.jobOrderIds.indexOf(id)]!;
    const delivered = Math.max(endOf('RA/20.1'), endOf('RA/20.2')) + 5 * minute;
    assert.equal(plan.start[problem.jobOrderIds.indexOf('RB/10')], delivered);
  });

  it('end their request with the last of them', () => {
    const { kpis } = judge(planned(oneAfterTheOther));
    assert.equal(kpis.lateOrders, 0);
    const due = (minutes: number) => ({
      ...inputs.state,
      workRequests: inputs.state.workRequests.map((r) => ({ ...r, dueAt: now + minutes * minute })),
    });
    const lateAt = (minutes: number) =>
      checkPlan(inputs.model, due(minutes), planned(oneAfterTheOther), inputs.request).kpis.weightedTardinessSeconds;
    assert.equal(lateAt(85), 16 * 60);
    assert.equal(lateAt(84), 17 * 60 + 60);
  });

  it('are staged with the parts that each gets from each machine before', () => {
    const { model, state } = inputs;
    const base = planned(oneAfterTheOther);
    const moves = (to: WorkSchedule, jobOrders = state.jobOrders) =>
      stagingNeeds(model, { ...state, jobOrders }, base, to).map(({ jobOrderId, quantity, from, to: place }) =>
        [jobOrderId, quantity, from, place].join(' '),
      );
    assert.deepEqual(moves(planned({ ...oneAfterTheOther, 'RA/20.2': ['M4', 65, 95, 10] })), ['RA/20.2 20 M1 M4']);
    // The second operation is whole: it gets its parts from both lots before it.
    const jobs = state.jobOrders.flatMap((job) => {
      if (job.segmentId !== 'A-20') return [job];
      const { lot, ...whole } = job;
      return lot === 1 ? [{ ...whole, jobOrderId: 'RA/20', quantity: 40 }] : [];
    });
    const { 'RA/10.1': first, 'RA/10.2': second } = sideBySide;
    const plan = planned({ 'RA/10.1': first, 'RA/10.2': second, 'RA/20': ['M4', 40, 90, 10] });
    assert.deepEqual(moves(plan, jobs), ['RA/20 20 M1 M4', 'RA/20 20 M2 M4']);
  });
});
