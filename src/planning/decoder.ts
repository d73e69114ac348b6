import { BuildingState } from './building-state.ts';
import { endOfWork } from './calendars.ts';
import { claimMaterial, earliestWithMaterial } from './constraints/materials.ts';
import { earliestAfterPredecessors } from './constraints/precedence.ts';
import { setupTime } from './constraints/setup.ts';
import { earliestPlace } from './constraints/working-time.ts';
import { measure } from './measure.ts';
import type { Problem, Solution } from './problem.ts';

/** The five objectives of the search, all to be minimised. */
export const objectives = ['tardiness', 'changeovers', 'instability', 'makespan', 'imbalance'] as const;

/** What decided from when on an operation could start, for the explanation of lateness. */
export const boundKinds = ['fixed', 'input', 'predecessor', 'machine-busy', 'material', 'held-at-live-start'] as const;
export type BoundKind = (typeof boundKinds)[number];
/** Those that the decoder finds, as indices. */
export const [boundInput, boundPredecessor, boundMachine, boundMaterial, boundHeld] = [1, 2, 3, 4, 5] as const;

/** A plan as the decoder builds it; arrays by operation, milliseconds relative to the plan's start. */
export interface Decoded {
  /** False where some operation found no place within the calendars; nothing else holds then. */
  complete: boolean;
  /** That operation, −1 where complete. */
  failedAt: number;
  /** From when on all but open time, people and tools allowed it; 0 for fixed operations. */
  ready: Float64Array;
  start: Float64Array;
  end: Float64Array;
  setup: Float64Array;
  machine: Int32Array;
  /** Index into `boundKinds`. */
  bound: Uint8Array;
  /** Operation before it on its machine, −1 for none. */
  machineBefore: Int32Array;
  /** By `objectives`; tardiness and makespan in seconds. */
  objectives: Float64Array;
  lateRequests: number;
  setupSeconds: number;
  /** Seconds by which wishes (locks, must be on time) are missed. */
  breachSeconds: number;
}

/**
 * Serial schedule generation: takes the free operations in order and puts each behind the last one of its machine
 * at the first instant that every constraint allows. One instance is used again and again and returns the same
 * arrays each time.
 */
export class Decoder {
  private readonly problem: Problem;
  private readonly initial: BuildingState;
  private readonly state: BuildingState;
  private readonly out: Decoded;
  private readonly requestEnd: Float64Array;

  constructor(problem: Problem) {
    this.problem = problem;
    this.initial = new BuildingState(problem);
    this.state = new BuildingState(problem);
    this.out = emptyPlan(problem);
    this.requestEnd = new Float64Array(problem.requestIds.length);
  }

  /**
   * Builds the plan of a solution.
   * @param quickest operations (1) that take the alternative on which they end first; the choice is written into
   *   the solution
   */
  decode(solution: Solution, quickest?: Uint8Array): Decoded {
    this.state.copyFrom(this.initial);
    const { problem, out, state } = this;
    const { order, choice, hold } = solution;
    out.complete = true;
    out.failedAt = -1;
    for (const operation of order) {
      if (quickest?.[operation] === 1) choice[operation] = this.quickestAlternative(operation, hold[operation] === 1);
      const alternative = problem.altOffset[operation]! + choice[operation]!;
      const machine = problem.altMachine[alternative]!;
      const family = problem.family[operation]!;
      const setup = setupTime(problem, machine, state.machineFamily[machine]!, family);
      const ready = this.readyTime(operation, alternative, setup, hold[operation] === 1, true);
      const work = setup + problem.altRun[alternative]!;
      const calendar = problem.altCalendar[alternative]!;
      const mayPause = problem.mayPause[operation] === 1;
      const start = earliestPlace(problem, state.resources, operation, calendar, ready, work, mayPause);
      if (start === Infinity) {
        out.complete = false;
        out.failedAt = operation;
        return out;
      }
      const end = endOfWork(problem.calendars, calendar, start, work);
      state.resources.takeFor(problem, operation, calendar, start, end);
      claimMaterial(problem, operation, state.claimed);
      out.ready[operation] = ready;
      out.start[operation] = start;
      out.end[operation] = end;
      out.setup[operation] = setup;
      out.machine[operation] = machine;
      out.machineBefore[operation] = state.lastOn[machine]!;
      state.lastOn[machine] = operation;
      if (setup > 0 && state.machineFamily[machine] !== family) state.changeovers++;
      state.setupMs += setup;
      state.machineReady[machine] = end;
      state.machineFamily[machine] = family;
      state.busy[machine]! += work;
    }
    measure(problem, out, state, this.requestEnd);
    return out;
  }

  private readyTime(operation: number, alternative: number, setup: number, hold: boolean, note: boolean): number {
    const { problem, out } = this;
    const machine = problem.altMachine[alternative]!;
    let ready = problem.altEarliest[alternative]!;
    let bound: number = boundInput;
    const predecessors = earliestAfterPredecessors(problem, operation, alternative, setup, out.end, out.machine);
    if (predecessors > ready) {
      ready = predecessors;
      bound = boundPredecessor;
    }
    if (this.state.machineReady[machine]! > ready) {
      ready = this.state.machineReady[machine]!;
      bound = boundMachine;
    }
    const material = earliestWithMaterial(problem, operation, this.state.claimed);
    if (material > ready) {
      ready = material;
      bound = boundMaterial;
    }
    if (hold && problem.liveStart[operation]! > ready) {
      ready = problem.liveStart[operation]!;
      bound = boundHeld;
    }
    if (note) out.bound[operation] = bound;
    return ready;
  }

  private quickestAlternative(operation: number, hold: boolean): number {
    const { problem } = this;
    const first = problem.altOffset[operation]!;
    let best = 0;
    let bestEnd = Infinity;
    for (let alternative = first; alternative < problem.altOffset[operation + 1]!; alternative++) {
      const machine = problem.altMachine[alternative]!;
      const setup = setupTime(problem, machine, this.state.machineFamily[machine]!, problem.family[operation]!);
      const work = setup + problem.altRun[alternative]!;
      const calendar = problem.altCalendar[alternative]!;
      const ready = this.readyTime(operation, alternative, setup, hold, false);
      const mayPause = problem.mayPause[operation] === 1;
      const start = earliestPlace(problem, this.state.resources, operation, calendar, ready, work, mayPause);
      const end = start === Infinity ? Infinity : endOfWork(problem.calendars, calendar, start, work);
      if (end < bestEnd) {
        bestEnd = end;
        best = alternative - first;
      }
    }
    return best;
  }
}

/** A plan of nothing but the fixed operations. */
export function emptyPlan(problem: Problem): Decoded {
  const n = problem.jobOrderIds.length;
  return {
    complete: true,
    failedAt: -1,
    ready: new Float64Array(n),
    start: problem.fixedStart.slice(),
    end: problem.fixedEnd.slice(),
    setup: problem.fixedSetup.slice(),
    machine: problem.fixedMachine.slice(),
    bound: new Uint8Array(n),
    machineBefore: new Int32Array(n).fill(-1),
    objectives: new Float64Array(objectives.length),
    lateRequests: 0,
    setupSeconds: 0,
    breachSeconds: 0,
  };
}

/** Copies a complete plan into another one of the same problem. */
export function copyPlan(from: Decoded, to: Decoded): void {
  to.ready.set(from.ready);
  to.start.set(from.start);
  to.end.set(from.end);
  to.setup.set(from.setup);
  to.machine.set(from.machine);
  to.bound.set(from.bound);
  to.machineBefore.set(from.machineBefore);
  copyFigures(from, to);
}

/** Copies what is known of a complete plan as a whole. */
export function copyFigures(from: Decoded, to: Decoded): void {
  to.complete = true;
  to.failedAt = -1;
  to.objectives.set(from.objectives);
  to.lateRequests = from.lateRequests;
  to.setupSeconds = from.setupSeconds;
  to.breachSeconds = from.breachSeconds;
}
