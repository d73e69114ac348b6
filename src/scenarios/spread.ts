import { differingShare, distinctShare } from '../planning/index.ts';
import type { PlanKpis } from '../plant/index.ts';

const dimensions: readonly (keyof PlanKpis)[] = [
  'weightedTardinessSeconds',
  'changeovers',
  'stability',
  'makespanSeconds',
  'workloadImbalance',
];

/** A plan with what tells it apart. */
export interface Spreadable {
  kpis: PlanKpis;
  /** See `placesOf`. */
  places: Int32Array;
}

/**
 * Picks plans that differ most: from those that must be in, again and again the one farthest from all picked so far,
 * by KPIs scaled to 0…1. Plans that are distinct by their operations go first; equal KPIs count as the same plan.
 * @param required indices that are picked whatever their distance
 * @returns indices into `plans`, at most `count` unless more are required
 */
export function pickSpread(plans: readonly Spreadable[], required: readonly number[], count: number): number[] {
  const points = scaled(plans.map((plan) => plan.kpis));
  const distance = new Float64Array(plans.length).fill(Infinity);
  const difference = new Float64Array(plans.length).fill(1);
  const picked: number[] = [];
  const pick = (index: number) => {
    picked.push(index);
    plans.forEach(({ places }, i) => {
      distance[i] = Math.min(distance[i]!, apart(points[i]!, points[index]!));
      if (distance[i] > 0) difference[i] = Math.min(difference[i]!, differingShare(places, plans[index]!.places));
    });
  };
  for (const index of new Set(required)) pick(index);
  for (const leastDifference of [distinctShare, 0])
    while (picked.length < count) {
      let farthest = -1;
      for (let i = 0; i < plans.length; i++)
        if (distance[i]! > 0 && difference[i]! >= leastDifference)
          if (farthest < 0 || distance[i]! > distance[farthest]!) farthest = i;
      if (farthest < 0) break;
      pick(farthest);
    }
  return picked;
}

function scaled(plans: readonly PlanKpis[]): number[][] {
  const ranges = dimensions.map((name) => {
    const values = plans.map((plan) => plan[name]);
    const least = Math.min(...values);
    return { name, least, range: Math.max(...values) - least || 1 };
  });
  return plans.map((plan) => ranges.map(({ name, least, range }) => (plan[name] - least) / range));
}

function apart(a: readonly number[], b: readonly number[]): number {
  return Math.hypot(...a.map((value, k) => value - b[k]!));
}
