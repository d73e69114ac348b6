import { lagBehind, transferQuantity, type JobOrder, type PlantModel } from '../../plant/index.ts';
import { at, type Findings } from './findings.ts';
import type { Lines } from './lines.ts';
import type { Task } from './tasks.ts';

/** All job orders of each work request. */
export type JobsOfRequest = ReadonlyMap<string, readonly JobOrder[]>;

/**
 * The instant at which all predecessors of an operation that do not overlap with it are over, their parts on its line
 * and the minimum lags gone by, and the last of them.
 */
export function readyAfterPredecessors(
  task: Task,
  tasksById: ReadonlyMap<string, Task>,
  model: PlantModel,
  jobsOf: JobsOfRequest,
  lines: Lines,
): { ready: number; last: string } {
  let ready = -Infinity;
  let last = '';
  for (const job of predecessorsOf(task, jobsOf)) {
    const planned = tasksById.get(job.jobOrderId);
    const end = planned ? planned.entry.end : job.endedAt;
    const machine = planned ? planned.entry.equipmentId : job.equipmentId;
    if (end === undefined) continue;
    if (planned && partsPerTransfer(task, planned, model) > 0) continue;
    const travel = travelTime(task, job, machine, lines);
    if (end + travel > ready) [ready, last] = [end + travel, job.jobOrderId];
  }
  return { ready, last };
}

/**
 * The job orders that an operation follows. Lots follow all lots before them, unless the segment before has as many:
 * then each follows the one of its number.
 */
export function predecessorsOf({ job, segment, request }: Task, jobsOf: JobsOfRequest): JobOrder[] {
  const own = jobsOf.get(request.workRequestId) ?? [];
  const lotsOf = (segmentId: string) =>
    own.filter((other) => other.segmentId === segmentId && other.lot !== undefined).map((other) => other.lot);
  const lots = job.lot === undefined ? [] : lotsOf(job.segmentId);
  return own.filter((before) => {
    if (!segment.predecessors.includes(before.segmentId)) return false;
    if (before.lot === undefined || before.lot === job.lot || lots.length < 2) return true;
    const lotsBefore = lotsOf(before.segmentId);
    return lotsBefore.length !== lots.length || !lotsBefore.includes(job.lot);
  });
}

/** From the end of a predecessor to the start: transport to another line, and the minimum lag meanwhile. */
export function travelTime(task: Task, before: JobOrder, machineBefore: string | undefined, lines: Lines): number {
  const travel = machineBefore === undefined ? 0 : lines.travelMs(machineBefore, task.entry.equipmentId);
  const least = lagBehind(task.segment, before.segmentId)?.minSeconds ?? 0;
  return Math.max(travel, Math.round(least * 1000));
}

/**
 * Parts in each transfer from a predecessor in the plan; 0 where all go on at once, as they do on one and the same
 * machine, and into and out of the loads of a batch machine.
 */
export function partsPerTransfer(task: Task, before: Task, model: PlantModel): number {
  if (task.request !== before.request || task.job.lot !== before.job.lot) return 0;
  if (task.entry.equipmentId === before.entry.equipmentId) return 0;
  const each = transferQuantity(lagBehind(task.segment, before.segment.segmentId), before.job.quantity);
  if (each === 0) return 0;
  const ends = [task.entry.equipmentId, before.entry.equipmentId];
  return model.equipment.some((e) => e.batchCapacity !== undefined && ends.includes(e.equipmentId)) ? 0 : each;
}

/** Every operation that is not running yet starts after its predecessors, transport included, and after its release. */
export function checkPrecedence(
  tasks: readonly Task[],
  model: PlantModel,
  jobsOf: JobsOfRequest,
  lines: Lines,
  findings: Findings,
): void {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  for (const task of tasks) {
    if (task.running) continue;
    const { entry, request } = task;
    const { ready, last } = readyAfterPredecessors(task, byId, model, jobsOf, lines);
    if (entry.start < ready)
      findings.add(
        `${task.id} starts at ${at(entry.start)} before its predecessor ${last} is over and there at ${at(ready)}`,
      );
    if (entry.start < request.releasedAt)
      findings.add(`${task.id} starts at ${at(entry.start)} before the release at ${at(request.releasedAt)}`);
  }
}
