/** Standard normal quantile of a two-sided 95 % interval. */
const usualQuantile = 1.959963984540054;

/**
 * Lower bound of a share by Wilson's score interval (1927), 95 % by default; 0 where nothing was counted. It stays low
 * until enough was counted, which a plain share does not.
 */
export function wilsonLowerBound(successes: number, total: number, z = usualQuantile): number {
  if (total <= 0) return 0;
  const share = successes / total;
  const z2 = z * z;
  const centre = share + z2 / (2 * total);
  const spread = z * Math.sqrt((share * (1 - share)) / total + z2 / (4 * total * total));
  return Math.max(0, (centre - spread) / (1 + z2 / total));
}
