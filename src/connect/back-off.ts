import type { Random } from '../kernel/index.ts';

const firstMs = 500;
const capMs = 5_000;

/** Pauses between attempts: doubling from 0.5 s to 5 s, each varied by half so that clients do not come back at once. */
export interface BackOff {
  /** The next pause in milliseconds: at least a quarter second, at most 5 s. */
  next(): number;
  /** An attempt succeeded: begin again with the shortest pause. */
  reset(): void;
}

/** Opens a back-off. */
export function openBackOff(random: Random): BackOff {
  let attempts = 0;
  return {
    next() {
      const whole = Math.min(capMs, firstMs * 2 ** attempts);
      attempts = Math.min(attempts + 1, 10);
      return whole * (0.5 + random.next() / 2);
    },
    reset() {
      attempts = 0;
    },
  };
}
