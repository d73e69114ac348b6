import type { Delivery, Gap, Sample } from '../contracts/index.ts';
import { isoInstant, MillwrightError, silentLogger, type Logger } from '../kernel/index.ts';
import type { OpcuaConnection, SubscribedTag } from './opcua/types.ts';
import { openDelivery } from './queue/delivery.ts';
import { openQueue, type QueuedBatch } from './queue/queue.ts';

/** Batches on their way at once before a source stops sending. */
const defaultUnconfirmed = 64;
/** What an earlier process left is sent when the flow around the source has had time to start. */
const resumeMs = 500;

/** What a tag source is made of. */
export interface TagSourceOptions {
  connection: OpcuaConnection;
  tags: readonly SubscribedTag[];
  publishingMs: number;
  /** A cut shorter than this loses nothing, as far as the server grants it. */
  holdSeconds: number;
  /** Most samples in one batch; a larger publish is split. */
  batchSize: number;
  /** `confirmed`: batches wait on disk until they are confirmed; `at-the-output`: until they were sent. */
  delivery: 'confirmed' | 'at-the-output';
  queue: {
    /** Name in `mw.delivery`, the same after a restart. */
    name: string;
    folder: string;
    limitBytes: number;
  };
  mostUnconfirmed?: number;
  logger?: Logger;
}

/** Who takes what a tag source sends. */
export interface TagSourceHandlers {
  /** One batch in order; `delivery` belongs into the message's envelope. */
  onBatch(samples: Sample[], delivery: Delivery): void;
  onGap(gap: Gap): void;
  onTagError(tag: string, error: MillwrightError): void;
  /** Too many batches are unconfirmed: sending stopped (values go on being queued), or goes on. */
  onStalled(stalled: boolean, waiting: number): void;
}

/** Tags on their way from a server through a durable queue to a flow. */
export interface TagSource {
  /** Whoever got the batch has it for good. */
  confirm(offset: number): void;
  /** Batches in the queue that nobody has confirmed. */
  readonly unconfirmed: number;
  /** Batches that the full queue refused since the start; each is part of a gap. */
  readonly refused: number;
  /** Unsubscribes and closes the queue; what is in it comes again at the next start. */
  close(): Promise<void>;
}

/**
 * Subscribes to tags and sends their values as batches. Each batch is on disk before the server may forget its values
 * and before it is sent. What came to nobody's hands before a restart comes again, marked as duplicate; the time
 * in which nothing ran is a gap of reason `restart`, values that the full queue refused one of reason `overflow`.
 */
export function openTagSource(options: TagSourceOptions, handlers: TagSourceHandlers): TagSource {
  const { connection, tags, publishingMs, holdSeconds, batchSize, logger = silentLogger } = options;
  const queue = openQueue({ folder: options.queue.folder, limitBytes: options.queue.limitBytes, logger });
  /** The batch just taken, so that it need not be read back from the disk when it is sent at once. */
  let fresh: { offset: number; samples: Sample[] } | undefined;
  let stoppedAt = queue.lastAtMs;
  let refusal: { tags: Set<string>; fromMs: number; toMs: number } | undefined;
  const delivery = openDelivery({
    queue,
    mode: options.delivery,
    mostUnconfirmed: options.mostUnconfirmed ?? defaultUnconfirmed,
    send,
    onStalled: (stalled) => {
      handlers.onStalled(stalled, queue.unconfirmed);
    },
  });

  function send({ offset, body, duplicate }: QueuedBatch): void {
    const samples = fresh?.offset === offset ? fresh.samples : (JSON.parse(body.toString('utf8')) as Sample[]);
    handlers.onBatch(samples, { queue: options.queue.name, offset, ...(duplicate ? { duplicate } : {}) });
  }

  function take(samples: Sample[], publishMs: number): void {
    if (stoppedAt !== undefined) {
      const range = { from: isoInstant(stoppedAt), to: isoInstant(Math.max(stoppedAt, publishMs)) };
      handlers.onGap({ tags: tags.map(({ tag }) => tag), ...range, reason: 'restart', backfilled: false });
      stoppedAt = undefined;
    }
    for (let from = 0; from < samples.length; from += batchSize) {
      const batch = samples.length <= batchSize ? samples : samples.slice(from, from + batchSize);
      const offset = queue.append(JSON.stringify(batch), publishMs);
      if (offset === undefined) refuse(batch, publishMs);
      else {
        reportRefusal();
        fresh = { offset, samples: batch };
      }
      delivery.pump();
      fresh = undefined;
    }
  }

  function refuse(batch: readonly Sample[], publishMs: number): void {
    if (!refusal) {
      refusal = { tags: new Set(), fromMs: publishMs, toMs: publishMs };
      const { name, limitBytes: limit } = options.queue;
      logger.warn(new MillwrightError('MW_QUEUE_FULL', { queue: name, limit }).message);
    }
    for (const { tag, sourceTime } of batch) {
      refusal.tags.add(tag);
      refusal.fromMs = Math.min(refusal.fromMs, Date.parse(sourceTime));
    }
    refusal.toMs = publishMs;
  }

  function reportRefusal(): void {
    if (!refusal) return;
    const { tags: refusedTags, fromMs, toMs } = refusal;
    refusal = undefined;
    const range = { from: isoInstant(fromMs), to: isoInstant(toMs) };
    handlers.onGap({ tags: [...refusedTags], ...range, reason: 'overflow', backfilled: false });
  }

  const subscription = connection.subscribe(
    { tags, publishingMs, holdSeconds },
    {
      onSamples: take,
      onGap: (gap) => {
        handlers.onGap(gap);
      },
      onTagError: (tag, error) => {
        handlers.onTagError(tag, error);
      },
    },
  );
  const resume = setTimeout(() => {
    delivery.pump();
  }, resumeMs);
  return {
    confirm: (offset) => {
      delivery.confirm(offset);
    },
    get unconfirmed() {
      return queue.unconfirmed;
    },
    get refused() {
      return queue.refused;
    },
    async close() {
      clearTimeout(resume);
      await subscription.close();
      reportRefusal();
      queue.close();
    },
  };
}
