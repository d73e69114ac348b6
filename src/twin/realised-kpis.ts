import type { PlanKpis, WorkSchedule } from '../plant/index.ts';
import type { Job } from './layout.ts';
import type { Watched } from './types.ts';
import { workedMs, type Machine } from './machine.ts';
import { ended } from './status.ts';
import type { WorkTable } from './work-table.ts';

const fiveMinutes = 300_000;

/**
 * Share of a plan's operations that keep machine and start (within five minutes) against the base plan; those that run
 * already do not count. It is a property of the plan, how much it asks people to change, so chance does not touch it.
 */
export function stabilityOf(schedule: WorkSchedule, base: WorkSchedule | undefined, jobs: readonly Job[]): number {
  const places = new Map(base?.entries.map((entry) => [entry.jobOrderId, entry]));
  const running = new Set(jobs.filter((job) => job.wasRunning).map((job) => job.jobOrder.jobOrderId));
  let comparable = 0;
  let kept = 0;
  for (const { jobOrderId, equipmentId, start } of schedule.entries) {
    const before = places.get(jobOrderId);
    if (!before || running.has(jobOrderId)) continue;
    comparable++;
    if (before.equipmentId === equipmentId && Math.abs(start - before.start) <= fiveMinutes) kept++;
  }
  return comparable === 0 ? 1 : kept / comparable;
}

/** Reads the KPIs of what really happened in one replication after another of one layout, but those of its output. */
export class KpiReader {
  private readonly requests: readonly Job['request'][];
  private readonly requestOf: Int32Array;
  private readonly ends: Float64Array;
  private readonly stability: number;
  private readonly from: number;
  private readonly horizon: number;
  /** Watched requests and operations that the layout knows: id and index. */
  private readonly watchedRequests: [string, number][];
  private readonly watchedJobs: [string, number, number][];
  /** In how many replications each watched thing was missed, by id. */
  readonly missed: Record<string, number> = {};

  /**
   * @param stability of the plan, see `stabilityOf`
   * @param from start of the plan
   * @param horizon stands in for the end of what never ended
   */
  constructor(
    jobs: readonly Job[],
    stability: number,
    { from, horizon, watched }: { from: number; horizon: number; watched?: Watched | undefined },
  ) {
    const indices = new Map([...new Set(jobs.map((job) => job.request))].map((request, index) => [request, index]));
    this.requests = [...indices.keys()];
    this.requestOf = Int32Array.from(jobs.map((job) => indices.get(job.request)!));
    this.ends = new Float64Array(indices.size);
    this.stability = stability;
    this.from = from;
    this.horizon = horizon;
    const watches = (list: readonly string[] | undefined, id: string) => list?.includes(id) ?? false;
    this.watchedRequests = this.requests.flatMap(({ workRequestId: id }, index) =>
      watches(watched?.workRequests, id) ? [[id, index]] : [],
    );
    this.watchedJobs = jobs.flatMap(({ jobOrder: { jobOrderId: id }, index, plannedStart, wasRunning }) =>
      watches(watched?.jobOrders, id) && !wasRunning ? [[id, index, plannedStart]] : [],
    );
    for (const [id] of [...this.watchedRequests, ...this.watchedJobs]) this.missed[id] = 0;
  }

  /** Running operations count not as setups. */
  read(
    { status, startedAt, endedAt, changeovers, setupTotal }: WorkTable,
    machines: readonly Machine[],
  ): Omit<PlanKpis, 'expectedScrap' | 'oee'> {
    const { requests, requestOf, ends, from, horizon } = this;
    let makespan = from;
    let changes = 0;
    let setupMs = 0;
    ends.fill(-Infinity);
    for (let job = 0; job < requestOf.length; job++) {
      const end = status[job] === ended ? endedAt[job]! : horizon;
      const request = requestOf[job]!;
      if (end > makespan) makespan = end;
      if (end > ends[request]!) ends[request] = end;
      changes += changeovers[job]!;
      setupMs += setupTotal[job]!;
    }
    let tardiness = 0;
    let late = 0;
    for (let r = 0; r < requests.length; r++) {
      const { dueAt, priority } = requests[r]!;
      if (ends[r]! <= dueAt) continue;
      late++;
      tardiness += (ends[r]! - dueAt) / 1000 / Math.max(1, priority);
    }
    for (const [id, index] of this.watchedRequests) if (ends[index]! > requests[index]!.dueAt) this.missed[id]!++;
    for (const [id, job, planned] of this.watchedJobs)
      if (status[job] !== ended || startedAt[job]! > planned + fiveMinutes) this.missed[id]!++;
    return {
      weightedTardinessSeconds: tardiness,
      lateOrders: late,
      onTimeShare: requests.length === 0 ? 1 : 1 - late / requests.length,
      makespanSeconds: (makespan - from) / 1000,
      changeovers: changes,
      setupSeconds: setupMs / 1000,
      stability: this.stability,
      workloadImbalance: relativeDeviation(machines.map(workedMs)),
    };
  }
}

/** Standard deviation over mean. */
function relativeDeviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (!(mean > 0)) return 0;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) / mean;
}
