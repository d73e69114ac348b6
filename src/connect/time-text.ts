import { isoInstant } from '../kernel/index.ts';

/** Seconds whose text is kept at once; a power of two. */
const kept = 8;

/**
 * Writes instants as ISO 8601 text in UTC with milliseconds; the text up to the second is kept for a few seconds,
 * since the values of one publish share them (`toISOString` alone costs as much as decoding a value).
 */
export function openTimeText(): (ms: number) => string {
  const seconds = new Float64Array(kept).fill(NaN);
  const prefixes = new Array<string>(kept).fill('');
  return (ms) => {
    const whole = Math.floor(ms / 1000);
    const slot = Math.abs(whole) % kept;
    if (seconds[slot] !== whole) {
      seconds[slot] = whole;
      prefixes[slot] = isoInstant(whole * 1000).slice(0, -4);
    }
    const rest = ms - whole * 1000;
    return `${prefixes[slot]!}${rest < 10 ? '00' : rest < 100 ? '0' : ''}${rest}Z`;
  };
}
