import {
  setupSeconds,
  type Equipment,
  type PlantModel,
  type PlantState,
  type ScheduleEntry,
  type WorkSchedule,
} from '../../plant/index.ts';
import type { PlanningRequest } from '../request.ts';
import { at, type Findings } from './findings.ts';
import type { Lines } from './lines.ts';
import { toolsOf, type Worked } from './machines.ts';
import { firstFrom, within, type OpenTime } from './open-time.ts';
import type { Attended } from './operators.ts';
import { firstShortage, type AtWork } from './overlap.ts';
import { predecessorsOf, readyAfterPredecessors, travelTime, type JobsOfRequest } from './precedence.ts';
import { runTime, type Task } from './tasks.ts';
import { findToolShortages } from './tools.ts';

/** What the check of the frozen horizon reads, whatever the plan. */
export interface FrozenInputs {
  model: PlantModel;
  state: PlantState;
  live: WorkSchedule | undefined;
  request: PlanningRequest;
  from: number;
  lines: Lines;
  jobsOf: JobsOfRequest;
}

/** What it reads of a plan. */
export interface FrozenPlan {
  tasks: readonly Task[];
  worked: ReadonlyMap<Task, Worked>;
  open: OpenTime;
}

/**
 * The frozen horizon: live operations that start in it keep machine and start as long as the plant allows, only they
 * are marked frozen, and nothing else is put into it. Plans that go on with what is running in the same way must keep
 * the same operations: which ones is found once for them all.
 */
export function frozenCheck(inputs: FrozenInputs): (plan: FrozenPlan, findings: Findings) => void {
  const { live, request, from } = inputs;
  const liveEntries = new Map((live?.entries ?? []).map((entry) => [entry.jobOrderId, entry]));
  const inHorizon = (task: Task) => (liveEntries.get(task.id)?.start ?? Infinity) < request.frozenUntil;
  let known: { open: OpenTime; given: string; kept: ReadonlySet<string> } | undefined;

  function keptIn(plan: FrozenPlan): ReadonlySet<string> {
    const { tasks, open } = plan;
    const given = givenOf(plan);
    if (known?.open !== open || known.given !== given) {
      const candidates = tasks.filter((task) => !task.running && inHorizon(task));
      known = { open, given, kept: mustKeep(inputs, plan, liveEntries, candidates) };
    }
    return known.kept;
  }

  return (plan, findings) => {
    const kept = keptIn(plan);
    for (const task of plan.tasks) {
      const { entry } = task;
      const planned = liveEntries.get(task.id);
      const inPlace = planned?.start === entry.start && planned.equipmentId === entry.equipmentId;
      const earliest = inHorizon(task) ? from : Math.max(from, request.frozenUntil);
      if (kept.has(task.id) && !inPlace)
        findings.add(
          `${task.id} is frozen on ${planned!.equipmentId} at ${at(planned!.start)}, but planned on ${entry.equipmentId} at ${at(entry.start)}`,
        );
      else if (task.running !== entry.frozen && !(inHorizon(task) && inPlace))
        findings.add(`${task.id} is ${entry.frozen ? '' : 'not '}marked frozen, but ${task.running ? 'is' : 'is not'}`);
      else if (!task.running && entry.start < earliest)
        findings.add(`${task.id} starts at ${at(entry.start)}, before ${at(earliest)}, when changes may begin`);
    }
  };
}

/** All that `mustKeep` reads of a plan, as one text: its operations, which of them may pause, and what is running. */
function givenOf({ tasks, worked }: FrozenPlan): string {
  return JSON.stringify(
    tasks.map((task) => {
      const done = worked.get(task);
      if (!task.running) return [task.id, done?.mayPause];
      const { equipmentId, start, end } = task.entry;
      return [task.id, equipmentId, start, end, done?.shares, done?.stretches];
    }),
  );
}

/** The live operations of the horizon that the plant still allows, one after the other in order of start. */
function mustKeep(
  { model, state, from, lines, jobsOf }: FrozenInputs,
  { tasks, worked, open }: FrozenPlan,
  liveEntries: ReadonlyMap<string, ScheduleEntry>,
  candidates: readonly Task[],
): Set<string> {
  const kept = new Map<string, Task>();
  for (const task of tasks) if (task.running) kept.set(task.id, task);
  const atWork = new Map<string, AtWork>();
  for (const task of kept.values()) atWork.set(task.id, { task, stretches: worked.get(task)?.stretches ?? [] });
  let attended: Attended[] = [...kept.values()].flatMap((task) => {
    const done = worked.get(task);
    return done && !done.shares ? attention(task, done.stretches) : [];
  });
  /** Whoever is left without a person: what begins or goes on later may be short because of what is there before it. */
  const shortages = (work: readonly Attended[]) => open.findShortages(work).length;
  let short = shortages(attended);
  const released = new Set<string>();
  const claimed = new Map<string, number>();
  for (const task of kept.values())
    if (task.fate === 'starts-anew-with-new-material')
      for (const { materialId, quantityPerUnit } of task.segment.materials)
        claimed.set(materialId, (claimed.get(materialId) ?? 0) + quantityPerUnit * task.parts);
  const inPlan = new Map(tasks.map((task) => [task.id, task]));
  const order = [...candidates].sort(
    (a, b) => liveEntries.get(a.id)!.start - liveEntries.get(b.id)!.start || (a.id < b.id ? -1 : 1),
  );
  for (const task of order) {
    const planned = liveEntries.get(task.id)!;
    const asPlanned: Task = {
      ...task,
      entry: { ...task.entry, start: planned.start, equipmentId: planned.equipmentId },
    };
    const end = placeOf(asPlanned);
    if (end === undefined) released.add(planned.equipmentId);
    else kept.set(task.id, { ...asPlanned, entry: { ...asPlanned.entry, end } });
  }
  return new Set([...kept.values()].filter((task) => !task.running).map((task) => task.id));

  /** End of a live operation in its place, undefined where the plant does not allow it there. */
  function placeOf(task: Task): number | undefined {
    const { start, equipmentId } = task.entry;
    const stocked = claim(task);
    const machine = model.equipment.find((e) => e.equipmentId === equipmentId);
    const run = runTime(task, machine);
    if (!stocked || released.has(equipmentId) || Number.isNaN(run)) return undefined;
    if (start < from || start < task.request.releasedAt) return undefined;
    const openPredecessor = predecessorsOf(task, jobsOf).some(
      (job) => inPlan.has(job.jobOrderId) && !kept.has(job.jobOrderId),
    );
    if (openPredecessor || readyAfterPredecessors(task, kept, model, jobsOf, lines).ready > start) return undefined;
    const before = [...kept.values()].filter((other) => other.entry.equipmentId === equipmentId);
    before.sort((a, b) => a.entry.start - b.entry.start);
    const pauses = worked.get(inPlan.get(task.id)!)?.mayPause ?? false;
    const load = before.filter((other) => !other.running && other.entry.start === start);
    if (load.length > 0) return endInLoad(task, load, machine, run, pauses);
    if (before.some((other) => other.entry.end > start)) return undefined;
    const matrix = model.setupMatrices.find((m) => m.equipmentClassId === machine?.equipmentClassId);
    const family = before.at(-1)?.family ?? state.setupFamily[equipmentId];
    const setup = Math.round(setupSeconds(matrix, family, task.family) * 1000);
    const stretches = firstFrom(open.of(equipmentId, task.segment.qualificationId, false), start, setup + run);
    if (stretches?.[0]?.start !== start) return undefined;
    if (stretches.length > 1 && !pauses) return undefined;
    const trial = [...attended, ...attention(task, stretches)];
    const shortWithIt = trial.length > attended.length ? shortages(trial) : short;
    if (shortWithIt > short) return undefined;
    const end = stretches.at(-1)!.end;
    const withTools = [...kept.values(), { ...task, entry: { ...task.entry, end } }];
    if (findToolShortages(model, withTools).some(({ id }) => id === task.id)) return undefined;
    if (runsOutOfParts({ task, stretches })) return undefined;
    attended = trial;
    short = shortWithIt;
    atWork.set(task.id, { task, stretches });
    return end;
  }

  function runsOutOfParts(one: AtWork): boolean {
    return predecessorsOf(one.task, jobsOf).some((job) => {
      const before = atWork.get(job.jobOrderId);
      if (!before) return false;
      const travel = travelTime(one.task, job, before.task.entry.equipmentId, lines);
      return firstShortage(one, before, model, travel, from) !== undefined;
    });
  }

  /** End of a load that a live operation shares with those kept before it, undefined where it does not fit in. */
  function endInLoad(
    task: Task,
    load: readonly Task[],
    machine: Equipment | undefined,
    run: number,
    pauses: boolean,
  ): number | undefined {
    const [first] = load;
    const room = (machine?.batchCapacity ?? 0) - load.reduce((sum, { parts }) => sum + parts, 0);
    if (!first || task.parts > room || task.family !== first.family || run !== runTime(first, machine))
      return undefined;
    const { qualificationId } = task.segment;
    if (qualificationId !== first.segment.qualificationId || toolsOf(task) !== toolsOf(first)) return undefined;
    const { start, end } = first.entry;
    const stretches = within(open.of(first.entry.equipmentId, qualificationId, false), start, end);
    return stretches.length > 1 && !pauses ? undefined : end;
  }

  /** Whether lots alone cover this and all earlier claims at the planned start; a kept operation may count on no less. */
  function claim(task: Task): boolean {
    return task.segment.materials
      .map(({ materialId, quantityPerUnit }) => {
        const needed = quantityPerUnit * task.parts;
        const total = (claimed.get(materialId) ?? 0) + needed;
        claimed.set(materialId, total);
        const there = state.lots.filter((lot) => lot.materialId === materialId && lot.availableAt <= task.entry.start);
        return there.reduce((sum, lot) => sum + lot.quantity, 0) + 1e-6 >= total;
      })
      .every(Boolean);
  }
}

function attention(task: Task, stretches: Attended['stretches']): Attended[] {
  const { qualificationId } = task.segment;
  return qualificationId === undefined ? [] : [{ id: task.id, qualificationId, stretches }];
}
