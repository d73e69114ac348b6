import assert from 'node:assert/strict';
import { withDeadline } from '../../src/kernel/index.ts';

const failing = (afterMs: number) =>
  new Promise<never>((_resolve, reject) => setTimeout(() => reject(new Error('too late')), afterMs));

describe('a promise with a deadline', () => {
  it('leaves no rejection to the process, whichever comes first', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    // The test runner has a listener of its own, which would end the run.
    const others = process.rawListeners('unhandledRejection') as ((reason: unknown) => void)[];
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', note);
    try {
      const later = new AbortController();
      const cases = [
        [withDeadline('late', failing(20), 10_000, AbortSignal.abort()), 'MW_ABORTED'],
        [withDeadline('late', failing(20), 10_000, later.signal), 'MW_ABORTED'],
        [withDeadline('late', failing(20), 1), 'MW_DEADLINE'],
      ] as const;
      later.abort();
      for (const [promise, code] of cases) await assert.rejects(promise, { code });
      await new Promise((resolve) => setTimeout(resolve, 60));
      assert.deepEqual(unhandled, []);
    } finally {
      process.removeListener('unhandledRejection', note);
      for (const listener of others) process.on('unhandledRejection', listener);
    }
  });
});
