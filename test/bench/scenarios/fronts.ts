import { seededRandom } from '../../../src/kernel/index.ts';
import type { PlanKpis, WorkSchedule } from '../../../src/plant/index.ts';

const samples = 100_000;
const reference = 1.1;

/** The KPIs that sets of plans are compared by, all to be minimised. */
function axes(kpis: PlanKpis): number[] {
  return [-kpis.onTimeShare, kpis.weightedTardinessSeconds, kpis.changeovers, -kpis.stability, kpis.workloadImbalance];
}

/** The plans that no other one of the set dominates. */
function front(points: readonly number[][]): number[][] {
  const dominates = (a: number[], b: number[]) => a.every((x, k) => x <= b[k]!) && a.some((x, k) => x < b[k]!);
  return points.filter((one) => !points.some((other) => dominates(other, one)));
}

/** How many plans of a set no other one dominates in on-time share, tardiness, changeovers, stability and balance. */
export function nonDominatedCount(plans: readonly PlanKpis[]): number {
  return front(plans.map(axes)).length;
}

/**
 * Hypervolumes of two sets of plans, each KPI scaled to 0…1 between ideal and nadir of both fronts together, against
 * 1.1 in every KPI; by 100,000 points of a fixed seed.
 */
export function hypervolumes(one: readonly PlanKpis[], two: readonly PlanKpis[]): [number, number] {
  const fronts = [front(one.map(axes)), front(two.map(axes))];
  const all = fronts.flat();
  const ideal = all[0]!.map((_, k) => Math.min(...all.map((point) => point[k]!)));
  const range = all[0]!.map((_, k) => Math.max(...all.map((point) => point[k]!)) - ideal[k]! || 1);
  const scaled = fronts.map((points) => points.map((point) => point.map((x, k) => (x - ideal[k]!) / range[k]!)));
  const random = seededRandom(1, 'bench/hypervolume');
  const hits: [number, number] = [0, 0];
  for (let s = 0; s < samples; s++) {
    const point = ideal.map(() => reference * random.next());
    scaled.forEach((points, set) => {
      if (points.some((p) => p.every((x, k) => x <= point[k]!))) hits[set]!++;
    });
  }
  return [hits[0] / samples, hits[1] / samples];
}

/**
 * How many plans of a set are distinct, in the order given: from every one counted before, at least 5 % of the
 * unfrozen operations differ in machine or predecessor on it, and some KPI by at least 1 % of its range in the set.
 */
export function distinctCount(plans: readonly { plan: WorkSchedule; planned: PlanKpis }[]): number {
  const points = plans.map(({ planned }) => Object.values(planned) as number[]);
  const ranges = points[0]!.map(
    (_, k) => Math.max(...points.map((point) => point[k]!)) - Math.min(...points.map((point) => point[k]!)),
  );
  const places = plans.map(({ plan }) => placesOf(plan));
  const counted: number[] = [];
  plans.forEach((_, i) => {
    const apart = (j: number) => {
      const kpi = ranges.some((range, k) => range > 0 && Math.abs(points[i]![k]! - points[j]![k]!) >= 0.01 * range);
      let differ = 0;
      for (const [job, place] of places[i]!) if (places[j]!.get(job) !== place) differ++;
      return kpi && differ >= 0.05 * places[i]!.size;
    };
    if (counted.every(apart)) counted.push(i);
  });
  return counted.length;
}

/** Machine and predecessor on it by unfrozen job order. */
function placesOf(plan: WorkSchedule): Map<string, string> {
  const last = new Map<string, string>();
  const places = new Map<string, string>();
  for (const { jobOrderId, equipmentId, frozen } of plan.entries) {
    if (!frozen) places.set(jobOrderId, `${equipmentId}\n${last.get(equipmentId) ?? ''}`);
    last.set(equipmentId, jobOrderId);
  }
  return places;
}
