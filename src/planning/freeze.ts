import { workLeft, type PlantModel, type PlantState, type WorkLeft } from '../plant/index.ts';
import { endOfWork } from './calendars.ts';
import { fillOfNewLoad, joinsLoad } from './constraints/batch.ts';
import { startsAnew, takesMaterial } from './constraints/interruption.ts';
import { claimMaterial, earliestWithMaterial } from './constraints/materials.ts';
import { earliestWithTransfers } from './constraints/overlap.ts';
import { earliestAfterPredecessors, passesOn, waitAfter } from './constraints/precedence.ts';
import { setupTime } from './constraints/setup.ts';
import { ResourceProfiles } from './constraints/shared-resources.ts';
import { earliestPlace } from './constraints/working-time.ts';
import type { Cause, ClosedOut } from './conflict-set.ts';
import type { Conflicts } from './infeasible.ts';
import type { OpenOperation } from './operations.ts';
import type { Problem } from './problem.ts';

/** What fixing reads beside the problem. */
interface FixingInputs {
  model: PlantModel;
  state: PlantState;
  operations: readonly OpenOperation[];
  liveSetupSeconds: (jobOrderId: string) => number;
  /** Calendar of each running operation's machine, by operation. */
  runningCalendar: ReadonlyMap<number, number>;
  /** By operation: when its pegged lots are there, in absolute milliseconds. */
  peggedAt: Float64Array;
  conflicts: Conflicts;
  /** What together leaves a running operation no open time. */
  causesOf: (operation: number, mayPause: boolean, place: ClosedOut['alternatives'][number]) => Cause[];
}

/**
 * Settles what the search may not touch, in place: running operations go on with what is left of them, and live
 * operations that start within the frozen horizon keep machine and start. A frozen operation that the plant no
 * longer allows (machine down, nobody there, no tool left, predecessor or material late) is given free, and with it
 * those behind it on the same machine. On a batch machine, running operations with the same start are one load, and so are frozen
 * ones that may share one.
 */
export function fixOperations(problem: Problem, inputs: FixingInputs): void {
  const resources = new ResourceProfiles(problem.pools);
  fixRunning(problem, inputs, resources);
  if (inputs.conflicts.list.length > 0) return;
  fixFrozen(problem, resources);
  problem.pools = resources.snapshot();
}

function fixRunning(problem: Problem, inputs: FixingInputs, resources: ResourceProfiles): void {
  const { operations, runningCalendar, conflicts, state } = inputs;
  const startOf = (i: number) => operations[i]!.jobOrder.startedAt ?? state.at;
  const machineOf = (i: number) => problem.machineIds.indexOf(operations[i]!.jobOrder.equipmentId ?? '');
  const running = [...operations.keys()].filter((i) => {
    if (problem.running[i] === 0) return false;
    const { jobOrder, segment } = operations[i]!;
    const known = segment.equipment.some((e) => e.equipmentId === jobOrder.equipmentId) && runningCalendar.has(i);
    if (!known) conflicts.add('running-machine-unknown', jobOrder.jobOrderId, jobOrder.equipmentId ?? 'none');
    return known;
  });
  running.sort((a, b) => startOf(a) - startOf(b) || a - b);
  const loads = Map.groupBy(running, (i) =>
    problem.batchCapacity[machineOf(i)]! > 0 ? `${String(machineOf(i))} ${String(startOf(i))}` : i,
  );
  for (const load of loads.values()) {
    const first = load[0]!;
    const machine = machineOf(first);
    const setups = load.map((i) => Math.round(inputs.liveSetupSeconds(problem.jobOrderIds[i]!) * 1000));
    const calendar = runningCalendar.get(first)!;
    const left = load.map((i, at) => leftOf(problem, inputs, i, machine, setups[at]!));
    const work = Math.max(...left.map(({ setup, run }) => setup + run));
    const ready = Math.max(
      state.at - problem.from,
      problem.machineReady[machine]! || -Infinity,
      ...load.map((i) => materialAgain(problem, inputs, i)),
      ...load.map((i, at) => earliestWithPartsOfRunning(problem, i, machine, calendar, left[at]!)),
    );
    const mayPause = load.every((i) => !startsAnew(operations[i]!) || problem.mayPause[i] === 1);
    const resumed = earliestPlace(problem, resources, first, calendar, ready, work, mayPause);
    if (Number.isNaN(work) || resumed === Infinity) {
      const { jobOrder, segment } = operations[first]!;
      if (Number.isNaN(work)) conflicts.add('batch-time-missing', jobOrder.jobOrderId, problem.machineIds[machine]!);
      else {
        const place = { equipmentId: problem.machineIds[machine]!, run: work, earliest: problem.from + ready };
        const causes = inputs.causesOf(first, mayPause, place);
        conflicts.add('no-open-time', jobOrder.jobOrderId, segment.segmentId, causes);
      }
      continue;
    }
    const end = endOfWork(problem.calendars, calendar, resumed, work);
    resources.takePeople(problem, first, calendar, resumed, end);
    load.forEach((i, at) => {
      const place = { start: startOf(i) - problem.from, end, setup: setups[at]!, calendar, run: left[at]!.run };
      settle(problem, i, machine, place);
    });
    problem.fixedBusy[machine]! += work;
  }
  // They have their tools already: none of them waits for one.
  for (const load of loads.values())
    resources.takeToolsOfLoad(problem, load, problem.fixedStart[load[0]!]!, problem.fixedEnd[load[0]!]!);
}

/** What a running operation still takes. */
function leftOf(
  problem: Problem,
  { model, state, operations }: FixingInputs,
  i: number,
  on: number,
  setup: number,
): WorkLeft {
  const { jobOrder, segment, interruption } = operations[i]!;
  return workLeft(state, {
    job: jobOrder,
    interruption,
    machine: model.equipment.find((e) => e.equipmentId === jobOrder.equipmentId),
    speed: segment.equipment.find((e) => e.equipmentId === jobOrder.equipmentId)!,
    setup,
    setupAgain: setupTime(problem, on, problem.family[i]!, problem.family[i]!),
  });
}

/** Claims the material that a running operation takes once more, and says when it is there; −Infinity for none. */
function materialAgain(problem: Problem, { operations, peggedAt }: FixingInputs, i: number): number {
  if (!takesMaterial(operations[i]!)) return -Infinity;
  const there = Math.max(peggedAt[i]! - problem.from, earliestWithMaterial(problem, i, problem.fixedClaims));
  claimMaterial(problem, i, problem.fixedClaims);
  return there;
}

function fixFrozen(problem: Problem, resources: ResourceProfiles): void {
  const limit = problem.frozenUntil - problem.from;
  const released = new Set<number>();
  const fill = new Float64Array(problem.jobOrderIds.length);
  const frozen = [...problem.jobOrderIds.keys()].filter(
    (i) => problem.running[i] === 0 && problem.liveMachine[i]! >= 0 && problem.liveStart[i]! < limit,
  );
  for (const i of frozen.sort((a, b) => problem.liveStart[a]! - problem.liveStart[b]! || a - b)) {
    const machine = problem.liveMachine[i]!;
    const place = released.has(machine) ? undefined : keptPlace(problem, resources, i, machine, fill);
    if (!place) {
      released.add(machine);
      continue;
    }
    const { setup } = place;
    claimMaterial(problem, i, problem.fixedClaims);
    if (place.joined) fill[i] = fill[problem.fixedLast[machine]!]! + problem.parts[i]!;
    else {
      resources.takeFor(problem, i, place.calendar, place.start, place.end);
      if (setup > 0 && problem.machineFamily[machine] !== problem.family[i]) problem.fixedChangeovers++;
      problem.fixedSetupMs += setup;
      problem.fixedBusy[machine]! += place.work;
      fill[i] = fillOfNewLoad(problem, i, machine);
    }
    settle(problem, i, machine, place);
  }
}

function keptPlace(problem: Problem, resources: ResourceProfiles, i: number, machine: number, fill: Float64Array) {
  const relative = problem.liveAlternative[i]!;
  if (relative < 0) return undefined;
  const alternative = problem.altOffset[i]! + relative;
  const start = problem.liveStart[i]!;
  for (let p = problem.predOffset[i]!; p < problem.predOffset[i + 1]!; p++)
    if (problem.fixed[problem.pred[p]!] === 0) return undefined;
  const setup = setupTime(problem, machine, problem.machineFamily[machine]!, problem.family[i]!);
  // Behind what is fixed a maximum lag is a wish, even where the way takes longer.
  const withoutMaximumLags = { ...problem, lagMax: problem.lagMax.map(() => Infinity) };
  const ready = Math.max(
    problem.altEarliest[alternative]!,
    earliestWithMaterial(problem, i, problem.fixedClaims),
    earliestAfterPredecessors(withoutMaximumLags, i, alternative, setup, problem.fixedEnd, problem.fixedMachine),
  );
  if (ready > start) return undefined;
  const run = problem.altRun[alternative]!;
  const calendar = problem.altCalendar[alternative]!;
  const before = problem.fixedLast[machine]!;
  if (before >= 0 && problem.running[before] === 0 && problem.fixedStart[before] === start) {
    const plan = { start: problem.fixedStart, end: problem.fixedEnd, setup: problem.fixedSetup, fill };
    const beforeAlternative = problem.altOffset[before]! + problem.liveAlternative[before]!;
    if (!joinsLoad(problem, plan, i, alternative, before, beforeAlternative, ready)) return undefined;
    const load = { start, end: problem.fixedEnd[before]!, setup: problem.fixedSetup[before]!, calendar, run };
    return { ...load, work: 0, joined: true };
  }
  if (problem.machineReady[machine]! > start) return undefined;
  const work = setup + run;
  if (earliestPlace(problem, resources, i, calendar, start, work, problem.mayPause[i] === 1) !== start)
    return undefined;
  return { start, end: endOfWork(problem.calendars, calendar, start, work), setup, work, calendar, run, joined: false };
}

/** When a running operation can go on without running out of parts that others, running as well, pass on to it. */
function earliestWithPartsOfRunning(
  problem: Problem,
  i: number,
  machine: number,
  calendar: number,
  { setup, run }: WorkLeft,
): number {
  let earliest = -Infinity;
  for (let p = problem.predOffset[i]!; p < problem.predOffset[i + 1]!; p++) {
    const before = problem.pred[p]!;
    const on = problem.fixedMachine[before]!;
    if (problem.fixed[before] === 0 || !passesOn(problem, p, machine, on)) continue;
    const wait = waitAfter(problem, p, machine, on);
    const end = problem.fixedEnd[before]!;
    earliest = Math.max(earliest, earliestWithTransfers(problem, p, i, calendar, setup, run, wait, end, on));
  }
  return earliest;
}

/** A place that is settled, relative to the plan's start. */
interface Settled {
  start: number;
  end: number;
  setup: number;
  calendar: number;
  /** Run time that is left. */
  run: number;
}

function settle(problem: Problem, i: number, machine: number, { start, end, setup, calendar, run }: Settled): void {
  problem.fixed[i] = 1;
  problem.fixedStart[i] = start;
  problem.fixedEnd[i] = end;
  problem.fixedSetup[i] = setup;
  problem.fixedCalendar[i] = calendar;
  problem.fixedRun[i] = run;
  problem.fixedMachine[i] = machine;
  problem.fixedLast[machine] = i;
  problem.machineReady[machine] = end;
  problem.machineFamily[machine] = problem.family[i]!;
}
