import type { PlanKpis, PlantModel, WorkSchedule } from '../../plant/index.ts';
import { totalLength } from '../../kernel/index.ts';
import type { Worked } from './machines.ts';
import type { Task } from './tasks.ts';

const fiveMinutes = 300_000;

/** The KPIs of a plan but those of its output (`measureOutput`), from its entries alone; setups of running operations are past and not counted. */
export function measure(
  model: PlantModel,
  live: WorkSchedule | undefined,
  tasks: readonly Task[],
  worked: ReadonlyMap<Task, Worked>,
  from: number,
): Omit<PlanKpis, 'expectedScrap' | 'oee'> {
  const ends = new Map<string, { end: number; dueAt: number; weight: number }>();
  const busy = new Map(model.equipment.filter((e) => e.level === 'WorkUnit').map((e) => [e.equipmentId, 0]));
  const before = new Map((live?.entries ?? []).map((entry) => [entry.jobOrderId, entry]));
  let makespan = 0;
  let changeovers = 0;
  let setup = 0;
  let compared = 0;
  let stable = 0;
  for (const task of tasks) {
    const { entry, request } = task;
    const known = ends.get(request.workRequestId)?.end ?? -Infinity;
    const weight = 1 / Math.max(1, request.priority);
    ends.set(request.workRequestId, { end: Math.max(known, entry.end), dueAt: request.dueAt, weight });
    makespan = Math.max(makespan, entry.end - from);
    const done = worked.get(task);
    if (!done?.shares) {
      busy.set(entry.equipmentId, (busy.get(entry.equipmentId) ?? 0) + totalLength(done?.stretches ?? []));
      if (done?.changeover) changeovers++;
      setup += done?.setup ?? 0;
    }
    const planned = before.get(task.id);
    if (task.running || !planned || !busy.has(planned.equipmentId)) continue;
    compared++;
    if (planned.equipmentId === entry.equipmentId && Math.abs(planned.start - entry.start) <= fiveMinutes) stable++;
  }
  const late = [...ends.values()].filter(({ end, dueAt }) => end > dueAt);
  const loads = [...busy.values()];
  const mean = loads.reduce((a, b) => a + b, 0) / loads.length;
  const variance = loads.reduce((sum, load) => sum + (load - mean) ** 2, 0) / loads.length;
  return {
    weightedTardinessSeconds: late.reduce((sum, { end, dueAt, weight }) => sum + ((end - dueAt) / 1000) * weight, 0),
    lateOrders: late.length,
    onTimeShare: ends.size === 0 ? 1 : 1 - late.length / ends.size,
    makespanSeconds: makespan / 1000,
    changeovers,
    setupSeconds: setup / 1000,
    stability: compared === 0 ? 1 : stable / compared,
    workloadImbalance: mean > 0 ? Math.sqrt(variance) / mean : 0,
  };
}
