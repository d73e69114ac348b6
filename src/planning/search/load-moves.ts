import type { Random } from '../../kernel/index.ts';
import { earliestAfterPredecessors } from '../constraints/precedence.ts';
import { alternativeOn, type Problem, type Solution } from '../problem.ts';
import type { Current } from './moves.ts';
import type { Resequencer } from './resequence.ts';

/** An operation joins a load of one of so many nearest that it could share one with. */
const mostPartners = 4;
/** Share of the moves that join a load, the others move a whole one. */
const joiningShare = 0.25;

/** The moves that only batch machines need. */
export class LoadMoves {
  private readonly problem: Problem;
  private readonly random: Random;
  private readonly resequencer: Resequencer;
  /** Free operations that a batch machine can do. */
  private readonly batched: number[];

  constructor(problem: Problem, random: Random, resequencer: Resequencer, free: Int32Array) {
    this.problem = problem;
    this.random = random;
    this.resequencer = resequencer;
    this.batched = [...free].filter((i) => {
      const machines = problem.altMachine.subarray(problem.altOffset[i], problem.altOffset[i + 1]);
      return machines.some((machine) => problem.batchCapacity[machine]! > 0);
    });
  }

  /** Whether there is anything that loads are made of. */
  get possible(): boolean {
    return this.batched.length > 0;
  }

  /** Makes one of the moves. */
  make(current: Current, trial: Solution, reach: number): boolean {
    return this.random.next() < joiningShare ? this.join(current, trial, reach) : this.advance(current, trial, reach);
  }

  /**
   * An operation goes into another load of its family that takes as long: behind one in it where it is ready when the
   * load starts, else before all of it, so that the load waits.
   * @param reach how many places away a partner may be
   */
  private join({ plan, position }: Current, trial: Solution, reach: number): boolean {
    const { problem, random } = this;
    const operation = random.pick(this.batched);
    const from = position[operation]!;
    const partners: number[] = [];
    for (let away = 1; away <= reach && partners.length < mostPartners; away++)
      for (const at of [from - away, from + away]) {
        const other = trial.order[at];
        if (other !== undefined && this.alternativeLike(plan, operation, other) >= 0) partners.push(other);
      }
    if (partners.length === 0) return false;
    const partner = random.pick(partners);
    const alternative = this.alternativeLike(plan, operation, partner);
    trial.choice[operation] = alternative - problem.altOffset[operation]!;
    trial.hold[operation] = 0;
    const there = earliestAfterPredecessors(problem, operation, alternative, 0, plan.end, plan.machine);
    const inTime = Math.max(there, problem.altEarliest[alternative]!) <= plan.start[partner]!;
    const to = inTime ? position[partner]! + 1 : position[firstOfLoad(plan, partner)]!;
    if (to <= from) this.resequencer.pull(trial.order, from, to);
    else this.resequencer.push(trial.order, from, to - 1);
    return true;
  }

  /** A load goes before the one before it on its machine, or one further ahead; its members keep their order. */
  private advance({ plan, position }: Current, trial: Solution, reach: number): boolean {
    const { problem, random } = this;
    const first = firstOfLoad(plan, random.pick(this.batched));
    const machine = plan.machine[first]!;
    let before = plan.machineBefore[first]!;
    if (problem.batchCapacity[machine] === 0 || before < 0 || problem.fixed[before] === 1) return false;
    before = firstOfLoad(plan, before);
    while (random.next() < 0.4) {
      const further = plan.machineBefore[before]!;
      if (further < 0 || problem.fixed[further] === 1) break;
      before = firstOfLoad(plan, further);
    }
    const from = position[first]!;
    const load = [...trial.order.subarray(from, from + reach)].filter(
      (i) => plan.machine[i] === machine && plan.start[i] === plan.start[first],
    );
    for (const i of load) trial.hold[i] = 0;
    let to = position[before]!;
    for (const i of load) {
      this.resequencer.pull(trial.order, position[i]!, to);
      to = trial.order.indexOf(i, to) + 1;
    }
    return true;
  }

  /** The alternative in which an operation could share another one's load, −1 where it cannot or does so already. */
  private alternativeLike(plan: Current['plan'], operation: number, other: number): number {
    const { problem } = this;
    const { altOffset, altMachine, altRun, family, batchCapacity } = problem;
    const machine = plan.machine[other]!;
    if (batchCapacity[machine] === 0 || family[other] !== family[operation]) return -1;
    if (plan.machine[operation] === machine && plan.start[operation] === plan.start[other]) return -1;
    const run = altRun[alternativeOn(problem, other, machine)]!;
    for (let a = altOffset[operation]!; a < altOffset[operation + 1]!; a++)
      if (altMachine[a] === machine && altRun[a] === run) return a;
    return -1;
  }
}

/** The operation that began the load of another one. */
export function firstOfLoad({ joined, machineBefore }: Current['plan'], operation: number): number {
  let first = operation;
  while (joined[first] === 1) first = machineBefore[first]!;
  return first;
}
