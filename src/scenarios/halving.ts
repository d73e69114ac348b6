import type { PlanKpis } from '../plant/index.ts';
import { kpisOf } from '../twin/index.ts';
import { costsOf, rankBySimulation, type SimulatedKpis } from './ranking.ts';

/** Replications that every plan gets; more are spent on those that do well. */
const leastReplications = 30;
/** Plans that are not given up: so many that the best ten are safe among them. */
const leastPlans = 20;

/** What the twin saw of one plan. */
export interface SimulatedPlan {
  simulated: SimulatedKpis;
  /** The same over the replications that every plan got: what plans with different numbers are compared by. */
  first: SimulatedKpis;
  /** Those replications themselves: see `costsOf`. */
  costs: Float64Array[];
  replications: number;
}

/**
 * Simulates plans by successive halving (Jamieson and Talwalkar, "Non-stochastic best arm identification", AISTATS
 * 2016): all of them 30 times, then again and again the better half as often again, until the best have their full
 * number. At least 20 plans, and those that are named, reach it.
 * @param simulate KPIs of some replications of a plan, the last excluded
 * @param always plans that get all replications however they do
 */
export function simulateByHalves(
  plans: number,
  replications: number,
  simulate: (plan: number, from: number, to: number) => PlanKpis[],
  { weights, always = [] }: { weights?: Record<string, number> | undefined; always?: readonly number[] } = {},
): SimulatedPlan[] {
  const seen = Array.from({ length: plans }, (): PlanKpis[] => []);
  let going = seen.map((_, plan) => plan);
  let first: SimulatedKpis[] = [];
  let costs: Float64Array[][] = [];
  for (let done = 0, next = Math.min(leastReplications, replications); going.length > 0;) {
    for (const plan of going) seen[plan]!.push(...simulate(plan, done, next));
    if (done === 0) {
      first = seen.map(kpisOf);
      costs = seen.map(costsOf);
    }
    if (next >= replications) break;
    const ranks = rankBySimulation(
      going.map((plan) => kpisOf(seen[plan]!)),
      weights,
      first,
    );
    const kept = Math.max(leastPlans, Math.ceil(going.length / 2));
    going = going.filter((plan, i) => ranks[i]! <= kept || always.includes(plan));
    done = next;
    next = Math.min(2 * next, replications);
  }
  return seen.map((kpis, plan) => ({
    simulated: kpisOf(kpis),
    first: first[plan]!,
    costs: costs[plan]!,
    replications: kpis.length,
  }));
}

/** Ranks of plans that got different numbers of replications: who got more is before who was given up earlier. */
export function rankHalved(plans: readonly SimulatedPlan[], weights?: Record<string, number>): number[] {
  const ranks = new Array<number>(plans.length);
  const yardstick = plans.map((plan) => plan.first);
  const groups = Map.groupBy(
    plans.map((_, index) => index),
    (index) => plans[index]!.replications,
  );
  let before = 0;
  for (const [, members] of [...groups].sort(([a], [b]) => b - a)) {
    const own = rankBySimulation(
      members.map((index) => plans[index]!.simulated),
      weights,
      yardstick,
    );
    members.forEach((index, i) => (ranks[index] = before + own[i]!));
    before += members.length;
  }
  return ranks;
}
