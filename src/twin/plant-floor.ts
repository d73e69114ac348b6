import type { DowntimeReason } from '../plant/index.ts';
import { closesAt, nextBoundary, nextOpen } from './calendar.ts';
import { EventQueue } from './event-queue.ts';
import type { Ground } from './ground.ts';
import { goesBack, progress, readyAt, startJob, startsAt, workLeft } from './job-progress.ts';
import type { Job, Layout } from './layout.ts';
import {
  bookWaiting,
  conditions,
  drawStop,
  firstStops,
  idleMachine,
  isOpenAt,
  noteActive,
  putDown,
  resetMachine,
  varyMachine,
  type Machine,
} from './machine.ts';
import { OperatorLoad } from './operators.ts';
import { Queues } from './queues.ts';
import { Timetable } from './timetable.ts';
import type { TwinParameters } from './types.ts';
import { prepareLaw, type Draws, type PreparedLaw } from './variation.ts';
import { ended, waiting, WorkTable } from './work-table.ts';

/** Who wants to know what happens; a lean replay has none. */
export interface Observer {
  started(job: Job, at: number): void;
  /** @param back whether its order goes back; what it does again is reopened */
  ended(job: Job, at: number, back: boolean): void;
  reopened(job: Job): void;
  /** A stretch of run time has ended or gone on. */
  ran(machine: Machine, job: Job, from: number, at: number): void;
  /** The machine may be in another state than before. */
  touched(machine: Machine, at: number): void;
  /** Run time between two counts, milliseconds. */
  sliceMs: number;
}

/** How a floor is set up. */
export interface FloorOptions {
  parameters: TwinParameters;
  /** Start as soon as possible, not at the planned start. */
  startEarly?: boolean;
  observer?: Observer;
}

/**
 * The plant process as a discrete-event simulation: each machine works through its sequence, or takes what has arrived
 * first before its station; an operation starts when its predecessors, its material, its machine, working time and an
 * operator allow it and not before its planned start. One that may not pause is begun only where its planned time fits,
 * and then brought to its end. One engine for the lean replay and for the live plant, which adds an observer.
 */
export class PlantFloor {
  now = 0;
  readonly machines: readonly Machine[];
  work!: WorkTable;
  /** Operations that have not ended. */
  open = 0;
  parameters: TwinParameters;
  readonly startEarly: boolean;
  private readonly observer: Observer | undefined;
  private ground: Ground;
  private operators: OperatorLoad;
  private queues!: Queues;
  /** Machines by station. */
  private members!: Machine[][];
  private setupLaw: PreparedLaw;
  private draws: Draws;
  /** The next event of each machine, then that of the operators, of arrivals as planned and of moves. */
  private readonly timetable: Timetable;
  /** Operations without predecessors that wait before a queued station, by arrival, and how many have arrived. */
  private arrivals = new Int32Array(0);
  private arrived = 0;
  /** Operations on their way to a queued station. */
  private readonly moves = new EventQueue(64);
  /** Somebody may be free since the instant was settled last; somebody has come or gone. */
  private operatorsChanged = false;
  private peopleChanged = false;
  /** Machines that wait for an operator. */
  private readonly short: Machine[] = [];
  private readonly blocked: Machine[] = [];
  /** Machines to be looked at when the instant is settled, those of them that can begin, and those to be reported. */
  private readonly noticed: Machine[];
  private noticedCount = 0;
  private readonly able: Machine[];
  private ableCount = 0;
  private readonly touched = new Set<Machine>();

  constructor(ground: Ground, layout: Layout, draws: Draws, at: number, options: FloorOptions) {
    const { parameters, startEarly = false, observer } = options;
    this.ground = ground;
    this.draws = draws;
    this.parameters = parameters;
    this.startEarly = startEarly;
    this.observer = observer;
    this.setupLaw = setupLawOf(parameters);
    this.operators = new OperatorLoad(ground.operators);
    this.machines = ground.machineIds.map((id, index) => idleMachine(index, id, ground.machineCalendars[index]!));
    this.noticed = [...this.machines];
    this.able = [...this.machines, ...this.machines];
    for (const machine of this.machines) varyMachine(machine, parameters, draws);
    this.timetable = new Timetable(this.machines.length + 3);
    this.lay(new WorkTable(layout, parameters, at, startEarly));
  }

  /** Begins anew at an instant: a fresh replication. */
  begin(draws: Draws, at: number, setupFamily: Readonly<Record<string, string>>): void {
    this.draws = draws;
    this.work.begin(this.parameters, draws, at);
    for (const machine of this.machines) {
      resetMachine(machine, setupFamily[machine.equipmentId], at);
      firstStops(machine, draws);
    }
    this.restart(at);
  }

  /** Goes on at the present instant with another plan or another calendar; operations under way are kept by id. */
  relay(ground: Ground, layout: Layout): void {
    const before = this.work;
    const work = new WorkTable(layout, this.parameters, this.now, this.startEarly);
    const underWay: [number, number][] = [];
    for (const machine of this.machines) {
      if (machine.working) this.pause(machine);
      bookWaiting(machine, this.now);
      const kept = machine.current >= 0 && machine.blockedBy < 0 ? machine.current : -1;
      const laidOut = kept < 0 ? undefined : layout.byId.get(before.jobs[kept]!.jobOrder.jobOrderId);
      if (laidOut) underWay.push([kept, laidOut.index]);
      machine.current = laidOut?.index ?? -1;
      machine.blockedBy = -1;
      machine.next = 0;
      machine.condition = conditions.starved;
      machine.calendar = ground.machineCalendars[machine.index]!;
      machine.openIn = machine.calendar;
      machine.openFrom = Infinity;
      machine.ownFrom = Infinity;
    }
    this.ground = ground;
    this.operators = new OperatorLoad(ground.operators);
    this.lay(work);
    work.begin(this.parameters, this.draws, this.now);
    for (const [from, to] of underWay) work.takeOver(before, from, to);
    this.restart(this.now);
  }

  private lay(work: WorkTable): void {
    const { jobs, stations, sequences } = work.layout;
    this.work = work;
    this.queues = new Queues(work.layout);
    for (const machine of this.machines) {
      machine.sequence = sequences[machine.index]!;
      machine.shared = [];
    }
    this.members = stations.map(({ machines }) => machines.map((index) => this.machines[index]!));
    stations.slice(this.machines.length).forEach(({ machines }, i) => {
      for (const index of machines) this.machines[index]!.shared.push(this.machines.length + i);
    });
    const first = jobs.filter(
      (job) => stations[job.station]!.queued && !job.wasRunning && !job.blocked && job.predecessors.length === 0,
    );
    this.arrivals = Int32Array.from(first, (job) => job.index);
  }

  private restart(at: number): void {
    this.now = at;
    this.open = this.work.jobs.length;
    this.short.length = 0;
    this.blocked.length = 0;
    this.noticedCount = 0;
    this.queues.clear();
    this.moves.clear();
    this.timetable.clear();
    for (const machine of this.machines) {
      machine.noticed = false;
      this.notice(machine);
    }
    this.sortArrivals();
    this.arrived = 0;
    this.expectArrival();
    this.operators.reset(at);
    this.expectOperators();
    this.settle();
  }

  /** Runs to an instant; with `Infinity` until every operation has ended or nothing can happen any more. */
  run(until: number): void {
    const { timetable } = this;
    while (timetable.time <= until && (until < Infinity || this.open > 0)) {
      const at = timetable.time;
      this.now = at;
      if (at === Infinity) break;
      do this.handle(timetable.entry);
      while (timetable.time === at);
      if (this.noticedCount > 0 || this.operatorsChanged) this.settle();
    }
    if (until < Infinity) this.now = until;
  }

  /** Stops a machine until an instant, now at the latest. */
  stop(machine: Machine, reason: DowntimeReason, until: number): void {
    if (machine.working) this.pause(machine);
    putDown(machine, reason, this.now, Math.max(this.now, until), until < Infinity);
    this.notice(machine);
    this.settle();
  }

  /** Ends a machine's stop. */
  repair(machine: Machine): void {
    machine.downUntil = this.now;
    this.notice(machine);
    this.settle();
  }

  /** Takes other laws of variation; what has been drawn stays as long as there is a law for its reason. */
  vary(parameters: TwinParameters): void {
    this.parameters = parameters;
    this.setupLaw = setupLawOf(parameters);
    for (const machine of this.machines) {
      if (machine.working) this.account(machine);
      varyMachine(machine, parameters, this.draws);
      if (machine.working) this.expect(machine);
    }
  }

  /** Books what every machine has done until an instant at the end of a replication. */
  close(at: number): void {
    for (const machine of this.machines) if (!machine.working) bookWaiting(machine, at);
  }

  /** The operation that a machine does or is to do next, −1 for none. */
  jobAt(machine: Machine): number {
    if (machine.current >= 0) return machine.current;
    const { status } = this.work;
    let best = this.queues.first(machine.index);
    if (best >= 0) return best;
    const { sequence } = machine;
    while (machine.next < sequence.length && status[sequence[machine.next]!]! !== waiting) machine.next++;
    const planned = machine.next < sequence.length ? sequence[machine.next]! : -1;
    if (machine.shared.length === 0) return planned;
    if (planned >= 0 && readyAt(this.work, planned, this.now) <= this.now) return planned;
    for (const station of machine.shared) {
      const first = this.queues.first(station);
      if (first >= 0 && (best < 0 || this.work.ready[first]! < this.work.ready[best]!)) best = first;
    }
    return best >= 0 ? best : planned;
  }

  private sortArrivals(): void {
    const { arrivals } = this;
    const { ready } = this.work;
    for (let i = 1; i < arrivals.length; i++)
      if (ready[arrivals[i]!]! < ready[arrivals[i - 1]!]!) {
        arrivals.sort((a, b) => ready[a]! - ready[b]! || a - b);
        return;
      }
  }

  private expectArrival(): void {
    const at = this.arrived < this.arrivals.length ? this.work.ready[this.arrivals[this.arrived]!]! : Infinity;
    this.timetable.set(this.machines.length + 1, at < this.now ? this.now : at);
  }

  private handle(entry: number): void {
    const { machines } = this;
    if (entry < machines.length) {
      this.handleMachine(machines[entry]!);
      return;
    }
    if (entry === machines.length) {
      this.operators.advance(this.now);
      this.operatorsChanged = true;
      this.peopleChanged = true;
      this.expectOperators();
    } else if (entry === machines.length + 1) {
      this.enqueue(this.arrivals[this.arrived++]!);
      this.expectArrival();
    } else {
      this.moves.pop();
      this.enqueue(this.moves.code);
      this.timetable.set(machines.length + 2, this.moves.nextTime);
    }
  }

  private handleMachine(machine: Machine): void {
    if (!machine.working) {
      this.timetable.set(machine.index, Infinity);
      this.notice(machine);
    } else if (this.now < machine.stretchEnd) {
      this.account(machine);
      this.expectSlice(machine);
    } else this.endStretch(machine);
  }

  /** What a stretch of work ends with: setup done, operation done, a stop, or closing time. */
  private endStretch(machine: Machine): void {
    const { now, work } = this;
    const job = machine.current;
    this.account(machine);
    if (work.setupLeft[job]! <= 0) {
      if (work.runLeft[job]! <= 0) {
        this.leave(machine);
        this.finish(machine, job);
        this.notice(machine);
        return;
      }
      for (const stop of machine.stops)
        if (stop.runLeft <= 0) {
          this.leave(machine);
          putDown(machine, stop.law.reason, now, now + stop.repairMs, false);
          drawStop(stop, this.draws);
          this.notice(machine);
          return;
        }
    }
    if (now >= machine.closes) this.leave(machine);
    else this.expect(machine);
    this.notice(machine);
  }

  private finish(machine: Machine, job: number): void {
    const { work } = this;
    work.status[job] = ended;
    work.endedAt[job] = this.now;
    machine.current = -1;
    this.open--;
    const back = goesBack(work, job, this.draws);
    this.observer?.ended(work.jobs[job]!, this.now, back);
    if (back) this.sendBack(job);
    else this.handOver(machine, job);
    if (this.blocked.length > 0) this.unblock();
  }

  /** Passes what a machine has finished on, or keeps it there while there is no place for it. */
  private handOver(machine: Machine, job: number): void {
    const { work } = this;
    for (let edge = work.firstEdge[job]!; edge < work.firstEdge[job + 1]!; edge++) {
      const successor = work.successor[edge]!;
      if (work.waitsFor[successor] !== 1 || work.byMaterial[edge] === 1 || this.hasPlace(successor)) continue;
      machine.current = job;
      machine.blockedBy = successor;
      this.blocked.push(machine);
      return;
    }
    this.deliver(job);
  }

  private hasPlace(job: number): boolean {
    const station = this.work.station[job]!;
    const { places, machines } = this.work.layout.stations[station]!;
    if (places === Infinity) return true;
    let free = 0;
    for (const machine of machines) if (this.machines[machine]!.current < 0) free++;
    return this.queues.hasPlace(station, free);
  }

  /** Moves on what waits for a place that is now free, and what waits for each other in a circle. */
  private unblock(): void {
    const { blocked } = this;
    for (let i = 0; i < blocked.length; i++) {
      const machine = blocked[i]!;
      if (!this.hasPlace(machine.blockedBy) && !this.inCircle(machine)) continue;
      blocked.splice(i, 1);
      bookWaiting(machine, this.now);
      const job = machine.current;
      machine.current = -1;
      machine.blockedBy = -1;
      this.notice(machine);
      this.deliver(job);
      i = -1;
    }
  }

  /** Whether machines that are blocked wait for a place at each other: then they exchange what they hold. */
  private inCircle(machine: Machine): boolean {
    const seen = new Set<Machine>();
    for (let at: Machine | undefined = machine; at && at.blockedBy >= 0;) {
      if (seen.has(at)) return at === machine;
      seen.add(at);
      const { machines }: { machines: number[] } = this.work.layout.stations[this.work.station[at.blockedBy]!]!;
      if (!machines.every((index) => this.machines[index]!.blockedBy >= 0)) return false;
      at = this.machines[machines[0]!];
    }
    return false;
  }

  private deliver(job: number): void {
    const { work, now } = this;
    for (let edge = work.firstEdge[job]!; edge < work.firstEdge[job + 1]!; edge++) {
      if (work.delivered[edge] === 1) continue;
      work.delivered[edge] = 1;
      const successor = work.successor[edge]!;
      const there = now + work.delay[edge]!;
      if (there > work.ready[successor]!) work.ready[successor] = there;
      if (--work.waitsFor[successor]! === 0) this.arrive(successor);
    }
  }

  /** An order goes back: what it does again waits as at the beginning. */
  private sendBack(job: number): void {
    const { work } = this;
    const { to, path, delay } = work.loops[job]!;
    for (const again of path) {
      work.status[again] = waiting;
      work.visits[again]!++;
      work.waitsFor[again] = 0;
      this.open++;
      this.observer?.reopened(work.jobs[again]!);
    }
    for (const again of path)
      for (let edge = work.firstEdge[again]!; edge < work.firstEdge[again + 1]!; edge++) {
        const successor = work.successor[edge]!;
        if (work.byMaterial[edge] === 1 || !path.includes(successor) || again === job) continue;
        work.delivered[edge] = 0;
        work.waitsFor[successor]!++;
      }
    work.ready[to] = this.now + delay;
    this.arrive(to);
  }

  /** All that an operation has waited for has ended. */
  private arrive(job: number): void {
    const { work } = this;
    const station = work.station[job]!;
    const { queued } = work.layout.stations[station]!;
    if (!queued && work.visits[job]! === 0) {
      this.notice(this.machines[station]!);
      return;
    }
    this.queues.takePlace(station);
    if (work.ready[job]! <= this.now) this.enqueue(job);
    else if (work.ready[job]! < Infinity) {
      this.moves.push(work.ready[job]!, job, 0);
      this.timetable.set(this.machines.length + 2, this.moves.nextTime);
    }
  }

  private enqueue(job: number): void {
    const station = this.work.station[job]!;
    this.queues.push(station, job);
    this.noticeFree(this.members[station]!, -1);
  }

  /** Has the first machine of a station looked at that has nothing in hand, after one that could not begin. */
  private noticeFree(members: readonly Machine[], after: number): void {
    for (let i = 0; i < members.length; i++) {
      const machine = members[i]!;
      if (machine.current >= 0 || machine.noticed || machine.index <= after || machine.downUntil > this.now) continue;
      this.notice(machine);
      return;
    }
  }

  /** Books the time since the last look at a working machine. */
  private account(machine: Machine): void {
    const from = machine.since;
    if (this.now === from) return;
    const ran = progress(this.work, machine.current, machine, this.now);
    if (ran > 0) this.observer?.ran(machine, this.work.jobs[machine.current]!, from, this.now);
  }

  private pause(machine: Machine): void {
    this.account(machine);
    this.leave(machine);
  }

  private leave(machine: Machine): void {
    machine.working = false;
    const qualification = this.work.qualification[machine.current]!;
    this.timetable.set(machine.index, Infinity);
    if (qualification < 0) return;
    this.operators.release(qualification);
    this.operatorsChanged = true;
  }

  /** After all events of an instant: who has to pause, who may begin or go on. */
  private settle(): void {
    if (this.peopleChanged) this.pauseWhereShort();
    if (this.operatorsChanged && this.short.length > 0) this.noticeAttendable();
    this.peopleChanged = false;
    this.operatorsChanged = false;
    while (this.noticedCount > 0) {
      const count = this.noticedCount;
      this.noticedCount = 0;
      this.ableCount = 0;
      for (let i = 0; i < count; i++) {
        const machine = this.noticed[i]!;
        machine.noticed = false;
        if (!machine.working) this.look(machine);
      }
      if (this.ableCount > 1) this.sortAble();
      for (let i = 0; i < this.ableCount; i++) this.tryToWork(this.able[i]!);
    }
    if (this.observer) {
      for (const machine of this.touched) this.observer.touched(machine, this.now);
      this.touched.clear();
    }
  }

  /** Has those machines looked at that wait for an operator, and for whose operation there may be one now. */
  private noticeAttendable(): void {
    const { short, operators } = this;
    const { qualification } = this.work;
    for (let i = 0; i < short.length; i++) {
      const machine = short[i]!;
      if (!machine.noticed && operators.canTake(qualification[machine.candidate]!)) this.notice(machine);
    }
  }

  private noLongerShort(machine: Machine): void {
    const last = this.short.pop()!;
    if (last !== machine) this.short[this.short.indexOf(machine)] = last;
  }

  /** Whether a machine that does not work can begin now, or when it is to be looked at again. */
  private look(machine: Machine): void {
    const { now } = this;
    bookWaiting(machine, now);
    if (machine.blockedBy >= 0) {
      this.wait(machine, conditions.blocked, Infinity);
      return;
    }
    const job = this.jobAt(machine);
    machine.candidate = job;
    if (job >= 0 && machine.downUntil <= now && this.canBegin(job, machine)) this.able[this.ableCount++] = machine;
    else this.waitFor(job, machine);
  }

  /** Whether an operation that may pause can begin or go on now; of others and of what comes later `startsAt` knows. */
  private canBegin(job: number, machine: Machine): boolean {
    const { work, now } = this;
    if (work.mayPause[job] === 0) return false;
    if (work.status[job] === waiting && (work.waitsFor[job]! > 0 || work.ready[job]! > now)) return false;
    return isOpenAt(machine, work.calendars[job]![machine.index]!, now);
  }

  /** Has a machine wait for its next operation, unless that can begin after all. */
  private waitFor(job: number, machine: Machine): void {
    const { work, now } = this;
    const starts = job < 0 ? Infinity : startsAt(work, job, machine, this.ground.matrices[machine.index], now);
    const at = Math.max(machine.downUntil, starts);
    if (at <= now) {
      this.able[this.ableCount++] = machine;
      return;
    }
    if (machine.downUntil > now) this.wait(machine, conditions.down, machine.downUntil);
    else if (job >= 0 && this.lacksPeople(job, machine)) this.wait(machine, conditions.operator, at);
    else {
      const ready = job < 0 ? Infinity : readyAt(work, job, now);
      this.wait(machine, conditions.starved, ready > now && ready < at ? ready : at);
    }
    if (job >= 0 && machine.shared.length > 0 && machine.current < 0)
      this.noticeFree(this.members[work.station[job]!]!, machine.index);
  }

  /** Whether all is there for an operation but somebody who may attend it. */
  lacksPeople(job: number, machine: Machine): boolean {
    const { now, work } = this;
    if (work.qualification[job]! < 0 || readyAt(work, job, now) > now) return false;
    return nextOpen(work.calendars[job]![machine.index]!, now) > now;
  }

  private tryToWork(machine: Machine): void {
    const { work } = this;
    const job = machine.candidate;
    if (machine.current < 0 && work.status[job] !== waiting) this.look(machine);
    else if (this.operators.canTake(work.qualification[job]!)) this.startWork(machine, job);
    else this.wait(machine, conditions.operator, Infinity);
  }

  private startWork(machine: Machine, job: number): void {
    const { work, now } = this;
    if (machine.condition === conditions.operator) this.noLongerShort(machine);
    machine.condition = conditions.starved;
    noteActive(machine);
    const begins = work.status[job] === waiting;
    if (begins) {
      const station = work.station[job]!;
      if (this.queues.first(station) === job) this.takeOut(station, job);
      startJob(work, job, machine, this.ground.matrices[machine.index], this.setupLaw, this.draws, now);
      this.observer?.started(work.jobs[job]!, now);
    }
    machine.working = true;
    machine.since = now;
    this.operators.take(work.qualification[job]!);
    const calendar = work.calendars[job]![machine.index]!;
    machine.closes = Infinity;
    if (work.mayPause[job] === 1)
      machine.closes = isOpenAt(machine, calendar, now) ? machine.openUntil : closesAt(calendar, now);
    this.expect(machine);
    if (begins && this.blocked.length > 0) this.unblock();
  }

  private takeOut(station: number, job: number): void {
    this.queues.shift(station);
    if (this.work.takesPlace[job] === 1 || this.work.visits[job]! > 0) this.queues.givePlace(station);
  }

  /** Has a machine wait until an instant; an observed one is looked at also when it opens or closes. */
  private wait(machine: Machine, condition: Machine['condition'], at: number): void {
    const wasShort = machine.condition === conditions.operator;
    if (wasShort && condition !== conditions.operator) this.noLongerShort(machine);
    else if (!wasShort && condition === conditions.operator) this.short.push(machine);
    if (condition === conditions.down) noteActive(machine);
    machine.condition = condition;
    const boundary = this.observer ? nextBoundary(machine.calendar, this.now) : Infinity;
    this.timetable.set(machine.index, Math.min(at, boundary));
  }

  /** Has a machine looked at when the instant is settled. */
  private notice(machine: Machine): void {
    if (machine.noticed) return;
    machine.noticed = true;
    this.noticed[this.noticedCount++] = machine;
    if (this.observer) this.touched.add(machine);
  }

  /** Insertion sort: a handful of machines, nearly in order. */
  private sortAble(): void {
    const { able } = this;
    for (let i = 1; i < this.ableCount; i++) {
      const machine = able[i]!;
      let place = i;
      for (; place > 0 && this.compare(able[place - 1]!, machine) > 0; place--) able[place] = able[place - 1]!;
      able[place] = machine;
    }
  }

  /** Operations under way first, then by planned start. */
  private compare(a: Machine, b: Machine): number {
    const { plannedStart } = this.work;
    return (
      Number(b.current >= 0) - Number(a.current >= 0) ||
      plannedStart[a.candidate]! - plannedStart[b.candidate]! ||
      a.index - b.index
    );
  }

  private pauseWhereShort(): void {
    const { mayPause, qualification, plannedStart } = this.work;
    const isShort = (machine: Machine) => this.operators.isShort(qualification[machine.current]!);
    const leaving = this.machines.filter((m) => m.working && mayPause[m.current] === 1 && isShort(m));
    leaving.sort((a, b) => plannedStart[b.current]! - plannedStart[a.current]! || b.index - a.index);
    for (const machine of leaving) {
      if (!isShort(machine)) continue;
      this.pause(machine);
      this.notice(machine);
    }
  }

  /** Sets the end of a working machine's present stretch. */
  private expect(machine: Machine): void {
    const { work, now } = this;
    const job = machine.current;
    const setupLeft = work.setupLeft[job]!;
    let left = setupLeft;
    if (machine.stops.length > 0) left = workLeft(work, job, machine);
    else left += work.runLeft[job]!;
    if (this.observer && setupLeft > 0) left = setupLeft;
    machine.stretchEnd = Math.min(now + left, machine.closes);
    this.timetable.set(machine.index, machine.stretchEnd);
    if (this.observer && setupLeft <= 0) this.expectSlice(machine);
  }

  private expectSlice(machine: Machine): void {
    const at = this.now + this.observer!.sliceMs;
    this.timetable.set(machine.index, Math.min(at, machine.stretchEnd));
  }

  private expectOperators(): void {
    this.timetable.set(this.machines.length, this.operators.nextChange);
  }
}

function setupLawOf({ setupVariation }: TwinParameters): PreparedLaw {
  return prepareLaw({ kind: 'lognormal', variation: setupVariation });
}
