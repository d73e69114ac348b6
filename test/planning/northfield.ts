import { isoInstant, seededRandom } from '../../src/kernel/index.ts';
import type {
  Equipment,
  JobOrder,
  MaterialLot,
  PlantModel,
  PlantState,
  ProcessSegment,
  WorkRequest,
  WorkSchedule,
} from '../../src/plant/index.ts';
import { buildProblem, Decoder, dispatch, toWorkSchedule, type PlanningRequest } from '../../src/planning/index.ts';

const hour = 3_600_000;
/** Tuesday 2026-11-24, 09:00 in Berlin. */
export const testNow = Date.UTC(2026, 10, 24, 8, 0, 0);

const lines: [string, string, string[]][] = [
  ['LINE-1', 'Machining', ['SAW-11', 'CNC-12', 'CNC-13', 'WASH-14']],
  ['LINE-2', 'Machining', ['CNC-21', 'CNC-22', 'GRIND-23', 'WASH-24']],
  ['LINE-3', 'Machining', ['CNC-31', 'CNC-32', 'MILL-33', 'DEBURR-34']],
  ['LINE-4', 'Assembly', ['PRESS-41', 'ASM-42', 'TEST-43', 'PACK-44']],
];
const classOf = (machine: string) => machine.split('-')[0]!.toLowerCase();
const qualificationOf: Record<string, string | undefined> = {
  saw: 'machining',
  cnc: 'machining',
  mill: 'machining',
  grind: 'grinding',
  deburr: 'finishing',
  press: 'assembly',
  asm: 'assembly',
  test: 'testing',
};
const products: [string, string, string[]][] = [
  ['PH-100', 'housing', ['saw', 'cnc', 'cnc', 'wash', 'test']],
  ['PH-200', 'housing', ['saw', 'cnc', 'mill', 'deburr', 'wash', 'test']],
  ['IM-50', 'impeller', ['cnc', 'mill', 'deburr', 'wash']],
  ['IM-80', 'impeller', ['cnc', 'mill', 'deburr', 'wash', 'test']],
  ['SH-20', 'shaft', ['saw', 'cnc', 'grind', 'wash']],
  ['BR-10', 'bracket', ['saw', 'mill', 'deburr', 'wash', 'pack']],
  ['P-1', 'pump', ['press', 'asm', 'test', 'pack']],
  ['P-2', 'pump-large', ['press', 'asm', 'test', 'pack']],
];

/** A plant of Northfield's size; everything by seed. */
export function northfieldModel(seed = 1): PlantModel {
  const random = seededRandom(seed, 'test/model');
  const equipment: Equipment[] = [
    { equipmentId: 'ENT', level: 'Enterprise', name: 'Test' },
    { equipmentId: 'SITE', level: 'Site', parentId: 'ENT', name: 'Northfield' },
  ];
  for (const [line, area, machines] of lines) {
    if (!equipment.some((e) => e.equipmentId === area))
      equipment.push({ equipmentId: area, level: 'Area', parentId: 'SITE', name: area });
    equipment.push({ equipmentId: line, level: 'ProductionLine', parentId: area, name: line });
    for (const equipmentId of machines)
      equipment.push({
        equipmentId,
        level: 'WorkUnit',
        parentId: line,
        name: equipmentId,
        equipmentClassId: classOf(equipmentId),
      });
  }
  const machinesOfClass = (name: string) =>
    equipment.filter((e) => e.equipmentClassId === name).map((e) => e.equipmentId);
  const families = [...new Set(products.map(([, family]) => family))];
  return {
    enterprise: 'ENT',
    site: 'SITE',
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
    persons: Array.from({ length: 30 }, (_, i) => ({
      personId: `OP-${String(i + 1).padStart(2, '0')}`,
      shiftId: ['early', 'late', 'night'][i % 3]!,
      qualificationIds: [
        [
          'machining',
          'machining',
          'machining',
          'machining',
          'machining',
          'grinding',
          'finishing',
          'assembly',
          'assembly',
          'testing',
        ][Math.floor(i / 3)]!,
        ...(random.next() < 0.4 ? [random.pick(['machining', 'finishing', 'testing', 'assembly'])] : []),
      ],
    })),
    materials: [
      ...products.map(([materialId, setupFamily]) => ({ materialId, name: materialId, unit: 'pcs', setupFamily })),
      { materialId: 'BAR', name: 'Bar', unit: 'pcs' },
      { materialId: 'CAST', name: 'Casting', unit: 'pcs' },
    ],
    workMasters: products.map(([materialId, , classes]) => ({
      workMasterId: `WM-${materialId}`,
      version: '1',
      materialId,
      segments: classes.map((name, i): ProcessSegment => {
        const qualificationId = qualificationOf[name];
        const base = 40 + random.int(140);
        const machines = machinesOfClass(name).filter((_, k) => k === 0 || random.next() < 0.7);
        return {
          segmentId: `${materialId}-${String((i + 1) * 10)}`,
          sequence: (i + 1) * 10,
          name,
          predecessors: i === 0 ? [] : [`${materialId}-${String(i * 10)}`],
          equipment: machines.map((equipmentId) => ({
            equipmentId,
            secondsPerUnit: Math.round(base * (0.85 + random.next() * 0.4)),
          })),
          ...(qualificationId === undefined ? {} : { qualificationId }),
          materials:
            i > 0
              ? []
              : [{ materialId: name === 'saw' ? 'BAR' : name === 'press' ? 'SH-20' : 'CAST', quantityPerUnit: 1 }],
          interruptible: name !== 'test' && name !== 'wash',
        };
      }),
    })),
    setupMatrices: ['cnc', 'mill', 'grind', 'saw', 'asm'].map((equipmentClassId) => ({
      equipmentClassId,
      defaultSeconds: 1800,
      seconds: Object.fromEntries(
        families.map((a) => [a, Object.fromEntries(families.map((b) => [b, a === b ? 0 : 600 + random.int(3000)]))]),
      ),
    })),
    transportSeconds: 900,
  };
}

/** A state with so many open work requests; some operations are running or completed. */
export function northfieldState(model: PlantModel, seed = 1, requests = 60): PlantState {
  const random = seededRandom(seed, 'test/state');
  const workRequests: WorkRequest[] = [];
  const jobOrders: JobOrder[] = [];
  const busy = new Set<string>();
  for (let r = 0; r < requests; r++) {
    const master = random.pick(model.workMasters);
    const workRequestId = `WO-${String(26001 + r)}`;
    const quantity = 20 + random.int(80);
    workRequests.push({
      workRequestId,
      customer: `C-${String(random.int(9))}`,
      materialId: master.materialId,
      quantity,
      releasedAt: testNow + (random.next() < 0.7 ? -24 : random.int(30)) * hour,
      dueAt: testNow + (8 + random.int(110)) * hour,
      priority: 1 + random.int(4),
      requestState: 'Released',
    });
    const runs = r < 12 ? random.int(master.segments.length) : -1;
    master.segments.forEach((segment, s) => {
      const machine = segment.equipment.find((e) => !busy.has(e.equipmentId));
      const running = s === runs && machine !== undefined;
      const completed = s < runs;
      if (running) busy.add(machine.equipmentId);
      jobOrders.push({
        jobOrderId: `${workRequestId}/${String(segment.sequence)}`,
        workRequestId,
        workMasterId: master.workMasterId,
        workMasterVersion: master.version,
        segmentId: segment.segmentId,
        quantity,
        dispatchStatus: running ? 'Running' : completed ? 'Completed' : 'Waiting',
        goodQuantity: completed ? quantity : running ? random.int(quantity) : 0,
        ...(running ? { equipmentId: machine.equipmentId, startedAt: testNow - (1 + random.int(120)) * 60_000 } : {}),
        ...(completed
          ? {
              equipmentId: segment.equipment[0]!.equipmentId,
              startedAt: testNow - 9 * hour,
              endedAt: testNow - 3 * hour,
            }
          : {}),
      });
    });
  }
  const lot = (lotId: string, materialId: string, quantity: number, inHours: number): MaterialLot => ({
    lotId,
    materialId,
    quantity,
    unit: 'pcs',
    availableAt: testNow + inHours * hour,
    locationId: 'STORE',
  });
  const families = [...new Set(model.materials.flatMap((m) => m.setupFamily ?? []))];
  return {
    at: testNow,
    workRequests,
    jobOrders,
    lots: [
      lot('L-1', 'BAR', 600, -5),
      lot('L-2', 'BAR', 20_000, 20),
      lot('L-3', 'CAST', 500, -5),
      lot('L-4', 'CAST', 20_000, 16),
      lot('L-5', 'SH-20', 200, -5),
      lot('L-6', 'SH-20', 20_000, 40),
    ],
    setupFamily: Object.fromEntries(
      model.equipment.filter((e) => e.level === 'WorkUnit').map((e) => [e.equipmentId, random.pick(families)]),
    ),
    unavailable: [
      { equipmentId: 'GRIND-23', reason: 'planned-maintenance', start: testNow + 30 * hour, end: testNow + 34 * hour },
    ],
    absences: [{ personId: 'OP-02', start: testNow, end: testNow + 30 * hour }],
  };
}

/** A request without constraints; nothing is frozen. */
export function plainRequest(changes: Partial<PlanningRequest> = {}): PlanningRequest {
  return { from: testNow, frozenUntil: testNow, horizon: testNow + 7 * 24 * hour, constraints: [], ...changes };
}

/** A live plan by earliest due date. */
function livePlanOf(model: PlantModel, state: PlantState): WorkSchedule {
  const problem = buildProblem(model, state, undefined, plainRequest());
  const decoder = new Decoder(problem);
  const plan = decoder.decode(dispatch(problem, decoder, 'earliest-due-date'));
  return toWorkSchedule(problem, plan, { scheduleId: 'LIVE', createdAt: testNow, label: 'Live', seed: 1 });
}

/** What a plan is made from, at Northfield's size. */
export interface Situation {
  model: PlantModel;
  state: PlantState;
  live: WorkSchedule;
  request: PlanningRequest;
}

/** The machine on which the live plan works most in [from, to), among those that have an alternative. */
function busiestMachine(model: PlantModel, live: WorkSchedule, from: number, to: number): string {
  const choices = model.workMasters.flatMap((m) => m.segments).filter((s) => s.equipment.length > 1);
  const shared = new Set(choices.flatMap((s) => s.equipment.map((e) => e.equipmentId)));
  const work = new Map<string, number>();
  for (const { equipmentId, start, end } of live.entries)
    if (shared.has(equipmentId))
      work.set(equipmentId, (work.get(equipmentId) ?? 0) + Math.max(0, Math.min(end, to) - Math.max(start, from)));
  return [...work].sort((a, b) => b[1] - a[1])[0]![0];
}

/** A plant with a live plan, before anything happens. */
export function quietSituation(seed = 1, requests = 60): Situation {
  const model = northfieldModel(seed);
  const state = northfieldState(model, seed, requests);
  return { model, state, live: livePlanOf(model, state), request: plainRequest({ frozenUntil: testNow + hour }) };
}

/** Events that a plan must answer, by name: each makes another situation out of a quiet one. */
export const events: Record<string, (quiet: Situation) => Situation> = {
  'machine down': (quiet) => {
    const equipmentId = busiestMachine(quiet.model, quiet.live, testNow, testNow + 12 * hour);
    const stop = { equipmentId, reason: 'breakdown', start: testNow, end: testNow + 12 * hour };
    return { ...quiet, state: { ...quiet.state, unavailable: [...quiet.state.unavailable, stop] } };
  },
  'operator absent': (quiet) => {
    const absences = quiet.model.persons
      .filter((person) => person.qualificationIds.includes('machining') && person.shiftId === 'early')
      .slice(1)
      .map(({ personId }) => ({ personId, start: testNow, end: testNow + 72 * hour }));
    return { ...quiet, state: { ...quiet.state, absences: [...quiet.state.absences, ...absences] } };
  },
  'material late': (quiet) => ({
    ...quiet,
    state: {
      ...quiet.state,
      lots: quiet.state.lots.map((lot) =>
        lot.availableAt > testNow ? { ...lot, availableAt: lot.availableAt + 24 * hour } : lot,
      ),
    },
  }),
  'rush order': (quiet) => {
    const master = quiet.model.workMasters.find((m) => m.materialId === 'SH-20')!;
    const rush: WorkRequest = {
      workRequestId: 'WO-RUSH',
      customer: 'C-1',
      materialId: 'SH-20',
      quantity: 30,
      releasedAt: testNow,
      dueAt: testNow + 16 * hour,
      priority: 1,
      requestState: 'Released',
    };
    const jobs = master.segments.map((segment): JobOrder => ({
      jobOrderId: `WO-RUSH/${String(segment.sequence)}`,
      workRequestId: 'WO-RUSH',
      workMasterId: master.workMasterId,
      workMasterVersion: master.version,
      segmentId: segment.segmentId,
      quantity: 30,
      dispatchStatus: 'Waiting',
      goodQuantity: 0,
    }));
    const { workRequests, jobOrders } = quiet.state;
    return {
      ...quiet,
      state: { ...quiet.state, workRequests: [...workRequests, rush], jobOrders: [...jobOrders, ...jobs] },
    };
  },
  'quality hold': (quiet) => ({
    ...quiet,
    state: {
      ...quiet.state,
      workRequests: quiet.state.workRequests.map((request, i) =>
        i % 10 === 3 ? { ...request, requestState: 'Held' as const } : request,
      ),
    },
  }),
  'wishes of a planner': (quiet) => ({
    ...quiet,
    request: {
      ...quiet.request,
      constraints: [
        {
          kind: 'overtime',
          subject: 'LINE-4',
          from: isoInstant(testNow + 101 * hour),
          to: isoInstant(testNow + 113 * hour),
        },
        { kind: 'forbid-machine', subject: 'CNC-12', from: isoInstant(testNow), to: isoInstant(testNow + 30 * hour) },
        { kind: 'no-split', subject: 'WO-26030' },
        { kind: 'must-be-on-time', subject: 'WO-26040' },
        { kind: 'lock', subject: quiet.live.entries.find((e) => e.start > testNow + 20 * hour)!.jobOrderId },
      ],
    },
  }),
};

/** The whole set: plant, state with a live plan, and then CNC-22 down for so many hours. */
export function northfieldEvent(seed = 1, requests = 60, downHours = 10) {
  const { model, state: before, live } = quietSituation(seed, requests);
  const stop = { equipmentId: 'CNC-22', reason: 'breakdown', start: testNow, end: testNow + downHours * hour };
  const state: PlantState = { ...before, unavailable: [...before.unavailable, stop] };
  return { model, before, state, live };
}
