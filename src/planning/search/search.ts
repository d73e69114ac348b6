import { MillwrightError, monotonicMs, seededRandom, type Random } from '../../kernel/index.ts';
import type { PlanKpis } from '../../plant/index.ts';
import { Decoder, objectives, type Decoded } from '../decoder.ts';
import { planKpis } from '../kpis.ts';
import { copySolution, type Problem, type Solution } from '../problem.ts';
import { Archive, spanning } from './archive.ts';
import { moveKinds, Moves, type Current } from './moves.ts';
import { dimensions, Scale } from './scale.ts';
import { towards, type Scalarisation } from './scalarisation.ts';
import { selectAlternatives } from './select.ts';
import { firstPlans } from './starts.ts';

/** What a search may do. */
export interface SearchOptions {
  /** So many alternatives, where there are as many distinct ones. */
  count: number;
  seed: number;
  /** Ends the search after this time; by default three seconds, where `maxDecodes` is not given either. */
  timeLimitMs?: number;
  /** Ends it after so many decoded plans: the same problem, seed and number give the same result. */
  maxDecodes?: number;
  /** How much each objective counts, by name (`objectives`); 1 where it is not named. */
  weights?: Record<string, number>;
  /** Asked now and then; true ends the search with what there is. */
  shouldStop?: () => boolean;
  /** Told a few times a second; `best` is the least weighted tardiness so far, in seconds. */
  onProgress?: (progress: SearchProgress) => void;
  /** Monotonic milliseconds. */
  now?: () => number;
}

/** How far a search is: milliseconds of its time limit, or decoded plans where it has none. */
export interface SearchProgress {
  done: number;
  total: number;
  best: number;
}

/** One plan of a search. */
export interface Alternative {
  solution: Solution;
  plan: Decoded;
  kpis: PlanKpis;
}

/** What a search found. Plain data. */
export interface SearchResult {
  /** Distinct plans. */
  alternatives: Alternative[];
  /** Index of doing nothing. */
  doNothing: number;
  /** Index of the repaired live plan; the same where there was nothing to repair. */
  repaired: number;
  /** How many plans were built. */
  decodes: number;
}

/** Decodes per local search. */
const walkLength = 64;
const progressEveryMs = 250;
/** Share of the time limit kept for choosing the alternatives. */
const selectionShare = 0.06;

/**
 * Looks for many good and different plans: the live plan repaired and the dispatch rules first, then short local
 * searches, each from an archived neighbour towards the KPI region that has the fewest plans. Doing nothing, the
 * repaired plan and the best plan of each objective are always among the result. Synchronous; any time it is ended
 * it returns what it has.
 * @throws `MW_PLAN_INFEASIBLE` where no plan finds a place for some operation; `MW_PAYLOAD_INVALID` for a weight
 *   that names no objective
 */
export function searchAlternatives(problem: Problem, options: SearchOptions): SearchResult {
  const search = new Search(problem, options);
  search.run();
  return search.result();
}

class Search {
  private readonly problem: Problem;
  private readonly options: SearchOptions;
  private readonly now: () => number;
  private readonly decoder: Decoder;
  private readonly random: Random;
  private readonly moves: Moves;
  private readonly scale = new Scale();
  private readonly archive: Archive;
  private readonly weights: Float64Array;
  private readonly starts: { nothing: Solution; repaired: Solution };
  private readonly began: number;
  private readonly deadline: number;
  private readonly mostDecodes: number;
  /** How often each kind of move paid, for drawing them. */
  private readonly credit = new Float64Array(moveKinds.length).fill(1);
  private nextProgress: number;
  private decodes = 0;

  constructor(problem: Problem, options: SearchOptions) {
    this.problem = problem;
    this.options = options;
    this.now = options.now ?? monotonicMs;
    this.began = this.now();
    const limit = options.timeLimitMs ?? (options.maxDecodes === undefined ? 3000 : Infinity);
    this.deadline = this.began + limit * (1 - selectionShare);
    this.mostDecodes = options.maxDecodes ?? Infinity;
    this.nextProgress = this.began + progressEveryMs;
    this.weights = readWeights(options.weights);
    this.random = seededRandom(options.seed, 'planning/search');
    this.decoder = new Decoder(problem);
    this.moves = new Moves(problem, this.random);
    const { nothing, repaired, others } = firstPlans(problem, this.decoder);
    this.starts = { nothing, repaired };
    for (const solution of others) this.scale.include(this.decoder.decode(solution).objectives);
    this.archive = new Archive(this.scale, this.weights);
    for (const solution of others) this.archive.offer(solution, this.decode(solution));
  }

  run(): void {
    if (!this.moves.possible) return;
    while (!this.over()) {
      const target = this.archive.leastFilledTarget(this.random);
      const aim = towards(this.scale, target, spanning, 0.1, this.weights, this.random);
      this.walk(aim);
    }
  }

  result(): SearchResult {
    const { problem, decoder } = this;
    const chosen = selectAlternatives(this.archive, this.starts, this.options, problem, decoder);
    const alternatives = chosen.solutions.map((solution): Alternative => {
      const plan = copyPlan(decoder.decode(solution));
      return { solution, plan, kpis: planKpis(problem, plan) };
    });
    return { alternatives, doNothing: chosen.nothing, repaired: chosen.repaired, decodes: this.decodes };
  }

  /** A short local search from the archived plan that suits the aim best; every plan on the way is offered. */
  private walk(aim: Scalarisation): void {
    const { archive, random, moves } = this;
    const parent = archive.parentFor(aim, random);
    const trial = copySolution(parent.solution);
    const current: Current = {
      solution: copySolution(parent.solution),
      plan: copyPlan(this.decode(parent.solution)),
      position: new Int32Array(this.problem.jobOrderIds.length),
    };
    sortByStart(current);
    locate(current);
    let cost = aim(parent.values, parent.breachSeconds);
    for (let step = 0; step < walkLength && !this.over(); step++) {
      copyInto(current.solution, trial);
      const kind = this.drawKind();
      if (!moves.make(moveKinds[kind]!, current, trial)) {
        this.credit[kind]! *= 0.999;
        continue;
      }
      const plan = this.decode(trial, moves.quickest);
      if (!plan.complete) continue;
      const entered = archive.offer(trial, plan);
      const trialCost = aim(plan.objectives, plan.breachSeconds);
      const patience = 0.02 * (1 - step / walkLength);
      this.credit[kind] = 0.98 * this.credit[kind]! + (entered ? 0.05 : 0) + (trialCost < cost ? 0.05 : 0);
      if (trialCost > cost + patience) continue;
      cost = trialCost;
      copyInto(trial, current.solution);
      takePlan(plan, current);
      locate(current);
    }
  }

  private decode(solution: Solution, quickest?: Uint8Array): Decoded {
    this.decodes++;
    return this.decoder.decode(solution, quickest);
  }

  private drawKind(): number {
    let sum = 0;
    for (const credit of this.credit) sum += 0.1 + credit;
    let draw = this.random.next() * sum;
    for (let kind = 0; kind < this.credit.length; kind++) {
      draw -= 0.1 + this.credit[kind]!;
      if (draw < 0) return kind;
    }
    return this.credit.length - 1;
  }

  private over(): boolean {
    if (this.decodes >= this.mostDecodes) return true;
    const now = this.now();
    if (now >= this.nextProgress) {
      this.nextProgress = now + progressEveryMs;
      const timed = this.deadline < Infinity;
      this.options.onProgress?.({
        done: timed ? now - this.began : this.decodes,
        total: timed ? (this.deadline - this.began) / (1 - selectionShare) : this.mostDecodes,
        best: this.scale.best[0]!,
      });
    }
    return now >= this.deadline || (this.options.shouldStop?.() ?? false);
  }
}

function readWeights(weights: Record<string, number> = {}): Float64Array {
  const known = new Float64Array(dimensions).fill(1);
  for (const [name, weight] of Object.entries(weights)) {
    const k = (objectives as readonly string[]).indexOf(name);
    if (k < 0)
      throw new MillwrightError('MW_PAYLOAD_INVALID', {
        contract: 'mw.schedule-request.v1',
        pointer: `/weights/${name}`,
        found: 'an objective of that name',
        expected: `one of ${objectives.join(', ')}`,
      });
    known[k] = weight;
  }
  return known;
}

/** The order by start decodes to the same plan or an earlier one, and makes near places near in time. */
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
}

function copyPlan(plan: Decoded): Decoded {
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
