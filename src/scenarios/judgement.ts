import type { PlanWarning } from '../plant/index.ts';
import { meanPValue } from '../statistics/index.ts';
import type { Gathered } from './gather.ts';
import { scrapCriterion } from './ranking.ts';

/** One-sided error probability of a statement about two plans from paired replications. */
const error = 0.05;
/** A gain below this share of a criterion's range over all plans is none. */
const leastGain = 0.01;
/** A promise counts as kept where at most so many replications miss it: its p90 keeps it. */
const mostMissed = 0.1;
/** From this factor on an active period counts as longer, and from that one and one part on scrap as more. */
const longer = 1.1;
const moreScrap = 1.05;

/** What a plan is judged by. */
export interface Judgeable {
  /** By criterion, of the replications that every plan got; see `costsOf`. */
  costs: readonly Float64Array[];
  /** What the twin saw beside the KPIs. */
  seen: Pick<Gathered, 'bottleneck' | 'activePeriodSeconds' | 'missed' | 'missedMaximumLags'>;
}

/** By criterion, the range of its means over all plans: what a difference is small or large against. */
export function rangesOf(plans: readonly Judgeable[]): number[] {
  const means = plans.map(({ costs }) => costs.map(meanOf));
  return (means[0] ?? []).map((_, k) => {
    const values = means.map((plan) => plan[k]!);
    return Math.max(...values) - Math.min(...values);
  });
}

/**
 * Whether doing nothing dominates a plan by simulated means. Both met the same random numbers, so their replications
 * are compared pair by pair (Student's t): in every criterion the plan is no better by mean, and with 95 % confidence
 * no better than by 1 % of the criterion's range; and in one it is worse with 95 % confidence.
 * @param ranges see `rangesOf`
 */
export function isDominated(plan: Judgeable, nothing: Judgeable, ranges: readonly number[]): boolean {
  const differences = plan.costs.map((own, k) => differencesOf(own, nothing.costs[k]!));
  const noBetter = differences.every(
    (list, k) =>
      meanOf(list) >= 0 && (list.every((d) => d >= 0) || meanPValue(list, -leastGain * ranges[k]!) / 2 < error),
  );
  return noBetter && differences.some(isAboveZero);
}

/**
 * What a planner should know before signing a plan, beside its KPIs: a machine that becomes the bottleneck, clearly
 * more scrap than when doing nothing, and promises that chance is likely to break: in more than one of ten replications
 * an order that must be on time ends late, or in so many more than when doing nothing a locked operation starts more
 * than five minutes late (small delays are the rule, and no reason against a plan) or one comes too late for its maximum
 * lag.
 * @param kept watched promises that the plan as planned keeps; the others are missed wishes already
 */
export function warningsOf(plan: Judgeable, nothing: Judgeable, kept: ReadonlyMap<string, Promised>): PlanWarning[] {
  const broken = [...kept].flatMap(([subject, kind]) => {
    const share = plan.seen.missed[subject] ?? 0;
    const before = nothing.seen.missed[subject] ?? 0;
    const most = kind === 'lock' ? before + mostMissed : mostMissed;
    return share > most ? [brokenPromise(kind, subject, share, before)] : [];
  });
  return [...broken, ...lateForMaximumLag(plan, nothing), ...newBottleneck(plan, nothing), ...scrapRise(plan, nothing)];
}

/** What a request asks of a plan that chance may break. */
export type Promised = 'must-be-on-time' | 'lock';

function brokenPromise(key: Promised, subject: string, share: number, before: number): PlanWarning {
  const [percent, percentBefore] = [Math.round(100 * share), Math.round(100 * before)];
  const what = key === 'lock' ? `${subject} is locked, but starts late` : `${subject} must be on time, but ends late`;
  return {
    key,
    params: { subject, percent, percentBefore },
    text: `${what} in ${String(percent)} % of the simulated runs (${String(percentBefore)} % when doing nothing)`,
  };
}

/** One warning for all such operations: it names the one that is late most often, and how many are in a run. */
function lateForMaximumLag({ seen }: Judgeable, { seen: before }: Judgeable): PlanWarning[] {
  const shares = Object.entries(seen.missedMaximumLags).map(([subject, share]) => {
    return { subject, share, shareBefore: before.missedMaximumLags[subject] ?? 0 };
  });
  const worse = shares.filter(({ share, shareBefore }) => share > shareBefore + mostMissed);
  if (worse.length === 0) return [];
  const { subject, share, shareBefore } = worse.reduce((worst, one) => (one.share > worst.share ? one : worst));
  const [percent, percentBefore] = [Math.round(100 * share), Math.round(100 * shareBefore)];
  const mean = Math.round(10 * shares.reduce((sum, one) => sum + one.share, 0)) / 10;
  return [
    {
      key: 'maximum-lag-missed',
      params: { subject, percent, percentBefore, mean },
      text: `${subject} comes too late for its maximum lag in ${String(percent)} % of the simulated runs (${String(percentBefore)} % when doing nothing); operations too late in a run: ${String(mean)} on average`,
    },
  ];
}

/** It has to be another machine, clearly active for longer at a time than before and than the bottleneck before. */
function newBottleneck({ seen }: Judgeable, { seen: before }: Judgeable): PlanWarning[] {
  const { bottleneck: machine } = seen;
  if (machine === null || machine === before.bottleneck) return [];
  const active = seen.activePeriodSeconds[machine]!;
  const last = before.bottleneck === null ? 0 : seen.activePeriodSeconds[before.bottleneck]!;
  if (active < longer * Math.max(last, before.activePeriodSeconds[machine]!)) return [];
  const hours = Math.round(active / 360) / 10;
  const hoursBefore = Math.round(before.activePeriodSeconds[machine]! / 360) / 10;
  return [
    {
      key: 'new-bottleneck',
      params: { machine, hours, hoursBefore },
      text: `${machine} becomes the bottleneck: ${String(hours)} h at a time without a wait, ${String(hoursBefore)} h when doing nothing`,
    },
  ];
}

function scrapRise(plan: Judgeable, nothing: Judgeable): PlanWarning[] {
  const [own, before] = [plan.costs[scrapCriterion]!, nothing.costs[scrapCriterion]!];
  const differences = differencesOf(own, before);
  const more = meanOf(differences);
  if (more < 1 || meanOf(own) < moreScrap * meanOf(before) || !isAboveZero(differences)) return [];
  const parts = Math.round(more);
  const all = Math.round(meanOf(own));
  return [
    {
      key: 'more-scrap',
      params: { parts, all },
      text: `${String(parts)} more parts of scrap than when doing nothing, ${String(all)} in all`,
    },
  ];
}

function differencesOf(own: Float64Array, nothing: Float64Array): number[] {
  return Array.from(own, (cost, i) => cost - nothing[i]!);
}

function isAboveZero(values: readonly number[]): boolean {
  return meanOf(values) > 0 && meanPValue(values, 0) / 2 < error;
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}
