import { survival, type Family } from './distribution.ts';
import { logGamma } from './special-functions.ts';

/** A time, and whether it was seen to its end; false: it had lasted so long when nobody looked any more. */
export interface Lifetime {
  time: number;
  ended: boolean;
}

/** Log-likelihood of a law's scale and shape. */
export interface LogLikelihood {
  (scale: number, shape: number): number;
  /** The most likely scale for a shape, where a formula gives it. */
  bestScale?: (shape: number) => number;
}

/**
 * Log-likelihood of right-censored times under a family: log density of each that ended, log survival of each that
 * had not. What the ended ones contribute is summed up once.
 * @param lifetimes positive times
 */
export function logLikelihoodOf(family: Family, lifetimes: readonly Lifetime[]): LogLikelihood {
  const ended = lifetimes.filter((lifetime) => lifetime.ended).map(({ time }) => time);
  const censored = lifetimes.filter((lifetime) => !lifetime.ended).map(({ time }) => time);
  const n = ended.length;
  const sum = ended.reduce((total, time) => total + time, 0);
  const logs = ended.map(Math.log);
  const logSum = logs.reduce((total, log) => total + log, 0);
  const survived = (scale: number, shape: number) =>
    censored.reduce((total, time) => total + Math.log(survival({ family, scale, shape }, time)), 0);
  switch (family) {
    case 'exponential': {
      const exposure = sum + censored.reduce((total, time) => total + time, 0);
      const likelihood = (scale: number) => -n * Math.log(scale) - exposure / scale;
      return Object.assign(likelihood, { bestScale: () => exposure / n });
    }
    case 'weibull': {
      const longest = lifetimes.reduce((most, { time }) => Math.max(most, time), 0);
      const powerSum = weibullPowerSum(lifetimes, longest);
      const likelihood = (scale: number, shape: number) =>
        n * Math.log(shape) - n * shape * Math.log(scale) + (shape - 1) * logSum - powerSum(shape, scale);
      return Object.assign(likelihood, {
        bestScale: (shape: number) => longest * (powerSum(shape, longest) / n) ** (1 / shape),
      });
    }
    case 'lognormal': {
      const centre = n === 0 ? 0 : logSum / n;
      const squares = logs.reduce((total, log) => total + (log - centre) ** 2, 0);
      return (scale, shape) => {
        const deviation = squares + n * (centre - Math.log(scale)) ** 2;
        const density =
          -n * Math.log(shape) - (n / 2) * Math.log(2 * Math.PI) - logSum - deviation / (2 * shape * shape);
        return density + survived(scale, shape);
      };
    }
    case 'gamma':
      return (scale, shape) =>
        (shape - 1) * logSum - sum / scale - n * (shape * Math.log(scale) + logGamma(shape)) + survived(scale, shape);
  }
}

/** Σ (t / scale)^shape; the powers are kept while the shape stays. */
function weibullPowerSum(lifetimes: readonly Lifetime[], longest: number): (shape: number, scale: number) => number {
  let known = { shape: NaN, sum: 0 };
  return (shape, scale) => {
    if (known.shape !== shape)
      known = { shape, sum: lifetimes.reduce((total, { time }) => total + (time / longest) ** shape, 0) };
    return known.sum * (longest / scale) ** shape;
  };
}
