import { MillwrightError } from '../kernel/index.ts';
import type { PlanKpis, WishCost } from '../plant/index.ts';
import { buildProblem, nobodyAsks, searchAlternatives, solutionOf } from '../planning/index.ts';
import { rankBySimulation, withoutVariation } from './ranking.ts';
import type { WishTask } from './tasks.ts';

/** Wishes whose cost is looked for: the first ones of a request, no more of them than can be searched so long each. */
const mostWishes = 5;
const leastEachMs = 150;
/** Share of a request's time limit that all of them take together; the search for plans has the rest. */
const shareOfLimit = 0.25;

/**
 * How a request's time limit is shared out between the search for plans and each search for the cost of its wishes;
 * one at least is looked at, however short the limit.
 */
export function shareTime(timeLimitMs: number, wishes: number, threads: number) {
  if (wishes === 0) return { plans: timeLimitMs, eachWish: 0, wishes: 0 };
  const forWishes = timeLimitMs * shareOfLimit;
  // One search with all wishes, and one without each.
  const searches = Math.floor(forWishes / leastEachMs) * threads;
  const looked = Math.max(1, Math.min(wishes, mostWishes, searches - 1));
  const rounds = Math.ceil((1 + looked) / threads);
  return { plans: timeLimitMs - forWishes, eachWish: forWishes / rounds, wishes: looked };
}

/**
 * Plans that keep every wish that is asked for (or miss them least), found from a plan on within a short time; none
 * where none is possible.
 */
export function plansUnder({ input, plan, weights, seed, timeLimitMs }: WishTask): PlanKpis[] {
  const { model, state, live, request } = input;
  try {
    const problem = buildProblem(model, state, live, request, nobodyAsks);
    const given = [solutionOf(problem, plan)];
    const options = { count: 10, seed, timeLimitMs, given, ...(weights ? { weights } : {}) };
    const { alternatives } = searchAlternatives(problem, options);
    const least = Math.min(...alternatives.map((alternative) => alternative.plan.breachSeconds));
    return alternatives.filter((alternative) => alternative.plan.breachSeconds === least).map(({ kpis }) => kpis);
  } catch (thrown) {
    if (thrown instanceof MillwrightError && thrown.code === 'MW_PLAN_INFEASIBLE') return [];
    throw thrown;
  }
}

/** Sets the best plan with all wishes beside the best without one of them; best as plans are ranked, on one scale. */
export function costOf(
  constraint: WishCost['constraint'],
  withAll: readonly PlanKpis[],
  without: readonly PlanKpis[],
  weights: Record<string, number> | undefined,
): WishCost {
  const all = [...withAll, ...without];
  const ranks = rankBySimulation(all.map(withoutVariation), weights);
  const bestOf = (kpis: readonly PlanKpis[]) =>
    kpis.reduce((best, one) => (ranks[all.indexOf(one)]! < ranks[all.indexOf(best)]! ? one : best));
  // What keeps a wish may be done without it too, unless the wish gives time.
  const possible = constraint.kind === 'overtime' ? without : all;
  const withoutIt = without.length === 0 ? {} : { withoutIt: figures(bestOf(possible)) };
  return { constraint, withIt: figures(bestOf(withAll)), ...withoutIt };
}

function figures({ weightedTardinessSeconds, lateOrders, changeovers, stability }: PlanKpis): WishCost['withIt'] {
  return { weightedTardinessSeconds, lateOrders, changeovers, stability };
}
