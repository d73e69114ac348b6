import type { MachineRejects, SetupMatrix } from '../plant/index.ts';
import { nextFit, nextOpen } from './calendar.ts';
import type { FloorState } from './floor-state.ts';
import { conditions, isOpenAt, type Machine } from './machine.ts';
import type { Draws } from './draws.ts';
import { ended, started } from './status.ts';
import { factorOf, scrappedParts } from './variation.ts';
import type { WorkTable } from './work-table.ts';

/** What the random numbers of an operation are for; each visit of an order that goes back has its own. */
const drawFor = { run: 0, setup: 1, scrap: 2, loop: 3 } as const;
const drawsPerVisit = 1024;

/** Starts an operation on its machine: draws its setup, its parts and its run time. */
export function startJob(floor: FloorState, job: number, machine: Machine): void {
  const { work, draws } = floor;
  const key = work.key[job]!;
  const visit = work.visits[job]! * drawsPerVisit;
  const plain = work.plain[job] === 1;
  const matrix = floor.ground.matrices[machine.index];
  work.status[job] = started;
  work.startedAt[job] = floor.now;
  machine.setupLeft = plain && matrix === undefined ? 0 : drawSetup(floor, job, machine, matrix);
  let parts = work.parts[job]!;
  if (machine.rejects) parts += scrapOf(work, job, machine.rejects, draws.uniform(key, visit + drawFor.scrap));
  work.partsTotal[job] = parts;
  const standard = work.loadMs[job]! > 0 ? work.loadMs[job]! : parts * work.perPart(job, machine.index);
  let run = standard * factorOf(machine.law, draws, key, visit + drawFor.run);
  if (machine.runFactors) run *= machine.runFactors[work.jobs[job]!.request.materialId] ?? 1;
  run = run < 1 ? 1 : Math.floor(run + 0.5);
  work.runTotal[job] = run;
  machine.runLeft = run;
  machine.current = job;
  machine.family = work.family[job]!;
  if (plain) return;
  if (work.wasRunning[job] === 1) work.startedAt[job] = work.jobs[job]!.startedAt;
  if (work.load[job]) joinLoad(floor, work.load[job], job, machine);
}

/** Parts of an operation that are scrapped. */
function scrapOf({ jobs, parts }: WorkTable, job: number, rejects: MachineRejects, uniform: number): number {
  const { scrap } = rejects.byMaterial?.[jobs[job]!.request.materialId] ?? rejects;
  return scrappedParts(parts[job]!, scrap, uniform);
}

/** What is in a load begins with its leader; each operation has scrap of its own. */
function joinLoad({ work, draws }: FloorState, load: Int32Array, lead: number, machine: Machine): void {
  machine.family = work.family[load.at(-1)!]!;
  for (const member of load) {
    if (member === lead) continue;
    work.status[member] = started;
    work.startedAt[member] = work.startedAt[lead]!;
    work.partsTotal[member] = work.parts[member]!;
    const uniform = draws.uniform(work.key[member]!, drawFor.scrap);
    if (machine.rejects) work.partsTotal[member] += scrapOf(work, member, machine.rejects, uniform);
  }
}

/**
 * A breakdown interrupts an operation: what does not resume is to begin anew, with all its parts, after the setup from
 * its own family to its own, or what is left of its setup where that is more; what it has made may be scrap.
 */
export function interrupt({ work, ground, observer }: FloorState, job: number, machine: Machine): void {
  if (work.restarts[job] === 0) return;
  const { capacity } = work.jobs[job]!;
  const done = 1 - machine.runLeft / work.runTotal[job]!;
  const setupBefore = machine.setupLeft;
  const before = work.standardRun(job, machine.index);
  for (const member of work.load[job] ?? [job]) {
    const { interruption, jobOrder } = work.jobs[member]!;
    const made = jobOrder.quantity - work.parts[member]! + Math.floor(done * work.partsTotal[member]! + 1e-9);
    const inLoad = Math.min(capacity, jobOrder.quantity - made);
    const lost = interruption === 'scrap' && setupBefore <= 0 ? made + Math.max(0, inLoad) : 0;
    work.lost[member]! += lost;
    work.partsTotal[member]! += jobOrder.quantity - work.parts[member]!;
    work.parts[member] = jobOrder.quantity;
    observer?.interrupted(work.jobs[member]!, lost);
  }
  if (capacity > 0) work.loadMs[job] = Math.max(...work.jobs[job]!.load.map((member) => member.wholeLoadMs));
  const matrix = ground.matrices[machine.index];
  const again = matrix ? Math.round(work.setupFor(job, matrix, work.family[job]) * machine.setupFactor) : 0;
  machine.setupLeft = Math.max(setupBefore, again);
  work.setupTotal[job]! += machine.setupLeft - setupBefore;
  work.runTotal[job] = Math.max(1, Math.round((work.runTotal[job]! * work.standardRun(job, machine.index)) / before));
  machine.runLeft = work.runTotal[job]!;
  work.mayPause[job] = 0;
  work.anew[job] = 1;
}

/** Draws how long an operation's setup takes, and counts it; that of one that runs already has been counted. */
function drawSetup(
  { work, draws, setupLaw }: FloorState,
  job: number,
  machine: Machine,
  matrix: SetupMatrix | undefined,
): number {
  const planned = plannedSetup(work, job, machine, matrix);
  if (!(planned > 0)) return 0;
  const family = work.family[job]!;
  const slower = machine.setupFactor * changeoverFactor(machine, matrix?.equipmentClassId, family);
  const number = work.visits[job]! * drawsPerVisit + drawFor.setup;
  const setup = Math.round(planned * slower * factorOf(setupLaw, draws, work.key[job]!, number));
  if (work.wasRunning[job] === 1) return setup;
  if (machine.family !== family) work.changeovers[job]!++;
  work.setupTotal[job]! += setup;
  return setup;
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
export function progress(machine: Machine, now: number): number {
  let elapsed = now - machine.since;
  machine.since = now;
  if (machine.setupLeft > 0) {
    const setup = Math.min(machine.setupLeft, elapsed);
    machine.setupLeft -= setup;
    machine.time[conditions.setup]! += setup;
    elapsed -= setup;
  }
  if (elapsed === 0) return 0;
  machine.time[conditions.busy]! += elapsed;
  machine.runLeft -= elapsed;
  const { stops } = machine;
  for (let i = 0; i < stops.length; i++) stops[i]!.runLeft -= elapsed;
  return elapsed;
}

/** Work until a machine's operation ends or the machine stops, setup included. */
export function workLeft({ setupLeft, runLeft, stops }: Machine): number {
  let left = runLeft;
  for (let i = 0; i < stops.length; i++) if (stops[i]!.runLeft < left) left = Math.max(0, stops[i]!.runLeft);
  return setupLeft + left;
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
  const ready = readyAt(work, job, machine, now);
  if (ready === Infinity) return Infinity;
  const calendar = work.calendars[job]![machine.index]!;
  if (work.mayPause[job]! === 1) return isOpenAt(machine, calendar, ready) ? ready : nextOpen(calendar, ready);
  if (work.status[job]! === started && work.anew[job] === 0) return ready;
  const fits = nextFit(calendar, ready, wholeWork(work, job, machine, matrix));
  return fits < Infinity ? fits : nextOpen(calendar, ready);
}

/** The first instant at which all is there that an operation needs, whether or not anybody works then. */
export function readyAt(work: WorkTable, job: number, machine: Machine, now: number): number {
  if (work.status[job]! === started) return work.transfers?.isOut(work, job, machine) ? Infinity : now;
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
  for (const { job: before, delay, material, transfer } of predecessors) {
    const over = work.status[before.index]! === ended && work.endedAt[before.index]! + delay <= now;
    const there = over || (transfer > 0 && work.status[before.index]! === started);
    if (!there && !material) return false;
    lacks ||= !there;
  }
  return lacks;
}

/** Planned setup and run time of an operation that is to begin, or what it takes to begin anew. */
function wholeWork(work: WorkTable, job: number, machine: Machine, matrix: SetupMatrix | undefined): number {
  if (work.anew[job] === 1) return machine.setupLeft + machine.runLeft;
  return plannedSetup(work, job, machine, matrix) + work.standardRun(job, machine.index);
}

function plannedSetup(work: WorkTable, job: number, machine: Machine, matrix: SetupMatrix | undefined): number {
  if (work.wasRunning[job] === 1) return work.jobs[job]!.plannedSetupLeft;
  if (matrix === undefined) return 0;
  return work.setupFor(job, matrix, machine.family);
}
