import type { KpiDistribution, TimeSplit } from '../plant/index.ts';
import { distributionsOf, type SimulationResult } from '../twin/index.ts';

/** What the twin saw of one plan beside its KPIs, over all its replications. */
export interface Gathered {
  /** By machine, with four digits. */
  utilisation: Record<string, TimeSplit>;
  /** By machine; several stretches of replications weigh by their number. */
  activePeriodSeconds: Record<string, number>;
  /** The machine with the longest average active period. */
  bottleneck: string | null;
  oeeByLine: Record<string, KpiDistribution>;
  /** Share of the replications that missed each thing that was watched. */
  missed: Record<string, number>;
  /** Share of the replications in which each operation came too late for its maximum lag, by job order. */
  missedMaximumLags: Record<string, number>;
}

/** Puts together what replications of one plan showed that were simulated in several stretches; at least one. */
export function gather(results: readonly SimulationResult[]): Gathered {
  const all = results.reduce((sum, { replications }) => sum + replications.length, 0);
  const first = results[0]!;
  const mean = (read: (result: SimulationResult) => number) =>
    results.reduce((sum, result) => sum + read(result) * result.replications.length, 0) / all;
  const machines = Object.keys(first.utilisation);
  const active = machines.map((id) => mean(({ activePeriodSeconds }) => activePeriodSeconds[id]!));
  const longest = active.indexOf(Math.max(...active));
  const conditions = Object.keys(first.utilisation[machines[0] ?? ''] ?? {}) as (keyof TimeSplit)[];
  const sharesOf = (counts: readonly Record<string, number>[]) =>
    Object.fromEntries(
      Object.keys(counts[0]!).map((id) => [id, counts.reduce((sum, count) => sum + count[id]!, 0) / all]),
    );
  const splitOf = (id: string) =>
    Object.fromEntries(
      conditions.map((condition) => [condition, rounded(mean(({ utilisation }) => utilisation[id]![condition]))]),
    ) as unknown as TimeSplit;
  return {
    utilisation: Object.fromEntries(machines.map((id) => [id, splitOf(id)])),
    activePeriodSeconds: Object.fromEntries(machines.map((id, i) => [id, active[i]!])),
    bottleneck: longest >= 0 && active[longest]! > 0 ? machines[longest]! : null,
    oeeByLine: distributionsOf(
      Object.fromEntries(
        Object.keys(first.oeeByLine).map((line) => [line, results.flatMap(({ oeeByLine }) => oeeByLine[line]!)]),
      ),
    ),
    missed: sharesOf(results.map(({ missed }) => missed)),
    missedMaximumLags: sharesOf(results.map(({ missedMaximumLags }) => missedMaximumLags)),
  };
}

function rounded(share: number): number {
  return Math.round(share * 1e4) / 1e4;
}
