import type { DowntimeReason } from '../plant/index.ts';
import { closesAt, nextBoundary } from './calendar.ts';
import { EventQueue } from './event-queue.ts';
import type { Ground } from './ground.ts';
import { resetJob, startJob, startsAt, takeOver } from './job-progress.ts';
import type { Job, Layout } from './layout.ts';
import { drawStop, idleMachine, jobAt, putDown, type Machine } from './machine.ts';
import { OperatorLoad } from './operators.ts';
import type { TwinParameters } from './types.ts';
import type { Draws } from './variation.ts';

/** Who wants to know what happens; a lean replay has none. */
export interface Observer {
  started(job: Job, at: number): void;
  ended(job: Job, at: number): void;
  /** A stretch of run time has ended or gone on, `job.runLeft` is up to date. */
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

const operatorChange = -1;

/**
 * The plant process as a discrete-event simulation: each machine works through its sequence; a job starts when its
 * predecessors, its material, its machine, working time and an operator allow it and not before its planned start.
 * A job that may not pause is begun only where its planned time fits, and then brought to its end. One engine for the
 * lean replay and for the live plant, which adds an observer.
 */
export class PlantFloor {
  now = 0;
  machines: Machine[] = [];
  /** Jobs that have not ended. */
  open = 0;
  parameters: TwinParameters;
  private readonly queue = new EventQueue(128);
  readonly startEarly: boolean;
  private readonly observer: Observer | undefined;
  private ground: Ground;
  private operators: OperatorLoad;
  /** Somebody may be free since the instant was settled last; somebody has come or gone. */
  private operatorsChanged = false;
  private peopleChanged = false;
  /** Machines that wait for an operator. */
  private waiting = 0;
  private noticed: Machine[] = [];
  private readonly able: Machine[] = [];
  private draws: Draws;

  constructor(ground: Ground, draws: Draws, { parameters, startEarly = false, observer }: FloorOptions) {
    this.ground = ground;
    this.draws = draws;
    this.parameters = parameters;
    this.startEarly = startEarly;
    this.observer = observer;
    this.operators = new OperatorLoad(ground.operators);
  }

  /** Begins anew at an instant: a fresh replication. */
  begin(layout: Layout, draws: Draws, at: number, setupFamily: Readonly<Record<string, string>>): void {
    this.draws = draws;
    layout.jobs.forEach(resetJob);
    this.machines = this.ground.machineIds.map((id, index) => {
      const stops = (this.parameters.stops[id] ?? []).map((law) => drawStop(draws, id, law, 0));
      return idleMachine(index, id, layout.sequences[index]!, setupFamily[id], at, stops);
    });
    this.restart(layout, at);
  }

  /** Goes on at the present instant with another plan or another calendar; jobs that have started are kept by id. */
  relay(ground: Ground, layout: Layout): void {
    for (const machine of this.machines) {
      if (machine.working) this.pause(machine);
      machine.sequence = layout.sequences[machine.index]!;
      machine.next = 0;
      machine.version++;
      const started = machine.current && layout.byId.get(machine.current.jobOrder.jobOrderId);
      if (started && machine.current) machine.current = takeOver(machine.current, started);
    }
    this.ground = ground;
    this.operators = new OperatorLoad(ground.operators);
    this.restart(layout, this.now);
  }

  private restart(layout: Layout, at: number): void {
    this.now = at;
    this.open = layout.jobs.length;
    this.waiting = 0;
    this.noticed = [];
    for (const machine of this.machines) {
      machine.waitsFor = 'nothing';
      machine.noticed = false;
      this.notice(machine);
    }
    this.queue.clear();
    this.operators.reset(at);
    this.expectOperators();
    this.settle();
  }

  /** Runs to an instant; with `Infinity` until every job has ended or nothing can happen any more. */
  run(until: number): void {
    const { queue } = this;
    while (queue.nextTime <= until && (until < Infinity || this.open > 0)) {
      const at = queue.nextTime;
      this.now = at;
      let touched = false;
      while (queue.nextTime === at) {
        queue.pop();
        touched = this.handle(queue.code, queue.data) || touched;
      }
      if (touched) this.settle();
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
    for (const machine of this.machines) {
      const laws = parameters.stops[machine.equipmentId] ?? [];
      machine.stops = laws.map((law) => {
        const known = machine.stops.find((own) => own.law.reason === law.reason);
        return known ? { ...known, law } : drawStop(this.draws, machine.equipmentId, law, 0);
      });
      if (!machine.working) continue;
      this.account(machine);
      this.expect(machine);
    }
  }

  private handle(code: number, version: number): boolean {
    if (code === operatorChange) {
      this.operators.advance(this.now);
      this.operatorsChanged = true;
      this.peopleChanged = true;
      this.expectOperators();
      return true;
    }
    const machine = this.machines[code >> 1]!;
    if (version !== machine.version) return false;
    if (code & 1) {
      this.account(machine);
      this.expectSlice(machine);
      return false;
    }
    if (machine.working) this.endStretch(machine);
    this.notice(machine);
    return true;
  }

  /** What a stretch of work ends with: setup done, job done, a stop, or closing time. */
  private endStretch(machine: Machine): void {
    const { now } = this;
    const job = machine.current!;
    this.account(machine);
    const stop = machine.stops.find((coming) => coming.runLeft <= 0);
    if (job.setupLeft <= 0 && job.runLeft <= 0) {
      this.leave(machine);
      this.finish(machine, job);
    } else if (stop && job.setupLeft <= 0) {
      this.leave(machine);
      putDown(machine, stop.law.reason, now, now + stop.next.repairMs, false);
      Object.assign(stop, drawStop(this.draws, machine.equipmentId, stop.law, stop.drawn));
    } else if (now >= machine.closes) this.leave(machine);
    else this.expect(machine);
  }

  private finish(machine: Machine, job: Job): void {
    job.status = 'ended';
    job.endedAt = this.now;
    machine.current = undefined;
    this.open--;
    for (const successor of job.successors) this.notice(this.machines[successor.machine]!);
    this.observer?.ended(job, this.now);
  }

  /** Books the time since the last look at a working machine. */
  private account(machine: Machine): void {
    const job = machine.current!;
    const elapsed = this.now - machine.since;
    if (elapsed === 0) return;
    const from = machine.since;
    machine.since = this.now;
    machine.busy += elapsed;
    if (job.setupLeft > 0) job.setupLeft -= elapsed;
    else {
      job.runLeft -= elapsed;
      for (const stop of machine.stops) stop.runLeft -= elapsed;
      this.observer?.ran(machine, job, from, this.now);
    }
  }

  private pause(machine: Machine): void {
    this.account(machine);
    this.leave(machine);
  }

  private leave(machine: Machine): void {
    machine.working = false;
    machine.version++;
    this.operators.release(machine.current!.qualification);
    this.operatorsChanged = true;
  }

  /** After all events of an instant: who has to pause, who may begin or go on. */
  private settle(): void {
    const { noticed, able } = this;
    if (this.peopleChanged) this.pauseWhereShort();
    if (this.operatorsChanged && this.waiting > 0)
      for (const machine of this.machines) if (machine.waitsFor === 'operator') this.notice(machine);
    this.peopleChanged = false;
    this.operatorsChanged = false;
    able.length = 0;
    for (const machine of noticed) {
      if (machine.working) continue;
      this.waitFor(machine, 'nothing');
      const job = jobAt(machine);
      const matrix = this.ground.matrices[machine.index];
      const at = Math.max(machine.downUntil, job ? startsAt(job, machine, matrix, this) : Infinity);
      if (at <= this.now) able.push(machine);
      else this.wake(machine, at);
    }
    if (able.length > 1) able.sort((a, b) => this.compare(a, b));
    for (const machine of able) {
      const job = jobAt(machine)!;
      if (this.operators.canTake(job.qualification)) this.work(machine, job);
      else {
        this.waitFor(machine, 'operator');
        this.wake(machine, Infinity);
      }
    }
    for (const machine of noticed) {
      machine.noticed = false;
      this.observer?.touched(machine, this.now);
    }
    noticed.length = 0;
  }

  /** Has a machine looked at when the instant is settled. */
  private notice(machine: Machine): void {
    if (machine.noticed) return;
    machine.noticed = true;
    this.noticed.push(machine);
  }

  private waitFor(machine: Machine, what: Machine['waitsFor']): void {
    if (machine.waitsFor === what) return;
    this.waiting += what === 'operator' ? 1 : -1;
    machine.waitsFor = what;
  }

  /** Jobs under way first, then by planned start. */
  private compare(a: Machine, b: Machine): number {
    const first = jobAt(a)!;
    const second = jobAt(b)!;
    return (
      Number(b.current !== undefined) - Number(a.current !== undefined) ||
      first.plannedStart - second.plannedStart ||
      a.index - b.index
    );
  }

  private pauseWhereShort(): void {
    const leaving = this.machines.filter(
      (m) => m.working && m.current!.mayPause && this.operators.isShort(m.current!.qualification),
    );
    leaving.sort((a, b) => b.current!.plannedStart - a.current!.plannedStart || b.index - a.index);
    for (const machine of leaving) {
      if (!this.operators.isShort(machine.current!.qualification)) continue;
      this.pause(machine);
      this.notice(machine);
    }
  }

  private work(machine: Machine, job: Job): void {
    if (job.status === 'waiting') {
      const matrix = this.ground.matrices[machine.index];
      startJob(job, machine, matrix, this.parameters, this.draws, this.now);
      this.observer?.started(job, this.now);
    }
    machine.working = true;
    machine.since = this.now;
    this.notice(machine);
    this.operators.take(job.qualification);
    machine.closes = job.mayPause ? closesAt(job.calendar, this.now) : Infinity;
    this.expect(machine);
  }

  /** Puts the end of a working machine's present stretch into the queue. */
  private expect(machine: Machine): void {
    const job = machine.current!;
    let left = job.runLeft;
    if (job.setupLeft > 0) left = job.setupLeft;
    else for (const stop of machine.stops) if (stop.runLeft < left) left = Math.max(0, stop.runLeft);
    machine.version++;
    this.queue.push(Math.min(this.now + left, machine.closes), machine.index * 2, machine.version);
    if (this.observer && job.setupLeft <= 0) this.expectSlice(machine);
  }

  private expectSlice(machine: Machine): void {
    const at = this.now + this.observer!.sliceMs;
    if (at < this.now + machine.current!.runLeft) this.queue.push(at, machine.index * 2 + 1, machine.version);
  }

  /** Looks at an idle machine again at an instant; an observed one also when it opens or closes. */
  private wake(machine: Machine, at: number): void {
    const boundary = this.observer ? nextBoundary(this.ground.machineCalendars[machine.index]!, this.now) : Infinity;
    const repaired = machine.downUntil > this.now ? machine.downUntil : Infinity;
    const next = Math.min(at, boundary, repaired);
    machine.version++;
    if (next < Infinity) this.queue.push(next, machine.index * 2, machine.version);
  }

  private expectOperators(): void {
    const { nextChange } = this.operators;
    if (nextChange < Infinity) this.queue.push(nextChange, operatorChange, 0);
  }
}
