import { intersectIntervals, mergeIntervals, totalLength, type Interval } from '../../kernel/index.ts';
import {
  setupSeconds,
  type Equipment,
  type PlantModel,
  type PlantState,
  type WorkSchedule,
} from '../../plant/index.ts';
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
  /** Whether it shares the load of another one, with which stretches, setup and changeover are counted. */
  shares: boolean;
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
 * Walks each machine in order of start: nothing overlaps unless it is one load of a batch machine, the setup is the one
 * that the sequence asks for, the work is as long as setup and parts take, lies in open and attended time from its
 * first to its last moment, and does not pause where it must not.
 */
export function checkMachines(inputs: MachineInputs, findings: Findings): Map<Task, Worked> {
  const { model, state, request, tasks } = inputs;
  const noSplit = new Set(request.constraints.filter((c) => c.kind === 'no-split').map((c) => c.subject));
  const result = new Map<Task, Worked>();
  const tasksOn = Map.groupBy(tasks, (task) => task.entry.equipmentId);
  for (const machine of model.equipment) {
    const list = tasksOn.get(machine.equipmentId) ?? [];
    list.sort((a, b) => a.entry.start - b.entry.start || a.entry.end - b.entry.end || (a.id < b.id ? -1 : 1));
    const matrix = model.setupMatrices.find((m) => m.equipmentClassId === machine.equipmentClassId);
    let family: string | undefined = state.setupFamily[machine.equipmentId];
    let before: Task | undefined;
    for (const load of loadsOf(machine, list)) {
      const [task] = load;
      const { entry } = task;
      if (before && entry.start < before.entry.end && !(task.running && before.running))
        findings.add(
          `${task.id} on ${entry.equipmentId} begins at ${at(entry.start)} and overlaps ${before.id}, which ends at ${at(before.entry.end)}`,
        );
      const done = task.running
        ? checkRunning(load, machine, inputs, findings)
        : checkNew(task, machine, Math.round(setupSeconds(matrix, family, task.family) * 1000), inputs, findings);
      const changeover = done.setup > 0 && family !== task.family;
      for (const member of load) {
        const mayPause =
          member.segment.interruptible &&
          (member.segment.afterInterruption ?? 'resume') === 'resume' &&
          !noSplit.has(member.id) &&
          !noSplit.has(member.request.workRequestId);
        const shares = member !== task;
        if ((!member.running || member.fate !== 'goes-on') && !mayPause && done.stretches.length > 1)
          findings.add(
            `${member.id} on ${entry.equipmentId} pauses at ${at(done.stretches[0]!.end)}, which it must not`,
          );
        if (shares && !task.running) checkMember(member, load, machine, findings);
        result.set(member, { ...done, changeover, mayPause, shares });
      }
      family = load.at(-1)!.family;
      if (!before || entry.end > before.entry.end) before = task;
    }
  }
  return result;
}

/** What a machine does one after the other: on a batch machine what has the same start and end is one load. */
function loadsOf(machine: Equipment, list: readonly Task[]): [Task, ...Task[]][] {
  const loads: [Task, ...Task[]][] = [];
  for (const task of list) {
    const last = loads.at(-1);
    const { start, end } = last?.[0].entry ?? {};
    const together = start === task.entry.start && end === task.entry.end && last?.[0].running === task.running;
    if (last && together && machine.batchCapacity !== undefined) last.push(task);
    else loads.push([task]);
  }
  return loads;
}

/** One that shares a load takes as long as the first one, is of its family, needs the same people and finds room. */
function checkMember(task: Task, load: readonly [Task, ...Task[]], machine: Equipment, findings: Findings): void {
  const [first] = load;
  const { equipmentId, setupSeconds: setup } = task.entry;
  const parts = load.slice(0, load.indexOf(task) + 1).reduce((sum, member) => sum + member.parts, 0);
  const misfit =
    parts > (machine.batchCapacity ?? 0)
      ? 'finds no room'
      : task.family !== first.family
        ? 'is of another setup family'
        : task.segment.qualificationId !== first.segment.qualificationId
          ? 'needs another qualification'
          : toolsOf(task) !== toolsOf(first)
            ? 'needs other tools'
            : runTime(task, machine) !== runTime(first, machine)
              ? 'takes another time'
              : setup !== first.entry.setupSeconds
                ? 'has another setup'
                : undefined;
  if (misfit) findings.add(`${task.id} on ${equipmentId} shares the load of ${first.id}, but ${misfit}`);
}

/** An operation's tools as one text. */
export function toolsOf({ segment }: Task): string {
  return [...new Set(segment.toolIds)].sort().join('\n');
}

function checkNew(
  task: Task,
  machine: Equipment,
  setup: number,
  { open }: MachineInputs,
  findings: Findings,
): Pick<Worked, 'stretches' | 'setup'> {
  const { entry, segment } = task;
  const run = runTime(task, machine);
  if (Number.isNaN(run)) {
    findings.add(`${task.id} may not run on ${entry.equipmentId}`);
    return { stretches: [], setup };
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
  return { stretches, setup };
}

/** Running operations stay on their machine and go on until their parts are made; those of one load end together. */
function checkRunning(
  load: readonly [Task, ...Task[]],
  machine: Equipment,
  inputs: MachineInputs,
  findings: Findings,
): Pick<Worked, 'stretches' | 'setup'> {
  const { state, open } = inputs;
  const [{ id, entry, segment }] = load;
  for (const { job, id, entry } of load) {
    const startedAt = job.startedAt ?? state.at;
    if (entry.equipmentId !== job.equipmentId || entry.start !== startedAt)
      findings.add(
        `${id} is running on ${String(job.equipmentId)} since ${at(startedAt)}, but planned on ${entry.equipmentId} from ${at(entry.start)}`,
      );
  }
  const left = Math.max(...load.map((task) => workLeft(task, machine, inputs)));
  const time = open.of(entry.equipmentId, segment.qualificationId, true);
  const stretches = lastBefore(intersectIntervals(time, [{ start: state.at, end: Infinity }]), entry.end, left);
  if (!stretches || stretches.at(-1)?.end !== entry.end)
    findings.add(
      `${id} is running on ${entry.equipmentId} and cannot end at ${at(entry.end)}: ${String(left / 1000)} s of work are left`,
    );
  return { stretches: stretches ?? [], setup: 0 };
}

/** Milliseconds of work that are left of a running operation. */
function workLeft(task: Task, machine: Equipment, { model, state, live }: MachineInputs): number {
  const { job, fate, family } = task;
  const planned = Math.round((live?.entries.find((e) => e.jobOrderId === task.id)?.setupSeconds ?? 0) * 1000);
  const since = { start: job.startedAt ?? state.at, end: state.at };
  const down = mergeIntervals(state.unavailable.filter((stop) => stop.equipmentId === machine.equipmentId));
  const worked = Math.max(0, since.end - since.start) - totalLength(intersectIntervals([since], down));
  const setup = job.goodQuantity > 0 ? 0 : Math.max(0, planned - worked);
  if (fate !== 'goes-on') {
    const matrix = model.setupMatrices.find((m) => m.equipmentClassId === machine.equipmentClassId);
    return Math.max(setup, Math.round(setupSeconds(matrix, family, family) * 1000)) + runTime(task, machine);
  }
  const run = runTime(task, machine);
  if (machine.batchCapacity === undefined) return setup + run;
  // Parts of a batch machine are reported load by load: the present load has run for as long as it was worked.
  const inAll = planned + runTime(task, machine, job.quantity);
  const present = runTime(task, machine, machine.batchCapacity);
  return Math.min(setup + run, Math.max(run - present + 1, inAll - worked));
}
