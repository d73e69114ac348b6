import { isBreakdown } from '../plant/index.ts';
import type { FloorState } from './floor-state.ts';
import { goesBack, interrupt, progress, startJob, workLeft } from './job-progress.ts';
import type { Job } from './layout.ts';
import { drawStop, noteActive, putDown, type Machine } from './machine.ts';
import { deliver, handOver, passOn, sendBack, takeFromQueue, unblock } from './material-flow.ts';
import { ended, waiting } from './status.ts';
import type { WorkTable } from './work-table.ts';

/**
 * A machine begins an operation or goes on with it. What an operation holds from setup to end, pauses included, is
 * taken where it begins and given back in `finish`; an operator is taken here each time and given back in `leave`.
 */
export function startWork(floor: FloorState, machine: Machine, job: number): void {
  const { work, now } = floor;
  noteActive(machine);
  const begins = work.status[job] === waiting;
  if (begins) {
    takeFromQueue(floor, job);
    floor.rack?.take(job);
    startJob(floor, job, machine);
    if (floor.observer) for (const member of loadOf(work, job)) floor.observer.started(member, machine, now);
  } else if (work.anew[job] === 1) {
    work.anew[job] = 0;
    if (floor.observer) for (const member of loadOf(work, job)) floor.observer.restarted(member, now);
  }
  machine.working = true;
  machine.since = now;
  floor.operators.take(work.qualification[job]!);
  machine.closes = work.mayPause[job] === 1 ? machine.openUntil : Infinity;
  expect(floor, machine);
  if (begins && floor.blocked.length > 0) unblock(floor);
}

/** Sets the end of a working machine's present stretch. */
export function expect(floor: FloorState, machine: Machine): void {
  const { work, now } = floor;
  const job = machine.current;
  const setupLeft = work.setupLeft[job]!;
  let left = setupLeft;
  if (machine.stops.length > 0) left = workLeft(work, job, machine);
  else left += work.runLeft[job]!;
  if (floor.observer && setupLeft > 0) left = setupLeft;
  if (work.transfers) left = Math.min(left, setupLeft + work.transfers.runUntilNext(work, job));
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
  if (work.setupLeft[job]! <= 0) {
    if (work.transfers) passOn(floor, job);
    if (work.runLeft[job]! <= 0) {
      leave(floor, machine);
      finish(floor, machine, job);
      floor.notice(machine);
      return;
    }
    for (const stop of machine.stops)
      if (stop.runLeft <= 0) {
        leave(floor, machine);
        if (isBreakdown(stop.law)) interrupt(floor, job, machine);
        putDown(machine, stop.law.reason, now, now + stop.repairMs, false);
        drawStop(stop, floor.draws);
        floor.notice(machine);
        return;
      }
  }
  if (now >= machine.closes || work.transfers?.isOut(work, job)) leave(floor, machine);
  else expect(floor, machine);
  floor.notice(machine);
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
  const ran = progress(floor.work, machine.current, machine, floor.now);
  if (ran > 0 && floor.observer)
    for (const member of loadOf(floor.work, machine.current)) floor.observer.ran(machine, member, from, floor.now);
}

function leave(floor: FloorState, machine: Machine): void {
  machine.working = false;
  const qualification = floor.work.qualification[machine.current]!;
  floor.timetable.set(machine.index, Infinity);
  if (qualification < 0) return;
  floor.operators.release(qualification);
  floor.operatorsChanged = true;
}
