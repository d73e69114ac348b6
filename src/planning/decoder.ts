import { BuildingState } from './building-state.ts';
import { endOfWork } from './calendars.ts';
import { fillOfNewLoad, joinsLoad } from './constraints/batch.ts';
import { claimMaterial, earliestWithMaterial } from './constraints/materials.ts';
import { lower, mostRounds, raiseTooEarly } from './constraints/maximum-lag.ts';
import { setupTime } from './constraints/setup.ts';
import { earliestPlace } from './constraints/working-time.ts';
import { measure } from './measure.ts';
import type { Problem, Solution } from './problem.ts';
import { boundLoad, ReadyTime } from './ready-time.ts';

/** The five objectives of the search, all to be minimised. */
export const objectives = ['tardiness', 'changeovers', 'instability', 'makespan', 'imbalance'] as const;

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
  /** 1 where it shares the load of `machineBefore`: start, end and setup are that one's, and count once. */
  joined: Uint8Array;
  /** Parts in its load once it is in, on a batch machine; 0 elsewhere. */
  fill: Float64Array;
  /** By `objectives`; tardiness and makespan in seconds. */
  objectives: Float64Array;
  lateRequests: number;
  setupSeconds: number;
  /** Seconds by which wishes (locks, must be on time, maximum lags behind what is over or fixed) are missed. */
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
  private readonly ready: ReadyTime;
  /** Set by `joins`: when the operation could start if its machine were free. */
  private readyAlone = 0;
  /** The state before the block that is being placed. */
  private readonly beforeBlock: BuildingState;
  /** By operation of that block: raised earliest starts. */
  private readonly earliest: Float64Array;
  private quickest: Uint8Array | undefined;

  constructor(problem: Problem) {
    this.problem = problem;
    this.initial = new BuildingState(problem);
    this.state = new BuildingState(problem);
    this.beforeBlock = new BuildingState(problem);
    this.earliest = new Float64Array(problem.jobOrderIds.length).fill(-Infinity);
    this.out = emptyPlan(problem);
    this.ready = new ReadyTime(problem, this.out, this.earliest);
    this.requestEnd = new Float64Array(problem.requestIds.length);
  }

  /**
   * Builds the plan of a solution.
   * @param quickest operations (1) that take the alternative on which they end first; the choice is written into
   *   the solution
   */
  decode(solution: Solution, quickest?: Uint8Array): Decoded {
    this.state.copyFrom(this.initial);
    const { problem, out } = this;
    const { blockFirst, blockNext } = problem;
    out.complete = true;
    out.failedAt = -1;
    this.quickest = quickest;
    for (const operation of solution.order) {
      if (blockFirst[operation] !== operation) continue;
      if (blockNext[operation]! < 0 ? this.place(solution, operation) : this.placeBlock(solution, operation)) continue;
      out.complete = false;
      return out;
    }
    measure(problem, out, this.state, this.requestEnd);
    return out;
  }

  /** Puts an operation behind the last one of its machine, or into its load; false where it finds no place. */
  private place({ choice, hold }: Solution, operation: number): boolean {
    const { problem, out, state } = this;
    const held = hold[operation] === 1;
    if (this.quickest?.[operation] === 1) choice[operation] = this.quickestAlternative(operation, choice, held);
    const alternative = problem.altOffset[operation]! + choice[operation]!;
    const machine = problem.altMachine[alternative]!;
    const family = problem.family[operation]!;
    const before = state.lastOn[machine]!;
    if (this.joins(operation, alternative, choice, held)) {
      this.join(operation, before);
      return true;
    }
    const setup = setupTime(problem, machine, state.machineFamily[machine]!, family);
    const ready = this.readyTime(operation, alternative, setup, held, state.machineReady[machine]!);
    out.bound[operation] = this.ready.bound;
    const work = setup + problem.altRun[alternative]!;
    const calendar = problem.altCalendar[alternative]!;
    const mayPause = problem.mayPause[operation] === 1;
    const start = earliestPlace(problem, state.resources, operation, calendar, ready, work, mayPause);
    if (start === Infinity) {
      out.failedAt = operation;
      return false;
    }
    const end = endOfWork(problem.calendars, calendar, start, work);
    state.resources.takeFor(problem, operation, calendar, start, end);
    claimMaterial(problem, operation, state.claimed);
    out.ready[operation] = ready;
    out.start[operation] = start;
    out.end[operation] = end;
    out.setup[operation] = setup;
    out.machine[operation] = machine;
    out.machineBefore[operation] = before;
    out.joined[operation] = 0;
    out.fill[operation] = fillOfNewLoad(problem, operation, machine);
    state.lastOn[machine] = operation;
    if (setup > 0 && state.machineFamily[machine] !== family) state.changeovers++;
    state.setupMs += setup;
    state.machineReady[machine] = end;
    state.machineFamily[machine] = family;
    state.busy[machine]! += work;
    return true;
  }

  /**
   * Places the operations of a block one after the other, and again with raised earliest starts until each follows soon
   * enough; false where that does not come about.
   */
  private placeBlock(solution: Solution, first: number): boolean {
    const { problem, out, state, beforeBlock, earliest } = this;
    const { blockNext, altOffset, altCalendar } = problem;
    const { quickest } = this;
    beforeBlock.copyAllButResources(state);
    lower(problem, first, earliest);
    for (let round = 0; round < mostRounds; round++) {
      for (let i = first; i >= 0; i = blockNext[i]!) if (!this.place(solution, i)) return false;
      if (!raiseTooEarly(problem, first, out, solution.choice, earliest)) {
        this.quickest = quickest;
        return true;
      }
      // Machines are chosen once.
      this.quickest = undefined;
      state.copyAllButResources(beforeBlock);
      for (let i = first; i >= 0; i = blockNext[i]!) {
        if (out.joined[i] === 1) continue;
        const calendar = altCalendar[altOffset[i]! + solution.choice[i]!]!;
        state.resources.giveBack(problem, i, calendar, out.start[i]!, out.end[i]!);
      }
    }
    out.failedAt = first;
    return false;
  }

  /** Whether an operation joins the load that its machine treats last; those of fixed operations take nobody in. */
  private joins(operation: number, alternative: number, choice: Uint16Array, hold: boolean): boolean {
    const { problem, state, out } = this;
    const machine = problem.altMachine[alternative]!;
    const before = state.lastOn[machine]!;
    if (problem.batchCapacity[machine] === 0 || before < 0 || problem.fixed[before] === 1) return false;
    const ready = this.readyTime(operation, alternative, 0, hold, -Infinity);
    const beforeAlternative = problem.altOffset[before]! + choice[before]!;
    this.readyAlone = ready;
    return joinsLoad(problem, out, operation, alternative, before, beforeAlternative, ready);
  }

  /** Puts an operation that `joins` into the load of the one before it. */
  private join(operation: number, before: number): void {
    const { problem, state, out } = this;
    const machine = out.machine[before]!;
    const start = out.start[before]!;
    claimMaterial(problem, operation, state.claimed);
    out.bound[operation] = this.readyAlone < start ? boundLoad : this.ready.bound;
    out.ready[operation] = out.start[operation] = start;
    out.end[operation] = out.end[before]!;
    out.setup[operation] = out.setup[before]!;
    out.machine[operation] = machine;
    out.machineBefore[operation] = before;
    out.joined[operation] = 1;
    out.fill[operation] = out.fill[before]! + problem.parts[operation]!;
    state.lastOn[machine] = operation;
  }

  private readyTime(
    operation: number,
    alternative: number,
    setup: number,
    hold: boolean,
    machineReady: number,
  ): number {
    const material = earliestWithMaterial(this.problem, operation, this.state.claimed);
    return this.ready.find(operation, alternative, setup, machineReady, material, hold);
  }

  private quickestAlternative(operation: number, choice: Uint16Array, hold: boolean): number {
    const { problem, state, out } = this;
    const first = problem.altOffset[operation]!;
    let best = 0;
    let bestEnd = Infinity;
    for (let alternative = first; alternative < problem.altOffset[operation + 1]!; alternative++) {
      const machine = problem.altMachine[alternative]!;
      const end = this.joins(operation, alternative, choice, hold)
        ? out.end[state.lastOn[machine]!]!
        : this.endOfNew(operation, alternative, hold);
      if (end < bestEnd) {
        bestEnd = end;
        best = alternative - first;
      }
    }
    return best;
  }

  /** When an operation would end that joins no load; Infinity where it finds no place. */
  private endOfNew(operation: number, alternative: number, hold: boolean): number {
    const { problem, state } = this;
    const machine = problem.altMachine[alternative]!;
    const setup = setupTime(problem, machine, state.machineFamily[machine]!, problem.family[operation]!);
    const work = setup + problem.altRun[alternative]!;
    const calendar = problem.altCalendar[alternative]!;
    const ready = this.readyTime(operation, alternative, setup, hold, state.machineReady[machine]!);
    const mayPause = problem.mayPause[operation] === 1;
    const start = earliestPlace(problem, state.resources, operation, calendar, ready, work, mayPause);
    return start === Infinity ? Infinity : endOfWork(problem.calendars, calendar, start, work);
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
    joined: new Uint8Array(n),
    fill: new Float64Array(n),
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
  to.joined.set(from.joined);
  to.fill.set(from.fill);
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
