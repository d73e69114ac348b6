import type { Delivery, Gap, Sample } from '../../../contracts/index.ts';
import {
  isoInstant,
  MillwrightError,
  silentLogger,
  systemClock,
  type Clock,
  type Logger,
} from '../../../kernel/index.ts';
import { openDelivery } from '../../queue/delivery.ts';
import { openQueue, type QueuedBatch } from '../../queue/queue.ts';
import { readBatch, writeBatch, type SampleBatch } from '../../queue/sample-body.ts';
import { topicMatcher } from '../topic-filter.ts';
import type { SparkplugHost, SparkplugListener } from './host.ts';

/** Batches on their way at once before a source stops sending. */
const defaultUnconfirmed = 64;
/** What an earlier process left is sent when the flow around the source has had time to start. */
const resumeMs = 500;

/** What a source of Sparkplug values is made of. */
export interface SparkplugSourceOptions {
  host: SparkplugHost;
  /** Tags that are wanted, in the form of a topic filter: `line/+/force`, `#`. */
  filter: string;
  /** Most samples in one batch. */
  batchSize: number;
  delivery: 'confirmed' | 'at-the-output';
  queue: { name: string; folder: string; limitBytes: number };
  mostUnconfirmed?: number;
  logger?: Logger;
  clock?: Clock;
}

/** Who takes what the source sends. */
export interface SparkplugSourceHandlers {
  /** One batch in order; historical values are marked `backfilled` in the delivery. */
  onBatch(samples: Sample[], delivery: Delivery): void;
  onGap(gap: Gap): void;
  /** An edge node or a device came or went. */
  onChange?: SparkplugListener['onChange'];
  onStalled(stalled: boolean, waiting: number): void;
}

/** Values of edge nodes on their way through a durable queue to a flow. */
export interface SparkplugSource {
  confirm(offset: number, part?: Delivery['part']): void;
  readonly unconfirmed: number;
  close(): void;
}

/**
 * Sends the values that a host application hears, each on disk before it is sent. What nobody confirmed before a restart
 * comes again, marked as duplicate; the time in which nothing ran is a gap of reason `restart`, values that the full
 * queue refused one of reason `overflow`.
 */
export function openSparkplugSource(
  options: SparkplugSourceOptions,
  handlers: SparkplugSourceHandlers,
): SparkplugSource {
  const { batchSize, logger = silentLogger, clock = systemClock } = options;
  const { name, folder, limitBytes } = options.queue;
  const queue = openQueue({ folder, limitBytes, logger });
  const matches = topicMatcher(options.filter);
  let fresh: (SampleBatch & { offset: number }) | undefined;
  let stoppedMs = queue.lastAtMs || undefined;
  let refusal: { tags: Set<string>; fromMs: number } | undefined;
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
    const { samples, backfilled } = fresh?.offset === offset ? fresh : readBatch(body);
    const marks = { ...(duplicate ? { duplicate } : {}), ...(backfilled ? { backfilled } : {}) };
    handlers.onBatch(samples, { queue: name, offset, ...marks });
  }

  function take(all: readonly Sample[], historical: boolean): void {
    const wanted = all.filter(({ tag }) => matches(tag));
    const nowMs = clock.now();
    if (wanted.length > 0) reportRestart(nowMs);
    for (let from = 0; from < wanted.length; from += batchSize) {
      const samples = wanted.slice(from, from + batchSize);
      const batch: SampleBatch = historical ? { samples, backfilled: true } : { samples };
      const offset = queue.append(writeBatch(batch), nowMs);
      if (offset === undefined) refuse(samples, nowMs);
      else {
        reportRefusal(nowMs);
        fresh = { offset, ...batch };
      }
      delivery.pump();
      fresh = undefined;
    }
  }

  function reportRestart(nowMs: number): void {
    if (stoppedMs === undefined) return;
    reportGap([options.filter], Math.min(stoppedMs, nowMs), nowMs, 'restart');
    stoppedMs = undefined;
  }

  function refuse(samples: readonly Sample[], nowMs: number): void {
    if (!refusal) {
      logger.warn(new MillwrightError('MW_QUEUE_FULL', { queue: name, limit: limitBytes }).message);
      refusal = { tags: new Set(), fromMs: nowMs };
    }
    for (const { tag, sourceTime } of samples) {
      refusal.tags.add(tag);
      refusal.fromMs = Math.min(refusal.fromMs, Date.parse(sourceTime));
    }
  }

  function reportRefusal(nowMs: number): void {
    if (!refusal) return;
    const { tags, fromMs } = refusal;
    refusal = undefined;
    reportGap([...tags], Math.min(fromMs, nowMs), nowMs, 'overflow');
  }

  function reportGap(tags: string[], fromMs: number, toMs: number, reason: Gap['reason']): void {
    handlers.onGap({ tags, from: isoInstant(fromMs), to: isoInstant(toMs), reason, backfilled: false });
  }

  const unlisten = options.host.listen({
    onSamples: take,
    ...(handlers.onChange ? { onChange: handlers.onChange } : {}),
    onGap(gap) {
      const tags = gap.tags.filter((tag) => matches(tag));
      if (tags.length > 0) handlers.onGap({ ...gap, tags });
    },
  });
  const resume = setTimeout(() => {
    delivery.pump();
  }, resumeMs);
  return {
    confirm: (offset, part) => {
      delivery.confirm(offset, part);
    },
    get unconfirmed() {
      return queue.unconfirmed;
    },
    close() {
      clearTimeout(resume);
      unlisten();
      reportRefusal(clock.now());
      queue.close();
    },
  };
}
