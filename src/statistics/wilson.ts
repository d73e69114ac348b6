/** Standard normal quantile of a two-sided 95 % interval. */
const usualQuantile = 1.959963984540054;

/** Wilson's score interval of a share (1927), 95 % by default; everything is possible where nothing was counted. */
export function wilsonInterval(successes: number, total: number, z = usualQuantile): { low: number; high: number } {
  if (total <= 0) return { low: 0, high: 1 };
  const share = successes / total;
  const z2 = z * z;
  const centre = share + z2 / (2 * total);
  const spread = z * Math.sqrt((share * (1 - share)) / total + z2 / (4 * total * total));
  const whole = 1 + z2 / total;
  return { low: Math.max(0, (centre - spread) / whole), high: Math.min(1, (centre + spread) / whole) };
}

/**
 * Lower bound of a share by Wilson's score interval, 95 % by default; 0 where nothing was counted. It stays low until
 * enough was counted, which a plain share does not.
 */
export function wilsonLowerBound(successes: number, total: number, z = usualQuantile): number {
  return wilsonInterval(successes, total, z).low;
}
