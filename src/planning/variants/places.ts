import { endOfWork } from '../calendars.ts';
import { fillOfNewLoad, joinsLoad } from '../constraints/batch.ts';
import { setupTime } from '../constraints/setup.ts';
import { earliestPlace } from '../constraints/working-time.ts';
import type { Decoded } from '../decoder.ts';
import type { Problem } from '../problem.ts';
import { boundLoad, ReadyTime } from '../ready-time.ts';
import type { Claims } from './claims.ts';
import type { ResourceIndex } from './resource-index.ts';
import type { Sequences } from './sequences.ts';

/** What the place of an operation depends on. */
interface Surroundings {
  /** The variant as it stands. */
  plan: Decoded;
  /** Operations of each machine in order. */
  machines: Sequences;
  /** Place of each operation in the order. */
  position: Int32Array;
  /** Alternative (relative index) of each operation's present place. */
  placedAs: Uint16Array;
  resources: ResourceIndex;
  claims: Claims;
  /** By operation of a block that is being placed: raised earliest starts. */
  earliest: Float64Array;
}

/** Finds the place that the decoder would give an operation, where all others stay where they are. */
export class Places {
  /** The place found last, in milliseconds from the plan's start; `joined` where it shares the load before it. */
  readonly found = { ready: 0, bound: 0, setup: 0, start: 0, end: 0, fill: 0, joined: 0 };
  private readonly problem: Problem;
  private readonly around: Surroundings;
  private readonly ready: ReadyTime;

  constructor(problem: Problem, around: Surroundings) {
    this.problem = problem;
    this.around = around;
    this.ready = new ReadyTime(problem, around.plan, around.earliest);
  }

  /** The free operation before one's place on a machine, −1 for none. */
  beforeOn(machine: number, operation: number): number {
    const { machines, position } = this.around;
    const rank = machines.rank(machine, position[operation]!);
    return rank > 0 ? machines.list(machine)[rank - 1]! : -1;
  }

  /**
   * Finds an operation's place behind another one; false where there is none.
   * @param before the free operation before it on that machine, −1 for none
   */
  find(operation: number, alternative: number, before: number, hold: boolean): boolean {
    return this.joinLoad(operation, alternative, before, hold) || this.beginAnew(operation, alternative, before, hold);
  }

  /** The alternative, relative to its first, on which an operation ends first. */
  quickestAlternative(operation: number, hold: boolean): number {
    const { problem, found } = this;
    const first = problem.altOffset[operation]!;
    let best = 0;
    let bestEnd = Infinity;
    for (let alternative = first; alternative < problem.altOffset[operation + 1]!; alternative++) {
      const before = this.beforeOn(problem.altMachine[alternative]!, operation);
      if (!this.find(operation, alternative, before, hold) || found.end >= bestEnd) continue;
      bestEnd = found.end;
      best = alternative - first;
    }
    return best;
  }

  private joinLoad(operation: number, alternative: number, before: number, hold: boolean): boolean {
    const { problem, found } = this;
    if (before < 0 || problem.batchCapacity[problem.altMachine[alternative]!] === 0) return false;
    const { plan, placedAs, claims } = this.around;
    const beforeAlternative = problem.altOffset[before]! + placedAs[before]!;
    const ready = this.ready.find(operation, alternative, 0, -Infinity, claims.earliest(operation), hold);
    if (!joinsLoad(problem, plan, operation, alternative, before, beforeAlternative, ready)) return false;
    const start = plan.start[before]!;
    found.bound = ready < start ? boundLoad : this.ready.bound;
    found.ready = found.start = start;
    found.end = plan.end[before]!;
    found.setup = plan.setup[before]!;
    found.fill = plan.fill[before]! + problem.parts[operation]!;
    found.joined = 1;
    return true;
  }

  private beginAnew(operation: number, alternative: number, before: number, hold: boolean): boolean {
    const { problem, found } = this;
    const { plan, resources, claims } = this.around;
    const machine = problem.altMachine[alternative]!;
    const family = before >= 0 ? problem.family[before]! : problem.machineFamily[machine]!;
    const setup = setupTime(problem, machine, family, problem.family[operation]!);
    const machineReady = before >= 0 ? plan.end[before]! : problem.machineReady[machine]!;
    const ready = this.ready.find(operation, alternative, setup, machineReady, claims.earliest(operation), hold);
    const work = setup + problem.altRun[alternative]!;
    const calendar = problem.altCalendar[alternative]!;
    const mayPause = problem.mayPause[operation] === 1;
    const start = earliestPlace(problem, resources, operation, calendar, ready, work, mayPause);
    if (start === Infinity) return false;
    found.ready = ready;
    found.bound = this.ready.bound;
    found.setup = setup;
    found.start = start;
    found.end = endOfWork(problem.calendars, calendar, start, work);
    found.fill = fillOfNewLoad(problem, operation, machine);
    found.joined = 0;
    return true;
  }
}
