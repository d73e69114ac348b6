import { MillwrightError, monotonicMs, sleep } from '../kernel/index.ts';
import type { Database } from './database.ts';

/** Milliseconds before each further try of a call whose connection was lost. */
const retryAfterMs = [250, 500, 1_000, 2_000, 4_000];

/** Milliseconds after the last try in which further calls are refused at once. */
const restMs = 2_000;

/**
 * Carries a call out, again where the connection was lost: a bounded number of times, ever slower. Past that it is
 * refused with `MW_STORE_LOST`, and for a moment so are those behind it; then each tries once, until one comes through.
 * A lost transaction has written nothing, so that a call can be repeated whole; SQLite's calls run as they are.
 */
export function persistence(db: Database): <T>(work: () => T) => T | Promise<T> {
  if (db.dialect === 'sqlite') return (work) => work();
  let down: { since: number; error: MillwrightError } | undefined;
  return async (work) => {
    if (down && monotonicMs() - down.since < restMs) throw down.error;
    for (const delay of down ? [] : retryAfterMs) {
      try {
        return work();
      } catch (thrown) {
        if (!isLost(thrown)) throw thrown;
        await sleep(delay);
      }
    }
    try {
      const result = work();
      down = undefined;
      return result;
    } catch (thrown) {
      if (isLost(thrown)) down = { since: monotonicMs(), error: thrown };
      throw thrown;
    }
  };
}

function isLost(thrown: unknown): thrown is MillwrightError {
  return thrown instanceof MillwrightError && thrown.code === 'MW_STORE_LOST';
}
