import {
  openDispatchStates,
  type JobOrder,
  type MaterialLot,
  type PlantState,
  type ProcessSegment,
  type ScheduleEntry,
  type WorkRequest,
  type WorkSchedule,
} from '../plant/index.ts';
import type { Calendar } from './calendar.ts';
import type { Ground } from './ground.ts';
import { pegMaterials, type Peg } from './supply.ts';

/** One operation on its machine, with how far it is. Times in milliseconds, instants since 1970 UTC. */
export interface Job {
  jobOrder: JobOrder;
  request: WorkRequest;
  segment: ProcessSegment;
  family: string;
  machine: number;
  plannedStart: number;
  plannedEnd: number;
  /** Earliest start from release and completed predecessors. */
  release: number;
  /** When the lots that it takes are all there; Infinity where nothing covers its material. */
  materialAt: number;
  pegs: Peg[];
  predecessors: { job: Job; delay: number; material: boolean }[];
  successors: Job[];
  /** Some operation before it is neither done nor planned. */
  blocked: boolean;
  calendar: Calendar;
  qualification: number;
  mayPause: boolean;
  millisecondsPerPart: number;
  /** Parts still to make when it was laid out. */
  parts: number;
  /** Running at the beginning, with this much of its planned setup left. */
  wasRunning: boolean;
  plannedSetupLeft: number;

  status: 'waiting' | 'started' | 'ended';
  startedAt: number;
  endedAt: number;
  setupTotal: number;
  changeover: boolean;
  setupLeft: number;
  runTotal: number;
  runLeft: number;
  /** Parts to process, those included that will be scrapped. */
  partsTotal: number;
}

/** A plan laid out on the machines. */
export interface Layout {
  jobs: Job[];
  byId: ReadonlyMap<string, Job>;
  /** Jobs by machine in the plan's order; those that run already come first. */
  sequences: Job[][];
}

const isOpen = (job: JobOrder) => job.dispatchStatus === 'Running' || openDispatchStates.includes(job.dispatchStatus);

/** Requests whose operations are no longer made. */
const ended = new Set(['Cancelled', 'Completed', 'Aborted', 'Closed']);

/**
 * Lays a plan out: the open operations of the state that it places, with what each has to wait for. Materials are
 * pegged in order of planned start, so that no two operations count on the same parts and none can wait in a circle.
 */
export function layOut(ground: Ground, state: PlantState, schedule: WorkSchedule): Layout {
  const requests = new Map(state.workRequests.map((request) => [request.workRequestId, request]));
  const families = new Map(ground.model.materials.map((material) => [material.materialId, material.setupFamily]));
  const orders = new Map(state.jobOrders.filter(isOpen).map((job) => [job.jobOrderId, job]));
  const jobs: Job[] = [];
  for (const entry of [...schedule.entries].sort((a, b) => a.start - b.start)) {
    const jobOrder = orders.get(entry.jobOrderId);
    const request = requests.get(jobOrder?.workRequestId ?? '');
    if (!jobOrder || !request || ended.has(request.requestState)) continue;
    orders.delete(entry.jobOrderId);
    const job = place(ground, state, entry, jobOrder, request, families.get(request.materialId));
    if (job) jobs.push(job);
  }
  const byId = new Map(jobs.map((job) => [job.jobOrder.jobOrderId, job]));
  linkRoutings(ground, state, jobs, byId);
  linkMaterials(jobs, state.lots);
  const sequences: Job[][] = ground.machineIds.map(() => []);
  for (const job of jobs) sequences[job.machine]!.push(job);
  for (const sequence of sequences)
    sequence.sort(
      (a, b) =>
        Number(b.wasRunning) - Number(a.wasRunning) ||
        (a.wasRunning ? (a.jobOrder.startedAt ?? 0) - (b.jobOrder.startedAt ?? 0) : 0),
    );
  return { jobs, byId, sequences };
}

function place(
  ground: Ground,
  state: PlantState,
  entry: ScheduleEntry,
  jobOrder: JobOrder,
  request: WorkRequest,
  setupFamily: string | undefined,
): Job | undefined {
  const segment = ground.segmentOf(jobOrder.workMasterId, jobOrder.workMasterVersion, jobOrder.segmentId);
  const running = jobOrder.dispatchStatus === 'Running';
  const equipmentId = running ? (jobOrder.equipmentId ?? entry.equipmentId) : entry.equipmentId;
  const machine = ground.machineIndex.get(equipmentId);
  const speed = segment?.equipment.find((candidate) => candidate.equipmentId === equipmentId);
  if (!segment || machine === undefined || !speed) return undefined;
  const setup = Math.round(entry.setupSeconds * 1000);
  const startedAt = jobOrder.startedAt ?? state.at;
  return {
    jobOrder,
    request,
    segment,
    family: setupFamily ?? request.materialId,
    machine,
    plannedStart: entry.start,
    plannedEnd: entry.end,
    release: running ? state.at : request.releasedAt,
    materialAt: -Infinity,
    pegs: [],
    predecessors: [],
    successors: [],
    blocked: false,
    calendar: ground.calendarOf(machine, segment.qualificationId),
    qualification: ground.qualificationIndex(segment.qualificationId),
    mayPause: running || segment.interruptible,
    millisecondsPerPart: speed.secondsPerUnit * 1000,
    parts: Math.max(0, jobOrder.quantity - jobOrder.goodQuantity),
    wasRunning: running,
    plannedSetupLeft: running && jobOrder.goodQuantity === 0 ? Math.max(0, setup - (state.at - startedAt)) : 0,
    status: 'waiting',
    startedAt: running ? startedAt : NaN,
    endedAt: NaN,
    setupTotal: 0,
    changeover: false,
    setupLeft: 0,
    runTotal: 0,
    runLeft: 0,
    partsTotal: 0,
  };
}

function linkRoutings(ground: Ground, state: PlantState, jobs: readonly Job[], byId: ReadonlyMap<string, Job>): void {
  const orderOf = new Map(state.jobOrders.map((order) => [`${order.workRequestId}\n${order.segmentId}`, order]));
  const transport = ground.model.transportSeconds * 1000;
  for (const job of jobs) {
    if (job.wasRunning) continue;
    const line = ground.lines[job.machine]!;
    for (const predecessor of job.segment.predecessors) {
      const order = orderOf.get(`${job.jobOrder.workRequestId}\n${predecessor}`);
      if (!order) continue;
      const before = byId.get(order.jobOrderId);
      if (before) link(before, job, ground.lines[before.machine] === line ? 0 : transport, false);
      else if (isOpen(order)) job.blocked = true;
      else if (order.endedAt !== undefined) {
        const machine = ground.machineIndex.get(order.equipmentId ?? '');
        const moved = machine !== undefined && ground.lines[machine] !== line ? transport : 0;
        job.release = Math.max(job.release, order.endedAt + moved);
      }
    }
  }
}

function linkMaterials(jobs: readonly Job[], lots: readonly MaterialLot[]): void {
  const waiting = jobs.filter((job) => !job.wasRunning);
  pegMaterials(waiting, lots, deliveries(jobs)).forEach((pegs, i) => {
    const job = waiting[i]!;
    if (!pegs) {
      job.materialAt = Infinity;
      return;
    }
    job.pegs = pegs;
    for (const { source } of pegs)
      if ('job' in source) link(source.job, job, 0, true);
      else job.materialAt = Math.max(job.materialAt, source.lot.availableAt);
  });
}

/** The last operation of each request: with it the request delivers. */
function deliveries(jobs: readonly Job[]): Job[] {
  const last = new Map<string, Job>();
  for (const job of jobs) {
    const known = last.get(job.request.workRequestId);
    if (!known || known.segment.sequence < job.segment.sequence) last.set(job.request.workRequestId, job);
  }
  return [...last.values()];
}

function link(job: Job, successor: Job, delay: number, material: boolean): void {
  successor.predecessors.push({ job, delay, material });
  job.successors.push(successor);
}
