import { MillwrightError } from '../../src/kernel/index.ts';

/** Runs a node's messages one after the other (or a few at once), with a bounded number waiting. */
export interface Inbox {
  /** Queues one piece of work; rejects with `MW_QUEUE_FULL` at once when too many wait. */
  run(work: () => Promise<void>): Promise<void>;
  readonly waiting: number;
}

/** Opens an inbox. @param limit messages that may wait @param concurrency messages worked on at once */
export function openInbox(name: string, { limit = 1000, concurrency = 1 } = {}): Inbox {
  const queue: (() => void)[] = [];
  let running = 0;
  return {
    get waiting() {
      return queue.length;
    },
    async run(work) {
      if (running >= concurrency) {
        if (queue.length >= limit) throw new MillwrightError('MW_QUEUE_FULL', { queue: name, limit });
        await new Promise<void>((resolve) => queue.push(resolve));
      } else running++;
      try {
        await work();
      } finally {
        const next = queue.shift();
        if (next) next();
        else running--;
      }
    },
  };
}
