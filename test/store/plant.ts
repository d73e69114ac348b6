import type {
  JobOrder,
  KpiDistribution,
  MaterialLot,
  PlanKpis,
  PlantEventRecord,
  PlantModel,
  ScenarioRecord,
  ScenarioSet,
  WorkRequest,
  WorkSchedule,
} from '../../src/plant/index.ts';
import { shownContent } from '../../src/plant/index.ts';
import { digestOf } from '../../src/audit/index.ts';

/** 2026-11-24 08:00 UTC. */
export const now = Date.UTC(2026, 10, 24, 8);
export const minute = 60_000;
export const hour = 60 * minute;
export const actor = { id: 'node-1' };

/** A small plant that uses every optional part of the model. */
export const model: PlantModel = {
  enterprise: 'Test',
  site: 'Works',
  calendar: {
    timeZone: 'Europe/Berlin',
    shifts: [
      { shiftId: 'early', name: 'Early', start: '06:00', end: '14:00', weekdays: [1, 2, 3] },
      { shiftId: 'night', name: 'Night', start: '22:00', end: '06:00', weekdays: [5] },
    ],
    holidays: ['2026-12-25', '2026-01-01'],
  },
  equipment: [
    { equipmentId: 'TEST', level: 'Enterprise', name: 'Test' },
    { equipmentId: 'WORKS', level: 'Site', parentId: 'TEST', name: 'Works' },
    { equipmentId: 'MACHINING', level: 'Area', parentId: 'WORKS', name: 'Machining' },
    { equipmentId: 'LINE-2', level: 'ProductionLine', parentId: 'MACHINING', name: 'Line 2' },
    { equipmentId: 'CNC-22', level: 'WorkUnit', parentId: 'LINE-2', equipmentClassId: 'cnc', name: 'CNC 22' },
    { equipmentId: 'CNC-21', level: 'WorkUnit', parentId: 'LINE-2', equipmentClassId: 'cnc', name: 'CNC 21' },
    { equipmentId: 'WASH-24', level: 'WorkUnit', parentId: 'LINE-2', name: 'Wash 24', batchCapacity: 60 },
    { equipmentId: 'LINE-3', level: 'ProductionLine', parentId: 'MACHINING', name: 'Line 3' },
  ],
  persons: [
    { personId: 'OP-02', qualificationIds: ['turning', 'grinding'], shiftId: 'early' },
    { personId: 'OP-01', qualificationIds: [], mostHoursPerDay: 10, mostHoursPerWeek: 38.5 },
  ],
  materials: [
    { materialId: 'SH-20', name: 'Shaft', unit: 'pcs', setupFamily: 'shaft' },
    { materialId: 'PH-100', name: 'Housing', unit: 'pcs', setupFamily: 'housing' },
    { materialId: 'BAR', name: 'Bar', unit: 'm' },
  ],
  workMasters: [
    {
      workMasterId: 'WM-SH-20',
      version: '2',
      materialId: 'SH-20',
      segments: [
        {
          segmentId: 'turn',
          sequence: 10,
          name: 'Turn',
          predecessors: [],
          equipment: [
            { equipmentId: 'CNC-22', secondsPerUnit: 61.5 },
            { equipmentId: 'CNC-21', secondsPerUnit: 70 },
          ],
          qualificationId: 'turning',
          materials: [{ materialId: 'BAR', quantityPerUnit: 0.35 }],
          interruptible: true,
          afterInterruption: 'resume',
          toolIds: ['CHUCK', 'ARBOR'],
          lots: { mostLots: 3, leastQuantity: 12.5 },
        },
        {
          segmentId: 'wash',
          sequence: 20,
          name: 'Wash',
          predecessors: ['turn'],
          equipment: [{ equipmentId: 'WASH-24', secondsPerUnit: 8, secondsPerBatch: 900 }],
          materials: [],
          interruptible: false,
          afterInterruption: 'scrap',
          lags: [{ predecessor: 'turn', minSeconds: 60, maxSeconds: 7200.5 }],
        },
        {
          segmentId: 'inspect',
          sequence: 30,
          name: 'Inspect',
          predecessors: ['turn', 'wash'],
          equipment: [{ equipmentId: 'CNC-21', secondsPerUnit: 1 }],
          materials: [],
          interruptible: false,
          afterInterruption: 'restart',
          lags: [{ predecessor: 'wash', transferQuantity: 5 }, { predecessor: 'turn' }],
        },
      ],
    },
  ],
  setupMatrices: [
    {
      equipmentClassId: 'cnc',
      defaultSeconds: 1800,
      seconds: { shaft: { shaft: 0, housing: 1200 }, housing: { shaft: 1500.5 } },
    },
  ],
  transportSeconds: 900,
  transportTimes: [
    { fromLineId: 'LINE-2', toLineId: 'LINE-3', seconds: 1200 },
    { fromLineId: 'LINE-3', toLineId: 'LINE-2', seconds: 0 },
  ],
  tools: [
    { toolId: 'CHUCK', name: 'Chuck', copies: 2 },
    { toolId: 'ARBOR', name: 'Arbor', copies: 0 },
  ],
};

export function workRequest(id: string, changes: Partial<WorkRequest> = {}): WorkRequest {
  return {
    workRequestId: id,
    customer: 'C-1',
    materialId: 'SH-20',
    quantity: 40,
    releasedAt: now - 24 * hour,
    dueAt: now + 48 * hour,
    priority: 2,
    requestState: 'Released',
    ...changes,
  };
}

export function jobOrder(workRequestId: string, sequence: 10 | 20, changes: Partial<JobOrder> = {}): JobOrder {
  return {
    jobOrderId: `${workRequestId}/${sequence}`,
    workRequestId,
    workMasterId: 'WM-SH-20',
    workMasterVersion: '2',
    segmentId: sequence === 10 ? 'turn' : 'wash',
    quantity: 40,
    dispatchStatus: 'Waiting',
    goodQuantity: 0,
    ...changes,
  };
}

export function lot(lotId: string, changes: Partial<MaterialLot> = {}): MaterialLot {
  return {
    lotId,
    materialId: 'BAR',
    quantity: 12.5,
    unit: 'm',
    availableAt: now - hour,
    locationId: 'STORE',
    ...changes,
  };
}

export function machineDown(eventId: string, changes: Partial<PlantEventRecord> = {}): PlantEventRecord {
  return {
    eventId,
    kind: 'machine-down',
    severity: 700,
    subject: 'CNC-22',
    start: now - 10 * minute,
    expectedEnd: { p50: now + hour, p90: now + 4 * hour, basis: 'reason-history' },
    reason: 'breakdown',
    evidence: [{ name: 'state', value: 'Aborted' }],
    ...changes,
  };
}

/** A plan of so many operations, one after the other on two machines. */
export function schedule(scheduleId: string, changes: Partial<WorkSchedule> = {}, operations = 6): WorkSchedule {
  return {
    scheduleId,
    status: 'proposed',
    createdAt: now,
    from: now,
    frozenUntil: now + hour,
    label: `plan ${scheduleId}`,
    seed: 7,
    inputDigest: 'ab'.repeat(32),
    entries: Array.from({ length: operations }, (_, i) => ({
      jobOrderId: `WO-${Math.floor(i / 2)}/${i % 2 === 0 ? 10 : 20}`,
      equipmentId: i % 2 === 0 ? 'CNC-22' : 'WASH-24',
      ...(i % 3 === 0 ? { personId: 'OP-02' } : {}),
      start: now + i * hour,
      end: now + (i + 1) * hour,
      setupSeconds: i % 2 === 0 ? 1200.25 : 0,
      frozen: i === 0,
    })),
    ...changes,
  };
}

const kpis: PlanKpis = {
  weightedTardinessSeconds: 0.1 + 0.2,
  lateOrders: 3,
  onTimeShare: 1 / 3,
  makespanSeconds: 1e21,
  changeovers: 0,
  setupSeconds: 1234.5678901234567,
  stability: 5e-324,
  workloadImbalance: -0,
  expectedScrap: 12,
  oee: 0.6,
};

/** One alternative with awkward numbers and texts, and its true digest. */
function scenario(planId: string, rank: number, operations = 6): ScenarioRecord {
  const distribution = (mean: number): KpiDistribution => ({ mean, p10: mean / 3, p50: mean, p90: mean * 1.1 });
  const names = Object.keys(kpis) as (keyof PlanKpis)[];
  const record: Omit<ScenarioRecord, 'digest'> = {
    plan: schedule(planId, { baseScheduleId: 'LIVE' }, operations),
    label: 'Fewest changes – „ruhig“ 😀',
    planned: kpis,
    simulated: Object.fromEntries(names.map((name) => [name, distribution(kpis[name])])) as ScenarioRecord['simulated'],
    oeeByLine: {
      'LINE-1': {
        planned: { availability: 0.7, performance: 1, quality: 0.9, oee: 0.63 },
        simulated: distribution(0.1 + 0.2),
      },
    },
    utilisation: {
      'CNC-22': { busy: 0.5, setup: 0.1, blocked: 0, starved: 0.3, down: 0.1, waitingForOperator: 0 },
    },
    bottleneck: 'CNC-22',
    changes: 4,
    staging: [
      {
        jobOrderId: 'WO-0/10',
        materialId: 'BAR',
        lotId: 'L-1',
        quantity: 14.000000000000002,
        unit: 'm',
        from: 'STORE',
        to: 'CNC-22',
        needAt: now + hour,
      },
    ],
    instructionJobs: ['WO-0/10'],
    violations: [{ key: 'must-be-on-time', params: { subject: 'WO-2' }, text: 'WO-2 must be on time' }],
    warnings: [{ key: 'more-scrap', params: { parts: 3, all: 12 }, text: '3 more parts of scrap' }],
    lateReasons: [
      {
        workRequestId: 'WO-2',
        lateSeconds: 0.1,
        reason: 'machine-busy',
        jobOrderId: 'WO-2/10',
        subject: 'CNC-22',
        chain: [
          {
            jobOrderId: 'WO-2/10',
            equipmentId: 'CNC-22',
            reason: 'machine-busy',
            subject: 'CNC-22',
            by: 'WO-0/10',
            from: now,
            to: now + hour,
            seconds: 3600,
          },
        ],
      },
    ],
    tardinessShares: [{ reason: 'machine-busy', seconds: 0.1, subject: 'CNC-22' }],
    replications: 30,
    plannedRank: 1,
    rank,
    pareto: rank === 1,
    doNothing: rank === 2,
  };
  return { ...record, digest: digestOf(shownContent(record)) };
}

export function scenarioSet(
  requestId: string,
  plans: number,
  changes: Partial<ScenarioSet> = {},
  operations = 6,
): ScenarioSet {
  return {
    requestId,
    eventId: 'E-1',
    basePlanId: 'LIVE',
    createdAt: now,
    inputsDigest: 'cd'.repeat(32),
    seed: 4,
    replications: 20,
    dominated: 3,
    request: { frozenUntil: 0, horizon: 0, constraints: [] },
    unplanned: [],
    wishCosts: [],
    scenarios: Array.from({ length: plans }, (_, i) => scenario(`${requestId}-P${i}`, i + 1, operations)),
    ...changes,
  };
}
