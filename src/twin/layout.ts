import {
  interruptionOf,
  jobOrdersBefore,
  lagBehind,
  machinesBelow,
  mayPause,
  openDispatchStates,
  partsLeft,
  partsLost,
  runMilliseconds,
  setupSeconds,
  transferQuantity,
  transportMsBetween,
  workLeft,
  type InterruptionMode,
  type JobOrder,
  type MaterialLot,
  type PlantState,
  type ProcessSegment,
  type ScheduleEntry,
  type WorkRequest,
  type WorkSchedule,
} from '../plant/index.ts';
import { startOfWork, type Calendar } from './calendar.ts';
import type { Ground } from './ground.ts';
import { formLoads } from './loads.ts';
import { pegMaterials, type Peg } from './supply.ts';
import { toolNeeds, type ToolNeeds } from './tools.ts';
import type { TwinParameters } from './types.ts';

/**
 * Where operations wait: before one machine, or before several of which the first that is free takes one. Machines come
 * first in the list, by index.
 */
export interface Station {
  /** A machine, or the line or area that a plan leaves the choice of machine to. */
  equipmentId: string;
  line: string;
  machines: number[];
  /** Whether it serves in order of arrival; else its machine follows the plan's sequence. */
  queued: boolean;
  /** Places for what came from another operation; Infinity where nobody counts them. */
  places: number;
}

/** One operation of a plan, as it is before it is simulated. Times in milliseconds, instants since 1970 UTC. */
export interface Job {
  /** Place in the layout. */
  index: number;
  jobOrder: JobOrder;
  request: WorkRequest;
  segment: ProcessSegment;
  family: string;
  station: number;
  plannedStart: number;
  plannedEnd: number;
  /** Earliest start from release and completed predecessors. */
  release: number;
  /** Latest start behind completed predecessors, by their maximum lags; Infinity: none. It may be missed. */
  latestStart: number;
  /** When the lots that it takes are all there; Infinity where nothing covers its material. */
  materialAt: number;
  pegs: Peg[];
  /** It has not begun, or what it took is scrap. */
  takesMaterial: boolean;
  predecessors: Link[];
  successors: Link[];
  /** Some operation before it is neither done nor planned. */
  blocked: boolean;
  /** By machine, when it may be worked on. */
  calendars: readonly Calendar[];
  qualification: number;
  mayPause: boolean;
  /** On the station's first machine, and by machine where they differ. */
  millisecondsPerPart: number;
  /** Routing's time of a part there; on a batch machine its share of a full load. */
  standardMs: number;
  speeds: Float64Array | undefined;
  /** On a batch machine: run time of its loads, and of those that all its parts take; 0: part by part. */
  loadMs: number;
  wholeLoadMs: number;
  /** All that share its load, their leader first; itself where it shares none. */
  load: Job[];
  /** Parts in a load, 0: part by part. */
  capacity: number;
  /** What a breakdown does to it, and parts that one has made scrap before it was laid out. */
  interruption: InterruptionMode;
  lost: number;
  /** Parts still to make when it was laid out. */
  parts: number;
  /** Running at the beginning, with this much of its planned setup left, since `startedAt`. */
  wasRunning: boolean;
  plannedSetupLeft: number;
  startedAt: number;
  /** When a running one goes on by the plan: it may have to wait for an operator whom another one has. */
  resumesAt: number;
}

/** How operations follow each other; `job` is the other one. */
interface Link {
  job: Job;
  /** From the end of the one, or of a transfer's last part, to the earliest start of the other, milliseconds. */
  delay: number;
  /** From the end of the one to the latest start of the other, milliseconds; Infinity: none. It may be missed. */
  most: number;
  /** Whether the other takes what the one delivers to stock. */
  material: boolean;
  /** Parts in each transfer; 0: all go on at once. */
  transfer: number;
}

/** A plan laid out on the stations. */
export interface Layout {
  jobs: Job[];
  byId: ReadonlyMap<string, Job>;
  stations: Station[];
  /** Jobs by machine in the plan's order; those that run already come first, and queued ones are not in it. */
  sequences: Int32Array[];
  /** Milliseconds that parts travel from one line to another. */
  transportMs: (fromLine: string, toLine: string) => number;
  /** Undefined where no tool can run short. */
  tools: ToolNeeds | undefined;
}

const isOpen = (job: JobOrder) => job.dispatchStatus === 'Running' || openDispatchStates.includes(job.dispatchStatus);

/** Requests whose operations are no longer made. */
const ended = new Set(['Cancelled', 'Completed', 'Aborted', 'Closed']);

/**
 * Lays a plan out: the open operations of the state that it places, with what each has to wait for. Materials are
 * pegged in order of planned start, so that no two operations count on the same parts and none can wait in a circle. An
 * entry may name a line or area in place of a machine: then the first machine below it that is free and can do the
 * operation takes it, in order of arrival.
 * @param parameters buffers, and whether orders may go back: then each operation is a load of its own
 */
export function layOut(
  ground: Ground,
  state: PlantState,
  schedule: WorkSchedule,
  { buffers = {}, reworkLoops }: Pick<TwinParameters, 'buffers' | 'reworkLoops'> = {},
): Layout {
  const inLoads = reworkLoops === undefined;
  const requests = new Map(state.workRequests.map((request) => [request.workRequestId, request]));
  const orders = new Map(state.jobOrders.filter(isOpen).map((job) => [job.jobOrderId, job]));
  const stations = openStations(ground, buffers);
  const jobs: Job[] = [];
  for (const entry of [...schedule.entries].sort((a, b) => a.start - b.start)) {
    const jobOrder = orders.get(entry.jobOrderId);
    const request = requests.get(jobOrder?.workRequestId ?? '');
    if (!jobOrder || !request || ended.has(request.requestState)) continue;
    orders.delete(entry.jobOrderId);
    const job = place(ground, stations, state, { entry, jobOrder, request, index: jobs.length });
    if (job) jobs.push(job);
  }
  const byId = new Map(jobs.map((job) => [job.jobOrder.jobOrderId, job]));
  const transportMs = transportMsBetween(ground.model);
  linkRoutings(ground, stations.list, state, jobs, byId);
  linkMaterials(jobs, state.lots, (from, to) => {
    const [a, b] = [stations.list[from.station]!, stations.list[to.station]!];
    return transportMs(a.line, b.line);
  });
  const sequences = ground.machineIds.map((_, machine) => {
    const own = jobs.filter((job) => job.station === machine && (job.wasRunning || !stations.list[machine]!.queued));
    own.sort((a, b) => Number(b.wasRunning) - Number(a.wasRunning) || (a.wasRunning ? a.startedAt - b.startedAt : 0));
    const capacity = inLoads ? ground.capacities[machine]! : 0;
    return Int32Array.from(capacity > 0 ? formLoads(own, capacity) : own, (job) => job.index);
  });
  if (schedule.from === state.at)
    for (const job of jobs) if (job.wasRunning && job.load[0] === job) job.resumesAt = resumptionOf(job);
  return {
    jobs,
    byId,
    stations: stations.list,
    sequences,
    transportMs,
    tools: toolNeeds(ground.model.tools ?? [], jobs),
  };
}

/** The stations of a layout; those of several machines are made as they are needed. */
interface Stations {
  list: Station[];
  /** The station for an operation that a plan puts on a machine, line or area; undefined where nothing there can do it. */
  find(equipmentId: string, segment: ProcessSegment): number | undefined;
}

function openStations(ground: Ground, buffers: Readonly<Record<string, number>>): Stations {
  const list = ground.machineIds.map((equipmentId, machine): Station => {
    const places = buffers[equipmentId] ?? Infinity;
    return { equipmentId, line: ground.lines[machine]!, machines: [machine], queued: places < Infinity, places };
  });
  const shared = new Map<string, number>();
  const able = new Map<ProcessSegment, Map<string, number | undefined>>();

  function shareOut(equipmentId: string, segment: ProcessSegment): number | undefined {
    const below = new Set(machinesBelow(ground.model.equipment, equipmentId).map((machine) => machine.equipmentId));
    const machines = segment.equipment
      .flatMap((e) => (below.has(e.equipmentId) ? [ground.machineIndex.get(e.equipmentId)!] : []))
      .sort((a, b) => a - b);
    if (machines.length === 0) return undefined;
    const key = [equipmentId, ...machines].join('\n');
    let station = shared.get(key);
    if (station === undefined) {
      const lines = new Set(machines.map((machine) => ground.lines[machine]!));
      const line = lines.size === 1 ? [...lines][0]! : equipmentId;
      station = list.push({ equipmentId, line, machines, queued: true, places: buffers[equipmentId] ?? Infinity }) - 1;
      shared.set(key, station);
    }
    return station;
  }
  return {
    list,
    find(equipmentId, segment) {
      const machine = ground.machineIndex.get(equipmentId);
      if (machine !== undefined)
        return segment.equipment.some((e) => e.equipmentId === equipmentId) ? machine : undefined;
      const known = able.get(segment) ?? new Map<string, number | undefined>();
      able.set(segment, known);
      if (!known.has(equipmentId)) known.set(equipmentId, shareOut(equipmentId, segment));
      return known.get(equipmentId);
    },
  };
}

function place(
  ground: Ground,
  stations: Stations,
  state: PlantState,
  {
    entry,
    jobOrder,
    request,
    index,
  }: { entry: ScheduleEntry; jobOrder: JobOrder; request: WorkRequest; index: number },
): Job | undefined {
  const segment = ground.segmentOf(jobOrder.workMasterId, jobOrder.workMasterVersion, jobOrder.segmentId);
  if (!segment) return undefined;
  const running = jobOrder.dispatchStatus === 'Running';
  const station = stations.find(running ? (jobOrder.equipmentId ?? entry.equipmentId) : entry.equipmentId, segment);
  if (station === undefined) return undefined;
  const { machines } = stations.list[station]!;
  const { at } = state;
  const family = ground.families.get(request.materialId) ?? request.materialId;
  const interrupted = interruptionOf(state, jobOrder, segment);
  const anew = interrupted === 'restart' || interrupted === 'scrap';
  const parts = partsLeft(jobOrder, interrupted);
  const machine = machines.length === 1 ? machines[0]! : -1;
  const equipment = ground.machines[machine];
  const capacity = ground.capacities[machine] ?? 0;
  const speed = segment.equipment.find((e) => e.equipmentId === equipment?.equipmentId);
  let left = { setup: 0, run: 0 };
  if (speed && running) {
    const matrix = ground.matrices[machine];
    left = workLeft(state, {
      job: jobOrder,
      interruption: interrupted,
      machine: equipment,
      speed,
      setup: Math.round(entry.setupSeconds * 1000),
      setupAgain: Math.round(setupSeconds(matrix, family, family) * 1000),
    });
  } else if (speed && capacity > 0) left.run = runMilliseconds(parts, speed, equipment);
  const { millisecondsPerPart, standardMs, speeds } = speedsOf(ground, segment, machines, parts);
  const job: Job = {
    index,
    jobOrder,
    request,
    segment,
    family,
    station,
    plannedStart: entry.start,
    plannedEnd: entry.end,
    release: running ? at : request.releasedAt,
    latestStart: Infinity,
    materialAt: -Infinity,
    pegs: [],
    predecessors: [],
    successors: [],
    blocked: false,
    calendars: ground.calendarsOf(machines, segment.qualificationId, running),
    qualification: ground.qualificationIndex(segment.qualificationId),
    mayPause: (running && !anew) || mayPause(segment),
    millisecondsPerPart,
    standardMs,
    speeds,
    loadMs: capacity > 0 ? left.run : 0,
    wholeLoadMs: speed && capacity > 0 ? runMilliseconds(jobOrder.quantity, speed, equipment) : 0,
    load: [],
    takesMaterial: !running || interrupted === 'scrap',
    capacity,
    interruption: segment.afterInterruption ?? 'resume',
    lost: partsLost(jobOrder, interrupted, equipment),
    parts,
    wasRunning: running,
    plannedSetupLeft: left.setup,
    startedAt: jobOrder.startedAt ?? at,
    resumesAt: -Infinity,
  };
  job.load.push(job);
  return job;
}

/** When a plan has a running operation go on, as its end says. */
function resumptionOf({ calendars, station, plannedEnd, plannedSetupLeft, parts, millisecondsPerPart, ...job }: Job) {
  const run = job.loadMs > 0 ? job.loadMs : Math.max(1, Math.round(parts * millisecondsPerPart));
  const calendar = calendars[station];
  return calendar ? startOfWork(calendar, plannedEnd, plannedSetupLeft + run) : -Infinity;
}

function speedsOf(
  ground: Ground,
  segment: ProcessSegment,
  machines: readonly number[],
  parts: number,
): Pick<Job, 'millisecondsPerPart' | 'standardMs' | 'speeds'> {
  const speedOn = (machine: number) => {
    const speed = segment.equipment.find((e) => e.equipmentId === ground.machineIds[machine])!;
    if (ground.capacities[machine] === 0) return 1000 * speed.secondsPerUnit;
    return runMilliseconds(parts, speed, ground.machines[machine]) / Math.max(1, parts);
  };
  const millisecondsPerPart = speedOn(machines[0]!);
  const first = segment.equipment.find((e) => e.equipmentId === ground.machineIds[machines[0]!])!;
  const capacity = ground.capacities[machines[0]!]!;
  const standardMs = capacity > 0 ? (1000 * (first.secondsPerBatch ?? NaN)) / capacity : 1000 * first.secondsPerUnit;
  if (machines.every((machine) => speedOn(machine) === millisecondsPerPart))
    return { millisecondsPerPart, standardMs, speeds: undefined };
  const speeds = new Float64Array(ground.machineIds.length);
  for (const machine of machines) speeds[machine] = speedOn(machine);
  return { millisecondsPerPart, standardMs, speeds };
}

function linkRoutings(
  ground: Ground,
  stations: readonly Station[],
  state: PlantState,
  jobs: readonly Job[],
  byId: ReadonlyMap<string, Job>,
): void {
  const ordersBefore = jobOrdersBefore(state.jobOrders);
  const transportMs = transportMsBetween(ground.model);
  for (const job of jobs) {
    const { line } = stations[job.station]!;
    for (const predecessor of job.segment.predecessors) {
      const lag = lagBehind(job.segment, predecessor);
      const least = Math.round((lag?.minSeconds ?? 0) * 1000);
      const most = Math.round((lag?.maxSeconds ?? Infinity) * 1000);
      for (const order of ordersBefore(job.jobOrder, predecessor)) {
        const before = byId.get(order.jobOrderId);
        const overlaps = before && before.station !== job.station && order.lot === job.jobOrder.lot;
        const transfer = overlaps ? transferQuantity(lag, order.quantity) : 0;
        // What is running has all its parts, unless they come from what is running as well.
        if (job.wasRunning && !(before?.wasRunning && transfer > 0)) continue;
        if (before) {
          const delay = Math.max(least, transportMs(stations[before.station]!.line, line));
          link(before, job, { delay, most, material: false, transfer });
        } else if (isOpen(order)) job.blocked = true;
        else if (order.endedAt !== undefined) {
          const machine = ground.machineIndex.get(order.equipmentId ?? '');
          const moved = machine === undefined ? 0 : transportMs(ground.lines[machine]!, line);
          job.release = Math.max(job.release, order.endedAt + Math.max(least, moved));
          job.latestStart = Math.min(job.latestStart, order.endedAt + most);
        }
      }
    }
  }
}

function linkMaterials(
  jobs: readonly Job[],
  lots: readonly MaterialLot[],
  travelMs: (from: Job, to: Job) => number,
): void {
  const waiting = jobs.filter((job) => job.takesMaterial);
  pegMaterials(waiting, lots, deliveries(jobs), travelMs).forEach((pegs, i) => {
    const job = waiting[i]!;
    if (!pegs) {
      job.materialAt = Infinity;
      return;
    }
    job.pegs = pegs;
    for (const { source } of pegs)
      if ('jobs' in source)
        for (const maker of source.jobs)
          link(maker, job, { delay: travelMs(maker, job), most: Infinity, material: true, transfer: 0 });
      else job.materialAt = Math.max(job.materialAt, source.lot.availableAt);
  });
}

/** The last operation of each request, all lots of it: with them the request delivers. */
function deliveries(jobs: readonly Job[]): Job[][] {
  const last = new Map<string, Job[]>();
  for (const job of jobs) {
    const known = last.get(job.request.workRequestId);
    const sequence = known?.[0]!.segment.sequence ?? -Infinity;
    if (job.segment.sequence > sequence) last.set(job.request.workRequestId, [job]);
    else if (job.segment.sequence === sequence) known!.push(job);
  }
  return [...last.values()];
}

function link(job: Job, successor: Job, how: Omit<Link, 'job'>): void {
  successor.predecessors.push({ job, ...how });
  job.successors.push({ job: successor, ...how });
}
