import { MillwrightError } from '../kernel/index.ts';
import type { PlanKpis, WishCost } from '../plant/index.ts';
import { buildProblem, searchAlternatives, solutionOf } from '../planning/index.ts';
import { rankBySimulation, withoutVariation } from './ranking.ts';
import type { WishTask } from './tasks.ts';

/** Wishes whose cost is looked for, the first ones of a request. */
export const mostWishes = 5;
/** Share of a search's time limit that all of them may take together. */
const shareOfLimit = 0.3;
const shortestMs = 100;

/** How long each of so many searches for the cost of wishes may take on so many threads, in milliseconds. */
export function wishLimitMs(timeLimitMs: number, searches: number, threads: number): number {
  const rounds = Math.ceil(searches / threads);
  return Math.max(shortestMs, (timeLimitMs * shareOfLimit) / rounds);
}

/**
 * Plans that keep every wish that is asked for (or miss them least), found from a plan on within a short time; none
 * where none is possible.
 */
export function plansUnder({ input, plan, weights, seed, timeLimitMs }: WishTask): PlanKpis[] {
  const { model, state, live, request } = input;
  try {
    const problem = buildProblem(model, state, live, request);
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
