import { MillwrightError, startService, workerUrl, type WorkerService } from '../../kernel/index.ts';
import type { QueryCall, QuestionSource } from './worker.ts';
import type { Store } from '../store.ts';

/** Questions that may wait; beyond them `MW_QUEUE_FULL`. */
const longestQueue = 100;
const usualRows = 10_000;
const usualLimitMs = 10_000;

/** Answers questions on a connection of their own. */
export interface QueryService {
  query: Store['query'];
  close(): Promise<void>;
}

/** Starts the service for one database; its thread begins with the first question. */
export function startQueries(source: QuestionSource): QueryService {
  const service: WorkerService = startService('store-query', workerUrl(import.meta.url), source);
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return {
    /** One at a time, so that a question's deadline begins with its own work and ends nobody else's. */
    query: async (sql, parameters, { rows = usualRows, limitMs = usualLimitMs } = {}) => {
      if (waiting >= longestQueue)
        throw new MillwrightError('MW_QUEUE_FULL', { queue: 'store-query', limit: longestQueue });
      waiting++;
      const call: QueryCall = { sql, parameters, rows, limitMs };
      const turn = last.then(() => service.call<Awaited<ReturnType<Store['query']>>>('query', call, { limitMs }));
      last = turn.catch(() => undefined);
      return turn.finally(() => waiting--);
    },
    close: () => service.close(),
  };
}
