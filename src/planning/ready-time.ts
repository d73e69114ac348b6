import { earliestAfterPredecessors } from './constraints/precedence.ts';
import type { Decoded } from './decoder.ts';
import type { Problem } from './problem.ts';

/** What decided from when on an operation could start, for the explanation of lateness. */
export const boundKinds = [
  'fixed',
  'input',
  'predecessor',
  'machine-busy',
  'material',
  'held-at-live-start',
  'load',
  'maximum-lag',
] as const;
export type BoundKind = (typeof boundKinds)[number];

const [boundInput, boundPredecessor, boundMachine, boundMaterial, boundHeld] = [1, 2, 3, 4, 5] as const;
const boundLag = 7;

/** An operation that waits for the load that it joins: index into `boundKinds`. */
export const boundLoad = 6;

/** From when on an operation may begin, as long as open time, people and tools are not looked at. */
export class ReadyTime {
  /** What decided the instant found last: index into `boundKinds`. */
  bound: number = boundInput;
  private readonly problem: Problem;
  private readonly plan: Pick<Decoded, 'end' | 'machine'>;
  private readonly earliest: Float64Array;

  /**
   * @param plan what is placed so far
   * @param earliest by operation: what maximum lags raise its start to, −Infinity where they do not
   */
  constructor(problem: Problem, plan: Pick<Decoded, 'end' | 'machine'>, earliest: Float64Array) {
    this.problem = problem;
    this.plan = plan;
    this.earliest = earliest;
  }

  /**
   * @param machineReady from when on its machine is free, −Infinity as if it always were
   * @param material from when on its material is there
   * @param hold whether it waits for its start in the live plan
   */
  find(
    operation: number,
    alternative: number,
    setup: number,
    machineReady: number,
    material: number,
    hold: boolean,
  ): number {
    const { problem, plan } = this;
    let ready = problem.altEarliest[alternative]!;
    this.bound = boundInput;
    const predecessors = earliestAfterPredecessors(problem, operation, alternative, setup, plan.end, plan.machine);
    if (predecessors > ready) {
      ready = predecessors;
      this.bound = boundPredecessor;
    }
    if (machineReady > ready) {
      ready = machineReady;
      this.bound = boundMachine;
    }
    if (material > ready) {
      ready = material;
      this.bound = boundMaterial;
    }
    if (hold && problem.liveStart[operation]! > ready) {
      ready = problem.liveStart[operation]!;
      this.bound = boundHeld;
    }
    if (this.earliest[operation]! > ready) {
      ready = this.earliest[operation]!;
      this.bound = boundLag;
    }
    return ready;
  }
}
