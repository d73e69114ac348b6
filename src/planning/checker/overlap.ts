import { totalLength, type Interval } from '../../kernel/index.ts';
import type { PlantModel } from '../../plant/index.ts';
import { at, type Findings } from './findings.ts';
import type { Lines } from './lines.ts';
import type { Worked } from './machines.ts';
import { within } from './open-time.ts';
import { partsPerTransfer, travelTime } from './precedence.ts';
import { runTime, type Task } from './tasks.ts';

/** An operation and when it works; for a running one what is left. */
export interface AtWork {
  task: Task;
  stretches: readonly Interval[];
}

/**
 * When an operation first has used up what its predecessor has passed on, although that one still makes parts;
 * undefined where that never happens.
 * @param travel from the end of a transfer's last part to its arrival
 * @param from when parts leave that were made before the plan
 */
export function firstShortage(
  { task, stretches }: AtWork,
  before: AtWork,
  model: PlantModel,
  travel: number,
  from: number,
): number | undefined {
  const each = partsPerTransfer(task, before.task, model);
  if (each === 0) return undefined;
  const runOf = (one: Task) =>
    runTime(
      one,
      model.equipment.find((e) => e.equipmentId === one.entry.equipmentId),
    );
  const [run, runBefore] = [runOf(task), runOf(before.task)];
  const total = before.task.job.quantity;
  const made = total - before.task.parts;
  const own = task.job.quantity;
  const done = own - task.parts;
  const setup = totalLength(stretches) - run;
  for (let first = 0; first < total; first += each) {
    const last = Math.min(first + each, total);
    if (last <= done) continue;
    const still = Math.round((runBefore * (total - last)) / (total - made));
    const there = (last <= made ? from : leftAt(before.stretches, still)) + travel;
    const ahead = Math.min(first, own) - done;
    const enough = ahead <= 0 ? 0 : setup + Math.round((run * ahead) / (own - done));
    const worked = totalLength(within(stretches, -Infinity, there));
    if (worked > enough) return there;
  }
  return undefined;
}

/** The instant from which so much of some work is left. */
function leftAt(stretches: readonly Interval[], left: number): number {
  let open = left;
  for (let i = stretches.length - 1; i >= 0; i--) {
    const { start, end } = stretches[i]!;
    if (end - start > open) return end - open;
    open -= end - start;
  }
  return stretches[0]?.start ?? -Infinity;
}

/** Where parts go on in transfers, no operation ever runs out of them. */
export function checkOverlap(
  tasks: readonly Task[],
  worked: ReadonlyMap<Task, Worked>,
  model: PlantModel,
  lines: Lines,
  from: number,
  findings: Findings,
): void {
  const ofRequest = Map.groupBy(tasks, (task) => task.request.workRequestId);
  const atWork = (task: Task): AtWork => ({ task, stretches: worked.get(task)?.stretches ?? [] });
  for (const task of tasks)
    for (const before of (task.segment.lags ? ofRequest.get(task.request.workRequestId) : undefined) ?? []) {
      if (!task.segment.predecessors.includes(before.segment.segmentId)) continue;
      if (task.running && !before.running) continue;
      const travel = travelTime(task, before.job, before.entry.equipmentId, lines);
      const short = firstShortage(atWork(task), atWork(before), model, travel, from);
      if (short !== undefined) findings.add(`${task.id} runs out of parts of ${before.id} before ${at(short)}`);
    }
}
