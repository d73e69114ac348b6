import type { Sample } from '../../../contracts/index.ts';
import { MillwrightError, silentLogger, systemClock, type Clock, type Logger } from '../../../kernel/index.ts';
import { openQueue } from '../../queue/queue.ts';
import { readBatch, writeBatch, type SampleBatch } from '../../queue/sample-body.ts';
import type { SparkplugEdge } from './edge.ts';

/** Batches on their way to the broker at once. */
const window = 64;

/** Where samples wait for their edge node. */
export interface SampleForwarderOptions {
  edge: SparkplugEdge;
  queue: {
    name: string;
    folder: string;
    limitBytes: number;
    /** Batches that wait longer than this are dropped and counted. */
    limitAgeMs: number;
  };
  /** Samples were dropped because they waited too long. */
  onExpired?: (count: number) => void;
  /** A batch cannot be published for good; it is dropped, the others go on. */
  onRefused?: (error: MillwrightError) => void;
  logger?: Logger;
  clock?: Clock;
}

/** Samples on their way through a durable queue to an edge node. */
export interface SampleForwarder {
  /**
   * Takes samples: when this returns they are on disk and will be published in order, after a restart too. `confirmed` is
   * called once the broker has read them.
   * @param late they come out of a history: historical whatever their time
   * @throws MW_QUEUE_FULL where limit or disk refuse them; none was taken then
   */
  take(samples: readonly Sample[], late: boolean, confirmed?: () => void): void;
  /** Batches that the broker has not read yet. */
  readonly waiting: number;
  close(): void;
}

interface Waiting extends SampleBatch {
  /** Left by an earlier process: older than anything that is current now. */
  late: boolean;
}

/** Errors that end with the next birth. */
const passing: ReadonlySet<string> = new Set(['MW_MQTT_NOT_CONNECTED', 'MW_SPARKPLUG_HOST_OFFLINE']);

/**
 * Opens a forwarder. What is not published yet when the edge node dies is published after its next birth, in order and
 * historical, while the birth has the newest values.
 */
export function openSampleForwarder(options: SampleForwarderOptions): SampleForwarder {
  const { edge, logger = silentLogger, clock = systemClock } = options;
  const { name, folder, limitBytes, limitAgeMs } = options.queue;
  const queue = openQueue({ folder, limitBytes, logger });
  const inFlight = new Map<number, Waiting>();
  const confirmations = new Map<number, () => void>();
  let fresh: (SampleBatch & { offset: number }) | undefined;
  let closed = false;

  function pump(): void {
    if (closed || edge.phase !== 'born') return;
    let expired = 0;
    while (inFlight.size < window) {
      const record = queue.next();
      if (!record) break;
      const { offset, atMs, body, duplicate } = record;
      const { samples, backfilled = false } = fresh?.offset === offset ? fresh : readBatch(body);
      if (atMs < clock.now() - limitAgeMs) {
        expired += samples.length;
        confirm(offset);
        continue;
      }
      const batch = { samples, late: duplicate || backfilled };
      inFlight.set(offset, batch);
      send(offset, batch);
    }
    if (expired > 0) options.onExpired?.(expired);
  }

  function send(offset: number, { samples, late }: Waiting): void {
    edge.publish(samples, late).then(
      () => {
        settle(offset);
      },
      (thrown: unknown) => {
        const error = thrown as MillwrightError;
        if (passing.has(error.code)) return;
        options.onRefused?.(error);
        settle(offset);
      },
    );
  }

  function settle(offset: number): void {
    if (closed || !inFlight.delete(offset)) return;
    confirm(offset);
    pump();
  }

  function confirm(offset: number): void {
    queue.confirm(offset);
    const confirmed = confirmations.get(offset);
    confirmations.delete(offset);
    confirmed?.();
  }

  const unlisten = edge.onPhase((phase) => {
    if (phase !== 'born') return;
    for (const [offset, batch] of inFlight) send(offset, batch);
    pump();
  });
  pump();
  return {
    take(samples, late, confirmed) {
      const batch = { samples: [...samples] };
      const body = writeBatch(late ? { ...batch, backfilled: true } : batch);
      const offset = closed ? undefined : queue.append(body, clock.now());
      if (offset === undefined) throw new MillwrightError('MW_QUEUE_FULL', { queue: name, limit: limitBytes });
      if (confirmed) confirmations.set(offset, confirmed);
      if (!late) edge.observe(samples);
      fresh = late ? undefined : { offset, ...batch };
      pump();
      fresh = undefined;
    },
    get waiting() {
      return queue.unconfirmed;
    },
    close() {
      closed = true;
      unlisten();
      queue.close();
    },
  };
}
