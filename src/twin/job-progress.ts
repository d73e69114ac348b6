import type { SetupMatrix } from '../plant/index.ts';
import { nextFit, nextOpen } from './calendar.ts';
import { conditions, isOpenAt, type Machine } from './machine.ts';
import { factorOf, scrappedParts, type Draws, type PreparedLaw } from './variation.ts';
import { ended, started, type WorkTable } from './work-table.ts';

/** What the random numbers of an operation are for; each visit of an order that goes back has its own. */
const drawFor = { run: 0, setup: 1, scrap: 2, loop: 3 } as const;
const drawsPerVisit = 1024;
const allGood = { scrap: 0 };

/** Starts an operation on its machine: draws its setup, its parts and its run time. */
export function startJob(
  work: WorkTable,
  job: number,
  machine: Machine,
  matrix: SetupMatrix | undefined,
  setupLaw: PreparedLaw,
  draws: Draws,
  now: number,
): void {
  const parts = work.parts[job]!;
  const family = work.family[job]!;
  const key = work.key[job]!;
  const visit = work.visits[job]! * drawsPerVisit;
  const wasRunning = work.wasRunning[job] === 1;
  work.status[job] = started;
  work.startedAt[job] = wasRunning ? work.jobs[job]!.startedAt : now;
  work.setupLeft[job] = 0;
  const planned = wasRunning || matrix !== undefined ? plannedSetup(work, job, machine, matrix) : 0;
  if (planned > 0) {
    const slower = machine.setupFactor * changeoverFactor(machine, matrix?.equipmentClassId, family);
    const setup = Math.round(planned * slower * factorOf(setupLaw, draws, key, visit + drawFor.setup));
    work.setupLeft[job] = setup;
    if (!wasRunning) {
      if (machine.family !== family) work.changeovers[job]!++;
      work.setupTotal[job]! += setup;
    }
  }
  const { materialId } = work.jobs[job]!.request;
  const { scrap } = machine.rejects?.byMaterial?.[materialId] ?? machine.rejects ?? allGood;
  const all = scrap > 0 ? parts + scrappedParts(parts, scrap, draws.uniform(key, visit + drawFor.scrap)) : parts;
  work.partsTotal[job] = all;
  const slowRun = machine.runFactors?.[materialId] ?? 1;
  const standard = all * work.perPart(job, machine.index) * slowRun;
  const run = standard * factorOf(machine.law, draws, key, visit + drawFor.run);
  const runTotal = Math.max(1, Math.round(run));
  work.runTotal[job] = runTotal;
  work.runLeft[job] = runTotal;
  machine.current = job;
  machine.family = family;
}

function changeoverFactor(
  { changeoverFactors, family }: Machine,
  equipmentClassId: string | undefined,
  to: string,
): number {
  return changeoverFactors?.[equipmentClassId ?? '']?.[family ?? '']?.[to] ?? 1;
}

/** Whether an order goes back after this operation, and counts the visit of all that it does again. */
export function goesBack(work: WorkTable, job: number, draws: Draws): boolean {
  const share = work.loopShare[job]!;
  if (!(share > 0)) return false;
  return draws.uniform(work.key[job]!, work.visits[job]! * drawsPerVisit + drawFor.loop) < share;
}

/** Books the work of a machine until an instant: first setup, then run time. Returns the run time. */
export function progress(work: WorkTable, job: number, machine: Machine, now: number): number {
  let elapsed = now - machine.since;
  machine.since = now;
  const setupLeft = work.setupLeft[job]!;
  if (setupLeft > 0) {
    const setup = Math.min(setupLeft, elapsed);
    work.setupLeft[job] = setupLeft - setup;
    machine.time[conditions.setup]! += setup;
    elapsed -= setup;
  }
  if (elapsed === 0) return 0;
  machine.time[conditions.busy]! += elapsed;
  work.runLeft[job]! -= elapsed;
  const { stops } = machine;
  for (let i = 0; i < stops.length; i++) stops[i]!.runLeft -= elapsed;
  return elapsed;
}

/** Work until a machine's operation ends or the machine stops, setup included. */
export function workLeft(work: WorkTable, job: number, machine: Machine): number {
  let left = work.runLeft[job]!;
  const { stops } = machine;
  for (let i = 0; i < stops.length; i++) if (stops[i]!.runLeft < left) left = Math.max(0, stops[i]!.runLeft);
  return work.setupLeft[job]! + left;
}

/**
 * The first instant at which an operation may start or go on as far as is known now, people aside; Infinity: something
 * must end first.
 */
export function startsAt(
  work: WorkTable,
  job: number,
  machine: Machine,
  matrix: SetupMatrix | undefined,
  now: number,
): number {
  const ready = readyAt(work, job, now);
  if (ready === Infinity) return Infinity;
  const calendar = work.calendars[job]![machine.index]!;
  if (work.mayPause[job]! === 1) return isOpenAt(machine, calendar, ready) ? ready : nextOpen(calendar, ready);
  if (work.status[job]! === started) return ready;
  const run = Math.max(1, Math.round(work.parts[job]! * work.perPart(job, machine.index)));
  const fits = nextFit(calendar, ready, plannedSetup(work, job, machine, matrix) + run);
  return fits < Infinity ? fits : nextOpen(calendar, ready);
}

/** The first instant at which all is there that an operation needs, whether or not anybody works then. */
export function readyAt(work: WorkTable, job: number, now: number): number {
  if (work.status[job]! === started) return now;
  if (work.waitsFor[job]! > 0) return Infinity;
  const ready = work.ready[job]!;
  return ready > now ? ready : now;
}

/** Whether only material keeps an operation from starting. */
export function lacksMaterial(work: WorkTable, job: number, now: number, startEarly: boolean): boolean {
  const { wasRunning, blocked, release, plannedStart, materialAt, predecessors } = work.jobs[job]!;
  if (work.status[job]! === started || wasRunning || blocked) return false;
  if (Math.max(release, startEarly ? -Infinity : plannedStart) > now) return false;
  let lacks = materialAt > now || work.ready[job]! > now;
  for (const { job: before, delay, material } of predecessors) {
    const there = work.status[before.index]! === ended && work.endedAt[before.index]! + delay <= now;
    if (!there && !material) return false;
    lacks ||= !there;
  }
  return lacks;
}

function plannedSetup(work: WorkTable, job: number, machine: Machine, matrix: SetupMatrix | undefined): number {
  if (work.wasRunning[job] === 1) return work.jobs[job]!.plannedSetupLeft;
  if (matrix === undefined) return 0;
  return work.setupFor(job, matrix, machine.family);
}
