import type { Random } from '../../kernel/index.ts';
import { dimensions, type Scale } from './scale.ts';

/** One number for a plan, to be minimised. */
export type Scalarisation = (values: Float64Array, breachSeconds: number) => number;

/** Share of the plain sum beside the maximum, so that equal maxima are told apart (augmented Chebyshev). */
const augmentation = 0.3;
/** Price of exceeding a bound by the whole scale. */
const boundPrice = 4;

/**
 * Augmented Chebyshev distance from the best corner with a bound on each objective. A wish that is missed outweighs
 * everything else.
 * @param weights by objective; the larger, the more it counts
 * @param bounds by objective on the scale; beyond it costs extra
 */
function chebyshev(scale: Scale, weights: Float64Array, bounds: Float64Array): Scalarisation {
  return (values, breachSeconds) => {
    let largest = 0;
    let sum = 0;
    let beyond = 0;
    for (let k = 0; k < dimensions; k++) {
      const position = scale.position(k, values[k]!);
      const weighted = weights[k]! * position;
      if (weighted > largest) largest = weighted;
      sum += weighted;
      if (position > bounds[k]!) beyond += position - bounds[k]!;
    }
    return largest + augmentation * sum + boundPrice * beyond + breachCost(breachSeconds);
  };
}

/** What a climber wants: weights by objective (see `objectives`), and the most instability that it accepts. */
export interface ClimbingProfile {
  weights: readonly [tardiness: number, changeovers: number, instability: number, makespan: number, imbalance: number];
  mostInstability: number;
}

/** From the least tardiness at any price to little of it within a share of operations that move. */
export const climbingProfiles: readonly ClimbingProfile[] = [
  { weights: [1, 0.05, 0.02, 0.1, 0.02], mostInstability: Infinity },
  { weights: [1, 0.1, 0.05, 0.1, 0.02], mostInstability: 0.5 },
  { weights: [0.4, 1, 0.05, 0.1, 0.05], mostInstability: Infinity },
  { weights: [1, 0.1, 0.05, 0.1, 0.02], mostInstability: 0.25 },
  { weights: [0.6, 0.6, 0.1, 0.2, 0.2], mostInstability: 0.75 },
  { weights: [1, 0.3, 0.05, 0.1, 0.02], mostInstability: 0.1 },
  { weights: [0.2, 0.05, 0.02, 1, 0.3], mostInstability: Infinity },
];

/**
 * A weighted sum of the objectives on the scale, which is smooth to climb on, with a bound on instability. A missed
 * wish outweighs everything else.
 */
export function climbingScalarisation(
  scale: Scale,
  { weights, mostInstability }: ClimbingProfile,
  userWeights: Float64Array,
): Scalarisation {
  return (values, breachSeconds) => {
    let sum = breachCost(breachSeconds) + boundPrice * Math.max(0, values[2]! - mostInstability);
    for (let k = 0; k < dimensions; k++) sum += userWeights[k]! * weights[k]! * scale.position(k, values[k]!);
    return sum;
  };
}

/** Every objective alike but for the user's weights, without bounds: what decides within a cell. */
export function evenScalarisation(scale: Scale, userWeights: Float64Array): Scalarisation {
  return chebyshev(scale, userWeights, new Float64Array(dimensions).fill(Infinity));
}

/**
 * The scalarisation whose optimum lies towards a point of the scale: Chebyshev weights are the inverse distances, and
 * the objectives that span the regions are bounded there. The others count little, now and then much.
 */
export function towards(
  scale: Scale,
  target: Float64Array,
  spanning: number,
  slack: number,
  userWeights: Float64Array,
  random: Random,
): Scalarisation {
  const weights = new Float64Array(dimensions);
  const bounds = new Float64Array(dimensions).fill(Infinity);
  for (let k = 0; k < spanning; k++) {
    weights[k] = userWeights[k]! / (target[k]! + 0.05);
    bounds[k] = target[k]! + slack;
  }
  const mean = weights.reduce((a, b) => a + b, 0) / spanning;
  for (let k = spanning; k < dimensions; k++) weights[k] = userWeights[k]! * mean * (random.next() < 0.25 ? 1 : 0.1);
  for (let k = 0; k < dimensions; k++) weights[k]! /= mean || 1;
  return chebyshev(scale, weights, bounds);
}

function breachCost(breachSeconds: number): number {
  return breachSeconds > 0 ? 10 + Math.log1p(breachSeconds) : 0;
}
