import { isBreakdown } from '../plant/index.ts';
import type { FloorState, Observer } from './floor-state.ts';
import { goesBack, interrupt, progress, startJob, workLeft } from './job-progress.ts';
import type { Job } from './layout.ts';
import { drawStop, noteActive, putDown, type Machine } from './machine.ts';
import { deliver, handOver, passOn, sendBack, takeFromQueue, unblock } from './material-flow.ts';
import { ended } from './status.ts';
import type { WorkTable } from './work-table.ts';

/**
 * A machine begins an operation or goes on with it. What an operation holds from setup to end, pauses included, is
 * taken where it begins and given back in `finish`; an operator is taken here each time and given back in `leave`.
 */
export function startWork(floor: FloorState, machine: Machine, job: number): void {
  const { work, now } = floor;
  noteActive(machine);
  const begins = machine.current < 0;
  if (begins) {
    takeFromQueue(floor, job);
    floor.rack?.take(job);
    startJob(floor, job, machine);
  }
  if (floor.observer) reportStart(floor, floor.observer, machine, job, begins);
  if (!begins) work.anew[job] = 0;
  machine.working = true;
  machine.since = now;
  floor.operators.take(work.qualification[job]!);
  machine.closes = Infinity;
  if (work.mayPause[job] === 1) machine.closes = machine.openUntil;
  expect(floor, machine);
  if (begins && floor.blocked.length > 0) unblock(floor);
}

function reportStart({ work, now }: FloorState, observer: Observer, machine: Machine, job: number, begins: boolean) {
  for (const member of loadOf(work, job))
    if (begins) observer.started(member, machine, now);
    else if (work.anew[job] === 1) observer.restarted(member, now);
}

/** Sets the end of a working machine's present stretch. */
export function expect(floor: FloorState, machine: Machine): void {
  const { work, now } = floor;
  const { setupLeft } = machine;
  let left = workLeft(machine);
  if (floor.observer && setupLeft > 0) left = setupLeft;
  if (work.transfers) left = Math.min(left, setupLeft + work.transfers.runUntilNext(work, machine.current, machine));
  machine.stretchEnd = Math.min(now + left, machine.closes);
  floor.timetable.set(machine.index, machine.stretchEnd);
  if (floor.observer && setupLeft <= 0) expectSlice(floor, machine);
}

function expectSlice(floor: FloorState, machine: Machine): void {
  const at = floor.now + floor.observer!.sliceMs;
  floor.timetable.set(machine.index, Math.min(at, machine.stretchEnd));
}

/** A machine's next event has come. */
export function handleMachine(floor: FloorState, machine: Machine): void {
  if (!machine.working) {
    floor.timetable.set(machine.index, Infinity);
    floor.notice(machine);
  } else if (floor.now < machine.stretchEnd) {
    account(floor, machine);
    expectSlice(floor, machine);
  } else endStretch(floor, machine);
}

/** What a stretch of work ends with: setup done, operation done, a stop, or closing time. */
function endStretch(floor: FloorState, machine: Machine): void {
  const { now, work } = floor;
  const job = machine.current;
  account(floor, machine);
  if (machine.setupLeft <= 0) {
    if (work.transfers) passOn(floor, job, machine);
    if (machine.runLeft <= 0) {
      leave(floor, machine);
      finish(floor, machine, job);
      floor.notice(machine);
      return;
    }
    if (machine.stops.length > 0 && breaksDown(floor, machine, job)) return;
  }
  if (now >= machine.closes || work.transfers?.isOut(work, job, machine)) leave(floor, machine);
  else expect(floor, machine);
  floor.notice(machine);
}

/** Whether a machine's run time until a stop is over: then it stops. */
function breaksDown(floor: FloorState, machine: Machine, job: number): boolean {
  const stop = machine.stops.find(({ runLeft }) => runLeft <= 0);
  if (!stop) return false;
  leave(floor, machine);
  if (isBreakdown(stop.law)) interrupt(floor, job, machine);
  putDown(machine, stop.law.reason, floor.now, floor.now + stop.repairMs, false);
  drawStop(stop, floor.draws);
  floor.notice(machine);
  return true;
}

function finish(floor: FloorState, machine: Machine, job: number): void {
  machine.current = -1;
  if (floor.work.plain[job] === 1) end(floor, machine, job);
  else for (const { index } of loadOf(floor.work, job)) end(floor, machine, index);
  if (floor.blocked.length > 0) unblock(floor);
}

/** An operation ends; what comes out of a shared load is never held back by a lack of places. */
function end(floor: FloorState, machine: Machine, job: number): void {
  const { work } = floor;
  work.status[job] = ended;
  work.endedAt[job] = floor.now;
  floor.open--;
  if (floor.rack) for (const waiting of floor.rack.layDown(job)) floor.notice(waiting);
  const plain = work.plain[job] === 1;
  const back = !plain && goesBack(work, job, floor.draws);
  floor.observer?.ended(work.jobs[job]!, floor.now, back);
  if (back) sendBack(floor, job);
  else if (plain || loadOf(work, job).length === 1) handOver(floor, machine, job);
  else deliver(floor, job);
}

/** What a machine treats together with an operation. */
function loadOf({ jobs }: WorkTable, job: number): readonly Job[] {
  return jobs[job]!.load;
}

/** A working machine leaves off before its stretch ends. */
export function pause(floor: FloorState, machine: Machine): void {
  account(floor, machine);
  leave(floor, machine);
}

/** Books the time since the last look at a working machine. */
export function account(floor: FloorState, machine: Machine): void {
  const from = machine.since;
  if (floor.now === from) return;
  const ran = progress(machine, floor.now);
  if (ran > 0 && floor.observer) reportRun(floor, floor.observer, machine, from);
}

function reportRun({ work, now }: FloorState, observer: Observer, machine: Machine, from: number): void {
  for (const member of loadOf(work, machine.current)) observer.ran(machine, member, from, now);
}

function leave(floor: FloorState, machine: Machine): void {
  machine.working = false;
  const qualification = floor.work.qualification[machine.current]!;
  floor.timetable.set(machine.index, Infinity);
  if (qualification < 0) return;
  floor.operators.release(qualification);
  floor.operatorsChanged = true;
}
