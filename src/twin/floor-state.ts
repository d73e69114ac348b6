import { EventQueue } from './event-queue.ts';
import type { Ground } from './ground.ts';
import type { Job } from './layout.ts';
import type { Machine } from './machine.ts';
import { OperatorLoad } from './operators.ts';
import { Queues } from './queues.ts';
import { Timetable } from './timetable.ts';
import { ToolRack } from './tools.ts';
import type { TwinParameters } from './types.ts';
import type { Draws } from './draws.ts';
import { prepareLaw, type PreparedLaw } from './variation.ts';
import type { WorkTable } from './work-table.ts';

/** Who wants to know what happens; a lean replay has none. */
export interface Observer {
  started(job: Job, machine: Machine, at: number): void;
  /** @param back whether its order goes back; what it does again is reopened */
  ended(job: Job, at: number, back: boolean): void;
  reopened(job: Job): void;
  /**
   * A breakdown makes an operation begin anew; its machine is still down.
   * @param lost parts that are scrap now
   */
  interrupted(job: Job, lost: number): void;
  /** It begins anew. */
  restarted(job: Job, at: number): void;
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
 * All that is true on the shop floor at one instant of a simulation, which the parts of the plant process share:
 * `material-flow` moves what machines have finished, `stretches` has machines work, `settling` decides who begins.
 */
export class FloorState {
  now = 0;
  work: WorkTable;
  /** Operations that have not ended. */
  open = 0;
  parameters: TwinParameters;
  readonly startEarly: boolean;
  readonly observer: Observer | undefined;
  readonly machines: readonly Machine[];
  ground: Ground;
  operators: OperatorLoad;
  queues: Queues;
  /** Undefined where no tool can run short. */
  rack: ToolRack<Machine> | undefined;
  /** Machines by station. */
  members: Machine[][] = [];
  setupLaw: PreparedLaw;
  draws: Draws;
  /** The next event of each machine. */
  readonly timetable: Timetable;
  /** When the next operation arrives as planned, it or parts come from elsewhere, somebody comes or goes; the first of them. */
  nextArrival = Infinity;
  nextMove = Infinity;
  nextTransfer = Infinity;
  nextAttendance = Infinity;
  nextOther = Infinity;
  /** Operations without predecessors that wait before a queued station, by arrival, and how many have arrived. */
  arrivals = new Int32Array(0);
  arrived = 0;
  /** Operations on their way to a queued station, and parts on their way to an operation. */
  readonly moves = new EventQueue(64);
  readonly transfers = new EventQueue(64);
  /** Somebody may be free since the instant was settled last; somebody has come or gone. */
  operatorsChanged = false;
  peopleChanged = false;
  /** Machines that wait for an operator, and those that have no place for what they have finished. */
  readonly short: Machine[] = [];
  readonly blocked: Machine[] = [];
  /** Machines to be looked at when the instant is settled, those of them that can begin, and those to be reported. */
  readonly noticed: Machine[];
  noticedCount = 0;
  readonly able: Machine[];
  ableCount = 0;
  readonly touched = new Set<Machine>();

  constructor(ground: Ground, machines: Machine[], work: WorkTable, draws: Draws, options: FloorOptions) {
    this.ground = ground;
    this.machines = machines;
    this.work = work;
    this.draws = draws;
    this.parameters = options.parameters;
    this.startEarly = options.startEarly ?? false;
    this.observer = options.observer;
    this.operators = new OperatorLoad(ground.operators);
    this.queues = new Queues(work.layout);
    this.rack = rackOf(work);
    this.setupLaw = setupLawOf(options.parameters);
    this.timetable = new Timetable(machines.length);
    this.noticed = [...machines];
    this.able = [...machines, ...machines];
  }

  /** To be called where one of the times other than the machines' has changed. */
  orderOthers(): void {
    const { nextArrival, nextMove, nextTransfer, nextAttendance } = this;
    this.nextOther = nextArrival < nextMove ? nextArrival : nextMove;
    if (nextTransfer < this.nextOther) this.nextOther = nextTransfer;
    if (nextAttendance < this.nextOther) this.nextOther = nextAttendance;
  }

  /** Has a machine looked at when the instant is settled. */
  notice(machine: Machine): void {
    if (machine.noticed) return;
    machine.noticed = true;
    this.noticed[this.noticedCount++] = machine;
    if (this.observer) this.touched.add(machine);
  }
}

/** The tools that a plan's operations share. */
export function rackOf({ layout: { tools } }: WorkTable): ToolRack<Machine> | undefined {
  return tools && new ToolRack(tools);
}

/** How setups vary. */
export function setupLawOf({ setupVariation }: TwinParameters): PreparedLaw {
  return prepareLaw({ kind: 'lognormal', variation: setupVariation });
}
