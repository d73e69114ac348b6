import type { PlanKpis, WorkSchedule } from '../plant/index.ts';
import type { Job } from './layout.ts';
import type { Machine } from './machine.ts';

const fiveMinutes = 300_000;

/** Machine and start of each operation in the plan to compare with. */
export type BasePlan = ReadonlyMap<string, { equipmentId: string; start: number }>;

/** Reads a plan for comparisons. */
export function basePlanOf(schedule: WorkSchedule): BasePlan {
  return new Map(schedule.entries.map((entry) => [entry.jobOrderId, entry]));
}

/**
 * The KPIs of what really happened in one replication. Running operations count neither as setups nor for stability.
 * @param from start of the plan
 * @param horizon stands in for the end of what never ended
 */
export function realisedKpis(
  jobs: readonly Job[],
  machines: readonly Machine[],
  base: BasePlan | undefined,
  from: number,
  horizon: number,
): PlanKpis {
  const requestEnd = new Map<Job['request'], number>();
  let makespan = from;
  let changeovers = 0;
  let setupMs = 0;
  let comparable = 0;
  let kept = 0;
  for (const job of jobs) {
    const end = job.status === 'ended' ? job.endedAt : horizon;
    if (end > makespan) makespan = end;
    if (end > (requestEnd.get(job.request) ?? -Infinity)) requestEnd.set(job.request, end);
    if (job.changeover) changeovers++;
    setupMs += job.setupTotal;
    if (job.wasRunning) continue;
    const planned = base?.get(job.jobOrder.jobOrderId);
    if (!planned) continue;
    comparable++;
    const start = job.status === 'waiting' ? horizon : job.startedAt;
    if (machines[job.machine]!.equipmentId === planned.equipmentId && Math.abs(start - planned.start) <= fiveMinutes)
      kept++;
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
    stability: comparable === 0 ? 1 : kept / comparable,
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
