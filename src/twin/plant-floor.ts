import { isBreakdown, type DowntimeReason } from '../plant/index.ts';
import { FloorState, rackOf, setupLawOf, type FloorOptions } from './floor-state.ts';
import type { Ground } from './ground.ts';
import { interrupt } from './job-progress.ts';
import type { Layout } from './layout.ts';
import {
  bookWaiting,
  conditions,
  firstStops,
  idleMachine,
  putDown,
  resetMachine,
  varyMachine,
  type Machine,
} from './machine.ts';
import { beginArrivals, beginTransfers, endMove, endTransfer, gatherArrivals, takeArrival } from './material-flow.ts';
import { OperatorLoad } from './operators.ts';
import { Queues } from './queues.ts';
import { settle } from './settling.ts';
import { account, expect, handleMachine, pause } from './stretches.ts';
import type { ToolRack } from './tools.ts';
import { endOf, type StopUnderWay } from './stops-under-way.ts';
import type { TwinParameters } from './types.ts';
import type { Draws } from './draws.ts';
import { started } from './status.ts';
import { WorkTable } from './work-table.ts';

/**
 * The plant process as a discrete-event simulation: each machine works through its sequence, or takes what has arrived
 * first before its station; an operation starts when its predecessors, its material, its machine, working time and an
 * operator allow it and not before its planned start. One that may not pause is begun only where its planned time fits,
 * and then brought to its end. One engine for the lean replay and for the live plant, which adds an observer.
 */
export class PlantFloor extends FloorState {
  constructor(ground: Ground, layout: Layout, draws: Draws, at: number, options: FloorOptions) {
    const { parameters, startEarly = false } = options;
    const machines = ground.machineIds.map((id, index) => idleMachine(index, id, ground.machineCalendars[index]!));
    super(ground, machines, new WorkTable(layout, parameters, at, startEarly), draws, options);
    for (const machine of machines) varyMachine(machine, parameters, draws);
    this.shareOut();
  }

  /** Begins anew at an instant: a fresh replication. Stops under way end when this replication has them end. */
  begin(
    draws: Draws,
    at: number,
    setupFamily: Readonly<Record<string, string>>,
    underWay: readonly StopUnderWay[] = [],
  ): void {
    this.draws = draws;
    this.work.begin(this.parameters, draws, at);
    for (const machine of this.machines) {
      resetMachine(machine, setupFamily[machine.equipmentId], at);
      firstStops(machine, draws);
    }
    for (const stop of underWay) {
      const machine = this.machines[this.ground.machineIndex.get(stop.equipmentId) ?? -1];
      if (machine) putDown(machine, stop.law.reason, stop.start, endOf(stop, at, draws), false);
    }
    this.restart(at);
  }

  /** Goes on at the present instant with another plan or another calendar; operations under way are kept by id. */
  relay(ground: Ground, layout: Layout): void {
    const before = this.work;
    const underWay: [number, number, number][] = [];
    for (const machine of this.machines) {
      if (machine.working) pause(this, machine);
      bookWaiting(machine, this.now);
      const kept = machine.current >= 0 && machine.blockedBy < 0 ? machine.current : -1;
      const laidOut = kept < 0 ? undefined : layout.byId.get(before.jobs[kept]!.jobOrder.jobOrderId);
      if (laidOut)
        for (const { index, jobOrder } of before.jobs[kept]!.load) {
          const member = layout.byId.get(jobOrder.jobOrderId);
          if (member) underWay.push([index, kept, member.index]);
        }
      machine.current = laidOut?.load[0]!.index ?? -1;
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
    this.work = new WorkTable(layout, this.parameters, this.now, this.startEarly);
    this.queues = new Queues(layout);
    this.rack = rackOf(this.work);
    this.shareOut();
    this.work.begin(this.parameters, this.draws, this.now);
    for (const [from, lead, to] of underWay) this.work.takeOver(before, from, lead, to);
    this.restart(this.now);
  }

  /** Gives machines what the plan has for them alone and for the stations that they belong to. */
  private shareOut(): void {
    const { stations, sequences } = this.work.layout;
    for (const machine of this.machines) {
      machine.sequence = sequences[machine.index]!;
      machine.shared = [];
    }
    this.members = stations.map(({ machines }) => machines.map((index) => this.machines[index]!));
    stations.slice(this.machines.length).forEach(({ machines }, i) => {
      for (const index of machines) this.machines[index]!.shared.push(this.machines.length + i);
    });
    gatherArrivals(this);
  }

  private restart(at: number): void {
    this.now = at;
    this.open = this.work.jobs.length;
    this.short.length = 0;
    this.blocked.length = 0;
    this.noticedCount = 0;
    this.timetable.clear();
    for (const machine of this.machines) {
      machine.noticed = false;
      this.notice(machine);
    }
    if (this.rack) handOutTools(this.rack, this.work);
    beginArrivals(this);
    if (this.work.transfers) beginTransfers(this);
    this.operators.reset(at);
    this.expectAttendance();
    settle(this);
  }

  /** Runs to an instant; with `Infinity` until every operation has ended or nothing can happen any more. */
  run(until: number): void {
    this.handleUntil(until);
    if (until < Infinity) this.now = until;
  }

  /** The loop alone: what stands behind one that is compiled while it runs is interpreted each time. */
  private handleUntil(until: number): void {
    const { machines, timetable } = this;
    while (until < Infinity || this.open > 0) {
      const at = timetable.time < this.nextOther ? timetable.time : this.nextOther;
      if (at > until || at === Infinity) break;
      this.now = at;
      while (timetable.time === at) handleMachine(this, machines[timetable.entry]!);
      while (this.nextOther === at) this.handleOther();
      if (this.noticedCount > 0 || this.operatorsChanged) settle(this);
    }
  }

  /** Somebody comes or goes, or an operation or parts arrive. */
  private handleOther(): void {
    if (this.nextAttendance === this.now) {
      this.operators.advance(this.now);
      this.operatorsChanged = true;
      this.peopleChanged = true;
      this.expectAttendance();
    } else if (this.nextArrival === this.now) takeArrival(this);
    else if (this.nextMove === this.now) endMove(this);
    else endTransfer(this);
  }

  private expectAttendance(): void {
    this.nextAttendance = this.operators.nextChange;
    this.orderOthers();
  }

  /** Stops a machine until an instant, now at the latest. */
  stop(machine: Machine, reason: DowntimeReason, until: number): void {
    if (machine.working) pause(this, machine);
    if (machine.current >= 0 && machine.blockedBy < 0 && isBreakdown({ reason }))
      interrupt(this, machine.current, machine);
    putDown(machine, reason, this.now, Math.max(this.now, until), until < Infinity);
    this.notice(machine);
    settle(this);
  }

  /** Ends a machine's stop. */
  repair(machine: Machine): void {
    machine.downUntil = this.now;
    this.notice(machine);
    settle(this);
  }

  /** Takes other laws of variation; what has been drawn stays as long as there is a law for its reason. */
  vary(parameters: TwinParameters): void {
    this.parameters = parameters;
    this.setupLaw = setupLawOf(parameters);
    for (const machine of this.machines) {
      if (machine.working) account(this, machine);
      varyMachine(machine, parameters, this.draws);
      if (machine.working) expect(this, machine);
    }
  }

  /** Books what every machine has done until an instant at the end of a replication. */
  close(at: number): void {
    for (const machine of this.machines) if (!machine.working) bookWaiting(machine, at);
  }
}

/** What is under way holds its tools. */
function handOutTools(rack: ToolRack<Machine>, { status, wasRunning }: WorkTable): void {
  rack.reset();
  for (let job = 0; job < status.length; job++) if (wasRunning[job] === 1 || status[job] === started) rack.take(job);
}
