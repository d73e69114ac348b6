import { MillwrightError } from '../kernel/index.ts';
import type { KpiDistribution, PlanKpis } from '../plant/index.ts';
import { addTimes, splitTimes, type MachineTimes } from './time-split.ts';
import type { SimulationResult } from './types.ts';

/** What replications of a plan showed, replication by replication or as exact sums, so that parts can be joined. */
export interface Replications {
  /** Which ones, the last excluded. */
  from: number;
  to: number;
  kpis: PlanKpis[];
  machines: Record<string, MachineTimes>;
  /** As in `SimulationResult`. */
  oeeByLine: Record<string, number[]>;
  missed: Record<string, number>;
  missedMaximumLags: Record<string, number>;
}

/**
 * Joins replications that follow each other: exactly what they would have been in one go.
 * @throws `MW_PAYLOAD_INVALID` where they do not follow each other
 */
export function joinReplications(parts: readonly Replications[]): Replications {
  return parts.reduce((all, part, index) => {
    if (part.from !== all.to)
      throw new MillwrightError('MW_PAYLOAD_INVALID', {
        contract: 'mw.replicated.v1',
        pointer: `/${String(index)}/from`,
        found: String(part.from),
        expected: String(all.to),
      });
    return {
      from: all.from,
      to: part.to,
      kpis: [...all.kpis, ...part.kpis],
      machines: addTimes(all.machines, part.machines),
      oeeByLine: joined(all.oeeByLine, part.oeeByLine, (a, b) => [...a, ...b]),
      missed: joined(all.missed, part.missed, (a, b) => a + b),
      missedMaximumLags: joined(all.missedMaximumLags, part.missedMaximumLags, (a, b) => a + b),
    };
  });
}

function joined<V>(a: Record<string, V>, b: Record<string, V>, join: (a: V, b: V) => V): Record<string, V> {
  return Object.fromEntries(Object.entries(a).map(([id, value]) => [id, id in b ? join(value, b[id]!) : value]));
}

/** What replications come to: distributions, shares of time, bottleneck. */
export function summaryOf(seen: Replications): SimulationResult {
  const { kpis, machines, oeeByLine, missed, missedMaximumLags } = seen;
  const counts = { oeeByLine, missed, missedMaximumLags };
  return { kpis: kpisOf(kpis), ...splitTimes(machines), ...counts, replications: kpis };
}

/** KPIs over replications. */
export function kpisOf(replications: readonly PlanKpis[]): Record<keyof PlanKpis, KpiDistribution> {
  const names = Object.keys(replications[0]!) as (keyof PlanKpis)[];
  const values = Object.fromEntries(names.map((name) => [name, replications.map((kpis) => kpis[name])]));
  return distributionsOf(values as Record<keyof PlanKpis, number[]>);
}

/** Means and quantiles of values under their names. */
export function distributionsOf<K extends string>(values: Record<K, readonly number[]>): Record<K, KpiDistribution> {
  const named = Object.entries<readonly number[]>(values).map(([name, list]) => [name, distributionOf(list)]);
  return Object.fromEntries(named) as Record<K, KpiDistribution>;
}

/** Mean and quantiles of some values (Hyndman and Fan's type 7: linear between order statistics). */
function distributionOf(values: readonly number[]): KpiDistribution {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => {
    const place = share * (sorted.length - 1);
    const low = Math.floor(place);
    const high = Math.ceil(place);
    return sorted[low]! + (sorted[high]! - sorted[low]!) * (place - low);
  };
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  return { mean, p10: at(0.1), p50: at(0.5), p90: at(0.9) };
}
