import type { Random } from '../../kernel/index.ts';
import type { Decoded, Decoder } from '../decoder.ts';
import { orderByStart } from '../order.ts';
import { copySolution, type Problem, type Solution } from '../problem.ts';
import type { Variants } from '../variants/variants.ts';
import type { Archive, Member } from './archive.ts';
import { moveKinds, type Current, type Moves } from './moves.ts';
import type { Scalarisation } from './scalarisation.ts';

/** What all walkers of a search share. */
export interface Ground {
  problem: Problem;
  decoder: Decoder;
  variants: Variants;
  moves: Moves;
  archive: Archive;
  random: Random;
  /** How often each kind of move paid lately, for drawing them. */
  credit: Float64Array;
  /** How many plans were built. */
  decodes: number;
}

/** A local search that stands on one plan and steps to others; every plan on the way is offered to the archive. */
export class Walker {
  private readonly ground: Ground;
  private readonly aim: Scalarisation;
  private readonly current: Current;
  private readonly trial: Solution;
  private cost: number;

  constructor(ground: Ground, aim: Scalarisation, from: Member) {
    this.ground = ground;
    this.aim = aim;
    const plan = build(ground, from.solution);
    const solution = copySolution(from.solution);
    // By start (and filling, within a load) it decodes to the same plan or nearly so, and near places are near in time.
    solution.order.set(orderByStart(ground.problem, plan, solution.order));
    if (!build(ground, solution).complete) solution.order.set(from.solution.order);
    this.current = {
      solution,
      plan: ground.variants.kept,
      position: new Int32Array(ground.problem.jobOrderIds.length),
    };
    this.trial = copySolution(solution);
    this.cost = Infinity;
  }

  /** Takes the ground, at first and again after others have walked. */
  resume(): void {
    const { ground, current } = this;
    ground.decodes++;
    this.settle(ground.variants.stand(current.solution));
  }

  /**
   * Tries one move; goes there unless the cost rises by more than the patience. Returns whether the cost fell.
   */
  step(patience: number): boolean {
    const { ground, current, trial } = this;
    const { moves, credit } = ground;
    copyInto(current.solution, trial);
    const kind = drawKind(ground);
    if (!moves.make(moveKinds[kind]!, current, trial)) {
      credit[kind]! *= 0.995;
      return false;
    }
    ground.decodes++;
    const plan = ground.variants.vary(trial, moves.quickest);
    if (!plan.complete) return false;
    const entered = ground.archive.offer(trial, plan);
    const cost = this.aim(plan.objectives, plan.breachSeconds);
    const gained = cost < this.cost;
    credit[kind] = 0.99 * credit[kind]! + (entered ? 0.02 : 0) + (gained ? 0.05 : 0);
    if (cost > this.cost + patience) return false;
    copyInto(trial, current.solution);
    ground.variants.keep();
    this.settle(plan);
    return gained;
  }

  /** Stands on the plan that was just built. */
  private settle(plan: Decoded): void {
    const { ground, current } = this;
    const { order } = current.solution;
    this.cost = this.aim(plan.objectives, plan.breachSeconds);
    for (let at = 0; at < order.length; at++) current.position[order[at]!] = at;
    ground.moves.read(current);
  }
}

/** Builds a plan and counts it. */
export function build(ground: Ground, solution: Solution, quickest?: Uint8Array): Decoded {
  ground.decodes++;
  return ground.decoder.decode(solution, quickest);
}

function drawKind({ credit, random }: Ground): number {
  let sum = 0;
  for (const paid of credit) sum += 0.1 + paid;
  let draw = random.next() * sum;
  for (let kind = 0; kind < credit.length; kind++) {
    draw -= 0.1 + credit[kind]!;
    if (draw < 0) return kind;
  }
  return credit.length - 1;
}

function copyInto(from: Solution, to: Solution): void {
  to.order.set(from.order);
  to.choice.set(from.choice);
  to.hold.set(from.hold);
}
