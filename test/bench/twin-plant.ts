import { seededRandom } from '../../src/kernel/index.ts';
import type { PlantModel, PlantState, WorkSchedule } from '../../src/plant/index.ts';
import { layGround } from '../../src/twin/ground.ts';
import { layOut } from '../../src/twin/layout.ts';
import { PlantFloor } from '../../src/twin/plant-floor.ts';
import type { TwinParameters } from '../../src/twin/index.ts';
import { Draws } from '../../src/twin/draws.ts';
import { calendarOf, exact, hour, monday } from '../twin/small-plant.ts';

const lines = 10;
const machinesPerLine = 5;
const orders = 100;
const operationsPerOrder = 5;
const families = 6;
const qualifications = ['turning', 'milling', 'assembly'];

/**
 * A job shop of 50 machines on 10 lines with three shifts, 100 orders of 5 operations each on machines drawn at random,
 * six setup families, 30 operators a shift of three qualifications and 10 minutes of transport between lines; with a
 * plan that starts every operation as soon as it can, and how it varies: breakdowns, durations, scrap, orders that go
 * back.
 */
export function jobShop(seed: number): {
  model: PlantModel;
  state: PlantState;
  schedule: WorkSchedule;
  parameters: TwinParameters;
} {
  const random = seededRandom(seed, 'job shop');
  const lineIds = Array.from({ length: lines }, (_, i) => `L${String(i)}`);
  const machines = lineIds.flatMap((line) =>
    Array.from({ length: machinesPerLine }, (_, i) => ({ line, equipmentId: `${line}-${String(i)}` })),
  );
  const family = (i: number) => `F${String(i % families)}`;
  const names = Array.from({ length: families }, (_, i) => family(i));
  const calendar = calendarOf('always');
  const model: PlantModel = {
    enterprise: 'E',
    site: 'S',
    calendar,
    equipment: [
      { equipmentId: 'S', level: 'Site', name: 'S' },
      ...lineIds.map((id) => ({ equipmentId: id, level: 'ProductionLine' as const, parentId: 'S', name: id })),
      ...machines.map(({ line, equipmentId }) => ({
        equipmentId,
        level: 'WorkUnit' as const,
        parentId: line,
        name: equipmentId,
        equipmentClassId: 'machine',
      })),
    ],
    persons: calendar.shifts.flatMap(({ shiftId }) =>
      Array.from({ length: 30 }, (_, i) => ({
        personId: `${shiftId}-${String(i)}`,
        qualificationIds: [qualifications[i % 3]!, ...(i % 5 === 0 ? [qualifications[(i + 1) % 3]!] : [])],
        shiftId,
      })),
    ),
    materials: Array.from({ length: orders }, (_, i) => ({
      materialId: `P${String(i)}`,
      name: `P${String(i)}`,
      unit: 'pcs',
      setupFamily: family(i),
    })),
    workMasters: Array.from({ length: orders }, (_, i) => ({
      workMasterId: `WM${String(i)}`,
      version: '1',
      materialId: `P${String(i)}`,
      segments: random
        .shuffle([...machines])
        .slice(0, operationsPerOrder)
        .map(({ equipmentId }, k) => ({
          segmentId: `P${String(i)}-${String(k)}`,
          sequence: k,
          name: `P${String(i)}-${String(k)}`,
          predecessors: k === 0 ? [] : [`P${String(i)}-${String(k - 1)}`],
          equipment: [{ equipmentId, secondsPerUnit: 60 + random.int(240) }],
          qualificationId: qualifications[random.int(3)]!,
          materials: [],
          interruptible: true,
        })),
    })),
    setupMatrices: [
      {
        equipmentClassId: 'machine',
        defaultSeconds: 1200,
        seconds: Object.fromEntries(
          names.map((from) => [
            from,
            Object.fromEntries(names.map((to) => [to, from === to ? 0 : 600 + random.int(1800)])),
          ]),
        ),
      },
    ],
    transportSeconds: 600,
  };
  const state: PlantState = {
    at: monday,
    workRequests: model.workMasters.map(({ materialId }, i) => ({
      workRequestId: `W${String(i)}`,
      customer: 'C',
      materialId,
      quantity: 10 + random.int(40),
      releasedAt: monday,
      dueAt: monday + (24 + random.int(48)) * hour,
      priority: 1 + random.int(3),
      requestState: 'Released',
    })),
    jobOrders: [],
    lots: [],
    setupFamily: {},
    unavailable: [],
    absences: [],
  };
  state.jobOrders = model.workMasters.flatMap(({ workMasterId, segments }, i) =>
    segments.map(({ segmentId, sequence }) => ({
      jobOrderId: `W${String(i)}/${String(sequence)}`,
      workRequestId: `W${String(i)}`,
      workMasterId,
      workMasterVersion: '1',
      segmentId,
      quantity: state.workRequests[i]!.quantity,
      dispatchStatus: 'Waiting' as const,
      goodQuantity: 0,
    })),
  );
  const ids = machines.map(({ equipmentId }) => equipmentId);
  const stop = { reason: 'breakdown' as const, meanRunSecondsBetween: 20 * 3600, medianSeconds: 2400, sigma: 0.8 };
  const parameters: TwinParameters = {
    runVariation: 0.1,
    setupVariation: 0.2,
    stops: Object.fromEntries(ids.map((id) => [id, [stop]])),
    rejects: Object.fromEntries(ids.map((id) => [id, { scrap: 0.02, rework: 0 }])),
    reworkLoops: Object.fromEntries(
      model.workMasters.map(({ segments }) => {
        const { segmentId } = segments.at(-1)!;
        return [segmentId, { share: 0.03, backTo: segmentId }];
      }),
    ),
  };
  return { model, state, schedule: planOf(model, state), parameters };
}

/** The plan that starts every operation as soon as it can, found by replaying the operations in their order. */
function planOf(model: PlantModel, state: PlantState): WorkSchedule {
  const segments = new Map(model.workMasters.flatMap((master) => master.segments.map((s) => [s.segmentId, s])));
  const schedule: WorkSchedule = {
    scheduleId: 'P',
    status: 'published',
    createdAt: monday,
    from: monday,
    frozenUntil: monday,
    label: 'P',
    seed: 1,
    inputDigest: '0'.repeat(64),
    entries: state.jobOrders.map(({ jobOrderId, segmentId }) => {
      const { equipment, sequence } = segments.get(segmentId)!;
      const start = monday + sequence;
      return { jobOrderId, equipmentId: equipment[0]!.equipmentId, start, end: start, setupSeconds: 0, frozen: false };
    }),
  };
  const ground = layGround(model, state, monday + 60 * 24 * hour);
  const floor = new PlantFloor(ground, layOut(ground, state, schedule), new Draws(1, 0), monday, {
    parameters: exact,
    startEarly: true,
  });
  floor.begin(new Draws(1, 0), monday, {});
  floor.run(Infinity);
  const places = new Map(
    floor.work.jobs.map((job, i) => [
      job.jobOrder.jobOrderId,
      {
        start: floor.work.startedAt[i]!,
        end: floor.work.endedAt[i]!,
        setupSeconds: floor.work.setupTotal[i]! / 1000,
      },
    ]),
  );
  const entries = schedule.entries.map((entry) => ({ ...entry, ...places.get(entry.jobOrderId)! }));
  return { ...schedule, entries: entries.sort((a, b) => a.start - b.start) };
}
