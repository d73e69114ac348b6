import type { JobOrder, PlantModel } from '../../plant/index.ts';
import { at, type Findings } from './findings.ts';
import type { Lines } from './lines.ts';
import type { Task } from './tasks.ts';

/** All job orders of each work request. */
export type JobsOfRequest = ReadonlyMap<string, readonly JobOrder[]>;

/** The instant at which all predecessors of an operation are over and their parts on its line, and the last of them. */
export function readyAfterPredecessors(
  task: Task,
  tasksById: ReadonlyMap<string, Task>,
  model: PlantModel,
  jobsOf: JobsOfRequest,
  lines: Lines,
): { ready: number; last: string } {
  let ready = -Infinity;
  let last = '';
  for (const job of jobsOf.get(task.request.workRequestId) ?? []) {
    if (!task.segment.predecessors.includes(job.segmentId)) continue;
    const planned = tasksById.get(job.jobOrderId);
    const end = planned ? planned.entry.end : job.endedAt;
    const machine = planned ? planned.entry.equipmentId : job.equipmentId;
    if (end === undefined) continue;
    const travel =
      machine !== undefined && lines.differ(machine, task.entry.equipmentId) ? model.transportSeconds * 1000 : 0;
    if (end + travel > ready) [ready, last] = [end + travel, job.jobOrderId];
  }
  return { ready, last };
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
