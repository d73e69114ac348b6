import { nextBoundary, nextOpen } from './calendar.ts';
import type { FloorState, Observer } from './floor-state.ts';
import { readyAt, startsAt } from './job-progress.ts';
import { bookWaiting, conditions, isOpenAt, noteActive, type Machine } from './machine.ts';
import { noticeFree } from './material-flow.ts';
import { pause, startWork } from './stretches.ts';
import { waiting } from './status.ts';

/** After all events of an instant: who has to pause, who may begin or go on. */
export function settle(floor: FloorState): void {
  if (floor.operatorsChanged) {
    if (floor.peopleChanged) pauseWhereShort(floor);
    if (floor.short.length > 0) noticeAttendable(floor);
    floor.peopleChanged = false;
    floor.operatorsChanged = false;
  }
  while (floor.noticedCount > 0) {
    const count = floor.noticedCount;
    floor.noticedCount = 0;
    floor.ableCount = 0;
    for (let i = 0; i < count; i++) {
      const machine = floor.noticed[i]!;
      machine.noticed = false;
      if (!machine.working && look(floor, machine)) floor.able[floor.ableCount++] = machine;
    }
    if (floor.ableCount > 1) sortAble(floor);
    for (let i = 0; i < floor.ableCount; i++) tryToWork(floor, floor.able[i]!);
  }
  if (floor.observer) reportTouched(floor, floor.observer);
}

function reportTouched({ touched, now }: FloorState, observer: Observer): void {
  for (const machine of touched) observer.touched(machine, now);
  touched.clear();
}

/** The operation that a machine does or is to do next, −1 for none. */
export function jobAt(floor: FloorState, machine: Machine): number {
  if (machine.current >= 0) return machine.current;
  const { work, queues } = floor;
  let best = queues.first(machine.index);
  if (best >= 0) return best;
  const { sequence } = machine;
  while (machine.next < sequence.length && work.status[sequence[machine.next]!]! !== waiting) machine.next++;
  const planned = machine.next < sequence.length ? sequence[machine.next]! : -1;
  if (machine.shared.length === 0) return planned;
  if (planned >= 0 && readyAt(work, planned, machine, floor.now) <= floor.now) return planned;
  const { shared } = machine;
  for (let i = 0; i < shared.length; i++) {
    const first = queues.first(shared[i]!);
    if (first >= 0 && (best < 0 || work.ready[first]! < work.ready[best]!)) best = first;
  }
  return best >= 0 ? best : planned;
}

/** Whether all is there for an operation but somebody who may attend it. */
export function lacksPeople({ now, work }: FloorState, job: number, machine: Machine): boolean {
  if (work.qualification[job]! < 0 || readyAt(work, job, machine, now) > now) return false;
  return nextOpen(work.calendars[job]![machine.index]!, now) > now;
}

/** Whether a machine that does not work can begin or go on now, if somebody can attend it; else it waits. */
function look(floor: FloorState, machine: Machine): boolean {
  const { now } = floor;
  bookWaiting(machine, now);
  if (machine.blockedBy >= 0) {
    wait(floor, machine, conditions.blocked, Infinity);
    return false;
  }
  const job = jobAt(floor, machine);
  machine.candidate = job;
  if (job >= 0 && machine.downUntil <= now && canBegin(floor, job, machine)) return true;
  return !waitsFor(floor, job, machine);
}

/** Whether an operation that may pause can begin or go on now; of others and of what comes later `startsAt` knows. */
function canBegin({ work, now }: FloorState, job: number, machine: Machine): boolean {
  if (work.mayPause[job] === 0) return false;
  if (machine.current < 0 && (work.waitsFor[job]! > 0 || work.ready[job]! > now)) return false;
  if (work.transfers?.isOut(work, job, machine)) return false;
  return isOpenAt(machine, work.calendars[job]![machine.index]!, now);
}

/** Has a machine wait for its next operation, −1 for none; false where that can begin after all. */
function waitsFor(floor: FloorState, job: number, machine: Machine): boolean {
  const { work, now } = floor;
  const starts = job < 0 ? Infinity : startsAt(work, job, machine, floor.ground.matrices[machine.index], now);
  const at = Math.max(machine.downUntil, starts);
  if (at <= now) return false;
  if (machine.downUntil > now) wait(floor, machine, conditions.down, machine.downUntil);
  else if (job >= 0 && lacksPeople(floor, job, machine)) wait(floor, machine, conditions.operator, at);
  else {
    const ready = job < 0 ? Infinity : readyAt(work, job, machine, now);
    wait(floor, machine, conditions.starved, ready > now && ready < at ? ready : at);
  }
  if (job >= 0 && machine.shared.length > 0 && machine.current < 0)
    noticeFree(floor, floor.members[work.station[job]!]!, machine.index);
  return true;
}

/** A machine that can begin does, unless another took its operation, its tool or the last operator before it. */
function tryToWork(floor: FloorState, machine: Machine): void {
  const { work } = floor;
  const job = machine.candidate;
  if (machine.current < 0 && work.status[job] !== waiting) {
    if (look(floor, machine)) floor.able[floor.ableCount++] = machine;
  } else if (floor.rack?.canTake(job) === false) {
    wait(floor, machine, conditions.starved, Infinity);
    floor.rack.wait(machine);
  } else if (floor.operators.canTake(work.qualification[job]!)) {
    if (machine.condition === conditions.operator) noLongerShort(floor, machine);
    machine.condition = conditions.starved;
    startWork(floor, machine, job);
  } else wait(floor, machine, conditions.operator, Infinity);
}

/** Has a machine wait until an instant; an observed one is looked at also when it opens or closes. */
function wait(floor: FloorState, machine: Machine, condition: Machine['condition'], at: number): void {
  const wasShort = machine.condition === conditions.operator;
  if (wasShort && condition !== conditions.operator) noLongerShort(floor, machine);
  else if (!wasShort && condition === conditions.operator) floor.short.push(machine);
  if (condition === conditions.down) noteActive(machine);
  machine.condition = condition;
  const boundary = floor.observer ? nextBoundary(machine.calendar, floor.now) : Infinity;
  floor.timetable.set(machine.index, Math.min(at, boundary));
}

/** Has those machines looked at that wait for an operator, and for whose operation there may be one now. */
function noticeAttendable(floor: FloorState): void {
  const { short, operators } = floor;
  const { qualification } = floor.work;
  for (let i = 0; i < short.length; i++) {
    const machine = short[i]!;
    if (!machine.noticed && operators.canTake(qualification[machine.candidate]!)) floor.notice(machine);
  }
}

function noLongerShort({ short }: FloorState, machine: Machine): void {
  const last = short.pop()!;
  if (last !== machine) short[short.indexOf(machine)] = last;
}

function pauseWhereShort(floor: FloorState): void {
  const { mayPause, qualification, plannedStart } = floor.work;
  const isShort = (machine: Machine) => floor.operators.isShort(qualification[machine.current]!);
  const leaving = floor.machines.filter((m) => m.working && mayPause[m.current] === 1 && isShort(m));
  leaving.sort((a, b) => plannedStart[b.current]! - plannedStart[a.current]! || b.index - a.index);
  for (const machine of leaving) {
    if (!isShort(machine)) continue;
    pause(floor, machine);
    floor.notice(machine);
  }
}

/** Insertion sort: a handful of machines, nearly in order. */
function sortAble({ able, ableCount, work }: FloorState): void {
  for (let i = 1; i < ableCount; i++) {
    const machine = able[i]!;
    let place = i;
    for (; place > 0 && compare(work.plannedStart, able[place - 1]!, machine) > 0; place--)
      able[place] = able[place - 1]!;
    able[place] = machine;
  }
}

/** Operations under way first, then by planned start. */
function compare(plannedStart: Float64Array, a: Machine, b: Machine): number {
  return (
    Number(b.current >= 0) - Number(a.current >= 0) ||
    plannedStart[a.candidate]! - plannedStart[b.candidate]! ||
    a.index - b.index
  );
}
