import { isoInstant } from '../../kernel/index.ts';

/**
 * Writes instants as ISO 8601 text in UTC with milliseconds; the text up to the second is kept, since the values of
 * one publish share it (`toISOString` alone costs as much as decoding a value).
 */
export function openTimeText(): (ms: number) => string {
  let second = NaN;
  let prefix = '';
  return (ms) => {
    const whole = Math.floor(ms / 1000);
    if (whole !== second) {
      second = whole;
      prefix = isoInstant(whole * 1000).slice(0, -4);
    }
    const rest = ms - whole * 1000;
    return `${prefix}${rest < 10 ? '00' : rest < 100 ? '0' : ''}${rest}Z`;
  };
}
