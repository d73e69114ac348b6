import { digestOf } from '../../src/audit/index.ts';
import {
  shownContent,
  type JobOrder,
  type KpiDistribution,
  type PlanKpis,
  type PlantModel,
  type ScenarioRecord,
  type ScenarioSet,
  type ScheduleEntry,
  type WorkRequest,
  type WorkSchedule,
} from '../../src/plant/index.ts';

const minute = 60_000;
/** Tuesday 2026-11-24, 09:00 in Berlin. */
export const now = Date.UTC(2026, 10, 24, 8, 0, 0);

/** Two interchangeable machines and a washer, one routing of two operations, two people. */
export const model: PlantModel = {
  enterprise: 'Millwright Demo',
  site: 'Northfield',
  calendar: {
    timeZone: 'Europe/Berlin',
    shifts: [{ shiftId: 'early', name: 'Early', start: '06:00', end: '14:00', weekdays: [1, 2, 3, 4, 5] }],
    holidays: [],
  },
  equipment: [
    { equipmentId: 'SITE', level: 'Site', name: 'Northfield' },
    { equipmentId: 'LINE-2', level: 'ProductionLine', parentId: 'SITE', name: 'Line 2' },
    { equipmentId: 'CNC-21', level: 'WorkUnit', parentId: 'LINE-2', equipmentClassId: 'cnc', name: 'CNC-21' },
    { equipmentId: 'CNC-22', level: 'WorkUnit', parentId: 'LINE-2', equipmentClassId: 'cnc', name: 'CNC-22' },
    { equipmentId: 'WASH-24', level: 'WorkUnit', parentId: 'LINE-2', equipmentClassId: 'wash', name: 'WASH-24' },
  ],
  persons: [
    { personId: 'OP-01', qualificationIds: ['machining'], shiftId: 'early' },
    { personId: 'OP-02', qualificationIds: [], shiftId: 'early' },
  ],
  materials: [
    { materialId: 'SH-20', name: 'Shaft 20', unit: 'pcs', setupFamily: 'shaft' },
    { materialId: 'BAR-20', name: 'Steel bar 20 mm', unit: 'm' },
  ],
  workMasters: [
    {
      workMasterId: 'WM-SH-20',
      version: '3',
      materialId: 'SH-20',
      segments: [
        {
          segmentId: 'turn',
          sequence: 10,
          name: 'Turn',
          predecessors: [],
          equipment: [
            { equipmentId: 'CNC-21', secondsPerUnit: 40 },
            { equipmentId: 'CNC-22', secondsPerUnit: 36 },
          ],
          qualificationId: 'machining',
          materials: [{ materialId: 'BAR-20', quantityPerUnit: 0.25 }],
          interruptible: true,
        },
        {
          segmentId: 'wash',
          sequence: 20,
          name: 'Wash',
          predecessors: ['turn'],
          equipment: [{ equipmentId: 'WASH-24', secondsPerUnit: 5 }],
          materials: [],
          interruptible: false,
        },
      ],
    },
  ],
  setupMatrices: [{ equipmentClassId: 'cnc', seconds: { shaft: { shaft: 300 } }, defaultSeconds: 1800 }],
  transportSeconds: 600,
};

/** Three orders of 120, 60 and 40 shafts. */
export const workRequests: WorkRequest[] = [120, 60, 40].map((quantity, i) => ({
  workRequestId: `WO-2600${String(i + 1)}`,
  customer: 'C-1',
  materialId: 'SH-20',
  quantity,
  releasedAt: now - 3600_000,
  dueAt: now + 8 * 3600_000,
  priority: 2,
  requestState: 'Released',
}));

/** Each order's two operations. */
export const jobOrders: JobOrder[] = workRequests.flatMap(({ workRequestId, quantity }) =>
  ['turn', 'wash'].map((segmentId, i) => ({
    jobOrderId: `${workRequestId}/${String(10 * (i + 1))}`,
    workRequestId,
    workMasterId: 'WM-SH-20',
    workMasterVersion: '3',
    segmentId,
    quantity,
    dispatchStatus: 'Waiting' as const,
    goodQuantity: 0,
  })),
);

/** Six operations on CNC-22 and WASH-24 from an hour from now on. */
export function livePlan(): WorkSchedule {
  return schedule('PLAN-LIVE', 'published', (jobOrderId, i) =>
    jobOrderId.endsWith('/10') ? place(jobOrderId, 'CNC-22', 60 + 30 * i) : place(jobOrderId, 'WASH-24', 90 + 30 * i),
  );
}

/** The live plan with the turning of the first two orders moved to CNC-21, ten minutes later. */
export function proposedPlan(scheduleId = 'PLAN-1'): WorkSchedule {
  const moved = ['WO-26001/10', 'WO-26002/10'];
  return {
    ...schedule(scheduleId, 'proposed', (jobOrderId) => {
      const entry = livePlan().entries.find((e) => e.jobOrderId === jobOrderId)!;
      if (!moved.includes(jobOrderId)) return entry;
      return { ...entry, equipmentId: 'CNC-21', start: entry.start + 10 * minute, end: entry.end + 10 * minute };
    }),
    baseScheduleId: 'PLAN-LIVE',
  };
}

function schedule(
  scheduleId: string,
  status: WorkSchedule['status'],
  entryOf: (jobOrderId: string, request: number) => ScheduleEntry,
): WorkSchedule {
  return {
    scheduleId,
    status,
    createdAt: now,
    from: now,
    frozenUntil: now + 30 * minute,
    label: scheduleId,
    seed: 1,
    inputDigest: '0'.repeat(64),
    entries: jobOrders
      .map(({ jobOrderId }, i) => entryOf(jobOrderId, Math.floor(i / 2)))
      .sort((a, b) => a.start - b.start || (a.jobOrderId < b.jobOrderId ? -1 : 1)),
  };
}

function place(jobOrderId: string, equipmentId: string, startMinute: number): ScheduleEntry {
  const start = now + startMinute * minute;
  return {
    jobOrderId,
    equipmentId,
    personId: 'OP-01',
    start,
    end: start + 20 * minute,
    setupSeconds: 300,
    frozen: false,
  };
}

const kpis: PlanKpis = {
  weightedTardinessSeconds: 0,
  lateOrders: 0,
  onTimeShare: 1,
  makespanSeconds: 9000,
  changeovers: 1,
  setupSeconds: 1800,
  stability: 0.67,
  workloadImbalance: 0.2,
  expectedScrap: 12,
  oee: 0.6,
};

/** One plan as a scenario, with its digest. */
export function scenario(plan: WorkSchedule, rank = 1): ScenarioRecord {
  const same = (value: number): KpiDistribution => ({ mean: value, p10: value, p50: value, p90: value });
  const shown = {
    plan,
    label: 'Turning moves to CNC-21',
    planned: kpis,
    simulated: Object.fromEntries(
      Object.entries(kpis).map(([k, v]: [string, number]) => [k, same(v)]),
    ) as ScenarioRecord['simulated'],
    oeeByLine: {},
    utilisation: {},
    bottleneck: null,
    changes: 2,
    staging: [
      {
        jobOrderId: 'WO-26001/10',
        materialId: 'BAR-20',
        lotId: 'LOT-7',
        quantity: 30,
        unit: 'm',
        from: 'STORE',
        to: 'CNC-21',
        needAt: now + 70 * minute,
      },
    ],
    instructionJobs: ['WO-26001/10', 'WO-26002/10'],
    violations: [],
    warnings: [],
    lateReasons: [],
    tardinessShares: [],
    replications: 30,
    plannedRank: 1,
    rank,
    pareto: true,
    doNothing: false,
  };
  return { ...shown, digest: digestOf(shownContent(shown)) };
}

/** A set of alternatives made from the inputs that the digest names. */
export function scenarioSet(inputsDigest: string, plans: WorkSchedule[] = [proposedPlan()]): ScenarioSet {
  return {
    requestId: 'REQ-1',
    basePlanId: 'PLAN-LIVE',
    createdAt: now,
    inputsDigest,
    seed: 1,
    replications: 20,
    dominated: 0,
    request: { frozenUntil: 0, horizon: 0, constraints: [] },
    unplanned: [],
    wishCosts: [],
    scenarios: plans.map((plan, i) => scenario(plan, i + 1)),
  };
}
