import { MillwrightError } from './errors.ts';

/**
 * Settles as the promise does, or rejects with `MW_DEADLINE` after `limitMs`, or with `MW_ABORTED` when the
 * signal fires first. The underlying work is the caller's to stop.
 */
export function withDeadline<T>(what: string, promise: Promise<T>, limitMs: number, signal?: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = () => {
      finish(() => reject(new MillwrightError('MW_ABORTED', { what })));
    };
    const timer = setTimeout(() => {
      finish(() => reject(new MillwrightError('MW_DEADLINE', { what, limitMs })));
    }, limitMs);
    function finish(settle: () => void) {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      settle();
    }
    // Also where it is too late already: a rejection that nobody takes would end the process.
    promise.then(
      (value) => finish(() => resolve(value)),
      (thrown: unknown) => finish(() => reject(thrown instanceof Error ? thrown : new Error(String(thrown)))),
    );
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}

/** Throws `MW_ABORTED` where the signal has fired: long work asks between its steps. */
export function throwIfAborted(what: string, signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new MillwrightError('MW_ABORTED', { what });
}

/** Waits; ends early without an error when the signal fires. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}
