import { families, meanOf, quantile, type Distribution, type Family } from './distribution.ts';
import { logLikelihoodOf, type Lifetime, type LogLikelihood } from './likelihood.ts';
import { crossing, maximise } from './optimise.ts';
import { normalQuantile } from './special-functions.ts';

/** A value with a two-sided confidence interval. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
}

/** A law fitted to times. */
export interface Fit {
  distribution: Distribution;
  /** Times, and how many of them ended. */
  count: number;
  ended: number;
  logLikelihood: number;
  /** Akaike's criterion, 2 × parameters − 2 × log-likelihood: smaller is better. */
  aic: number;
}

/** What of a law an interval is asked for: its scale, its shape, its mean, or the quantile of a probability. */
export type Quantity = 'scale' | 'shape' | 'mean' | number;

/**
 * Fits one family by maximum likelihood with right censoring. Undefined where the times say too little: none ended,
 * or for a shape fewer than two different ones.
 * @param lifetimes positive times; others are refused
 * @throws RangeError for a time that is not positive and finite
 */
export function fitLaw(family: Family, lifetimes: readonly Lifetime[]): Fit | undefined {
  if (lifetimes.some(({ time }) => !(time > 0 && time < Infinity))) throw new RangeError('times must be positive');
  const ended = lifetimes.filter((lifetime) => lifetime.ended);
  const needsShape = family !== 'exponential';
  if (ended.length === 0 || (needsShape && new Set(ended.map(({ time }) => time)).size < 2)) return undefined;
  const likelihood = logLikelihoodOf(family, lifetimes);
  const start = startOf(family, lifetimes);
  const logScaleOf = bestScale(likelihood, Math.log(start.scale));
  const shape = needsShape
    ? Math.exp(
        maximise(
          (logShape) => likelihood(Math.exp(logScaleOf(Math.exp(logShape))), Math.exp(logShape)),
          Math.log(start.shape),
          0.2,
        ),
      )
    : 1;
  const scale = Math.exp(logScaleOf(shape));
  const logLikelihood = likelihood(scale, shape);
  return {
    distribution: { family, scale, shape },
    count: lifetimes.length,
    ended: ended.length,
    logLikelihood,
    aic: 2 * (needsShape ? 2 : 1) - 2 * logLikelihood,
  };
}

/** Fits all families that the times allow, the best by AIC first. */
export function fitLaws(lifetimes: readonly Lifetime[]): Fit[] {
  return families
    .flatMap((family) => fitLaw(family, lifetimes) ?? [])
    .filter((fit) => Number.isFinite(fit.aic))
    .sort((a, b) => a.aic - b.aic);
}

/**
 * A quantity of a fitted law with its profile-likelihood interval: all values that the likelihood-ratio test does not
 * reject, chi-square with one degree of freedom (Meeker & Escobar 1998, ch. 8). An end that the data do not bound is
 * 0 or infinite.
 */
export function estimate(fit: Fit, lifetimes: readonly Lifetime[], quantity: Quantity, confidence = 0.95): Estimate {
  const { family, scale, shape } = fit.distribution;
  const value = quantityOf(fit.distribution, quantity);
  if (quantity === 'shape' && family === 'exponential') return { value, low: 1, high: 1 };
  const likelihood = logLikelihoodOf(family, lifetimes);
  const drop = normalQuantile((1 + confidence) / 2) ** 2 / 2;
  const profile = quantity === 'shape' ? shapeProfile() : scaleProfile(quantity);
  const spare = (logValue: number) => {
    const above = profile(logValue) - fit.logLikelihood + drop;
    return Number.isNaN(above) ? -Infinity : above;
  };
  const step = Math.min(1, 2 / Math.sqrt(fit.ended)) * (quantity === 'shape' || family === 'exponential' ? 1 : 0.7);
  const centre = Math.log(value);
  return { value, low: Math.exp(crossing(spare, centre, -step)), high: Math.exp(crossing(spare, centre, step)) };

  function shapeProfile() {
    const logScaleOf = bestScale(likelihood, Math.log(scale));
    return (logShape: number) => likelihood(Math.exp(logScaleOf(Math.exp(logShape))), Math.exp(logShape));
  }
  /** For each shape the scale is what gives the quantity its value. */
  function scaleProfile(of: Exclude<Quantity, 'shape'>) {
    let nearest = Math.log(shape);
    return (logValue: number) => {
      const at = (logShape: number) => {
        const unit = quantityOf({ family, scale: 1, shape: Math.exp(logShape) }, of);
        const found = likelihood(Math.exp(logValue) / unit, Math.exp(logShape));
        return Number.isNaN(found) ? -Infinity : found;
      };
      if (family === 'exponential') return at(0);
      nearest = maximise(at, nearest, 0.1);
      return at(nearest);
    };
  }
}

function quantityOf(distribution: Distribution, quantity: Quantity): number {
  if (quantity === 'scale') return distribution.scale;
  if (quantity === 'shape') return distribution.shape;
  return quantity === 'mean' ? meanOf(distribution) : quantile(distribution, quantity);
}

/** The most likely logarithm of the scale for a shape; the search begins where the last one ended. */
function bestScale(likelihood: LogLikelihood, start: number): (shape: number) => number {
  const { bestScale: known } = likelihood;
  if (known) return (shape) => Math.log(known(shape));
  let nearest = start;
  return (shape) => (nearest = maximise((logScale) => likelihood(Math.exp(logScale), shape), nearest, 0.2));
}

/** Where the search for a law begins: moments of the logarithms, the scale raised for what had not ended. */
function startOf(family: Family, lifetimes: readonly Lifetime[]): { scale: number; shape: number } {
  const ended = lifetimes.filter((lifetime) => lifetime.ended);
  const logs = ended.map(({ time }) => Math.log(time));
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  const sigma = Math.sqrt(logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / logs.length) || 1;
  const median = Math.exp(mean) * (lifetimes.length / ended.length);
  if (family === 'exponential') return { scale: median, shape: 1 };
  if (family === 'lognormal') return { scale: median, shape: sigma };
  if (family === 'weibull') return { scale: median * 1.3, shape: 1.28 / sigma };
  const shape = Math.max(0.1, 1 / (sigma * sigma));
  return { scale: median / shape, shape };
}
