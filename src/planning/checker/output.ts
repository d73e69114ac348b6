import { totalLength } from '../../kernel/index.ts';
import {
  oeeOf,
  rejectShares,
  scrapUntil,
  sumOfTimes,
  type Equipment,
  type Oee,
  type PlanKpis,
  type PlantModel,
  type ProductionTimes,
  type Rejects,
} from '../../plant/index.ts';
import type { Lines } from './lines.ts';
import { within, type OpenTime } from './open-time.ts';
import { runTime, type Task } from './tasks.ts';

/**
 * What a plan makes of its time: the scrap to expect, and the overall equipment effectiveness of each line on which
 * something is to be done and of all of them. What is in one load of a batch machine runs at the same time, and a load
 * that is not full loses performance.
 */
export function measureOutput(
  model: PlantModel,
  rejects: Rejects | undefined,
  tasks: readonly Task[],
  open: OpenTime,
  lines: Lines,
  from: number,
): Pick<PlanKpis, 'expectedScrap' | 'oee'> & { oeeByLine: Record<string, Oee> } {
  const machines = new Map(model.equipment.map((e) => [e.equipmentId, e]));
  const timeOf = (task: Task) => runTime(task, machines.get(task.entry.equipmentId));
  const able = tasks.filter((task) => !Number.isNaN(timeOf(task)));
  const scrap = able.map(
    (task) => scrapUntil(task.parts, sharesOf(task, rejects)) + lost(task, machines.get(task.entry.equipmentId)),
  );
  const byLine = Map.groupBy(able, (task) => lines.of(task.entry.equipmentId));
  const times = new Map([...byLine].map(([line, own]) => [line, timesOf(line, own)]));
  return {
    expectedScrap: scrap.reduce((sum, parts) => sum + parts, 0),
    oee: oeeOf(sumOfTimes(times.values())).oee,
    oeeByLine: Object.fromEntries([...times].map(([line, own]) => [line, oeeOf(own)])),
  };

  function timesOf(line: string, own: readonly Task[]): ProductionTimes {
    const end = Math.max(...own.map((task) => task.entry.end));
    const onLine = model.equipment.filter((e) => e.level === 'WorkUnit' && lines.of(e.equipmentId) === line);
    const loads = Map.groupBy(own, ({ entry }) => `${entry.equipmentId} ${String(entry.start)}`);
    const standards = own.map((task) => ({ standard: standardTime(task), ...sharesOf(task, rejects) }));
    return {
      plannedBusy: sum(onLine.map((m) => totalLength(within(open.plannedBusy(m.equipmentId), from, end)))),
      production: sum([...loads.values()].map((load) => Math.max(...load.map(timeOf)))),
      standard: sum(standards.map(({ standard }) => standard)),
      goodStandard: sum(standards.map(({ standard, scrap, rework }) => standard * Math.max(0, 1 - scrap - rework))),
    };
  }

  function standardTime(task: Task): number {
    const machine = machines.get(task.entry.equipmentId);
    const rate = task.segment.equipment.find((e) => e.equipmentId === task.entry.equipmentId);
    if (rate?.secondsPerBatch === undefined || machine?.batchCapacity === undefined) return timeOf(task);
    return Math.max(1, Math.round((1000 * task.parts * rate.secondsPerBatch) / machine.batchCapacity));
  }
}

/** What a breakdown made scrap: the parts made, and those that lay in the machine. */
function lost({ fate, job }: Task, machine: Equipment | undefined): number {
  if (fate !== 'starts-anew-with-new-material') return 0;
  return Math.max(job.goodQuantity, Math.min(job.quantity, job.goodQuantity + (machine?.batchCapacity ?? 0)));
}

function sharesOf({ entry, request }: Task, rejects: Rejects | undefined) {
  return rejectShares(rejects, entry.equipmentId, request.materialId);
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
