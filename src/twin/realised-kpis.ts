import type { PlanKpis, WorkSchedule } from '../plant/index.ts';
import type { Job } from './layout.ts';
import type { Machine } from './machine.ts';

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

/**
 * The KPIs of what really happened in one replication. Running operations count not as setups.
 * @param stability of the plan, see `stabilityOf`
 * @param from start of the plan
 * @param horizon stands in for the end of what never ended
 */
export function realisedKpis(
  jobs: readonly Job[],
  machines: readonly Machine[],
  stability: number,
  from: number,
  horizon: number,
): PlanKpis {
  const requestEnd = new Map<Job['request'], number>();
  let makespan = from;
  let changeovers = 0;
  let setupMs = 0;
  for (const job of jobs) {
    const end = job.status === 'ended' ? job.endedAt : horizon;
    if (end > makespan) makespan = end;
    if (end > (requestEnd.get(job.request) ?? -Infinity)) requestEnd.set(job.request, end);
    if (job.changeover) changeovers++;
    setupMs += job.setupTotal;
  }
  let tardiness = 0;
  let late = 0;
  for (const [request, end] of requestEnd) {
    if (end <= request.dueAt) continue;
    late++;
    tardiness += (end - request.dueAt) / 1000 / Math.max(1, request.priority);
  }
  return {
    weightedTardinessSeconds: tardiness,
    lateOrders: late,
    onTimeShare: requestEnd.size === 0 ? 1 : 1 - late / requestEnd.size,
    makespanSeconds: (makespan - from) / 1000,
    changeovers,
    setupSeconds: setupMs / 1000,
    stability,
    workloadImbalance: relativeDeviation(machines),
  };
}

/** Standard deviation of the machines' work over its mean. */
function relativeDeviation(machines: readonly Machine[]): number {
  let sum = 0;
  for (const machine of machines) sum += machine.busy;
  const mean = sum / machines.length;
  if (!(mean > 0)) return 0;
  let squares = 0;
  for (const machine of machines) squares += (machine.busy - mean) ** 2;
  return Math.sqrt(squares / machines.length) / mean;
}
