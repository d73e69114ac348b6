import { digamma, incompleteGamma, logGamma, normalQuantile, normalUpperTail } from './special-functions.ts';

/** Families of positive times. */
export const families = ['exponential', 'weibull', 'lognormal', 'gamma'] as const;
export type Family = (typeof families)[number];

/**
 * A law of a positive time: all four are scale families. Scale is in the time's unit: the exponential's mean, the
 * Weibull's characteristic life, the lognormal's median, the gamma's θ. Shape is 1 for the exponential, the Weibull's
 * and the gamma's shape, the lognormal's standard deviation of the logarithm.
 */
export interface Distribution {
  family: Family;
  scale: number;
  shape: number;
}

/** Probability that a time is at most t. */
export function cumulative(distribution: Distribution, t: number): number {
  return 1 - survival(distribution, t);
}

/** Probability that a time exceeds t. */
export function survival({ family, scale, shape }: Distribution, t: number): number {
  if (!(t > 0)) return 1;
  if (family === 'exponential') return Math.exp(-t / scale);
  if (family === 'weibull') return Math.exp(-((t / scale) ** shape));
  if (family === 'lognormal') return normalUpperTail(Math.log(t / scale) / shape);
  return incompleteGamma(shape, t / scale).upper;
}

/** The time that is not exceeded with a probability in (0, 1). */
export function quantile(distribution: Distribution, probability: number): number {
  const { family, scale, shape } = distribution;
  if (family === 'exponential') return -scale * Math.log1p(-probability);
  if (family === 'weibull') return scale * (-Math.log1p(-probability)) ** (1 / shape);
  if (family === 'lognormal') return scale * Math.exp(shape * normalQuantile(probability));
  return scale * unitGammaQuantile(shape, probability);
}

/** Expected time. */
export function meanOf({ family, scale, shape }: Distribution): number {
  if (family === 'exponential') return scale;
  if (family === 'weibull') return scale * Math.exp(logGamma(1 + 1 / shape));
  if (family === 'lognormal') return scale * Math.exp((shape * shape) / 2);
  return scale * shape;
}

/** Expected natural logarithm of the time. */
export function meanLogOf({ family, scale, shape }: Distribution): number {
  if (family === 'exponential') return Math.log(scale) + digamma(1);
  if (family === 'weibull') return Math.log(scale) + digamma(1) / shape;
  if (family === 'lognormal') return Math.log(scale);
  return Math.log(scale) + digamma(shape);
}

/** By bisection on the logarithm and Newton steps, from Wilson and Hilferty's approximation. */
function unitGammaQuantile(shape: number, probability: number): number {
  if (!(probability > 0)) return 0;
  if (probability >= 1) return Infinity;
  const cube = 1 - 1 / (9 * shape) + normalQuantile(probability) / (3 * Math.sqrt(shape));
  const small = Math.exp((Math.log(probability) + logGamma(shape + 1)) / shape);
  let x = cube > 0.3 ? shape * cube ** 3 : small;
  let [low, high] = [0, Infinity];
  for (let round = 0; round < 200; round++) {
    const { lower, upper } = incompleteGamma(shape, x);
    const error = probability < 0.5 ? lower - probability : 1 - probability - upper;
    if (error > 0) high = x;
    else low = x;
    const density = Math.exp((shape - 1) * Math.log(x) - x - logGamma(shape));
    const next = x - error / density;
    const inside = next > low && next < high;
    const moved = inside ? next : high === Infinity ? x * 2 : (low + high) / 2;
    if (Math.abs(moved - x) <= 1e-14 * x) return moved;
    x = moved;
  }
  return x;
}
