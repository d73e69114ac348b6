import { MillwrightError } from '../kernel/index.ts';
import { rejectShares, type PlantModel, type PlantState, type WorkRequest, type WorkSchedule } from '../plant/index.ts';
import type { Observer } from './floor-state.ts';
import { layGround } from './ground.ts';
import { layOut, type Job, type Layout } from './layout.ts';
import { reportedState, type ReportedState } from './machine-state.ts';
import { PartCounter } from './part-counter.ts';
import type { Machine } from './machine.ts';
import { PlantFloor } from './plant-floor.ts';
import type { PlantProcess, ProcessEvent, TwinParameters } from './types.ts';
import { Draws } from './draws.ts';

const day = 86_400_000;
/** Calendars are laid out so far ahead, and again when half of it is used up. */
const ahead = 28 * day;
/** Completed requests stay in the state so long. */
const keepCompleted = day;

/** How a plant process is opened. */
export interface ProcessOptions {
  /** Start operations as soon as they can, not at their planned start. */
  startEarly?: boolean;
  /** Run time between two counts of one machine; 60 where absent. */
  countEverySeconds?: number;
  /** Whether what a request delivers goes to stock; absent: always. What does not is shipped and leaves the plant. */
  toStock?: (request: WorkRequest) => boolean;
}

/**
 * Opens a plant that runs by itself from the state's instant on: it follows the schedule's machines and sequence. Parts
 * are made until the ordered number is usable (good, or good after rework), so scrap costs time. What a request
 * delivers and some routing consumes becomes a lot named after the request.
 */
export function openPlantProcess(
  model: PlantModel,
  state: PlantState,
  schedule: WorkSchedule,
  parameters: TwinParameters,
  random: { seed: number },
  options: ProcessOptions = {},
): PlantProcess {
  const draws = new Draws(random.seed, 0);
  const requests = new Map(state.workRequests.map((request) => [request.workRequestId, { ...request }]));
  const orders = new Map(state.jobOrders.map((order) => [order.jobOrderId, { ...order }]));
  const completedAt = new Map<string, number>();
  const consumed = new Set(
    model.workMasters.flatMap((master) => master.segments.flatMap((s) => s.materials.map((m) => m.materialId))),
  );
  let lots = state.lots.map((lot) => ({ ...lot }));
  let { unavailable, absences } = state;
  let plan = schedule;
  let events: ProcessEvent[] = [];
  const counters = new Map<string, PartCounter>();
  const reported = new Map<Machine, ReportedState>();

  const observer: Observer = {
    sliceMs: (options.countEverySeconds ?? 60) * 1000,
    started(job, { equipmentId }, at) {
      const { startedAt, parts, partsTotal, visits } = floor.work;
      const order = orders.get(job.jobOrder.jobOrderId)!;
      Object.assign(order, { dispatchStatus: 'Running', equipmentId, startedAt: startedAt[job.index]! });
      requests.get(order.workRequestId)!.requestState = 'Running';
      if (job.takesMaterial && visits[job.index] === 0) takeMaterial(job);
      const shares = rejectShares(floor.parameters.rejects, equipmentId, job.request.materialId);
      const random = draws.stream(`parts/${order.jobOrderId}`);
      const scrapped = partsTotal[job.index]! - parts[job.index]!;
      counters.set(order.jobOrderId, new PartCounter(scrapped, random, shares.rework, shares.scrap));
      events.push({ kind: 'job-started', at, equipmentId, jobOrderId: order.jobOrderId });
    },
    ran(machine, job, from, at) {
      const { jobOrderId } = job.jobOrder;
      const counts = counters.get(jobOrderId)!.take(floor.work, job.index, machine.runLeft);
      if (counts.good + counts.scrap + counts.rework === 0) return;
      orders.get(jobOrderId)!.goodQuantity += counts.good + counts.rework;
      const { equipmentId } = machine;
      events.push({ kind: 'count', from, at, equipmentId, jobOrderId, materialId: job.request.materialId, ...counts });
    },
    interrupted(job, lost) {
      const { jobOrderId } = job.jobOrder;
      const order = orders.get(jobOrderId)!;
      const [at, from, equipmentId] = [floor.now, order.startedAt!, order.equipmentId!];
      const counts = { good: 0, scrap: lost, rework: 0 };
      const { materialId } = job.request;
      if (lost > 0) events.push({ kind: 'count', from, at, equipmentId, jobOrderId, materialId, ...counts });
      order.goodQuantity = 0;
      counters.get(jobOrderId)!.beginAnew();
    },
    restarted(job, at) {
      orders.get(job.jobOrder.jobOrderId)!.startedAt = at;
      if (job.interruption === 'scrap') takeMaterialAgain(job);
    },
    ended(job, at, back) {
      counters.delete(job.jobOrder.jobOrderId);
      const order = orders.get(job.jobOrder.jobOrderId)!;
      Object.assign(order, { dispatchStatus: 'Completed', endedAt: at });
      const equipmentId = order.equipmentId!;
      events.push({ kind: 'job-ended', at, equipmentId, jobOrderId: order.jobOrderId });
      if (!back) completeRequest(order.workRequestId, equipmentId, at);
    },
    reopened(job) {
      const order = orders.get(job.jobOrder.jobOrderId)!;
      Object.assign(order, { dispatchStatus: 'Waiting', goodQuantity: 0 });
      delete order.equipmentId;
      delete order.startedAt;
      delete order.endedAt;
    },
    touched(machine, at) {
      const now = reportedState(floor, ground, machine, unavailable);
      const before = reported.get(machine);
      if (before && sameState(before, now)) return;
      reported.set(machine, now);
      events.push({ kind: 'state', at, equipmentId: machine.equipmentId, ...now });
    },
  };

  let ground = layGround(model, state, state.at + ahead);
  const floor = new PlantFloor(
    ground,
    layOut(ground, state, withRunning(schedule, state.at), parameters),
    draws,
    state.at,
    {
      parameters,
      observer,
      startEarly: options.startEarly ?? false,
    },
  );
  floor.begin(draws, state.at, state.setupFamily);

  function layNewPlan(): Layout {
    return layOut(ground, snapshot(), withRunning(plan, floor.now), floor.parameters);
  }
  function relay(newGround: boolean): void {
    if (newGround) ground = layGround(model, { at: floor.now, unavailable, absences }, floor.now + ahead);
    floor.relay(ground, layNewPlan());
  }

  /** Running operations go on even where a plan does not name them. */
  function withRunning(schedule: WorkSchedule, now: number): WorkSchedule {
    const named = new Set(schedule.entries.map((entry) => entry.jobOrderId));
    const missing = [...orders.values()].filter(
      (order) => order.dispatchStatus === 'Running' && !named.has(order.jobOrderId),
    );
    const entries = missing.map(({ jobOrderId, equipmentId, startedAt }) => {
      const start = startedAt ?? now;
      return { jobOrderId, equipmentId: equipmentId ?? '', start, end: start, setupSeconds: 0, frozen: true };
    });
    return { ...schedule, entries: [...entries, ...schedule.entries] };
  }
  function takeMaterial(job: Job): void {
    for (const { materialId, quantity, source } of job.pegs) {
      const lotId = 'lot' in source ? source.lot.lotId : source.jobs[0]!.request.workRequestId;
      const lot = lots.find((candidate) => candidate.lotId === lotId && candidate.materialId === materialId);
      if (lot) lot.quantity -= quantity;
    }
  }
  /** New material for what has become scrap, where there is some. */
  function takeMaterialAgain(job: Job): void {
    for (const { materialId, quantityPerUnit } of job.segment.materials) {
      let open = quantityPerUnit * job.jobOrder.quantity;
      for (const lot of lots) {
        if (lot.materialId !== materialId || lot.availableAt > floor.now) continue;
        const taken = Math.min(open, lot.quantity);
        lot.quantity -= taken;
        open -= taken;
      }
    }
  }
  function completeRequest(workRequestId: string, equipmentId: string, at: number): void {
    const own = [...orders.values()].filter((order) => order.workRequestId === workRequestId);
    if (own.some((order) => order.endedAt === undefined && order.dispatchStatus !== 'Cancelled')) return;
    const request = requests.get(workRequestId)!;
    request.requestState = 'Completed';
    completedAt.set(workRequestId, at);
    if (!consumed.has(request.materialId) || options.toStock?.(request) === false) return;
    const unit = model.materials.find((material) => material.materialId === request.materialId)?.unit ?? 'pcs';
    const locationId = ground.lines[ground.machineIndex.get(equipmentId)!]!;
    const { materialId, quantity } = request;
    lots.push({ lotId: workRequestId, materialId, quantity, unit, availableAt: at, locationId });
  }
  function forgetOld(): void {
    for (const [workRequestId, at] of completedAt) {
      if (at > floor.now - keepCompleted) continue;
      completedAt.delete(workRequestId);
      requests.delete(workRequestId);
      for (const order of orders.values()) if (order.workRequestId === workRequestId) orders.delete(order.jobOrderId);
    }
    lots = lots.filter((lot) => lot.quantity > 1e-6);
    unavailable = unavailable.filter((stretch) => stretch.end > floor.now);
    absences = absences.filter((absence) => absence.end > floor.now);
  }
  function machineOf(equipmentId: string): Machine {
    const machine = floor.machines[ground.machineIndex.get(equipmentId) ?? -1];
    if (!machine) throw new MillwrightError('MW_TWIN_SUBJECT_UNKNOWN', { kind: 'machine', subject: equipmentId });
    return machine;
  }
  function snapshot(): PlantState {
    return {
      at: floor.now,
      workRequests: [...requests.values()].map((request) => ({ ...request })),
      jobOrders: [...orders.values()].map((order) => ({ ...order })),
      lots: lots.filter((lot) => lot.quantity > 1e-6).map((lot) => ({ ...lot })),
      setupFamily: Object.fromEntries(
        floor.machines.flatMap((machine) =>
          machine.family === undefined ? [] : [[machine.equipmentId, machine.family]],
        ),
      ),
      unavailable: [...unavailable.filter((u) => u.end > floor.now), ...stops()],
      absences: absences.filter((absence) => absence.end > floor.now),
    };
  }
  /** Stops of now; where nobody knows the end, the median of the machine's stops of that reason. */
  function stops(): PlantState['unavailable'] {
    return floor.machines
      .filter((machine) => machine.downUntil > floor.now)
      .map(({ equipmentId, downSince, downUntil, downReason = 'breakdown', endKnown }) => {
        const law = floor.parameters.stops[equipmentId]?.find(({ reason }) => reason === downReason);
        const expected = downSince + (law?.medianSeconds ?? 3600) * 1000;
        const end = endKnown ? downUntil : Math.max(floor.now + 60_000, expected);
        return { equipmentId, reason: downReason, start: downSince, end };
      });
  }

  return {
    get now() {
      return floor.now;
    },
    advance(to) {
      while (floor.now < to) {
        if (ground.until - floor.now < ahead / 2) {
          forgetOld();
          relay(true);
        }
        floor.run(Math.min(to, ground.until - ahead / 2 + 1));
      }
      const happened = events;
      events = [];
      return happened;
    },
    follow(next) {
      plan = next;
      forgetOld();
      relay(false);
    },
    addOrders(workRequests, jobOrders) {
      for (const request of workRequests) requests.set(request.workRequestId, { ...request });
      for (const order of jobOrders) orders.set(order.jobOrderId, { ...order });
      relay(false);
    },
    addLots(more) {
      lots.push(...more.map((lot) => ({ ...lot })));
      relay(false);
    },
    delayLot(lotId, availableAt) {
      const lot = lots.find((candidate) => candidate.lotId === lotId);
      if (!lot) throw new MillwrightError('MW_TWIN_SUBJECT_UNKNOWN', { kind: 'lot', subject: lotId });
      lot.availableAt = availableAt;
      relay(false);
    },
    stop: (equipmentId, reason, until = Infinity) => floor.stop(machineOf(equipmentId), reason, until),
    repair: (equipmentId) => floor.repair(machineOf(equipmentId)),
    setAbsent(personId, until) {
      if (!model.persons.some((person) => person.personId === personId))
        throw new MillwrightError('MW_TWIN_SUBJECT_UNKNOWN', { kind: 'person', subject: personId });
      absences = [...absences, { personId, start: floor.now, end: until }];
      relay(true);
    },
    vary: (next) => floor.vary(next),
    state: snapshot,
  };
}

function sameState(a: ReportedState, b: ReportedState): boolean {
  return a.state === b.state && a.reason === b.reason && a.jobOrderId === b.jobOrderId;
}
