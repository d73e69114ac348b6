import { digestOf } from '../../src/audit/index.ts';
import { seededRandom, type Random } from '../../src/kernel/index.ts';
import {
  shownContent,
  type Equipment,
  type JobOrder,
  type PlanKpis,
  type PlanWarning,
  type PlantEventRecord,
  type PlantModel,
  type PlantState,
  type LateReason,
  type ScenarioRecord,
  type ScenarioSet,
  type TardinessShare,
  type TimeSplit,
  type ScheduleEntry,
  type WorkRequest,
  type WorkSchedule,
} from '../../src/plant/index.ts';

const hour = 3_600_000;
const minute = 60_000;

/** Tuesday 2026-11-24, 10:20 in Berlin. */
export const boardNow = Date.UTC(2026, 10, 24, 9, 20);

const lines: [string, string, string[]][] = [
  ['LINE-1', 'Line 1', ['SAW-11', 'CNC-12', 'CNC-13', 'WASH-14']],
  ['LINE-2', 'Line 2', ['CNC-21', 'CNC-22', 'GRIND-23', 'WASH-24']],
  ['LINE-3', 'Line 3', ['CNC-31', 'CNC-32', 'MILL-33', 'DEBURR-34']],
  ['LINE-4', 'Line 4', ['PRESS-41', 'ASM-42', 'TEST-43', 'PACK-44']],
];
const classOf = (machine: string) => machine.split('-')[0]!;
const machines = lines.flatMap(([, , names]) => names);
const products: Record<string, string[]> = {
  'PH-100': ['SAW', 'CNC', 'CNC', 'WASH', 'TEST'],
  'PH-200': ['SAW', 'CNC', 'MILL', 'DEBURR', 'WASH'],
  'IM-50': ['CNC', 'MILL', 'DEBURR', 'WASH', 'PACK'],
  'SH-20': ['SAW', 'CNC', 'GRIND', 'WASH', 'PACK'],
  'P-1': ['PRESS', 'ASM', 'TEST', 'PACK', 'PACK'],
};

/** A plant as large as the demo plant, made by a seed alone: no code of planning or twin takes part. */
export interface SyntheticPlant {
  model: PlantModel;
  state: PlantState;
  live: WorkSchedule;
  event: PlantEventRecord;
  set: ScenarioSet;
}

/** Sixty orders of five operations, a live plan with CNC-22 down, and `count` alternatives with plausible figures. */
export function syntheticPlant({ count = 50, orders = 60, inputsDigest = 'a'.repeat(64) } = {}): SyntheticPlant {
  const random = seededRandom(7, 'test/board');
  const model = plantModel();
  const state = plantState(random, model, orders);
  const down = {
    equipmentId: 'CNC-22',
    reason: 'breakdown',
    start: boardNow - 48 * minute,
    end: boardNow + 5.2 * hour,
  };
  const live = planOf(random, state, 'PLAN-LIVE', 'Live plan');
  live.status = 'published';
  state.unavailable.push(down);
  const scenarios = Array.from({ length: count }, (_, index) => scenario(random, state, live, down, index, count));
  rank(scenarios);
  for (const record of scenarios) record.digest = digestOf(shownContent(record));
  return {
    model,
    state,
    live,
    event: {
      eventId: 'EV-1',
      kind: 'machine-down',
      severity: 700,
      subject: 'CNC-22',
      start: down.start,
      expectedEnd: { p50: down.end, p90: down.end + 2.4 * hour, basis: 'reason-history' },
      reason: 'breakdown',
      evidence: [],
    },
    set: {
      requestId: 'REQ-1',
      eventId: 'EV-1',
      basePlanId: live.scheduleId,
      createdAt: boardNow - 2 * minute,
      inputsDigest,
      seed: 42,
      replications: 30,
      dominated: 3,
      request: { frozenUntil: 0, horizon: 0, constraints: [wish] },
      unplanned: [],
      wishCosts: [
        {
          constraint: wish,
          withIt: { weightedTardinessSeconds: 7_200, lateOrders: 3, changeovers: 40, stability: 0.7 },
          withoutIt: { weightedTardinessSeconds: 0, lateOrders: 2, changeovers: 41, stability: 0.8 },
        },
      ],
      scenarios,
    },
  };
}

function plantModel(): PlantModel {
  const equipment: Equipment[] = [
    { equipmentId: 'SITE', level: 'Site', name: 'Northfield' },
    ...lines.flatMap(([lineId, name, names]): Equipment[] => [
      { equipmentId: lineId, level: 'ProductionLine', parentId: 'SITE', name },
      ...names.map((equipmentId): Equipment => ({
        equipmentId,
        level: 'WorkUnit',
        parentId: lineId,
        name: equipmentId,
        equipmentClassId: classOf(equipmentId),
      })),
    ]),
  ];
  return {
    enterprise: 'Test',
    site: 'Northfield',
    calendar: {
      timeZone: 'Europe/Berlin',
      shifts: [
        { shiftId: 'early', name: 'Early', start: '06:00', end: '14:00', weekdays: [1, 2, 3, 4, 5, 6] },
        { shiftId: 'late', name: 'Late', start: '14:00', end: '22:00', weekdays: [1, 2, 3, 4, 5] },
        { shiftId: 'night', name: 'Night', start: '22:00', end: '06:00', weekdays: [1, 2, 3, 4, 5] },
      ],
      holidays: [],
    },
    equipment,
    persons: [],
    materials: Object.keys(products).map((materialId) => ({ materialId, name: materialId, unit: 'pcs' })),
    workMasters: Object.entries(products).map(([materialId, classes]) => ({
      workMasterId: `WM-${materialId}`,
      version: '1',
      materialId,
      segments: classes.map((name, index) => ({
        segmentId: `${materialId}-${(index + 1) * 10}`,
        sequence: (index + 1) * 10,
        name: name.toLowerCase(),
        predecessors: index === 0 ? [] : [`${materialId}-${index * 10}`],
        equipment: machines
          .filter((machine) => classOf(machine) === name)
          .map((equipmentId) => ({ equipmentId, secondsPerUnit: 90 })),
        materials: [],
        interruptible: true,
      })),
    })),
    setupMatrices: [],
    transportSeconds: 600,
  };
}

function plantState(random: Random, model: PlantModel, orders: number): PlantState {
  const workRequests: WorkRequest[] = [];
  const jobOrders: JobOrder[] = [];
  for (let index = 0; index < orders; index++) {
    const master = random.pick(model.workMasters);
    const workRequestId = `WO-${26_001 + index}`;
    const quantity = 15 + random.int(50);
    workRequests.push({
      workRequestId,
      customer: random.pick(['Aalto Pumps', 'Bergmann', 'Carrow Marine', 'Dietz', 'Elmfield']),
      materialId: master.materialId,
      quantity,
      releasedAt: boardNow - 24 * hour,
      dueAt: boardNow + (8 + index * 0.62 + random.int(14)) * hour,
      priority: 1 + random.int(4),
      requestState: 'Released',
    });
    for (const segment of master.segments)
      jobOrders.push({
        jobOrderId: `${workRequestId}/${segment.sequence}`,
        workRequestId,
        workMasterId: master.workMasterId,
        workMasterVersion: '1',
        segmentId: segment.segmentId,
        quantity,
        dispatchStatus: 'Waiting',
        goodQuantity: 0,
      });
  }
  return { at: boardNow, workRequests, jobOrders, lots: [], setupFamily: {}, unavailable: [], absences: [] };
}

/** What an alternative departs from, and how far. */
interface Departure {
  live: WorkSchedule;
  down: { equipmentId: string; end: number };
  /** Orders whose urgency changes. */
  moves: number;
}

/**
 * A list schedule: orders by due date, each operation on the machine of its class that is free first. An alternative
 * keeps what has begun, and the live plan's machine where that costs it less than half an hour.
 */
function planOf(
  random: Random,
  state: PlantState,
  scheduleId: string,
  label: string,
  departure?: Departure,
): WorkSchedule {
  const from = boardNow - 6 * hour;
  const live = new Map(departure?.live.entries.map((entry) => [entry.jobOrderId, entry]));
  const begun = [...live.values()].filter(({ start }) => start < boardNow);
  const free = new Map(machines.map((machine) => [machine, departure ? boardNow : from]));
  for (const { equipmentId, end } of begun) free.set(equipmentId, Math.max(end, free.get(equipmentId)!));
  if (departure) free.set(departure.down.equipmentId, departure.down.end);
  const urgency = new Map(state.workRequests.map(({ workRequestId, dueAt }) => [workRequestId, dueAt]));
  for (let move = 0; move < (departure?.moves ?? 0); move++) {
    const { workRequestId, dueAt } = random.pick(state.workRequests);
    urgency.set(workRequestId, dueAt + random.normal() * 6 * hour);
  }
  const sequence = [...state.workRequests].sort(
    (a, b) => urgency.get(a.workRequestId)! - urgency.get(b.workRequestId)!,
  );
  const entries: ScheduleEntry[] = [...begun];
  for (const request of sequence) {
    let ready = departure ? boardNow : from;
    products[request.materialId]!.forEach((name, index) => {
      const jobOrderId = `${request.workRequestId}/${(index + 1) * 10}`;
      const was = live.get(jobOrderId);
      if (was && was.start < boardNow) {
        ready = was.end + 5 * minute;
        return;
      }
      const startOn = (machine: string) =>
        Math.max(ready, free.get(machine)!) - (machine === was?.equipmentId ? 0.5 * hour : 0);
      const choice = machines
        .filter((machine) => classOf(machine) === name)
        .sort((a, b) => startOn(a) - startOn(b) || (a < b ? -1 : 1))[0]!;
      const start = Math.max(ready, free.get(choice)!, was && was.equipmentId === choice ? was.start : 0);
      const setupSeconds = (index + request.quantity) % 3 === 0 ? 1_500 : 0;
      const length = request.quantity * (60 + ((index * 37 + request.quantity * 11) % 70)) * 1_000;
      const end = start + setupSeconds * 1_000 + length;
      free.set(choice, end);
      ready = end + 5 * minute;
      const personId = `OP-${String(1 + ((index + request.quantity) % 24)).padStart(2, '0')}`;
      const frozen = start < boardNow + 30 * minute;
      entries.push({ jobOrderId, equipmentId: choice, personId, start, end, setupSeconds, frozen });
    });
  }
  entries.sort((a, b) => a.start - b.start);
  return {
    scheduleId,
    ...(departure ? { baseScheduleId: departure.live.scheduleId } : {}),
    status: 'proposed',
    createdAt: boardNow - 2 * minute,
    from,
    frozenUntil: boardNow + 30 * minute,
    label,
    seed: 42,
    inputDigest: 'b'.repeat(64),
    entries,
  };
}

/** Labels as planning makes them, some with their wording. */
const wish = { kind: 'must-be-on-time', subject: 'WO-26001' } as const;

const labels: Pick<ScenarioRecord, 'label' | 'wording'>[] = [
  {
    label: 'Fewest late orders: 12 fewer late orders than doing nothing; 40 % of operations move',
    wording: { key: 'best', params: { kpi: 'lateOrders', amount: '12', price: 'stability', priceAmount: '40' } },
  },
  {
    label: '17.5 h less weighted lateness, 3 fewer changeovers; done 1.5 h later',
    wording: {
      key: 'trade-off',
      params: {
        gain: 'weightedTardinessSeconds',
        gainAmount: '17.5',
        secondGain: 'changeovers',
        secondAmount: '3',
        price: 'makespanSeconds',
        priceAmount: '1.5',
      },
    },
  },
  { label: 'Much like doing nothing', wording: { key: 'alike', params: {} } },
  { label: 'A label without a wording' },
];
const nothing: Pick<ScenarioRecord, 'label' | 'wording'> = {
  label: 'Doing nothing: the live plan goes on',
  wording: { key: 'doing-nothing', params: {} },
};

function scenario(
  random: Random,
  state: PlantState,
  live: WorkSchedule,
  down: { equipmentId: string; end: number },
  index: number,
  count: number,
): ScenarioRecord {
  const doNothing = index === count - 1;
  const words = doNothing ? nothing : labels[index % labels.length]!;
  const planId = `PLAN-${String(index + 1).padStart(3, '0')}`;
  const plan = planOf(random, state, planId, words.label, { live, down, moves: 1 + Math.floor(index / 3) });
  const before = new Map(live.entries.map((entry) => [entry.jobOrderId, entry]));
  const moved = plan.entries.filter((entry) => {
    const was = before.get(entry.jobOrderId)!;
    return was.equipmentId !== entry.equipmentId || Math.abs(was.start - entry.start) > 5 * minute;
  });
  const lateReasons = state.workRequests.flatMap((request) => {
    const own = plan.entries.filter((entry) => entry.jobOrderId.startsWith(`${request.workRequestId}/`));
    const last = own.reduce((a, b) => (a.end > b.end ? a : b));
    if (last.end <= request.dueAt) return [];
    const { jobOrderId, equipmentId } = last;
    const wait = random.pick([
      { reason: 'machine-busy', subject: equipmentId, by: 'WO-OTHER/10' },
      { reason: 'machine-closed', subject: 'CNC-22' },
      { reason: 'material', subject: 'SEAL-12' },
    ] as const);
    const { reason, subject } = wait;
    const lateSeconds = Math.round((last.end - request.dueAt) / 1_000);
    const seconds = (last.end - last.start) / 1_000;
    const run = { reason: 'run-time', subject: equipmentId, from: last.start, to: last.end, seconds } as const;
    const waited = { ...wait, from: boardNow, to: last.start, seconds: (last.start - boardNow) / 1_000 };
    const chain = [run, waited].map((link) => ({ jobOrderId, equipmentId, ...link }));
    return [{ workRequestId: request.workRequestId, lateSeconds, jobOrderId, reason, subject, chain }];
  });
  const planned: PlanKpis = {
    weightedTardinessSeconds: lateReasons.reduce((sum, { lateSeconds }) => sum + lateSeconds, 0),
    lateOrders: lateReasons.length,
    onTimeShare: 1 - lateReasons.length / state.workRequests.length,
    makespanSeconds: Math.round((Math.max(...plan.entries.map((entry) => entry.end)) - boardNow) / 1_000),
    changeovers: 58 + random.int(28) - Math.floor(index / 5),
    setupSeconds: plan.entries.reduce((sum, entry) => sum + entry.setupSeconds, 0),
    stability: 1 - moved.length / plan.entries.length,
    workloadImbalance: 0.15 + random.next() * 0.3,
    expectedScrap: 18 + random.next() * 14,
    oee: 0.5 + random.next() * 0.2,
  };
  const spread = (name: string, value: number) => {
    const most = name === 'stability' || name === 'onTimeShare' ? 1 : Infinity;
    const width = value * (0.05 + random.next() * 0.12);
    const [p10, p90] = [Math.max(0, value - width), Math.min(most, value + width * 1.5)];
    return { mean: Math.min(p90, value + width * 0.2), p10, p50: value, p90 };
  };
  return {
    plan,
    digest: '',
    ...words,
    planned,
    simulated: Object.fromEntries(
      Object.entries(planned).map(([name, value]: [string, number]) => [name, spread(name, value)]),
    ) as unknown as ScenarioRecord['simulated'],
    oeeByLine: Object.fromEntries(
      lines.map(([lineId], line) => {
        const [availability, quality] = [0.55 + 0.05 * line + 0.002 * index, 0.97 - 0.01 * line];
        const oee = availability * quality;
        return [
          lineId,
          { planned: { availability, performance: 1, quality, oee }, simulated: spread('oee', 0.9 * oee) },
        ];
      }),
    ),
    utilisation: Object.fromEntries(machines.map((id, nth) => [id, splitOf(nth + index)])),
    bottleneck: machines[index % 3]!,
    changes: moved.length,
    staging: moved.slice(0, 8).map((entry, nth) => ({
      jobOrderId: entry.jobOrderId,
      materialId: random.pick(['BAR-40', 'CAST-PH', 'SEAL-12']),
      ...(nth % 2 === 0 ? { lotId: `LOT-${700 + nth}` } : {}),
      quantity: 20 + nth * 5,
      unit: 'pcs',
      from: 'STORE-A',
      to: entry.equipmentId,
      needAt: entry.start - 20 * minute,
    })),
    instructionJobs: moved.map((entry) => entry.jobOrderId),
    violations:
      index % 9 === 4
        ? [
            {
              key: 'must-be-on-time' as const,
              params: {
                subject: 'WO-26017',
                dueAt: '2026-11-25T10:00:00.000Z',
                endAt: '2026-11-25T12:00:00.000Z',
              },
              text: 'WO-26017 must be on time',
            },
          ]
        : [],
    warnings: index % 7 === 2 ? warnings : [],
    lateReasons,
    tardinessShares: sharesOf(lateReasons),
    replications: 30,
    rank: 0,
    plannedRank: index + 1,
    pareto: false,
    doNothing,
  };
}

const warnings: PlanWarning[] = [
  {
    key: 'new-bottleneck',
    params: { machine: 'CNC-12', hours: 5.2, hoursBefore: 3.1 },
    text: 'CNC-12 becomes the bottleneck: 5.2 h at a time without a wait, 3.1 h when doing nothing',
  },
  {
    key: 'must-be-on-time',
    params: { subject: 'WO-26007', percent: 34, percentBefore: 12 },
    text: 'WO-26007 must be on time, but ends late in 34 % of the simulated runs (12 % when doing nothing)',
  },
];

function splitOf(nth: number): TimeSplit {
  const [busy, setup, down] = [0.35 + 0.03 * (nth % 9), 0.06, 0.03 + 0.01 * (nth % 3)];
  const [blocked, waitingForOperator] = [0.01 * (nth % 4), 0.02 * (nth % 5)];
  return {
    busy,
    setup,
    blocked,
    starved: 1 - busy - setup - down - blocked - waitingForOperator,
    down,
    waitingForOperator,
  };
}

function rank(scenarios: ScenarioRecord[]): void {
  const score = ({ simulated, doNothing }: ScenarioRecord) =>
    simulated.lateOrders.mean + simulated.weightedTardinessSeconds.mean / 36_000 + (doNothing ? 20 : 0);
  const better = (a: ScenarioRecord, b: ScenarioRecord) =>
    (['weightedTardinessSeconds', 'changeovers', 'stability'] as const).every((name) =>
      name === 'stability'
        ? a.simulated[name].mean >= b.simulated[name].mean
        : a.simulated[name].mean <= b.simulated[name].mean,
    );
  scenarios.sort((a, b) => score(a) - score(b));
  scenarios.forEach((record, index) => {
    record.rank = index + 1;
    record.pareto = !scenarios.some((other) => other !== record && better(other, record));
  });
}

function sharesOf(reasons: readonly LateReason[]): TardinessShare[] {
  const byReason = Map.groupBy(reasons, ({ reason }) => reason);
  return [...byReason]
    .map(([reason, list]) => ({
      reason,
      seconds: list.reduce((sum, { lateSeconds }) => sum + lateSeconds, 0),
      subject: list[0]!.subject,
    }))
    .sort((a, b) => b.seconds - a.seconds);
}
