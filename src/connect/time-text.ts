import { isoInstant } from '../kernel/index.ts';

/** Seconds and instants whose texts are kept; powers of two. */
const keptSeconds = 8;
const keptInstants = 1024;

/**
 * Writes instants as ISO 8601 text in UTC with milliseconds. The values of one publish share few instants and fewer
 * seconds, so their texts are kept a while (`toISOString` alone costs as much as decoding a value); the same instant
 * is the same text object, which is found in a map without reading it.
 */
export function openTimeText(): (ms: number) => string {
  const seconds = new Float64Array(keptSeconds).fill(NaN);
  const prefixes = new Array<string>(keptSeconds).fill('');
  const instants = new Float64Array(keptInstants).fill(NaN);
  const texts = new Array<string>(keptInstants).fill('');
  function write(ms: number): string {
    const whole = Math.floor(ms / 1000);
    const slot = Math.abs(whole) % keptSeconds;
    if (seconds[slot] !== whole) {
      seconds[slot] = whole;
      prefixes[slot] = isoInstant(whole * 1000).slice(0, -4);
    }
    const rest = ms - whole * 1000;
    return `${prefixes[slot]!}${rest < 10 ? '00' : rest < 100 ? '0' : ''}${rest}Z`;
  }
  return (ms) => {
    const slot = Math.abs(ms) % keptInstants;
    if (instants[slot] !== ms) {
      instants[slot] = ms;
      texts[slot] = write(ms);
    }
    return texts[slot]!;
  };
}
