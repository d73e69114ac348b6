import type { Lifetime } from './likelihood.ts';
import { normalQuantile } from './special-functions.ts';

/** From a time on, the share that lasts longer, with a pointwise interval. */
export interface SurvivalStep {
  time: number;
  survival: number;
  low: number;
  high: number;
  /** Not ended and still looked at just before. */
  atRisk: number;
}

/**
 * Kaplan–Meier estimate of survival with right censoring, one step for each different time that ended. Intervals by
 * Greenwood's variance on the log(−log) scale, so that they stay within 0…1 (Kalbfleisch & Prentice 1980).
 */
export function kaplanMeier(lifetimes: readonly Lifetime[], confidence = 0.95): SurvivalStep[] {
  const z = normalQuantile((1 + confidence) / 2);
  const steps: SurvivalStep[] = [];
  const inOrder = [...Map.groupBy(lifetimes, ({ time }) => time)].sort(([a], [b]) => a - b);
  let atRisk = lifetimes.length;
  let survival = 1;
  let greenwood = 0;
  for (const [time, list] of inOrder) {
    const ended = list.filter((lifetime) => lifetime.ended).length;
    if (ended > 0) {
      survival *= 1 - ended / atRisk;
      greenwood += ended / (atRisk * (atRisk - ended));
      const spread = Math.exp((z * Math.sqrt(greenwood)) / Math.log(survival));
      const bounded = survival > 0;
      steps.push({
        time,
        survival,
        low: bounded ? survival ** (1 / spread) : 0,
        high: bounded ? survival ** spread : 0,
        atRisk,
      });
    }
    atRisk -= list.length;
  }
  return steps;
}
