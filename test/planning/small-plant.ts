import type { JobOrder, PlantModel, PlantState, ProcessSegment } from '../../src/plant/index.ts';
import type { Inputs } from './judged.ts';

/** A Monday, 06:00 UTC: the start of every small plant's plan. */
export const start = Date.UTC(2026, 5, 1, 6);

/** A routing in short: seconds for one part by machine, and the rest of a segment where it matters. */
type ShortSegment = { seconds: Record<string, number> } & Partial<
  Pick<ProcessSegment, 'predecessors' | 'lags' | 'interruptible'>
>;

/** What a small plant makes. */
export interface ShortJob {
  segments: ShortSegment[];
  quantity?: number;
  dueSeconds?: number;
  /** What is known of single operations, by segment. */
  state?: (Partial<JobOrder> | undefined)[];
}

const always: PlantModel['calendar']['shifts'] = [
  { shiftId: 'all', name: '', start: '00:00', end: '00:00', weekdays: [1, 2, 3, 4, 5, 6, 7] },
];

/**
 * A plant of a few machines, each on the line that its name begins with (`L1-M2`), without people or materials; it
 * never closes unless it is given shifts.
 */
export function smallPlant(jobs: readonly ShortJob[], shifts = always, transportSeconds = 0): Inputs {
  const machineIds = [...new Set(jobs.flatMap((j) => j.segments.flatMap((s) => Object.keys(s.seconds))))].sort();
  const lineOf = (id: string) => id.split('-')[0]!;
  const model: PlantModel = {
    enterprise: 'E',
    site: 'S',
    calendar: { timeZone: 'UTC', shifts, holidays: [] },
    equipment: [
      ...[...new Set(machineIds.map(lineOf))].map((equipmentId) => ({
        equipmentId,
        level: 'ProductionLine' as const,
        name: equipmentId,
      })),
      ...machineIds.map((equipmentId) => ({
        equipmentId,
        level: 'WorkUnit' as const,
        parentId: lineOf(equipmentId),
        name: equipmentId,
      })),
    ],
    persons: [],
    materials: jobs.map((_, j) => ({ materialId: `J${j}`, name: '', unit: 'pcs' })),
    workMasters: jobs.map(({ segments }, j) => ({
      workMasterId: `W${j}`,
      version: '1',
      materialId: `J${j}`,
      segments: segments.map(({ seconds, ...rest }, s) => ({
        segmentId: `S${s}`,
        sequence: s,
        name: '',
        predecessors: s === 0 ? [] : [`S${s - 1}`],
        equipment: Object.entries(seconds).map(([equipmentId, secondsPerUnit]) => ({ equipmentId, secondsPerUnit })),
        materials: [],
        interruptible: true,
        ...rest,
      })),
    })),
    setupMatrices: [],
    transportSeconds,
  };
  const state: PlantState = {
    at: start,
    workRequests: jobs.map(({ dueSeconds = 0, quantity = 1 }, j) => ({
      workRequestId: `J${j}`,
      customer: '',
      materialId: `J${j}`,
      quantity,
      releasedAt: start,
      dueAt: start + dueSeconds * 1000,
      priority: 1,
      requestState: 'Released',
    })),
    jobOrders: jobs.flatMap(({ segments, quantity = 1, state = [] }, j) =>
      segments.map((_, s) => ({
        jobOrderId: `J${j}/${s}`,
        workRequestId: `J${j}`,
        workMasterId: `W${j}`,
        workMasterVersion: '1',
        segmentId: `S${s}`,
        quantity,
        dispatchStatus: 'Waiting' as const,
        goodQuantity: 0,
        ...state[s],
      })),
    ),
    lots: [],
    setupFamily: {},
    unavailable: [],
    absences: [],
  };
  const request = { from: start, frozenUntil: start, horizon: start + 86_400_000, constraints: [] };
  return { model, state, live: undefined, request };
}
