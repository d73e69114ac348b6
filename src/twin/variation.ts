import { mostScrap } from '../plant/index.ts';
import type { Draws } from './draws.ts';
import type { DurationLaw } from './types.ts';

/** A duration law with its parameters worked out: factors with mean 1. */
export interface PreparedLaw {
  kind: 'constant' | 'lognormal' | 'exponential' | 'gamma' | 'weibull';
  /** Lognormal: standard deviation of the logarithm; gamma and Weibull: shape. */
  shape: number;
  /** Lognormal: mean of the logarithm; Weibull: scale for mean 1. */
  scale: number;
}

/** Works a law's parameters out. Its coefficient of variation says how wide it is; 0 is exact. */
export function prepareLaw({ kind, variation }: DurationLaw): PreparedLaw {
  if (!(variation > 0)) return { kind: 'constant', shape: 0, scale: 1 };
  if (kind === 'lognormal') {
    const variance = Math.log(1 + variation * variation);
    return { kind, shape: Math.sqrt(variance), scale: -variance / 2 };
  }
  if (variation === 1) return { kind: 'exponential', shape: 1, scale: 1 };
  if (kind === 'gamma') return { kind, shape: 1 / (variation * variation), scale: 1 };
  return weibullLaw(weibullShape(variation));
}

/** Weibull's law with mean 1 and a shape; 1 is the exponential law. */
export function weibullLaw(shape: number): PreparedLaw {
  if (shape === 1) return { kind: 'exponential', shape, scale: 1 };
  return { kind: 'weibull', shape, scale: 1 / gammaFunction(1 + 1 / shape) };
}

/** A factor with mean 1 by a law, from the n-th numbers of a key; numbers past the n-th are n + 16, n + 32 …. */
export function factorOf({ kind, shape, scale }: PreparedLaw, draws: Draws, key: number, n: number): number {
  switch (kind) {
    case 'constant':
      return 1;
    case 'exponential':
      return draws.exponential(key, n);
    case 'lognormal':
      return Math.exp(shape * draws.normal(key, n) + scale);
    case 'weibull':
      return scale * Math.pow(draws.exponential(key, n), 1 / shape);
    default:
      return gammaFactor(shape, draws, key, n);
  }
}

/** Marsaglia and Tsang's method; below shape 1 boosted by a power of a uniform number. */
function gammaFactor(shape: number, draws: Draws, key: number, n: number): number {
  const boosted = shape < 1 ? shape + 1 : shape;
  const d = boosted - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  const boost = shape < 1 ? Math.pow(draws.uniform(key, n + 16), 1 / shape) : 1;
  for (let at = n + 32; ; at += 32) {
    const z = draws.normal(key, at);
    const v = (1 + c * z) ** 3;
    if (v > 0 && Math.log(draws.uniform(key, at + 16)) < (z * z) / 2 + d - d * v + d * Math.log(v))
      return (boost * d * v) / shape;
  }
}

/** The Weibull shape with a coefficient of variation, by bisection: it falls as the shape grows. */
function weibullShape(variation: number): number {
  let low = 0.05;
  let high = 100;
  for (let step = 0; step < 60; step++) {
    const shape = Math.sqrt(low * high);
    const ratio = gammaFunction(1 + 2 / shape) / gammaFunction(1 + 1 / shape) ** 2;
    if (Math.sqrt(Math.max(0, ratio - 1)) > variation) low = shape;
    else high = shape;
  }
  return Math.sqrt(low * high);
}

/** The gamma function for arguments of at least 1 (Lanczos, g = 7, nine terms). */
function gammaFunction(x: number): number {
  const terms = [
    676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
    -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
  ];
  const z = x - 1;
  const sum = terms.reduce((total, term, i) => total + term / (z + i + 1), 0.9999999999998099);
  const t = z + 7.5;
  return Math.sqrt(2 * Math.PI) * Math.pow(t, z + 0.5) * Math.exp(-t) * sum;
}

/**
 * How many parts are scrapped until so many are usable: the negative binomial distribution's quantile at `uniform`
 * (exact by summing its probabilities; past a mean of 200 by a logistic approximation).
 * @param scrap share of parts scrapped, 0…1; at most `mostScrap` is counted with
 */
export function scrappedParts(usable: number, scrap: number, uniform: number): number {
  const share = Math.min(mostScrap, scrap);
  if (!(share > 0) || usable <= 0) return 0;
  const mean = (usable * share) / (1 - share);
  if (mean > 200) {
    const centred = Math.log(uniform / (1 - uniform)) / 1.702;
    return Math.max(0, Math.round(mean + centred * Math.sqrt(mean / (1 - share))));
  }
  let probability = Math.pow(1 - share, usable);
  let sum = probability;
  let count = 0;
  while (sum < uniform && count < 100_000) {
    probability *= (share * (usable + count)) / (count + 1);
    sum += probability;
    count++;
    if (probability < 1e-15 && count > mean) break;
  }
  return count;
}
