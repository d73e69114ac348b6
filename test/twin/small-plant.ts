import type {
  JobOrder,
  PlantModel,
  PlantState,
  ProcessSegment,
  WorkRequest,
  WorkSchedule,
} from '../../src/plant/index.ts';

/** Monday 2026-11-23, 06:00 in Berlin. */
export const monday = Date.UTC(2026, 10, 23, 5, 0, 0);
export const minute = 60_000;
export const hour = 60 * minute;

const allDays = [1, 2, 3, 4, 5, 6, 7];

/** Shifts of the small plant: round the clock, or early shift only. */
export function calendarOf(kind: 'always' | 'early'): PlantModel['calendar'] {
  const shift = (shiftId: string, start: string, end: string) => ({
    shiftId,
    name: shiftId,
    start,
    end,
    weekdays: allDays,
  });
  const shifts =
    kind === 'early'
      ? [shift('early', '06:00', '14:00')]
      : [shift('early', '06:00', '14:00'), shift('late', '14:00', '22:00'), shift('night', '22:00', '06:00')];
  return { timeZone: 'Europe/Berlin', shifts, holidays: [] };
}

/** Two machines M-1 and M-2 on two lines, one product A of two operations (M-1 then M-2), 60 seconds a part each. */
export function smallModel(changes: Partial<PlantModel> = {}, segment: Partial<ProcessSegment> = {}): PlantModel {
  const machine = (equipmentId: string, parentId: string) => ({
    equipmentId,
    level: 'WorkUnit' as const,
    parentId,
    name: equipmentId,
    equipmentClassId: 'cnc',
  });
  const operation = (segmentId: string, sequence: number, equipmentId: string): ProcessSegment => ({
    segmentId,
    sequence,
    name: segmentId,
    predecessors: sequence > 10 ? ['A-10'] : [],
    equipment: [{ equipmentId, secondsPerUnit: 60 }],
    materials: [],
    interruptible: true,
    ...segment,
  });
  return {
    enterprise: 'E',
    site: 'S',
    calendar: calendarOf('always'),
    equipment: [
      { equipmentId: 'S', level: 'Site', name: 'S' },
      { equipmentId: 'L1', level: 'ProductionLine', parentId: 'S', name: 'L1' },
      { equipmentId: 'L2', level: 'ProductionLine', parentId: 'S', name: 'L2' },
      machine('M-1', 'L1'),
      machine('M-2', 'L2'),
    ],
    persons: [],
    materials: [{ materialId: 'A', name: 'A', unit: 'pcs' }],
    workMasters: [
      {
        workMasterId: 'WM-A',
        version: '1',
        materialId: 'A',
        segments: [operation('A-10', 10, 'M-1'), operation('A-20', 20, 'M-2')],
      },
    ],
    setupMatrices: [],
    transportSeconds: 600,
    ...changes,
  };
}

/** So many requests of A for so many parts each; none has begun. */
export function smallOrders(count: number, quantity: number): { workRequests: WorkRequest[]; jobOrders: JobOrder[] } {
  const ids = Array.from({ length: count }, (_, i) => `WO-${String(i + 1)}`);
  return {
    workRequests: ids.map((workRequestId) => ({
      workRequestId,
      customer: 'C',
      materialId: 'A',
      quantity,
      releasedAt: monday,
      dueAt: monday + 24 * hour,
      priority: 1,
      requestState: 'Released',
    })),
    jobOrders: ids.flatMap((workRequestId) =>
      ['10', '20'].map((sequence) => ({
        jobOrderId: `${workRequestId}/${sequence}`,
        workRequestId,
        workMasterId: 'WM-A',
        workMasterVersion: '1',
        segmentId: `A-${sequence}`,
        quantity,
        dispatchStatus: 'Waiting' as const,
        goodQuantity: 0,
      })),
    ),
  };
}

/** A state with those orders and nothing else. */
export function smallState(count: number, quantity: number, changes: Partial<PlantState> = {}): PlantState {
  return {
    at: monday,
    ...smallOrders(count, quantity),
    lots: [],
    setupFamily: {},
    unavailable: [],
    absences: [],
    ...changes,
  };
}

/** A plan in the order of requests that plans every start at the beginning: each starts as soon as it can. */
export function smallPlan(state: PlantState, from = monday): WorkSchedule {
  return {
    scheduleId: 'P',
    status: 'published',
    createdAt: from,
    from,
    frozenUntil: from,
    label: 'P',
    seed: 1,
    inputDigest: '0'.repeat(64),
    entries: state.jobOrders.map(({ jobOrderId, segmentId }) => ({
      jobOrderId,
      equipmentId: segmentId === 'A-10' ? 'M-1' : 'M-2',
      start: from,
      end: from + hour,
      setupSeconds: 0,
      frozen: false,
    })),
  };
}

/** Nothing varies, nothing stops, nothing is rejected. */
export const exact = { runVariation: 0, setupVariation: 0, stops: {}, rejects: {} };
