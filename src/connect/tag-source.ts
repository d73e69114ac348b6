import { join } from 'node:path';
import type { Delivery, Gap, Sample } from '../contracts/index.ts';
import { isoInstant, MillwrightError, silentLogger, type Logger } from '../kernel/index.ts';
import { openBackfill } from './backfill.ts';
import { openGapCollector } from './opcua/gaps.ts';
import type { GapEdges, Granted, OpcuaConnection, SubscribedTag } from './opcua/types.ts';
import type { TagDetails } from './opcua/tag-details.ts';
import { openDelivery } from './queue/delivery.ts';
import { openQueue, type QueuedBatch } from './queue/queue.ts';
import { readBatch, writeBatch, type SampleBatch } from './queue/sample-body.ts';

/** Batches on their way at once before a source stops sending. */
const defaultUnconfirmed = 64;
/** What an earlier process left is sent when the flow around the source has had time to start. */
const resumeMs = 500;
/** So much of the queue is read back after a restart to know which values were the last ones. */
const tailBytes = 4 * 2 ** 20;
/** Gaps kept for the next batch while the queue takes none. */
const mostUnwritten = 1_000;

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
    /** What waits unsent for longer than this, by the time of the newest batch, is dropped and reported as a gap. */
    limitAgeMs?: number;
  };
  mostUnconfirmed?: number;
  /** Batches sent in one turn of the event loop, the rest in the turns after it; all at once where absent. */
  mostPerTurn?: number;
  /** Whether what is missing is fetched from the server's history, where it keeps one. */
  backfill?: boolean;
  logger?: Logger;
}

/** Who takes what a tag source sends. */
export interface TagSourceHandlers {
  /** One batch in order; `delivery` belongs into the message's envelope. */
  onBatch(samples: Sample[], delivery: Delivery): void;
  /**
   * Values of some tags are missing. Where the server's history had them, the same gap comes again with `backfilled`
   * for the tags of which all was fetched, after the batches that hold it.
   */
  onGap(gap: Gap): void;
  onTagError(tag: string, error: MillwrightError): void;
  /** The server monitors these tags, from the start, anew or at last. */
  onMonitored?(tags: readonly string[]): void;
  /** The server refuses to monitor anything, with this status; it is asked again every few seconds. */
  onRefused?(status: string): void;
  /** Too many batches are unconfirmed: sending stopped (values go on being queued), or goes on. */
  onStalled(stalled: boolean, waiting: number): void;
  /** The queue takes nothing more, being full or its disk failing, or takes again; what it refused becomes a gap. */
  onRefusing?(refusing: boolean): void;
}

/** Tags on their way from a server through a durable queue to a flow. */
export interface TagSource {
  /** Whoever got the batch, or this part of it, has it for good. */
  confirm(offset: number, part?: Delivery['part']): void;
  /** Batches in the queue that nobody has confirmed. */
  readonly unconfirmed: number;
  /** Batches that the full queue refused since the start; each is part of a gap. */
  readonly refused: number;
  /** What the server granted, one entry for each publishing interval that the tags need; empty before it answered. */
  readonly granted: readonly Granted[];
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
  let fresh: (SampleBatch & { offset: number }) | undefined;
  let heardMs = queue.lastAtMs || undefined;
  /** Gaps that no batch on disk tells of yet. */
  let unwritten: Gap[] = [];
  const grants = new Map<number, Granted>();
  const details = new Map<string, TagDetails>();
  let expired: { tags: Set<string>; fromMs: number; toMs: number } | undefined;
  /** Source times of the first and the last refused value of each tag. */
  let refusal: Map<string, { from: string; to: string }> | undefined;
  const delivery = openDelivery({
    queue,
    mode: options.delivery,
    mostUnconfirmed: options.mostUnconfirmed ?? defaultUnconfirmed,
    ...(options.mostPerTurn === undefined ? {} : { mostPerTurn: options.mostPerTurn }),
    send,
    onExpired: ({ body, atMs }) => {
      expired ??= { tags: new Set(), fromMs: atMs, toMs: atMs };
      for (const { tag, sourceTime } of readBatch(body).samples) {
        expired.tags.add(tag);
        expired.fromMs = Math.min(expired.fromMs, Date.parse(sourceTime));
      }
      expired.toMs = atMs;
    },
    onStalled: (stalled) => {
      handlers.onStalled(stalled, queue.unconfirmed);
    },
  });

  const backfill = options.backfill
    ? openBackfill({
        ...{ connection, tags, publishingMs, details, logger },
        file: join(options.queue.folder, 'backfill.json'),
        append: appendFetched,
        heardMs: () => heardMs,
        onFilled: (gap) => {
          handlers.onGap(gap);
        },
      })
    : undefined;

  function send({ offset, body, duplicate }: QueuedBatch): void {
    const { samples, backfilled, gaps = [] } = fresh?.offset === offset ? fresh : readBatch(body);
    // The process that said so may have died before anybody heard it.
    if (duplicate) for (const gap of gaps) handlers.onGap(gap);
    const marks = { ...(duplicate ? { duplicate } : {}), ...(backfilled ? { backfilled } : {}) };
    handlers.onBatch(samples, { queue: options.queue.name, offset, ...marks });
  }

  function take(samples: Sample[], arrivedMs: number): void {
    dropExpired(arrivedMs);
    for (let from = 0; from < samples.length; from += batchSize) {
      const batch = samples.length <= batchSize ? samples : samples.slice(from, from + batchSize);
      // Only the last part of a publish says that all before it has arrived.
      const atMs = from + batchSize < samples.length ? (heardMs ?? 0) : arrivedMs;
      const offset = queue.append(writeBatch({ samples: batch, gaps: unwritten }), atMs);
      if (offset === undefined) refuse(batch);
      else {
        unwritten = [];
        reportRefusal();
        if (backfill?.waiting) backfill.note(batch);
        fresh = { offset, samples: batch };
      }
      delivery.pump();
      fresh = undefined;
    }
    // What was refused is missing from the queue: a restart must find the time before it.
    if (!refusal) heardMs = arrivedMs;
  }

  function dropExpired(nowMs: number): void {
    const { limitAgeMs } = options.queue;
    if (limitAgeMs === undefined) return;
    delivery.expire(nowMs - limitAgeMs);
    if (!expired) return;
    const { tags: dropped, fromMs, toMs } = expired;
    expired = undefined;
    const range = { from: isoInstant(fromMs), to: isoInstant(toMs) };
    tell({ tags: [...dropped], ...range, reason: 'overflow', backfilled: false });
  }

  /** Takes values out of the server's history, but never so many that live values find no room; returns how many. */
  function appendFetched(samples: Sample[]): number {
    if (delivery.stalled || queue.bytes > options.queue.limitBytes / 2) return 0;
    for (let from = 0; from < samples.length; from += batchSize) {
      const body = writeBatch({ samples: samples.slice(from, from + batchSize), backfilled: true });
      if (queue.append(body, heardMs ?? 0) === undefined) return from;
      delivery.pump();
    }
    return samples.length;
  }

  /** Says what is missing, and keeps it for the next batch on disk. */
  function tell(gap: Gap): void {
    unwritten = [...unwritten, gap].slice(-mostUnwritten);
    handlers.onGap(gap);
  }

  function report(gap: Gap, edgesOf: (tag: string) => GapEdges): void {
    tell(gap);
    backfill?.add(gap, edgesOf);
  }

  function refuse(batch: readonly Sample[]): void {
    if (!refusal) {
      refusal = new Map();
      const { name, limitBytes: limit } = options.queue;
      logger.warn(new MillwrightError('MW_QUEUE_FULL', { queue: name, limit }).message);
      handlers.onRefusing?.(true);
    }
    for (const { tag, sourceTime } of batch) {
      const known = refusal.get(tag);
      if (known) known.to = sourceTime;
      else refusal.set(tag, { from: sourceTime, to: sourceTime });
    }
  }

  function reportRefusal(): void {
    if (!refusal) return;
    const missing = openGapCollector();
    for (const [tag, { from, to }] of refusal)
      missing.add(tag, { from, to, reason: 'overflow' }, { since: from, until: to });
    refusal = undefined;
    handlers.onRefusing?.(false);
    for (const { gap, edgesOf } of missing.gaps()) report(gap, edgesOf);
  }

  const subscription = connection.subscribe(
    { tags, publishingMs, holdSeconds, heardMs, lastValues: lastOf(queue.tail(tailBytes)), details },
    {
      onSamples: take,
      onHeard: (arrivedMs) => {
        if (refusal) return;
        heardMs = arrivedMs;
        queue.note(arrivedMs);
      },
      onGap: report,
      onTagError: (tag, error) => {
        handlers.onTagError(tag, error);
      },
      onRefused: (status) => {
        handlers.onRefused?.(status);
      },
      onGranted: (granted, begun) => {
        backfill?.setNamespaces(begun.namespaces);
        grants.set(begun.publishingMs, granted);
        handlers.onMonitored?.(begun.accepted);
      },
    },
  );
  const resume = setTimeout(() => {
    delivery.pump();
  }, resumeMs);
  return {
    confirm: (offset, part) => {
      delivery.confirm(offset, part);
    },
    get granted() {
      return [...grants.values()];
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
      await backfill?.close();
      queue.close();
    },
  };
}

/** The last live value of each tag in batches of a queue. */
function lastOf(records: readonly { body: Buffer }[]): Map<string, Sample> {
  const last = new Map<string, Sample>();
  for (const { body } of records) {
    const { samples, backfilled } = readBatch(body);
    if (!backfilled) for (const sample of samples) last.set(sample.tag, sample);
  }
  return last;
}
