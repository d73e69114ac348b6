import type { PlanKpis } from '../plant/index.ts';

const dimensions: readonly (keyof PlanKpis)[] = [
  'weightedTardinessSeconds',
  'changeovers',
  'stability',
  'makespanSeconds',
  'workloadImbalance',
];

/**
 * Picks plans that differ most: from those that must be in, again and again the one farthest from all picked so far,
 * by KPIs scaled to 0…1. Equal KPIs count as the same plan.
 * @param required indices that are picked whatever their distance
 * @returns indices into `plans`, at most `count` unless more are required
 */
export function pickSpread(plans: readonly PlanKpis[], required: readonly number[], count: number): number[] {
  const points = scaled(plans);
  const distance = new Float64Array(plans.length).fill(Infinity);
  const picked: number[] = [];
  const pick = (index: number) => {
    picked.push(index);
    points.forEach((point, i) => (distance[i] = Math.min(distance[i]!, apart(point, points[index]!))));
  };
  for (const index of new Set(required)) pick(index);
  while (picked.length < count) {
    let farthest = -1;
    for (let i = 0; i < plans.length; i++)
      if (distance[i]! > 0 && (farthest < 0 || distance[i]! > distance[farthest]!)) farthest = i;
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
