import { isoInstant, seededRandom } from '../../src/kernel/index.ts';
import { buildProblem, Decoder, dispatch, toWorkSchedule, type PlanningRequest } from '../../src/planning/index.ts';
import {
  interruptionModes,
  lotQuantities,
  type JobOrder,
  type PlantModel,
  type PlantState,
  type ProcessSegment,
  type SegmentLag,
  type Rejects,
  type WorkRequest,
  type WorkSchedule,
} from '../../src/plant/index.ts';

const hour = 3_600_000;
/** Friday 2026-03-27, 10:00 UTC: two days before Berlin's clocks go forward. */
const now = Date.UTC(2026, 2, 27, 10);

/** Everything a plan is made from. */
export interface Case {
  model: PlantModel;
  state: PlantState;
  live: WorkSchedule | undefined;
  request: PlanningRequest;
}

/** A small plant with every kind of constraint, by seed; running work, a live plan, an event and wishes included. */
export function randomCase(seed: number, machines: number, requests: number, { lags = true } = {}): Case {
  const random = seededRandom(seed, 'test/random-plant');
  const chance = (share: number) => random.next() < share;
  const machineIds = Array.from({ length: machines }, (_, i) => `M${i + 1}`);
  const qualifications = ['q1', 'q2', 'q3'];
  const families = ['red', 'blue', 'green'];
  const shifts = [
    { shiftId: 'a', name: 'A', start: '06:00', end: '14:00', weekdays: [1, 2, 3, 4, 5] },
    { shiftId: 'b', name: 'B', start: '14:00', end: chance(0.5) ? '22:00' : '20:30', weekdays: [1, 2, 3, 4, 5, 6] },
    ...(chance(0.5)
      ? [{ shiftId: 'n', name: 'N', start: '22:00', end: '06:00', weekdays: [1, 2, 3, 4, 5, 6, 7] }]
      : []),
  ];
  const products = ['A', 'B', 'C', 'ASM'];
  const capacities = new Map(machineIds.filter(() => chance(0.4)).map((id) => [id, 20 + random.int(100)]));
  const segments = (product: string): ProcessSegment[] =>
    Array.from({ length: 1 + random.int(4) }, (_, s): ProcessSegment => {
      const before = Array.from({ length: s }, (_, p) => `${product}-${(p + 1) * 10}`);
      const able = machineIds.filter(() => chance(0.6));
      return {
        segmentId: `${product}-${(s + 1) * 10}`,
        sequence: (s + 1) * 10,
        name: product,
        predecessors: before.filter((_, p) => p === s - 1 || chance(0.3)),
        equipment: (able.length > 0 ? able : [random.pick(machineIds)]).map((equipmentId) => ({
          equipmentId,
          secondsPerUnit: 20 + random.int(700),
          ...(capacities.has(equipmentId) ? { secondsPerBatch: random.pick([1800, 1800, 9000]) } : {}),
        })),
        ...(chance(0.6) ? { qualificationId: random.pick(qualifications) } : {}),
        materials:
          product === 'ASM' && s === 0
            ? [
                { materialId: 'A', quantityPerUnit: 1 },
                { materialId: 'B', quantityPerUnit: 0.5 },
              ]
            : chance(0.3)
              ? [{ materialId: 'RAW', quantityPerUnit: 1 + random.int(2) }]
              : [],
        interruptible: chance(0.6),
        ...(chance(0.4) ? { afterInterruption: random.pick(interruptionModes) } : {}),
      };
    });
  const model: PlantModel = {
    enterprise: 'E',
    site: 'S',
    calendar: { timeZone: 'Europe/Berlin', shifts, holidays: chance(0.3) ? ['2026-03-28'] : [] },
    equipment: [
      { equipmentId: 'S', level: 'Site', name: 'S' },
      ...['L1', 'L2'].map((id) => ({ equipmentId: id, level: 'ProductionLine' as const, parentId: 'S', name: id })),
      ...machineIds.map((equipmentId, i) => ({
        equipmentId,
        level: 'WorkUnit' as const,
        parentId: i % 2 === 0 ? 'L1' : 'L2',
        name: equipmentId,
        equipmentClassId: i % 3 === 2 ? 'plain' : 'set',
        ...(capacities.has(equipmentId) ? { batchCapacity: capacities.get(equipmentId)! } : {}),
      })),
    ],
    persons: Array.from({ length: 3 + random.int(6) }, (_, i) => ({
      personId: `P${i}`,
      qualificationIds: qualifications.filter((_, q) => q === i % 3 || chance(0.3)),
      ...(chance(0.7) ? { shiftId: random.pick(shifts).shiftId } : {}),
    })),
    materials: [...products, 'RAW'].map((materialId) => ({
      materialId,
      name: materialId,
      unit: 'pcs',
      ...(chance(0.8) ? { setupFamily: random.pick(families) } : {}),
    })),
    workMasters: products.map((materialId) => ({
      workMasterId: `W-${materialId}`,
      version: '1',
      materialId,
      segments: segments(materialId),
    })),
    setupMatrices: [
      {
        equipmentClassId: 'set',
        defaultSeconds: 900,
        seconds: Object.fromEntries(
          families.map((a) => [
            a,
            Object.fromEntries(families.map((b) => [b, a === b ? random.int(2) * 60 : random.int(5000)])),
          ]),
        ),
      },
    ],
    transportSeconds: random.int(3) * 600,
  };

  addTools(model, seed);
  addHoursLimits(model, seed);
  if (lags) addLags(model, seed);
  addTransportTimes(model, seed);
  addLots(model, seed);

  const workRequests: WorkRequest[] = [];
  const jobOrders: JobOrder[] = [];
  const busy = new Map<string, number>();
  for (let r = 0; r < requests; r++) {
    const master = random.pick(model.workMasters);
    const workRequestId = `R${r}`;
    const quantity = 1 + random.int(40);
    workRequests.push({
      workRequestId,
      customer: 'C',
      materialId: master.materialId,
      quantity,
      releasedAt: now + (chance(0.7) ? -10 : random.int(30)) * hour,
      dueAt: now + (2 + random.int(90)) * hour,
      priority: 1 + random.int(3),
      requestState: chance(0.05) ? 'Held' : 'Released',
    });
    const at = chance(0.4) ? random.int(master.segments.length + 1) : 0;
    master.segments.forEach((segment, s) => {
      const quantities = lotQuantities(quantity, segment.lots);
      quantities.forEach((own, k) => {
        const isFree = (id: string) => !busy.has(id) || (capacities.has(id) && chance(0.7));
        const machine = segment.equipment.find((e) => isFree(e.equipmentId))?.equipmentId;
        const done = s < at || (s === at && k + 1 < quantities.length && chance(0.4));
        const running = s === at && !done && machine !== undefined && chance(0.6);
        const startedAt = (running ? busy.get(machine) : undefined) ?? now - 1 - random.int(2 * hour);
        if (running) busy.set(machine, startedAt);
        jobOrders.push({
          jobOrderId: `${workRequestId}/${segment.sequence}${quantities.length > 1 ? `.${k + 1}` : ''}`,
          workRequestId,
          workMasterId: master.workMasterId,
          workMasterVersion: '1',
          segmentId: segment.segmentId,
          ...(quantities.length > 1 ? { lot: k + 1 } : {}),
          quantity: own,
          goodQuantity: done ? own : running ? random.int(own + 1) : 0,
          dispatchStatus: done ? 'Completed' : running ? 'Running' : random.pick(['Waiting', 'Ready', 'Suspended']),
          ...(running ? { equipmentId: machine, startedAt } : {}),
          ...(done
            ? {
                equipmentId: segment.equipment[0]!.equipmentId,
                startedAt: startedAt - hour,
                endedAt: now - random.int(hour),
              }
            : {}),
        });
      });
    });
  }
  const lot = (lotId: string, materialId: string, quantity: number, hours: number) => ({
    lotId,
    materialId,
    quantity,
    unit: 'pcs',
    availableAt: now + hours * hour,
    locationId: 'STORE',
  });
  const state: PlantState = {
    at: now,
    workRequests,
    jobOrders,
    lots: [
      lot('L1', 'RAW', random.int(60), -1),
      lot('L2', 'RAW', 5000, random.int(40)),
      lot('L3', 'A', random.int(50), 0),
      lot('L4', 'A', chance(0.8) ? 2000 : 0, 20 + random.int(60)),
      lot('L5', 'B', random.int(50), 0),
      lot('L6', 'B', chance(0.8) ? 2000 : 0, 20 + random.int(60)),
    ],
    setupFamily: Object.fromEntries(machineIds.filter(() => chance(0.7)).map((id) => [id, random.pick(families)])),
    unavailable: [],
    absences: [],
  };
  const plain: PlanningRequest = { from: now, frozenUntil: now, horizon: now + 96 * hour, constraints: [] };
  const live = chance(0.85) ? livePlan(model, state, plain) : undefined;
  const frozenUntil = now + random.int(4) * 3 * hour;
  return {
    model,
    state: withEvent(state),
    live,
    request: { ...plain, frozenUntil, constraints: wishes(), rejects: rejects() },
  };

  function withEvent(before: PlantState): PlantState {
    const start = now + (chance(0.7) ? 0 : random.int(20) * hour);
    const end = start + (1 + random.int(30)) * hour;
    const after = structuredClone(before);
    const reason = seed % 3 === 0 ? 'planned-maintenance' : 'breakdown';
    if (chance(0.6)) after.unavailable.push({ equipmentId: random.pick(machineIds), reason, start, end });
    const hit = [...busy.keys()].filter(() => chance(0.3));
    for (const equipmentId of hit)
      after.unavailable.push({ equipmentId, reason: 'breakdown', start: now - random.int(hour), end });
    if (chance(0.5)) after.absences.push({ personId: random.pick(model.persons).personId, start, end });
    if (chance(0.3))
      for (const late of after.lots) if (late.availableAt > now) late.availableAt += random.int(30) * hour;
    return after;
  }
  function rejects(): Rejects {
    const own = seededRandom(seed, 'test/random-plant/rejects');
    const shares = () => ({ scrap: 0.2 * own.next(), rework: 0.1 * own.next() });
    const known = machineIds.filter(() => own.next() < 0.7);
    return Object.fromEntries(
      known.map((id) => [id, { ...shares(), ...(own.next() < 0.5 ? { byMaterial: { A: shares() } } : {}) }]),
    );
  }
  function wishes(): PlanningRequest['constraints'] {
    const list: PlanningRequest['constraints'] = [];
    const from = isoInstant(now + random.int(10) * hour);
    const to = isoInstant(now + (12 + random.int(60)) * hour);
    if (chance(0.3)) list.push({ kind: 'overtime', subject: random.pick(['S', 'L1', ...machineIds]), from, to });
    if (chance(0.3)) list.push({ kind: 'forbid-machine', subject: random.pick(machineIds), from, to });
    if (chance(0.3)) list.push({ kind: 'no-split', subject: 'R0' });
    if (chance(0.3)) list.push({ kind: 'must-be-on-time', subject: 'R1' });
    if (chance(0.3)) list.push({ kind: 'lock', subject: random.pick(jobOrders).jobOrderId });
    return list;
  }
}

/** Tools with few copies, needed by a good part of the segments of two plants in three. */
function addTools(model: PlantModel, seed: number): void {
  const random = seededRandom(seed, 'test/random-plant/tools');
  if (random.next() < 0.35) return;
  const toolIds = ['fixture', 'mould', 'gauge'];
  model.tools = toolIds.map((toolId) => ({ toolId, name: toolId, copies: 1 + random.int(2) }));
  for (const segment of model.workMasters.flatMap((master) => master.segments))
    if (random.next() < 0.5) segment.toolIds = toolIds.filter((_, t) => t === 0 || random.next() < 0.3);
}

/** Limits of working time for some people of every other plant. */
function addHoursLimits(model: PlantModel, seed: number): void {
  const random = seededRandom(seed, 'test/random-plant/hours');
  if (random.next() < 0.5) return;
  for (const person of model.persons) {
    if (random.next() < 0.5) person.mostHoursPerDay = 5 + random.int(6);
    if (random.next() < 0.3) person.mostHoursPerWeek = 25 + random.int(20);
  }
}

/** Minimum and maximum lags and overlap behind a good part of the predecessors of two plants in three. */
function addLags(model: PlantModel, seed: number): void {
  const random = seededRandom(seed, 'test/random-plant/lags');
  if (random.next() < 0.35) return;
  const lagBehind = (predecessor: string): SegmentLag => {
    const minSeconds = random.next() < 0.4 ? random.int(7200) : 0;
    const kind = random.next();
    return {
      predecessor,
      ...(minSeconds > 0 ? { minSeconds } : {}),
      ...(kind < 0.4 ? { transferQuantity: 1 + random.int(12) } : {}),
      ...(kind > 0.6 ? { maxSeconds: minSeconds + (random.next() < 0.3 ? 0 : 4000 + random.int(14_400)) } : {}),
    };
  };
  for (const segment of model.workMasters.flatMap((master) => master.segments))
    segment.lags = segment.predecessors.filter(() => random.next() < 0.5).map(lagBehind);
}

/** Segments that may be split into lots, in two plants in five. */
function addLots(model: PlantModel, seed: number): void {
  const random = seededRandom(seed, 'test/random-plant/lots');
  if (random.next() < 0.6) return;
  for (const segment of model.workMasters.flatMap((master) => master.segments))
    if (random.next() < 0.7) segment.lots = { mostLots: 2 + random.int(2), leastQuantity: 1 + random.int(12) };
}

/** Another transport time for one direction or both, in every other plant. */
function addTransportTimes(model: PlantModel, seed: number): void {
  const random = seededRandom(seed, 'test/random-plant/transport');
  if (random.next() < 0.5) return;
  const there = { fromLineId: 'L1', toLineId: 'L2', seconds: random.int(4000) };
  const back = { fromLineId: 'L2', toLineId: 'L1', seconds: random.int(4000) };
  model.transportTimes = random.next() < 0.5 ? [there] : [there, back];
}

/** A live plan by due dates; undefined where none is possible. */
function livePlan(model: PlantModel, state: PlantState, request: PlanningRequest): WorkSchedule | undefined {
  try {
    const problem = buildProblem(model, state, undefined, request);
    const decoder = new Decoder(problem);
    const plan = decoder.decode(dispatch(problem, decoder, 'earliest-due-date'));
    return plan.complete
      ? toWorkSchedule(problem, plan, { scheduleId: 'LIVE', createdAt: now, label: 'Live', seed: 1 })
      : undefined;
  } catch {
    return undefined;
  }
}
