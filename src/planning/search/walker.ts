import type { Random } from '../../kernel/index.ts';
import type { Decoded, Decoder } from '../decoder.ts';
import { copySolution, type Problem, type Solution } from '../problem.ts';
import type { Archive, Member } from './archive.ts';
import { moveKinds, type Current, type Moves } from './moves.ts';
import type { Scalarisation } from './scalarisation.ts';

/** What all walkers of a search share. */
export interface Ground {
  problem: Problem;
  decoder: Decoder;
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
  private values: Float64Array;
  private breachSeconds: number;
  private cost: number;

  constructor(ground: Ground, aim: Scalarisation, from: Member) {
    this.ground = ground;
    this.aim = aim;
    const plan = build(ground, from.solution);
    this.current = {
      solution: copySolution(from.solution),
      plan: copyPlan(plan),
      position: new Int32Array(ground.problem.jobOrderIds.length),
    };
    this.trial = copySolution(from.solution);
    this.values = plan.objectives.slice();
    this.breachSeconds = plan.breachSeconds;
    this.cost = aim(this.values, this.breachSeconds);
    sortByStart(this.current);
    locate(this.current);
  }

  /** Takes up again after others have walked: the scale may have moved, and the moves have read other plans. */
  resume(): void {
    this.cost = this.aim(this.values, this.breachSeconds);
    this.ground.moves.read(this.current);
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
    const plan = build(ground, trial, moves.quickest);
    if (!plan.complete) return false;
    const entered = ground.archive.offer(trial, plan);
    const cost = this.aim(plan.objectives, plan.breachSeconds);
    const gained = cost < this.cost;
    credit[kind] = 0.99 * credit[kind]! + (entered ? 0.02 : 0) + (gained ? 0.05 : 0);
    if (cost > this.cost + patience) return false;
    this.cost = cost;
    this.values.set(plan.objectives);
    this.breachSeconds = plan.breachSeconds;
    copyInto(trial, current.solution);
    takePlan(plan, current);
    locate(current);
    moves.read(current);
    return gained;
  }
}

/** Builds a plan and counts it. */
export function build(ground: Ground, solution: Solution, quickest?: Uint8Array): Decoded {
  ground.decodes++;
  return ground.decoder.decode(solution, quickest);
}

/** A deep copy of what the decoder would overwrite. */
export function copyPlan(plan: Decoded): Decoded {
  return {
    ...plan,
    ready: plan.ready.slice(),
    start: plan.start.slice(),
    end: plan.end.slice(),
    setup: plan.setup.slice(),
    machine: plan.machine.slice(),
    bound: plan.bound.slice(),
    machineBefore: plan.machineBefore.slice(),
    objectives: plan.objectives.slice(),
  };
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

/** The order by start decodes to the same plan or nearly so, and makes near places near in time. */
function sortByStart({ solution, plan }: Current): void {
  solution.order.sort((a, b) => plan.start[a]! - plan.start[b]! || plan.end[a]! - plan.end[b]! || a - b);
}

function locate({ solution, position }: Current): void {
  for (let at = 0; at < solution.order.length; at++) position[solution.order[at]!] = at;
}

function copyInto(from: Solution, to: Solution): void {
  to.order.set(from.order);
  to.choice.set(from.choice);
  to.hold.set(from.hold);
}

function takePlan(from: Decoded, { plan }: Current): void {
  plan.start.set(from.start);
  plan.end.set(from.end);
  plan.setup.set(from.setup);
  plan.machine.set(from.machine);
  plan.machineBefore.set(from.machineBefore);
  plan.bound.set(from.bound);
}
