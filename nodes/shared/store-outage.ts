import { MillwrightError, sleep } from '../../src/kernel/index.ts';

/** Milliseconds between two tries; the store itself has tried for some seconds before it gives a call back. */
const pauseMs = 2_000;

/**
 * Does work with a store whose server may be away: again and again until it comes through, or the node is closed.
 * What waits meanwhile is bounded by the node's inbox and by what a durable source sends unconfirmed.
 * @param onWait told at each failed try
 */
export async function throughOutage<T>(
  work: () => Promise<T>,
  signal: AbortSignal,
  onWait: (error: MillwrightError) => void,
): Promise<T> {
  for (;;)
    try {
      return await work();
    } catch (thrown) {
      if (!(thrown instanceof MillwrightError) || thrown.code !== 'MW_STORE_LOST') throw thrown;
      onWait(thrown);
      await sleep(pauseMs, signal);
      if (signal.aborted) throw thrown;
    }
}
