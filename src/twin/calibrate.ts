import { hash32 } from '../kernel/index.ts';
import {
  estimate,
  fitLaw,
  fitLaws,
  goodnessOfFit,
  meanOf,
  type Distribution,
  type Estimate,
  type Family,
  type Fit,
  type Lifetime,
} from '../statistics/index.ts';
import type { Observations } from './observations.ts';
import { changeoverFactor, runFactor, subjectKey, type LearnedSubject } from './parameters.ts';
import type { TwinParameters } from './types.ts';

/** What history says of one number of the twin, beside what is in force. The standard stays until a person accepts. */
export interface CalibrationProposal {
  subject: LearnedSubject;
  /**
   * Mean that the twin counts with now: seconds of run time between stops, seconds of repair, or a factor to the
   * standard time; null: such stops are unknown to it.
   */
  current: number | null;
  /** Times seen to their end. */
  count: number;
  /** Absent where there are fewer than `leastCount` times. */
  fitted?: {
    /** Mean with its 95 % likelihood interval. */
    mean: Estimate;
    /** The law that the twin would count with. */
    law: Distribution;
    /** Whether samples of that law are as far from their fits: small, it is another law (bootstrap). */
    pValue: number;
    /** The family that Akaike's criterion prefers of exponential, Weibull, lognormal and gamma. */
    best: Family;
  };
  /** Whether what is in force lies within the interval. */
  verdict: 'too-few' | 'agrees' | 'differs';
}

/** Fewer times than this are no ground for a proposal. */
export const leastCount = 5;

/** Samples of a bootstrap: a p value is exact to about a hundredth. */
const bootstrapSamples = 99;

/** A law of more parameters must be better by so much of Akaike's criterion (Burnham & Anderson 2002, ch. 2.6). */
const leastGain = 2;

/** The law that the twin can draw from: run time between stops by Weibull's law where it wears, everything else lognormal. */
function drawnFit(kind: LearnedSubject['kind'], lifetimes: readonly Lifetime[]): Fit | undefined {
  if (kind !== 'time-between-stops') return fitLaw('lognormal', lifetimes);
  const [exponential, weibull] = [fitLaw('exponential', lifetimes), fitLaw('weibull', lifetimes)];
  return exponential && weibull && weibull.aic < exponential.aic - leastGain ? weibull : exponential;
}

/**
 * Fits each machine's stops and repairs by reason, run times by machine and product, and changeovers by machine class
 * and pair of families; compares them with the parameters in force.
 * @param seed of the bootstrap: the same seed gives the same proposals
 */
export function calibrate(observations: Observations, parameters: TwinParameters, seed: number): CalibrationProposal[] {
  return samplesOf(observations).map(({ subject, lifetimes }) =>
    propose(subject, lifetimes, currentMean(parameters, subject), seed),
  );
}

function samplesOf({ stops, runs, changeovers }: Observations): { subject: LearnedSubject; lifetimes: Lifetime[] }[] {
  const ofStops = stops.flatMap(({ equipmentId, reason, between, repair }) => [
    { subject: { kind: 'time-between-stops' as const, equipmentId, reason }, lifetimes: between },
    { subject: { kind: 'repair-time' as const, equipmentId, reason }, lifetimes: repair },
  ]);
  const lifetimesOf = (work: readonly { ratio: number }[]) => work.map(({ ratio }) => ({ time: ratio, ended: true }));
  const grouped = <T extends { ratio: number }>(work: readonly T[], subjectOf: (item: T) => LearnedSubject) =>
    [...Map.groupBy(work, (item) => subjectKey(subjectOf(item))).values()].map((list) => ({
      subject: subjectOf(list[0]!),
      lifetimes: lifetimesOf(list),
    }));
  return [
    ...ofStops,
    ...grouped(runs, ({ equipmentId, materialId }) => ({ kind: 'run-time', equipmentId, materialId })),
    ...grouped(changeovers, ({ equipmentClassId, fromFamily, toFamily }) => ({
      kind: 'changeover-time',
      equipmentClassId,
      fromFamily,
      toFamily,
    })),
  ];
}

function propose(
  subject: LearnedSubject,
  lifetimes: readonly Lifetime[],
  current: number | null,
  seed: number,
): CalibrationProposal {
  const count = lifetimes.filter((lifetime) => lifetime.ended).length;
  const fit = count >= leastCount ? drawnFit(subject.kind, lifetimes) : undefined;
  if (!fit) return { subject, current, count, verdict: 'too-few' };
  const mean = estimate(fit, lifetimes, 'mean');
  const { pValue } = goodnessOfFit(fit, lifetimes, {
    seed: (seed ^ hash32(subjectKey(subject))) >>> 0,
    samples: bootstrapSamples,
  });
  const best = fitLaws(lifetimes)[0]!.distribution.family;
  const agrees = current !== null && mean.low <= current && current <= mean.high;
  return {
    subject,
    current,
    count,
    fitted: { mean, law: fit.distribution, pValue, best },
    verdict: agrees ? 'agrees' : 'differs',
  };
}

/** The mean that the twin counts with. */
function currentMean(parameters: TwinParameters, subject: LearnedSubject): number | null {
  switch (subject.kind) {
    case 'run-time':
      return runFactor(parameters, subject.equipmentId, subject.materialId);
    case 'changeover-time':
      return changeoverFactor(parameters, subject);
    default: {
      const law = parameters.stops[subject.equipmentId]?.find(({ reason }) => reason === subject.reason);
      if (!law) return null;
      if (subject.kind === 'time-between-stops') return law.meanRunSecondsBetween;
      return meanOf({ family: 'lognormal', scale: law.medianSeconds, shape: law.sigma });
    }
  }
}
