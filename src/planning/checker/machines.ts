import { intersectIntervals, totalLength, type Interval } from '../../kernel/index.ts';
import { setupSeconds, type PlantModel, type PlantState, type WorkSchedule } from '../../plant/index.ts';
import type { PlanningRequest } from '../request.ts';
import { at, type Findings } from './findings.ts';
import { lastBefore, within, type OpenTime } from './open-time.ts';
import { runTime, type Task } from './tasks.ts';

/** What an operation really does on its machine. */
export interface Worked {
  /** Stretches of work; for a running one those that are left. */
  stretches: Interval[];
  /** Milliseconds of setup that the sequence asks for; 0 for a running one, whose setup is past. */
  setup: number;
  changeover: boolean;
  /** Whether it may pause over closed time. */
  mayPause: boolean;
}

/** What the check of the machines reads. */
export interface MachineInputs {
  model: PlantModel;
  state: PlantState;
  live: WorkSchedule | undefined;
  request: PlanningRequest;
  tasks: readonly Task[];
  open: OpenTime;
}

/** Two milliseconds: setup and run time are rounded to whole ones each. */
const rounding = 2;

/**
 * Walks each machine in order of start: nothing overlaps, the setup is the one that the sequence asks for, the work is
 * as long as setup and parts take, lies in open and attended time from its first to its last moment, and does not
 * pause where it must not.
 */
export function checkMachines(
  { model, state, live, request, tasks, open }: MachineInputs,
  findings: Findings,
): Map<Task, Worked> {
  const noSplit = new Set(request.constraints.filter((c) => c.kind === 'no-split').map((c) => c.subject));
  const result = new Map<Task, Worked>();
  for (const machine of model.equipment) {
    const list = tasks.filter((task) => task.entry.equipmentId === machine.equipmentId);
    list.sort((a, b) => a.entry.start - b.entry.start || a.entry.end - b.entry.end);
    const matrix = model.setupMatrices.find((m) => m.equipmentClassId === machine.equipmentClassId);
    let family: string | undefined = state.setupFamily[machine.equipmentId];
    let before: Task | undefined;
    for (const task of list) {
      const { entry } = task;
      if (before && entry.start < before.entry.end && !(task.running && before.running))
        findings.add(
          `${task.id} on ${entry.equipmentId} begins at ${at(entry.start)} and overlaps ${before.id}, which ends at ${at(before.entry.end)}`,
        );
      if (task.running) result.set(task, checkRunning(task, state, live, open, findings));
      else {
        const setup = Math.round(setupSeconds(matrix, family, task.family) * 1000);
        const mayPause =
          task.segment.interruptible && !noSplit.has(task.id) && !noSplit.has(task.request.workRequestId);
        const stretches = checkWork(task, setup, mayPause, open, findings);
        result.set(task, { stretches, setup, changeover: setup > 0 && family !== task.family, mayPause });
      }
      family = task.family;
      if (!before || entry.end > before.entry.end) before = task;
    }
  }
  return result;
}

function checkWork(task: Task, setup: number, mayPause: boolean, open: OpenTime, findings: Findings): Interval[] {
  const { entry, segment } = task;
  const run = runTime(task);
  if (Number.isNaN(run)) {
    findings.add(`${task.id} may not run on ${entry.equipmentId}`);
    return [];
  }
  if (Math.abs(entry.setupSeconds * 1000 - setup) > rounding)
    findings.add(
      `${task.id} on ${entry.equipmentId} needs ${String(setup / 1000)} s of setup after what stands before it, not ${String(entry.setupSeconds)} s`,
    );
  const time = open.of(entry.equipmentId, segment.qualificationId, false);
  const stretches = within(time, entry.start, entry.end);
  const worked = totalLength(stretches);
  if (stretches[0]?.start !== entry.start || stretches.at(-1)?.end !== entry.end)
    findings.add(
      `${task.id} on ${entry.equipmentId} from ${at(entry.start)} to ${at(entry.end)} begins or ends while the machine is closed or nobody qualified is there`,
    );
  else if (Math.abs(worked - setup - run) > rounding)
    findings.add(
      `${task.id} on ${entry.equipmentId} works ${String(worked / 1000)} s, but setup and parts take ${String((setup + run) / 1000)} s`,
    );
  if (!mayPause && stretches.length > 1)
    findings.add(`${task.id} on ${entry.equipmentId} pauses at ${at(stretches[0]!.end)}, which it must not`);
  return stretches;
}

/** A running operation stays on its machine and goes on until its parts are made. */
function checkRunning(
  task: Task,
  state: PlantState,
  live: WorkSchedule | undefined,
  open: OpenTime,
  findings: Findings,
): Worked {
  const { job, entry } = task;
  const startedAt = job.startedAt ?? state.at;
  if (entry.equipmentId !== job.equipmentId || entry.start !== startedAt)
    findings.add(
      `${task.id} is running on ${String(job.equipmentId)} since ${at(startedAt)}, but planned on ${entry.equipmentId} from ${at(entry.start)}`,
    );
  const setup = live?.entries.find((e) => e.jobOrderId === task.id)?.setupSeconds ?? 0;
  const setupLeft = job.goodQuantity > 0 ? 0 : Math.max(0, Math.round(setup * 1000) - (state.at - startedAt));
  const left = setupLeft + runTime(task);
  const time = open.of(entry.equipmentId, task.segment.qualificationId, true);
  const stretches = lastBefore(intersectIntervals(time, [{ start: state.at, end: Infinity }]), entry.end, left);
  if (!stretches || stretches.at(-1)?.end !== entry.end)
    findings.add(
      `${task.id} is running on ${entry.equipmentId} and cannot end at ${at(entry.end)}: ${String(left / 1000)} s of work are left`,
    );
  return { stretches: stretches ?? [], setup: 0, changeover: false, mayPause: true };
}
