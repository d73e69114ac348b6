import { hash32, seededRandom, type Random } from '../kernel/index.ts';
import { mostScrap } from '../plant/index.ts';
import type { DurationLaw } from './types.ts';

/**
 * All random numbers of one replication, named by operation, machine, lot or order and by what they are for, so that
 * different plans meet the same durations, and the same stops after the same run time (common random numbers). A number
 * is computed from its name when it is asked for; nothing is kept.
 */
export class Draws {
  private readonly name: string;
  private readonly seed: number;
  private readonly first: number;
  private readonly second: number;

  constructor(seed: number, replication: number) {
    this.seed = seed;
    this.name = String(replication);
    const random = seededRandom(seed, this.name);
    this.first = random.int(0x1_0000_0000) | 0;
    this.second = random.int(0x1_0000_0000) | 0;
  }

  /** A named stream of this replication. */
  stream(name: string): Random {
    return seededRandom(this.seed, `${this.name}/${name}`);
  }

  /**
   * The n-th number of a key (`keyOf`), uniform in (0, 1): a keyed hash by two rounds of a 32-bit mixer (lowbias32 of
   * Wellons' hash prospector).
   */
  uniform(key: number, n: number): number {
    const keyed = mix(key ^ this.first);
    return ((mix((keyed + Math.imul(n, 0x9e3779b9)) ^ this.second) >>> 0) + 0.5) / 4294967296;
  }

  /** The n-th number of a key, exponential with mean 1: the negative logarithm of `uniform`. */
  exponential(key: number, n: number): number {
    const keyed = mix(key ^ this.first);
    return 32 * Math.LN2 - logarithm(mix((keyed + Math.imul(n, 0x9e3779b9)) ^ this.second) >>> 0);
  }

  /** The n-th number of a key, standard normal. */
  normal(key: number, n: number): number {
    return normalQuantile(this.uniform(key, n));
  }
}

const slices = 256;
const sliceLogs = Float64Array.from(
  { length: slices },
  (_, i) => Math.log((slices + i + 0.5) / slices) + 31 * Math.LN2,
);
const sliceInverses = Float64Array.from({ length: slices }, (_, i) => slices / (slices + i + 0.5) / 2 ** 31);
const powersOfTwo = Float64Array.from({ length: 33 }, (_, i) => 2 ** i);

/** log(n + ½) of a whole number below 2³², from a table and three terms of its series; error below 1e-11. */
function logarithm(n: number): number {
  const shift = Math.clz32(n);
  if (shift > 22) return Math.log(n + 0.5);
  const normal = (n + 0.5) * powersOfTwo[shift]!;
  const slice = (normal / 2 ** 23 - slices) | 0;
  const r = normal * sliceInverses[slice]! - 1;
  return sliceLogs[slice]! - shift * Math.LN2 + r * (1 - r * (0.5 - r / 3));
}

/** The key of a name in `Draws`. */
export function keyOf(name: string): number {
  return hash32(name) | 0;
}

function mix(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0xd35a2d97);
  return x ^ (x >>> 15);
}

/** Standard normal quantile by Acklam's rational approximations; relative error below 1.2e-9. */
function normalQuantile(p: number): number {
  if (p < 0.02425) return tailQuantile(p);
  if (p > 0.97575) return -tailQuantile(1 - p);
  const q = p - 0.5;
  const r = q * q;
  return (
    ((((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.357751867269) * r -
      30.66479806614716) *
      r +
      2.506628277459239) *
      q) /
    (((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r -
      13.28068155288572) *
      r +
      1)
  );
}

function tailQuantile(p: number): number {
  const q = Math.sqrt(-2 * Math.log(p));
  return (
    (((((-0.007784894002430293 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q +
      4.374664141464968) *
      q +
      2.938163982698783) /
    ((((0.007784695709041462 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1)
  );
}

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
    case 'gamma':
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
