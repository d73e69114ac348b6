import { seededRandom, type Random } from '../kernel/index.ts';
import type { StopLaw } from './types.ts';

/** The random numbers of one operation in one replication: the same for every plan. */
export interface JobDraws {
  /** Standard normal, for its run time and its setup time. */
  run: number;
  setup: number;
  /** Uniform in [0, 1), for the parts that it will scrap. */
  scrap: number;
}

/** One unplanned stop, drawn ahead: after so many milliseconds of run time, for so many milliseconds. */
export interface StopDraw {
  runMs: number;
  repairMs: number;
}

/**
 * All random numbers of one replication, named by operation and by machine, so that different plans meet the same
 * durations, and the same stops after the same run time (common random numbers).
 */
export class Draws {
  private readonly seed: number;
  private readonly replication: number;
  private readonly jobs = new Map<string, JobDraws>();
  private readonly stops = new Map<string, { random: Random; drawn: StopDraw[] }>();

  constructor(seed: number, replication: number) {
    this.seed = seed;
    this.replication = replication;
  }

  /** A named stream of this replication. */
  stream(name: string): Random {
    return seededRandom(this.seed, `${String(this.replication)}/${name}`);
  }

  ofJob(jobOrderId: string): JobDraws {
    let draws = this.jobs.get(jobOrderId);
    if (!draws) {
      const random = this.stream(`job/${jobOrderId}`);
      draws = { run: random.normal(), setup: random.normal(), scrap: random.next() };
      this.jobs.set(jobOrderId, draws);
    }
    return draws;
  }

  /** The n-th stop of a machine by the law of one reason. Another law for that reason goes on with the same numbers. */
  stopOf(equipmentId: string, law: StopLaw, n: number): StopDraw {
    const key = `${equipmentId}/${law.reason}`;
    let known = this.stops.get(key);
    if (!known) {
      known = { random: this.stream(`stop/${key}`), drawn: [] };
      this.stops.set(key, known);
    }
    while (known.drawn.length <= n)
      known.drawn.push({
        runMs: wholeMilliseconds(known.random.exponential(law.meanRunSecondsBetween)),
        repairMs: wholeMilliseconds(law.medianSeconds * Math.exp(law.sigma * known.random.normal())),
      });
    return known.drawn[n]!;
  }

  /** Forgets the numbers of an operation that has ended. */
  forgetJob(jobOrderId: string): void {
    this.jobs.delete(jobOrderId);
  }
}

/** A factor with mean 1 and the given coefficient of variation, lognormal; exactly 1 without variation. */
export function lognormalFactor(variation: number, normal: number): number {
  if (variation <= 0) return 1;
  const sigma = Math.sqrt(Math.log(1 + variation * variation));
  return Math.exp(sigma * normal - (sigma * sigma) / 2);
}

/**
 * How many parts are scrapped until so many are usable: the negative binomial distribution's quantile at `uniform`
 * (exact by summing its probabilities; past a mean of 200 by a logistic approximation).
 * @param scrap share of parts scrapped, 0…1; at most 0.9 is counted with
 */
export function scrappedParts(usable: number, scrap: number, uniform: number): number {
  const share = Math.min(0.9, scrap);
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

function wholeMilliseconds(seconds: number): number {
  return Math.max(1, Math.round(seconds * 1000));
}
