import { endOfWork } from './calendars.ts';
import { claimMaterial, earliestWithMaterial } from './constraints/materials.ts';
import { OperatorProfiles } from './constraints/operators.ts';
import { earliestAfterPredecessors } from './constraints/precedence.ts';
import { setupTime } from './constraints/setup.ts';
import { earliestPlace } from './constraints/working-time.ts';
import type { Problem, Solution } from './problem.ts';

/** The five objectives of the search, all to be minimised. */
export const objectives = ['tardiness', 'changeovers', 'instability', 'makespan', 'imbalance'] as const;

/** What decided from when on an operation could start, for the explanation of lateness. */
export const boundKinds = ['fixed', 'input', 'predecessor', 'machine-busy', 'material', 'held-at-live-start'] as const;
export type BoundKind = (typeof boundKinds)[number];
const [boundInput, boundPredecessor, boundMachine, boundMaterial, boundHeld] = [1, 2, 3, 4, 5];

/** A plan as the decoder builds it; arrays by operation, milliseconds relative to the plan's start. */
export interface Decoded {
  /** False where some operation found no place within the calendars; nothing else holds then. */
  complete: boolean;
  /** That operation, −1 where complete. */
  failedAt: number;
  /** From when on all but open time and operators allowed it; 0 for fixed operations. */
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

const fiveMinutes = 300_000;

/**
 * Serial schedule generation: takes the free operations in order and puts each behind the last one of its machine
 * at the first instant that every constraint allows. One instance is used again and again; `decode` returns the
 * same arrays each time.
 */
export class Decoder {
  private readonly problem: Problem;
  private readonly operators: OperatorProfiles;
  private readonly machineReady: Float64Array;
  private readonly machineFamily: Int32Array;
  private readonly lastOn: Int32Array;
  private readonly busy: Float64Array;
  private readonly claimed: Float64Array;
  private readonly requestEnd: Float64Array;
  private readonly out: Decoded;

  constructor(problem: Problem) {
    const n = problem.jobOrderIds.length;
    const machines = problem.machineIds.length;
    this.problem = problem;
    this.operators = new OperatorProfiles(problem.pools);
    this.machineReady = new Float64Array(machines);
    this.machineFamily = new Int32Array(machines);
    this.lastOn = new Int32Array(machines);
    this.busy = new Float64Array(machines);
    this.claimed = new Float64Array(problem.materialIds.length);
    this.requestEnd = new Float64Array(problem.requestIds.length);
    this.out = {
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

  /**
   * Builds the plan of a solution.
   * @param quickest operations (1) that take the alternative on which they end first; the choice is written into
   *   the solution
   */
  decode(solution: Solution, quickest?: Uint8Array): Decoded {
    const { problem, out } = this;
    this.operators.reset();
    this.machineReady.set(problem.machineReady);
    this.machineFamily.set(problem.machineFamily);
    this.lastOn.set(problem.fixedLast);
    this.claimed.set(problem.fixedClaims);
    this.busy.set(problem.fixedBusy);
    out.complete = true;
    out.failedAt = -1;
    let changeovers = problem.fixedChangeovers;
    let setupMs = problem.fixedSetupMs;
    for (const operation of solution.order) {
      if (quickest?.[operation] === 1)
        solution.choice[operation] = this.quickestAlternative(operation, solution.hold[operation] === 1);
      const alternative = problem.altOffset[operation]! + solution.choice[operation]!;
      const machine = problem.altMachine[alternative]!;
      const setup = setupTime(problem, machine, this.machineFamily[machine]!, problem.family[operation]!);
      const ready = this.readyTime(operation, alternative, solution.hold[operation] === 1, true);
      const work = setup + problem.altRun[alternative]!;
      const calendar = problem.altCalendar[alternative]!;
      const mayPause = problem.mayPause[operation] === 1;
      const start = earliestPlace(problem, this.operators, operation, calendar, ready, work, mayPause);
      if (start === Infinity) {
        out.complete = false;
        out.failedAt = operation;
        return out;
      }
      const end = endOfWork(problem.calendars, calendar, start, work);
      const firstPool = problem.poolOffset[operation]!;
      const lastPool = problem.poolOffset[operation + 1]!;
      if (firstPool < lastPool)
        this.operators.takeInCalendar(problem.pool, firstPool, lastPool, problem.calendars, calendar, start, end);
      claimMaterial(problem, operation, this.claimed);
      out.ready[operation] = ready;
      out.start[operation] = start;
      out.end[operation] = end;
      out.setup[operation] = setup;
      out.machine[operation] = machine;
      out.machineBefore[operation] = this.lastOn[machine]!;
      this.lastOn[machine] = operation;
      if (setup > 0 && this.machineFamily[machine] !== problem.family[operation]) changeovers++;
      setupMs += setup;
      this.machineReady[machine] = end;
      this.machineFamily[machine] = problem.family[operation]!;
      this.busy[machine]! += work;
    }
    this.measure(changeovers, setupMs);
    return out;
  }

  private readyTime(operation: number, alternative: number, hold: boolean, note: boolean): number {
    const { problem, out } = this;
    const machine = problem.altMachine[alternative]!;
    let ready = problem.altEarliest[alternative]!;
    let bound = boundInput;
    const predecessors = earliestAfterPredecessors(problem, operation, machine, out.end, out.machine);
    if (predecessors > ready) {
      ready = predecessors;
      bound = boundPredecessor;
    }
    if (this.machineReady[machine]! > ready) {
      ready = this.machineReady[machine]!;
      bound = boundMachine;
    }
    const material = earliestWithMaterial(problem, operation, this.claimed);
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
      const setup = setupTime(problem, machine, this.machineFamily[machine]!, problem.family[operation]!);
      const work = setup + problem.altRun[alternative]!;
      const calendar = problem.altCalendar[alternative]!;
      const ready = this.readyTime(operation, alternative, hold, false);
      const mayPause = problem.mayPause[operation] === 1;
      const start = earliestPlace(problem, this.operators, operation, calendar, ready, work, mayPause);
      const end = start === Infinity ? Infinity : endOfWork(problem.calendars, calendar, start, work);
      if (end < bestEnd) {
        bestEnd = end;
        best = alternative - first;
      }
    }
    return best;
  }

  private measure(changeovers: number, setupMs: number): void {
    const { problem, out, requestEnd } = this;
    const n = problem.jobOrderIds.length;
    requestEnd.fill(-Infinity);
    let makespan = 0;
    let kept = 0;
    let comparable = 0;
    let breach = 0;
    for (let i = 0; i < n; i++) {
      const end = out.end[i]!;
      if (end > makespan) makespan = end;
      const request = problem.requestOf[i]!;
      if (end > requestEnd[request]!) requestEnd[request] = end;
      if (problem.running[i] === 1 || problem.liveMachine[i]! < 0) continue;
      comparable++;
      const moved = Math.abs(out.start[i]! - problem.liveStart[i]!);
      const sameMachine = out.machine[i] === problem.liveMachine[i];
      if (sameMachine && moved <= fiveMinutes) kept++;
      if (problem.locked[i] === 1 && (moved > 0 || !sameMachine)) breach += 3600 + moved / 1000;
    }
    let tardiness = 0;
    let late = 0;
    for (let r = 0; r < requestEnd.length; r++) {
      const over = requestEnd[r]! - problem.due[r]!;
      if (over <= 0) continue;
      late++;
      tardiness += (over / 1000) * problem.weight[r]!;
      if (problem.mustBeOnTime[r] === 1) breach += over / 1000;
    }
    out.objectives[0] = tardiness;
    out.objectives[1] = changeovers;
    out.objectives[2] = comparable === 0 ? 0 : 1 - kept / comparable;
    out.objectives[3] = makespan / 1000;
    out.objectives[4] = relativeDeviation(this.busy);
    out.lateRequests = late;
    out.setupSeconds = setupMs / 1000;
    out.breachSeconds = breach;
  }
}

function relativeDeviation(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  if (!(mean > 0)) return 0;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return Math.sqrt(squares / values.length) / mean;
}
