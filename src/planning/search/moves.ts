import type { Random } from '../../kernel/index.ts';
import type { Problem, Solution } from '../problem.ts';
import type { Decoded } from '../decoder.ts';
import { CriticalChains, type WaitingPlan } from './critical.ts';
import { firstOfLoad, LoadMoves } from './load-moves.ts';
import { Resequencer } from './resequence.ts';

/** An operation joins one of so many nearest of its family. */
const mostPartners = 4;
/** A move changes at most so many operations by choosing a stretch of time, and looks so far per machine. */
const longestWindow = 60;
const longestReachPerMachine = 12;

/** A plan that moves start from: its solution and what came of it. */
export interface Current {
  solution: Solution;
  plan: WaitingPlan & Pick<Decoded, 'joined'>;
  /** Place of each free operation in the order. */
  position: Int32Array;
}

/**
 * Kinds of moves. Ejection chains of two (an operation takes another's place, and that one a further machine's) were
 * tried and left out: 0.87 times the hypervolume with the same number of plans (500 operations, eight events).
 */
export const moveKinds = [
  'advance-critical',
  'relieve-critical',
  'swap-on-machine',
  'join-family',
  'shift',
  'reassign',
  'back-to-live',
  'release',
  'rebuild',
  'balance',
] as const;
export type MoveKind = (typeof moveKinds)[number];

/**
 * Local moves. Each changes a trial solution, a copy of the current one, in place; it returns false where there was
 * nothing to change. Operations marked in `quickest` take their quickest machine when decoded.
 */
export class Moves {
  readonly quickest: Uint8Array;
  private readonly problem: Problem;
  private readonly random: Random;
  private readonly resequencer: Resequencer;
  private readonly chains: CriticalChains;
  private readonly free: Int32Array;
  private readonly ofRequest: number[][];
  private readonly loads: LoadMoves;
  /** Time that each machine works in the current plan. */
  private readonly busy: Float64Array;

  constructor(problem: Problem, random: Random) {
    this.problem = problem;
    this.random = random;
    this.resequencer = new Resequencer(problem);
    this.chains = new CriticalChains(problem);
    this.quickest = new Uint8Array(problem.jobOrderIds.length);
    this.busy = new Float64Array(problem.machineIds.length);
    this.free = Int32Array.from(problem.jobOrderIds.keys()).filter((i) => problem.fixed[i] === 0);
    this.ofRequest = problem.requestIds.map(() => []);
    for (const i of this.free) this.ofRequest[problem.requestOf[i]!]!.push(i);
    this.loads = new LoadMoves(problem, random, this.resequencer, this.free);
  }

  private get longestReach(): number {
    return longestReachPerMachine * this.problem.machineIds.length;
  }

  /** Whether any operation is left to decide. */
  get possible(): boolean {
    return this.free.length > 0;
  }

  /** Reads the current plan; call it whenever it has changed. */
  read({ plan }: Current): void {
    this.chains.read(plan);
    this.busy.fill(0);
    for (const i of this.free) if (plan.joined[i] === 0) this.busy[plan.machine[i]!]! += plan.end[i]! - plan.start[i]!;
  }

  /** Makes one move of a kind. */
  make(kind: MoveKind, current: Current, trial: Solution): boolean {
    this.quickest.fill(0);
    switch (kind) {
      case 'advance-critical':
        return this.advanceCritical(current, trial);
      case 'relieve-critical':
        return this.relieveCritical(current, trial);
      case 'swap-on-machine':
        return this.swapOnMachine(current, trial);
      case 'join-family':
        return this.joinFamily(current, trial);
      case 'shift':
        return this.shift(current, trial);
      case 'reassign':
        return this.reassign(this.anyFree(), trial);
      case 'back-to-live':
        return this.backToLive(current, trial);
      case 'release':
        return this.release(current, trial);
      case 'rebuild':
        return this.rebuild(current, trial);
      case 'balance':
        return this.balance(current, trial);
    }
  }

  private anyFree(): number {
    return this.free[this.random.int(this.free.length)]!;
  }

  /** An operation that holds a late request up goes before what keeps its machine busy, one place or several. */
  private advanceCritical({ plan, position }: Current, trial: Solution): boolean {
    const { problem, random } = this;
    const chain = this.chains.waiting(plan, random);
    if (chain.length === 0) return false;
    const operation = random.pick(chain);
    let before = plan.machineBefore[operation]!;
    // Out of a load that it would have to wait for: before all of it.
    if (plan.joined[operation] === 1) before = firstOfLoad(plan, before);
    while (random.next() < 0.4) {
      const further = plan.machineBefore[before]!;
      if (further < 0 || problem.fixed[further] === 1) break;
      before = further;
    }
    if (position[before]! > position[operation]!) return false;
    trial.hold[operation] = 0;
    this.resequencer.pull(trial.order, position[operation]!, position[before]!);
    return true;
  }

  /** An operation that holds a late request up, or the one before it, takes another machine. */
  private relieveCritical({ plan }: Current, trial: Solution): boolean {
    const chain = this.chains.waiting(plan, this.random);
    if (chain.length === 0) return false;
    const operation = this.random.pick(chain);
    return this.reassign(this.random.next() < 0.5 ? operation : plan.machineBefore[operation]!, trial);
  }

  /** Two neighbours on a machine change places. */
  private swapOnMachine({ plan, position }: Current, trial: Solution): boolean {
    const operation = this.anyFree();
    const before = plan.machineBefore[operation]!;
    if (before < 0 || this.problem.fixed[before] === 1 || position[before]! > position[operation]!) return false;
    this.resequencer.pull(trial.order, position[operation]!, position[before]!);
    return true;
  }

  /** An operation that costs a changeover goes next to one of its family, on that one's machine; or loads change. */
  private joinFamily(current: Current, trial: Solution): boolean {
    const { problem, random } = this;
    if (this.loads.possible && random.next() < 0.5) return this.loads.make(current, trial, this.longestReach);
    const { plan, position } = current;
    let operation = this.anyFree();
    for (let draw = 0; draw < 6 && plan.setup[operation] === 0; draw++) operation = this.anyFree();
    if (plan.setup[operation] === 0) return false;
    const first = problem.altOffset[operation]!;
    const size = problem.altOffset[operation + 1]! - first;
    const fits = (other: number) => {
      for (let a = 0; a < size; a++) if (problem.altMachine[first + a] === plan.machine[other]) return true;
      return false;
    };
    const partners: number[] = [];
    const from = position[operation]!;
    for (let away = 1; away <= this.longestReach && partners.length < mostPartners; away++)
      for (const at of [from - away, from + away]) {
        const other = trial.order[at];
        if (other !== undefined && problem.family[other] === problem.family[operation] && fits(other))
          partners.push(other);
      }
    if (partners.length === 0) return false;
    const partner = random.pick(partners);
    for (let a = 0; a < size; a++)
      if (problem.altMachine[first + a] === plan.machine[partner]) trial.choice[operation] = a;
    trial.hold[operation] = 0;
    const to = position[partner]!;
    if (to < from) this.resequencer.pull(trial.order, from, Math.min(from, to + 1));
    else this.resequencer.push(trial.order, from, to);
    return true;
  }

  /** An operation moves by some places, either way. */
  private shift({ position }: Current, trial: Solution): boolean {
    const { random } = this;
    const from = position[this.anyFree()]!;
    const reach = Math.max(2, Math.min(Math.floor(trial.order.length / 3), this.longestReach));
    const to = from + (random.next() < 0.5 ? -1 : 1) * (1 + Math.floor(reach * random.next() ** 2));
    if (to < 0 || to >= trial.order.length) return false;
    if (to < from) this.resequencer.pull(trial.order, from, to);
    else this.resequencer.push(trial.order, from, to);
    return true;
  }

  /** An operation takes another machine: a drawn one, or the quickest. */
  private reassign(operation: number, trial: Solution): boolean {
    const { problem, random } = this;
    const size = problem.altOffset[operation + 1]! - problem.altOffset[operation]!;
    if (size < 2) return false;
    const { blockFirst, blockNext } = problem;
    // What must follow it soon may need another machine as well.
    if (blockNext[blockFirst[operation]!]! >= 0 && random.next() < 0.5)
      for (let i = blockFirst[operation]!; i >= 0; i = blockNext[i]!) if (i !== operation) this.quickest[i] = 1;
    if (random.next() < 0.3) this.quickest[operation] = 1;
    else trial.choice[operation] = (trial.choice[operation]! + 1 + random.int(size - 1)) % size;
    if (random.next() < 0.5) trial.hold[operation] = 0;
    return true;
  }

  /** Some operations return to machine, start and place of the live plan: one, a request, or a stretch of time. */
  private backToLive(current: Current, trial: Solution): boolean {
    const { problem } = this;
    const chosen = this.someOperations(current).filter((i) => problem.liveAlternative[i]! >= 0);
    if (chosen.length === 0) return false;
    for (const i of chosen) {
      trial.choice[i] = problem.liveAlternative[i]!;
      trial.hold[i] = 1;
    }
    const places = chosen.map((i) => placeAt(current, problem.liveStart[i]!));
    this.resequencer.place(trial.order, current.position, chosen, places);
    return true;
  }

  /** Some operations no longer wait for their live start. */
  private release(current: Current, trial: Solution): boolean {
    let changed = false;
    for (const i of this.someOperations(current)) {
      if (trial.hold[i] === 1) changed = true;
      trial.hold[i] = 0;
    }
    return changed;
  }

  /** Some operations are taken out and put back, by due date or by chance, each on its quickest machine. */
  private rebuild(current: Current, trial: Solution): boolean {
    const { problem, random } = this;
    const chosen = this.someOperations(current);
    const places = chosen.map((i) => current.position[i]!).sort((a, b) => a - b);
    if (random.next() < 0.5)
      chosen.sort((a, b) => problem.due[problem.requestOf[a]!]! - problem.due[problem.requestOf[b]!]!);
    else random.shuffle(chosen);
    for (const i of chosen) {
      trial.hold[i] = 0;
      if (random.next() < 0.7) this.quickest[i] = 1;
    }
    this.resequencer.place(trial.order, current.position, chosen, places);
    return true;
  }

  /** An operation leaves the machine that works longest for one that works least. */
  private balance({ plan }: Current, trial: Solution): boolean {
    const { problem, busy } = this;
    let operation = this.anyFree();
    for (let draw = 0; draw < 5; draw++) {
      const other = this.anyFree();
      if (busy[plan.machine[other]!]! > busy[plan.machine[operation]!]!) operation = other;
    }
    const first = problem.altOffset[operation]!;
    let best = trial.choice[operation]!;
    for (let a = first; a < problem.altOffset[operation + 1]!; a++)
      if (busy[problem.altMachine[a]!]! < busy[problem.altMachine[first + best]!]!) best = a - first;
    if (best === trial.choice[operation]) return false;
    trial.choice[operation] = best;
    trial.hold[operation] = 0;
    return true;
  }

  /** One operation, all of a request, or what one machine or all of them do in a stretch of time. */
  private someOperations({ plan, solution }: Current): number[] {
    const { problem, random } = this;
    const draw = random.next();
    const seed = this.anyFree();
    if (draw < 0.2) return [seed];
    if (draw < 0.5) return [...this.ofRequest[problem.requestOf[seed]!]!];
    const at = random.int(solution.order.length);
    const onMachine = draw < 0.75;
    const most = onMachine ? this.longestReach : longestWindow;
    const length = 2 + random.int(Math.max(1, Math.min(most, solution.order.length >> (onMachine ? 1 : 3))));
    const window = [...solution.order.subarray(at, at + length)];
    return onMachine ? window.filter((i) => plan.machine[i] === plan.machine[seed]) : window;
  }
}

/** The place in the order at which operations start about then; the order follows the starts nearly. */
function placeAt({ solution: { order }, plan }: Current, start: number): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (plan.start[order[middle]!]! < start) low = middle + 1;
    else high = middle;
  }
  return low;
}
