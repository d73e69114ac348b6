import { MillwrightError, monotonicMs, seededRandom } from '../../kernel/index.ts';
import type { PlanKpis } from '../../plant/index.ts';
import { copyPlan, Decoder, emptyPlan, objectives, type Decoded } from '../decoder.ts';
import { planKpis } from '../kpis.ts';
import type { Problem, Solution } from '../problem.ts';
import { largePlan, Variants } from '../variants/variants.ts';
import { Archive, spanning } from './archive.ts';
import { Climber } from './climber.ts';
import { moveKinds, Moves } from './moves.ts';
import { dimensions, Scale } from './scale.ts';
import { climbingProfiles, climbingScalarisation, towards } from './scalarisation.ts';
import { selectAlternatives } from './select.ts';
import { firstPlans } from './starts.ts';
import { between } from './relink.ts';
import { build, Walker, type Ground } from './walker.ts';

/** What a search may do. */
export interface SearchOptions {
  /** So many alternatives, where there are as many distinct ones. */
  count: number;
  seed: number;
  /** Ends the search after this time; by default three seconds, where `maxDecodes` is not given either. */
  timeLimitMs?: number;
  /** Ends it after so many decoded plans: the same problem, seed and number give the same result. */
  maxDecodes?: number;
  /** How much each objective counts, by name (`objectives`); 1 where it is not named. `scrap` counts in ranking only. */
  weights?: Record<string, number>;
  /** Plans to begin with, beside the repaired live plan and the dispatch rules. */
  given?: readonly Solution[];
  /** Asked now and then; true ends the search with what there is. */
  shouldStop?: () => boolean;
  /** Told a few times a second; `best` is the least weighted tardiness so far, in seconds. */
  onProgress?: (progress: SearchProgress) => void;
  /** Monotonic milliseconds. */
  now?: () => number;
}

/** How far a search is: milliseconds of its time limit, or decoded plans where it has none. */
interface SearchProgress {
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
interface SearchResult {
  /** Distinct plans. */
  alternatives: Alternative[];
  /** Index of doing nothing. */
  doNothing: number;
  /** Index of the repaired live plan; the same where there was nothing to repair. */
  repaired: number;
  /** How many plans were built. */
  decodes: number;
}

/** Plans per walk towards a region, and per turn of a climber; more where there are many operations to begin with. */
const turnLength = (operations: number) => Math.max(256, operations >> 4);
/** The first climber goes ahead by so many plans, because good plans make good neighbours. */
const headStart = 1500;
/**
 * So many plans between others a large plan's search begins with, and so many more by turn: local moves alone leave
 * its alternatives alike. Of fifty at 5,000 / 20,000 operations 47 / 28 are distinct with them, 28 / 16 without, and they
 * dominate 1.1 / 1.3 times the volume.
 * In small plans they cost volume (0.86 to 0.96 times at 500 and 1,000, in every way and number tried; test/bench/rich,
 * November 2026).
 */
const relinks = { first: 40, byTurn: 1 };
const progressEveryMs = 250;
/** Share of the time limit kept for choosing the alternatives. */
const selectionShare = 0.06;

/**
 * Looks for many good and different plans: the live plan repaired and the dispatch rules first; then, by turns,
 * climbers that each follow one profile of objectives for as long as the search lasts, and short walks, each from an
 * archived neighbour towards the KPI region that has the fewest plans; of large plans also plans between others. Doing nothing, the repaired plan and the best
 * plan of each objective are always among the result. Synchronous; whenever it is ended it returns what it has.
 * @throws `MW_PLAN_INFEASIBLE` where no plan finds a place for some operation; `MW_PAYLOAD_INVALID` for a weight
 *   that names no objective
 */
export function searchAlternatives(problem: Problem, options: SearchOptions): SearchResult {
  const search = new Search(problem, options);
  search.run();
  return search.result();
}

class Search {
  private readonly options: SearchOptions;
  private readonly now: () => number;
  private readonly scale: Scale;
  private readonly weights: Float64Array;
  private readonly ground: Ground;
  private readonly starts: { nothing: Solution; repaired: Solution };
  private readonly began: number;
  private readonly deadline: number;
  private readonly mostDecodes: number;
  private nextProgress: number;
  private ended = false;

  constructor(problem: Problem, options: SearchOptions) {
    this.options = options;
    this.now = options.now ?? monotonicMs;
    this.began = this.now();
    const limit = options.timeLimitMs ?? (options.maxDecodes === undefined ? 3000 : Infinity);
    this.deadline = this.began + limit * (1 - selectionShare);
    this.mostDecodes = options.maxDecodes ?? Infinity;
    this.nextProgress = this.began + progressEveryMs;
    this.weights = readWeights(options.weights);
    const random = seededRandom(options.seed, 'planning/search');
    const decoder = new Decoder(problem);
    const { nothing, repaired, others } = firstPlans(problem, decoder);
    this.starts = { nothing, repaired };
    this.scale = new Scale([nothing, ...others].map((solution) => decoder.decode(solution).objectives.slice()));
    this.ground = {
      problem,
      decoder,
      variants: new Variants(problem, decoder),
      moves: new Moves(problem, random),
      archive: new Archive(problem, this.scale, this.weights),
      random,
      credit: new Float64Array(moveKinds.length).fill(1),
      decodes: 0,
    };
    for (const solution of [...others, ...(options.given ?? [])]) {
      const plan = build(this.ground, solution);
      if (plan.complete) this.ground.archive.offer(solution, plan);
    }
  }

  run(): void {
    const { archive, moves, random, problem } = this.ground;
    if (!moves.possible) return;
    const length = turnLength(problem.jobOrderIds.length);
    const climbers = climbingProfiles.map(
      (profile) => new Climber(this.ground, climbingScalarisation(this.scale, profile, this.weights)),
    );
    const climb = (turn: number, length: number) => {
      const climber = climbers[turn % climbers.length]!;
      climber.resume();
      for (let step = 0; step < length && !this.over(); step++) climber.step();
    };
    const large = problem.jobOrderIds.length > largePlan;
    if (large) this.relink(relinks.first);
    climb(0, headStart);
    for (let turn = 0; !this.over(); turn++) {
      if (large) this.relink(relinks.byTurn);
      const target = archive.leastFilledTarget(random);
      const aim = towards(this.scale, target, spanning, 0.1, this.weights, random);
      const walker = new Walker(this.ground, aim, archive.parentFor(aim, random));
      walker.resume();
      for (let step = 0; step < length && !this.over(); step++) walker.step(0);
      if (!this.over()) climb(turn, length);
    }
  }

  /** Offers plans between others of the archive. */
  private relink(times: number): void {
    const { archive, problem, random } = this.ground;
    for (let i = 0; i < times && !this.over(); i++) {
      const members = archive.members();
      const solution = between(problem, random.pick(members).solution, random.pick(members).solution, random);
      const plan = build(this.ground, solution);
      if (plan.complete) archive.offer(solution, plan);
    }
  }

  result(): SearchResult {
    const { problem, decoder, archive, decodes } = this.ground;
    const chosen = selectAlternatives(archive, this.starts, this.options, problem, decoder);
    const alternatives = chosen.solutions.map((solution): Alternative => {
      const plan = emptyPlan(problem);
      copyPlan(decoder.decode(solution), plan);
      return { solution, plan, kpis: planKpis(problem, plan) };
    });
    return { alternatives, doNothing: chosen.nothing, repaired: chosen.repaired, decodes };
  }

  private over(): boolean {
    this.ended ||= this.mustEnd();
    return this.ended;
  }

  private mustEnd(): boolean {
    const { decodes } = this.ground;
    if (decodes >= this.mostDecodes) return true;
    const now = this.now();
    if (now >= this.nextProgress) {
      this.nextProgress = now + progressEveryMs;
      const timed = this.deadline < Infinity;
      this.options.onProgress?.({
        done: timed ? now - this.began : decodes,
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
    if (name === 'scrap') continue;
    const k = (objectives as readonly string[]).indexOf(name);
    if (k < 0)
      throw new MillwrightError('MW_PAYLOAD_INVALID', {
        contract: 'mw.schedule-request.v1',
        pointer: `/weights/${name}`,
        found: 'an objective of that name',
        expected: `one of ${objectives.join(', ')}, scrap`,
      });
    known[k] = weight;
  }
  return known;
}
