/**
 * Logarithm of the gamma function for x > 0, to about 1e-14 relative: Stirling's series (Abramowitz & Stegun 6.1.41)
 * after moving the argument past 10 by the recurrence.
 */
export function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  if (z < 10) {
    let product = 1;
    while (z < 10) product *= z++;
    shift = Math.log(product);
  }
  const inverse = 1 / (z * z);
  const series =
    (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680 - inverse * (1 / 1188))))) / z;
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - shift;
}

/** Derivative of `logGamma`, to about 1e-13 (Abramowitz & Stegun 6.3.18 after moving the argument past 10). */
export function digamma(x: number): number {
  let shift = 0;
  let z = x;
  while (z < 10) shift += 1 / z++;
  const inverse = 1 / (z * z);
  return (
    Math.log(z) -
    0.5 / z -
    inverse * (1 / 12 - inverse * (1 / 120 - inverse * (1 / 252 - inverse * (1 / 240 - inverse / 132)))) -
    shift
  );
}

const roundsAtMost = 10_000;

/**
 * Regularised incomplete gamma function P(a, x) and its complement, each with full relative precision in its own
 * half: series below a + 1, Lentz's continued fraction above (Press et al., Numerical Recipes, 6.2).
 */
export function incompleteGamma(a: number, x: number): { lower: number; upper: number } {
  if (!(x > 0)) return { lower: 0, upper: 1 };
  if (x === Infinity) return { lower: 1, upper: 0 };
  const factor = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; n < roundsAtMost && term > sum * 1e-16; n++) {
      term *= x / (a + n);
      sum += term;
    }
    const lower = Math.min(1, sum * factor);
    return { lower, upper: 1 - lower };
  }
  const fraction = continuedFraction(x + 1 - a, (n) => [-n * (n - a), x + 2 * n + 1 - a]);
  const upper = Math.min(1, factor / fraction);
  return { lower: 1 - upper, upper };
}

/** Regularised incomplete beta function I_x(a, b) (Press et al., Numerical Recipes, 6.4). */
export function incompleteBeta(a: number, b: number, x: number): number {
  if (!(x > 0)) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(b, a, 1 - x);
  const factor = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x) - Math.log(a),
  );
  const fraction = continuedFraction(1, (n) => {
    const m = Math.floor(n / 2);
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    return [n % 2 === 0 ? even : odd, 1];
  });
  return factor / fraction;
}

/** Value of b0 + a1/(b1 + a2/(b2 + …)), by the modified Lentz method; `term(n)` gives [a(n), b(n)] from n = 1. */
function continuedFraction(b0: number, term: (n: number) => [number, number]): number {
  const tiny = 1e-300;
  let value = b0 || tiny;
  let c = value;
  let d = 0;
  for (let n = 1; n < roundsAtMost; n++) {
    const [a, b] = term(n);
    d = 1 / (b + a * d || tiny);
    c = b + a / c || tiny;
    value *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return value;
}

/** Probability that a standard normal value exceeds z; relative precision in both tails. */
export function normalUpperTail(z: number): number {
  const { lower, upper } = incompleteGamma(0.5, (z * z) / 2);
  return z > 0 ? upper / 2 : 0.5 + lower / 2;
}

/** Standard normal quantile: Acklam's rational approximation, refined by one Halley step to about 1e-15. */
export function normalQuantile(probability: number): number {
  if (!(probability > 0)) return -Infinity;
  if (probability >= 1) return Infinity;
  const p = Math.min(probability, 1 - probability);
  let z: number;
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p));
    z = polynomial(tailAbove, q) / polynomial(tailBelow, q);
  } else {
    const q = p - 0.5;
    z = (q * polynomial(centreAbove, q * q)) / polynomial(centreBelow, q * q);
  }
  const error = normalUpperTail(-z) - p;
  const step = error * Math.sqrt(2 * Math.PI) * Math.exp((z * z) / 2);
  z -= step / (1 + (z * step) / 2);
  return probability < 0.5 ? z : -z;
}

/** Acklam's coefficients, highest power first. */
const centreAbove = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239,
];
const centreBelow = [
  -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1,
];
const tailAbove = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const tailBelow = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];

const polynomial = (coefficients: readonly number[], x: number) =>
  coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
