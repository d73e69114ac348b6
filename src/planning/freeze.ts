import { endOfWork } from './calendars.ts';
import { claimMaterial, earliestWithMaterial } from './constraints/materials.ts';
import { earliestWithTransfers } from './constraints/overlap.ts';
import { earliestAfterPredecessors, waitAfter } from './constraints/precedence.ts';
import { setupTime } from './constraints/setup.ts';
import { ResourceProfiles } from './constraints/shared-resources.ts';
import { earliestPlace } from './constraints/working-time.ts';
import type { Conflicts } from './infeasible.ts';
import { runMilliseconds, type OpenOperation } from './operations.ts';
import type { Problem } from './problem.ts';

/**
 * Settles what the search may not touch, in place: running operations go on with what is left of them, and live
 * operations that start within the frozen horizon keep machine and start. A frozen operation that the plant no
 * longer allows (machine down, nobody there, no tool left, predecessor or material late) is given free, and with it those behind
 * it on the same machine.
 * @param runningCalendar calendar of each running operation's machine, by operation
 */
export function fixOperations(
  problem: Problem,
  operations: readonly OpenOperation[],
  liveSetupSeconds: (jobOrderId: string) => number,
  runningCalendar: ReadonlyMap<number, number>,
  at: number,
  conflicts: Conflicts,
): void {
  const resources = new ResourceProfiles(problem.pools);
  fixRunning(problem, operations, liveSetupSeconds, runningCalendar, resources, at, conflicts);
  if (conflicts.list.length > 0) return;
  fixFrozen(problem, resources);
  problem.pools = resources.snapshot();
}

function fixRunning(
  problem: Problem,
  operations: readonly OpenOperation[],
  liveSetupSeconds: (jobOrderId: string) => number,
  runningCalendar: ReadonlyMap<number, number>,
  resources: ResourceProfiles,
  at: number,
  conflicts: Conflicts,
): void {
  const startOf = (i: number) => operations[i]!.jobOrder.startedAt ?? at;
  const running = [...operations.keys()].filter((i) => problem.running[i] === 1);
  for (const i of running.sort((a, b) => startOf(a) - startOf(b) || a - b)) {
    const { jobOrder, segment, remaining } = operations[i]!;
    const machine = problem.machineIds.indexOf(jobOrder.equipmentId ?? '');
    const speed = segment.equipment.find((e) => e.equipmentId === jobOrder.equipmentId);
    const calendar = runningCalendar.get(i);
    if (machine < 0 || !speed || calendar === undefined) {
      conflicts.add('running-machine-unknown', jobOrder.jobOrderId, jobOrder.equipmentId ?? 'none');
      continue;
    }
    const setup = Math.round(liveSetupSeconds(jobOrder.jobOrderId) * 1000);
    const setupLeft = jobOrder.goodQuantity > 0 ? 0 : Math.max(0, setup - (at - startOf(i)));
    const run = runMilliseconds(remaining, speed.secondsPerUnit);
    const work = setupLeft + run;
    const ready = Math.max(
      at - problem.from,
      problem.machineReady[machine]! || -Infinity,
      earliestWithPartsOfRunning(problem, i, machine, calendar, setupLeft, run),
    );
    const resumed = earliestPlace(problem, resources, i, calendar, ready, work, true);
    if (resumed === Infinity) {
      conflicts.add('no-open-time', jobOrder.jobOrderId, segment.segmentId);
      continue;
    }
    const end = endOfWork(problem.calendars, calendar, resumed, work);
    resources.takePeople(problem, i, calendar, resumed, end);
    settle(problem, i, machine, startOf(i) - problem.from, end, setup, work, calendar, run);
  }
  // They have their tools already: none of them waits for one.
  for (const i of running) resources.takeTools(problem, i, problem.fixedStart[i]!, problem.fixedEnd[i]!);
}

function fixFrozen(problem: Problem, resources: ResourceProfiles): void {
  const limit = problem.frozenUntil - problem.from;
  const released = new Set<number>();
  const frozen = [...problem.jobOrderIds.keys()].filter(
    (i) => problem.running[i] === 0 && problem.liveMachine[i]! >= 0 && problem.liveStart[i]! < limit,
  );
  for (const i of frozen.sort((a, b) => problem.liveStart[a]! - problem.liveStart[b]! || a - b)) {
    const machine = problem.liveMachine[i]!;
    const place = released.has(machine) ? undefined : keptPlace(problem, resources, i, machine);
    if (!place) {
      released.add(machine);
      continue;
    }
    resources.takeFor(problem, i, place.calendar, place.start, place.end);
    const setup = place.setup;
    if (setup > 0 && problem.machineFamily[machine] !== problem.family[i]) problem.fixedChangeovers++;
    problem.fixedSetupMs += setup;
    claimMaterial(problem, i, problem.fixedClaims);
    settle(problem, i, machine, place.start, place.end, setup, place.work, place.calendar, place.work - setup);
  }
}

function keptPlace(problem: Problem, resources: ResourceProfiles, i: number, machine: number) {
  const relative = problem.liveAlternative[i]!;
  if (relative < 0) return undefined;
  const alternative = problem.altOffset[i]! + relative;
  const start = problem.liveStart[i]!;
  for (let p = problem.predOffset[i]!; p < problem.predOffset[i + 1]!; p++)
    if (problem.fixed[problem.pred[p]!] === 0) return undefined;
  const setup = setupTime(problem, machine, problem.machineFamily[machine]!, problem.family[i]!);
  const ready = Math.max(
    problem.altEarliest[alternative]!,
    earliestWithMaterial(problem, i, problem.fixedClaims),
    problem.machineReady[machine]!,
    earliestAfterPredecessors(problem, i, alternative, setup, problem.fixedEnd, problem.fixedMachine),
  );
  if (ready > start) return undefined;
  const work = setup + problem.altRun[alternative]!;
  const calendar = problem.altCalendar[alternative]!;
  if (earliestPlace(problem, resources, i, calendar, start, work, problem.mayPause[i] === 1) !== start)
    return undefined;
  return { start, end: endOfWork(problem.calendars, calendar, start, work), setup, work, calendar };
}

/** When a running operation can go on without running out of parts that others, running as well, pass on to it. */
function earliestWithPartsOfRunning(
  problem: Problem,
  i: number,
  machine: number,
  calendar: number,
  setup: number,
  run: number,
): number {
  let earliest = -Infinity;
  for (let p = problem.predOffset[i]!; p < problem.predOffset[i + 1]!; p++) {
    const before = problem.pred[p]!;
    const on = problem.fixedMachine[before]!;
    if (problem.transfer[p] === 0 || problem.fixed[before] === 0 || on === machine) continue;
    const wait = waitAfter(problem, p, machine, on);
    const end = problem.fixedEnd[before]!;
    earliest = Math.max(earliest, earliestWithTransfers(problem, p, i, calendar, setup, run, wait, end, on));
  }
  return earliest;
}

function settle(
  problem: Problem,
  i: number,
  machine: number,
  start: number,
  end: number,
  setup: number,
  work: number,
  calendar: number,
  run: number,
) {
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
  problem.fixedBusy[machine]! += work;
}
