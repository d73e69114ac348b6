import { MillwrightError, silentLogger, systemClock, type Clock, type Logger } from '../../kernel/index.ts';
import { openQueue } from '../queue/queue.ts';
import { decodeMessages, encodeMessages } from './stored-message.ts';
import type { MqttLink, MqttMessage } from './types.ts';

/** Messages on their way to the broker at once, up to one bundle more. */
const window = 500;
const largestBundle = 1_000;

/** Where messages wait for the broker. */
export interface ForwarderOptions {
  link: MqttLink;
  queue: {
    name: string;
    folder: string;
    limitBytes: number;
    /** Messages that wait longer than this are dropped and counted. */
    limitAgeMs: number;
  };
  /** Makes the payload of a message that may have been published before tell so. */
  markDuplicate?: (payload: Uint8Array) => Uint8Array;
  /** The broker refuses a message for good; it is dropped, the others go on. */
  onRefused?: (error: MillwrightError) => void;
  /** Messages were dropped because they waited too long. */
  onExpired?: (count: number) => void;
  logger?: Logger;
  clock?: Clock;
}

/** Messages on their way through a durable queue to a broker. */
export interface Forwarder {
  /**
   * Takes messages: when this resolves they are on disk and will be published in order, again after a restart. Calls of
   * one turn of the event loop are written together. `confirmed` is called once the broker has acknowledged them (with
   * QoS 0: once they are written to it).
   * @throws MW_QUEUE_FULL where limit or disk refuse them; none was taken then
   */
  take(messages: readonly MqttMessage[], confirmed?: () => void): Promise<void>;
  /** Messages taken since the start that the broker has not acknowledged, and records of before. */
  readonly waiting: number;
  close(): void;
}

/** What was written together. */
interface Bundle {
  offset: number;
  messages: readonly MqttMessage[];
  /** Whether the broker has acknowledged the message in the same place. */
  done: boolean[];
  left: number;
  duplicate: boolean;
}

/** Calls that wait for the end of this turn. */
interface Gathered {
  messages: MqttMessage[];
  confirmations: (() => void)[];
  written: PromiseWithResolvers<undefined>;
}

/**
 * Opens a forwarder. Messages are published in the order in which they were taken, many at once on the way; after a
 * lost link those without acknowledgement are published again in order, marked as duplicates, and so is what an earlier
 * process left.
 */
export function openForwarder(options: ForwarderOptions): Forwarder {
  const { link, markDuplicate, logger = silentLogger, clock = systemClock } = options;
  const { name, folder, limitBytes, limitAgeMs } = options.queue;
  const queue = openQueue({ folder, limitBytes, logger });
  const inFlight = new Map<number, Bundle>();
  const confirmations = new Map<number, (() => void)[]>();
  let gathered: Gathered | undefined;
  let fresh: { offset: number; messages: readonly MqttMessage[] } | undefined;
  let unacknowledged = 0;
  let closed = false;

  function store(): void {
    if (!gathered) return;
    const { messages, confirmations: calls, written } = gathered;
    gathered = undefined;
    const offset = closed ? undefined : queue.append(encodeMessages(messages), clock.now());
    if (offset === undefined) {
      written.reject(new MillwrightError('MW_QUEUE_FULL', { queue: name, limit: limitBytes }));
      return;
    }
    if (calls.length > 0) confirmations.set(offset, calls);
    written.resolve(undefined);
    fresh = { offset, messages };
    pump();
    fresh = undefined;
  }

  function pump(): void {
    if (closed || link.state.state !== 'online') return;
    let expired = 0;
    while (unacknowledged < window) {
      const record = queue.next();
      if (!record) break;
      const { offset, duplicate } = record;
      if (record.atMs < clock.now() - limitAgeMs) {
        expired += decodeMessages(record.body).length;
        confirm(offset);
        continue;
      }
      const messages = fresh?.offset === offset ? fresh.messages : decodeMessages(record.body);
      const left = messages.length;
      const bundle: Bundle = { offset, messages, done: new Array<boolean>(left).fill(false), left, duplicate };
      inFlight.set(offset, bundle);
      unacknowledged += left;
      send(bundle);
    }
    if (expired > 0) options.onExpired?.(expired);
  }

  function send(bundle: Bundle): void {
    const { messages, done, duplicate } = bundle;
    for (let at = 0; at < messages.length; at++) {
      if (done[at]) continue;
      const message = messages[at]!;
      const marked = duplicate && markDuplicate ? { ...message, payload: markDuplicate(message.payload) } : message;
      link.publish(marked).then(
        () => {
          settle(bundle, at);
        },
        (thrown: unknown) => {
          const error = thrown as MillwrightError;
          if (error.code === 'MW_MQTT_NOT_CONNECTED') return;
          options.onRefused?.(error);
          settle(bundle, at);
        },
      );
    }
  }

  function settle(bundle: Bundle, at: number): void {
    if (closed || bundle.done[at]) return;
    bundle.done[at] = true;
    unacknowledged--;
    if (--bundle.left > 0) return;
    inFlight.delete(bundle.offset);
    confirm(bundle.offset);
    pump();
  }

  function confirm(offset: number): void {
    queue.confirm(offset);
    const calls = confirmations.get(offset);
    if (!calls) return;
    confirmations.delete(offset);
    for (const confirmed of calls) confirmed();
  }

  const unlisten = link.onConnect(() => {
    for (const bundle of inFlight.values()) {
      bundle.duplicate = true;
      send(bundle);
    }
    pump();
  });
  return {
    take(messages, confirmed) {
      if (!gathered) {
        gathered = { messages: [], confirmations: [], written: Promise.withResolvers() };
        setImmediate(store);
      }
      const { written } = gathered;
      gathered.messages.push(...messages);
      if (confirmed) gathered.confirmations.push(confirmed);
      if (gathered.messages.length >= largestBundle) store();
      return written.promise;
    },
    get waiting() {
      return Math.max(queue.unconfirmed, unacknowledged);
    },
    close() {
      store();
      closed = true;
      unlisten();
      queue.close();
    },
  };
}
