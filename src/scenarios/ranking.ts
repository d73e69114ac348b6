import type { KpiDistribution, PlanKpis } from '../plant/index.ts';

/** Simulated KPIs of one plan. */
export type SimulatedKpis = Record<keyof PlanKpis, KpiDistribution>;

/** KPIs as planned in the form of simulated ones that do not vary. */
export function withoutVariation(kpis: PlanKpis): SimulatedKpis {
  const certain = Object.entries(kpis).map(([name, v]: [string, number]) => [
    name,
    { mean: v, p10: v, p50: v, p90: v },
  ]);
  return Object.fromEntries(certain) as SimulatedKpis;
}

/** What plans are ranked by: planning's five objectives and scrap, each with the KPI that it is read from. */
const criteria = [
  { objective: 'tardiness', kpi: 'weightedTardinessSeconds', usualWeight: 3, more: 'worse' },
  { objective: 'changeovers', kpi: 'changeovers', usualWeight: 1, more: 'worse' },
  { objective: 'instability', kpi: 'stability', usualWeight: 1, more: 'better' },
  { objective: 'makespan', kpi: 'makespanSeconds', usualWeight: 1, more: 'worse' },
  { objective: 'imbalance', kpi: 'workloadImbalance', usualWeight: 0.5, more: 'worse' },
  { objective: 'scrap', kpi: 'expectedScrap', usualWeight: 0.5, more: 'worse' },
] as const satisfies { objective: string; kpi: keyof PlanKpis; usualWeight: number; more: 'worse' | 'better' }[];

/** Place of expected scrap among the criteria. */
export const scrapCriterion = criteria.findIndex(({ kpi }) => kpi === 'expectedScrap');

/** By criterion, one value for each replication; the lower the better. */
export function costsOf(replications: readonly PlanKpis[]): Float64Array[] {
  return criteria.map(({ kpi, more }) =>
    Float64Array.from(replications, (kpis) => (more === 'better' ? -kpis[kpi] : kpis[kpi])),
  );
}

/**
 * Ranks of plans by simulated KPIs, 1 is best, ties in the order given. The score of a plan is the weighted mean over
 * six criteria (tardiness 3, changeovers 1, stability 1, makespan 1, workload balance ½, scrap ½, or the request's
 * weights) of
 * ½ mean + ½ bad tail (p90; of stability p10), each scaled so that the best plan at hand has 0 and four fifths of
 * them have at most 1: a plan that nobody would accept shrinks no difference between the others.
 * @param weights by objective: tardiness, changeovers, instability, makespan, imbalance
 * @param yardstick the plans that the scale comes from, where it is not these
 */
export function rankBySimulation(
  plans: readonly SimulatedKpis[],
  weights: Record<string, number> = {},
  yardstick: readonly SimulatedKpis[] = plans,
): number[] {
  const scores = new Float64Array(plans.length);
  for (const { objective, kpi, usualWeight, more } of criteria) {
    const weight = weights[objective] ?? usualWeight;
    const sign = more === 'better' ? -1 : 1;
    const mean = (plan: SimulatedKpis) => sign * plan[kpi].mean;
    const badTail = (plan: SimulatedKpis) => sign * (more === 'better' ? plan[kpi].p10 : plan[kpi].p90);
    for (const measure of [mean, badTail]) addScaled(scores, plans.map(measure), yardstick.map(measure), weight / 2);
  }
  const order = plans.map((_, i) => i).sort((a, b) => scores[a]! - scores[b]! || a - b);
  const ranks = new Array<number>(plans.length);
  order.forEach((plan, place) => (ranks[plan] = place + 1));
  return ranks;
}

/** Which plans no other one beats: at least as good in every criterion by simulated means, and better in one. */
export function paretoFlags(plans: readonly SimulatedKpis[]): boolean[] {
  const values = plans.map((plan) => criteria.map(({ kpi, more }) => (more === 'better' ? -1 : 1) * plan[kpi].mean));
  const beats = (a: readonly number[], b: readonly number[]) =>
    a.every((value, k) => value <= b[k]!) && a.some((value, k) => value < b[k]!);
  return values.map((own) => !values.some((other) => beats(other, own)));
}

function addScaled(
  scores: Float64Array,
  values: readonly number[],
  yardstick: readonly number[],
  weight: number,
): void {
  const sorted = [...yardstick].sort((a, b) => a - b);
  const least = sorted[0] ?? 0;
  const usual = (sorted[Math.ceil(0.8 * (sorted.length - 1))] ?? 0) - least;
  const range = usual > 0 ? usual : (sorted.at(-1) ?? 0) - least;
  if (range > 0) values.forEach((value, i) => (scores[i]! += (weight * (value - least)) / range));
}
