import { seededRandom } from '../kernel/index.ts';
import { cumulative, quantile, type Distribution } from './distribution.ts';
import { fitLaw, type Fit } from './fit.ts';
import { kaplanMeier } from './kaplan-meier.ts';
import type { Lifetime } from './likelihood.ts';

/** How well a law fits the times that it was fitted to. */
export interface GoodnessOfFit {
  /** Anderson–Darling distance A². */
  distance: number;
  /** Share of samples of the fitted law that lie at least as far from their own fit; small: the law does not fit. */
  pValue: number;
}

/**
 * Anderson–Darling distance between the Kaplan–Meier estimate and a law, up to the longest time: n ∫ (F̂ − F)² /
 * (F (1 − F)) dF. Without censoring this is the usual A² (Anderson & Darling 1954).
 */
export function andersonDarling(distribution: Distribution, lifetimes: readonly Lifetime[]): number {
  const longest = lifetimes.reduce((most, { time }) => Math.max(most, time), 0);
  const steps = kaplanMeier(lifetimes);
  let sum = 0;
  let from = 0;
  let estimated = 0;
  for (const { time, survival } of steps) {
    const to = within(cumulative(distribution, time));
    sum += area(estimated, from, to);
    from = to;
    estimated = 1 - survival;
  }
  const end = estimated >= 1 ? 1 : within(cumulative(distribution, longest));
  return lifetimes.length * (sum + area(estimated, from, end));
}

/** ∫ (c − u)² / (u (1 − u)) du: its antiderivative is c² ln u − (1 − c)² ln(1 − u) − u. */
function area(c: number, from: number, to: number): number {
  const upTo = (u: number) => (c > 0 ? c * c * Math.log(u) : 0) - (c < 1 ? (1 - c) ** 2 * Math.log(1 - u) : 0) - u;
  return to > from ? upTo(to) - upTo(from) : 0;
}

const within = (probability: number) => Math.min(1 - 1e-15, Math.max(1e-300, probability));

/**
 * Tests a fitted law by parametric bootstrap: as the parameters were estimated from the same times, tables for known
 * parameters do not hold; samples of the fitted law are fitted anew and compared (Stute, González Manteiga & Presedo
 * Quindimil 1993, Metrika 40, 243–256). Censoring times are drawn from their own Kaplan–Meier estimate.
 * @param seed the same seed gives the same p value; it is exact to about 1 / `samples`
 */
export function goodnessOfFit(
  { distribution }: Pick<Fit, 'distribution'>,
  lifetimes: readonly Lifetime[],
  { seed, samples = 199 }: { seed: number; samples?: number },
): GoodnessOfFit {
  const distance = andersonDarling(distribution, lifetimes);
  const random = seededRandom(seed, 'goodness of fit');
  const longest = lifetimes.reduce((most, { time }) => Math.max(most, time), 0);
  const censoring = kaplanMeier(lifetimes.map(({ time, ended }) => ({ time, ended: !ended })));
  const everCensored = censoring.length > 0;
  const censoredAt = (uniform: number) => censoring.find(({ survival }) => survival <= uniform)?.time ?? longest;
  let asFar = 0;
  let fitted = 0;
  for (let sample = 0; sample < samples; sample++) {
    const drawn = lifetimes.map(() => {
      const time = Math.max(Number.MIN_VALUE, quantile(distribution, random.next()));
      const limit = everCensored ? censoredAt(random.next()) : Infinity;
      return time <= limit ? { time, ended: true } : { time: limit, ended: false };
    });
    const fit = fitLaw(distribution.family, drawn);
    if (!fit) continue;
    fitted++;
    if (andersonDarling(fit.distribution, drawn) >= distance) asFar++;
  }
  return { distance, pValue: (asFar + 1) / (fitted + 1) };
}
