import { MillwrightError, serveWorker, type WorkerContext } from '../../src/kernel/index.ts';

/** A worker for tests: echoes, fails, crashes, hangs, reports progress. */
serveWorker(() => ({
  echo: (value: unknown) => value,
  fail: () => {
    throw new MillwrightError('MW_QUEUE_FULL', { queue: 'q', limit: 1 });
  },
  crash: () => process.exit(3),
  hang: () => new Promise(() => undefined),
  count: (to: number, context: WorkerContext) => {
    for (let i = 1; i <= to; i++) context.progress(i);
    return to;
  },
}));
