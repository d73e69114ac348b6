/** Where time comes from. Rooms take a clock as a parameter, so that a test or the demo plant can turn it. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now() };

/** Monotonic milliseconds for measuring durations. */
export function monotonicMs(): number {
  return performance.now();
}

let latest = { ms: NaN, text: '' };

/** An instant as ISO 8601 in UTC with milliseconds; the same instant again costs nothing. */
export function isoInstant(ms: number): string {
  if (ms !== latest.ms) latest = { ms, text: new Date(ms).toISOString() };
  return latest.text;
}

/** Reads an ISO 8601 instant that names its offset; returns milliseconds, or NaN where the text is none. */
export function parseInstant(text: string): number {
  return /T.*(Z|[+-]\d\d:?\d\d)$/.test(text) ? Date.parse(text) : NaN;
}
