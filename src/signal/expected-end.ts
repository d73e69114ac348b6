import type { ExpectedEnd } from '../plant/index.ts';

/** Past stops that lasted longer than this one so far, below which their quantiles say too little. */
const leastStops = 5;
const defaultMedianSeconds = 1_800;
const defaultP90Seconds = 7_200;

/**
 * When a stop is expected to end, given that it has lasted so far: median and 90 % quantile of the past stops that
 * lasted longer (linear interpolation, Hyndman and Fan type 7). With fewer than five of those: 30 minutes and 2 hours
 * from now, or half and twice the time so far where that is more, with the basis `default`.
 * @param durationsSeconds lengths of past stops for that reason, in any order
 * @param elapsedSeconds how long this stop has lasted
 * @param at now, milliseconds since 1970 UTC
 */
export function expectedEnd(durationsSeconds: readonly number[], elapsedSeconds: number, at: number): ExpectedEnd {
  const longer = durationsSeconds.filter((seconds) => seconds > elapsedSeconds).sort((a, b) => a - b);
  if (longer.length < leastStops)
    return {
      p50: at + Math.max(defaultMedianSeconds, elapsedSeconds / 2) * 1000,
      p90: at + Math.max(defaultP90Seconds, elapsedSeconds * 2) * 1000,
      basis: 'default',
    };
  const endOf = (share: number) => Math.round(at + (quantile(longer, share) - elapsedSeconds) * 1000);
  return { p50: endOf(0.5), p90: endOf(0.9), basis: 'reason-history' };
}

function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)]!;
  return below + (sorted[Math.ceil(place)]! - below) * (place - Math.floor(place));
}
