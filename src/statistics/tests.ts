import { incompleteBeta, incompleteGamma } from './special-functions.ts';

/** Two-sided p value of Student's t. */
function studentPValue(t: number, degreesOfFreedom: number): number {
  return incompleteBeta(degreesOfFreedom / 2, 0.5, degreesOfFreedom / (degreesOfFreedom + t * t));
}

/** Two-sided p value of a mean against an expected one, Student's t; 1 for fewer than two values. */
export function meanPValue(values: readonly number[], expected: number): number {
  const n = values.length;
  if (n < 2) return 1;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  if (variance === 0) return mean === expected ? 1 : 0;
  return studentPValue((mean - expected) / Math.sqrt(variance / n), n - 1);
}

/** Two-sided p value of a count against a Poisson law's mean: twice the smaller tail, at most 1. */
export function countPValue(count: number, expected: number): number {
  if (!(expected > 0)) return count === 0 ? 1 : 0;
  const atMost = incompleteGamma(count + 1, expected).upper;
  const atLeast = count === 0 ? 1 : incompleteGamma(count, expected).lower;
  return Math.min(1, 2 * Math.min(atMost, atLeast));
}

/**
 * Which of several hypotheses are rejected so that the chance of even one false rejection is at most `alpha`, however
 * they depend on each other (Holm 1979, Scandinavian Journal of Statistics 6, 65–70).
 */
export function holm(pValues: readonly number[], alpha: number): boolean[] {
  const rejected = pValues.map(() => false);
  const order = pValues.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  for (const [rank, { p, index }] of order.entries()) {
    if (p > alpha / (pValues.length - rank)) break;
    rejected[index] = true;
  }
  return rejected;
}
