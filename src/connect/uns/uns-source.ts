import type { Delivery, Gap, Sample } from '../../contracts/index.ts';
import {
  isoInstant,
  MillwrightError,
  silentLogger,
  systemClock,
  toMillwrightError,
  type Clock,
  type Logger,
} from '../../kernel/index.ts';
import { openDelivery } from '../queue/delivery.ts';
import { openQueue, type QueuedBatch } from '../queue/queue.ts';
import { readBody, sampleOf, type ReadBody } from './json-body.ts';
import { decodeMessages, encodeMessages, type StoredMessage } from './stored-message.ts';
import type { MqttLink, MqttReceived, Qos } from './types.ts';

/** Records on their way at once before a source stops sending. */
const defaultUnconfirmed = 64;
/** What an earlier process left is sent when the flow around the source has had time to start. */
const resumeMs = 500;
/** Topics whose errors are told apart; beyond them an error is only counted. */
const mostBadTopics = 1_000;

/** Messages that are written together at most. */
const mostPerRecord = 10_000;
/** What a queue adds to a message alone in its record, at most. */
const mostHeadBytes = 64;
/** Topics whose tag is kept. */
const mostTags = 100_000;
const longestTag = 200;
const control = /[\u0000-\u001f\u007f]/g;

/** A message of a contract out of the namespace. */
export type UnsMessage = Extract<ReadBody, { kind: 'contract' }> & { topic: string; retained: boolean };

interface Output {
  duplicate: boolean;
  samples: Sample[];
  message?: UnsMessage;
}

/** What a namespace source is made of. */
export interface UnsSourceOptions {
  link: MqttLink;
  filters: readonly string[];
  qos: Qos;
  /** Messages that the broker had kept: `take` them as the state of the moment, or `ignore` them. */
  retained: 'take' | 'ignore';
  /** The plant-wide tag of a plain value on this topic. */
  tagOf: (topic: string) => string;
  /** Most plain values in one batch. */
  batchSize: number;
  delivery: 'confirmed' | 'at-the-output';
  queue: {
    name: string;
    folder: string;
    limitBytes: number;
    /** What waits longer than this is dropped and reported as a gap. */
    limitAgeMs: number;
  };
  mostUnconfirmed?: number;
  logger?: Logger;
  clock?: Clock;
}

/** Who takes what a namespace source sends. */
export interface UnsSourceHandlers {
  onMessage(message: UnsMessage, delivery: Delivery): void;
  /** Plain values of one moment in order, as samples. */
  onSamples(samples: Sample[], delivery: Delivery): void;
  onGap(gap: Gap): void;
  /** A message or filter is of no use; once for each topic and code. */
  onError(error: MillwrightError): void;
  onStalled(stalled: boolean, waiting: number): void;
}

/** Messages on their way from a broker through a durable queue to a flow. */
export interface UnsSource {
  /** Whoever got the message has it for good. */
  confirm(offset: number, part?: Delivery['part']): void;
  readonly unconfirmed: number;
  /** Messages that were no use since the start. */
  readonly unreadable: number;
  /** @param forget unsubscribes at the broker; otherwise it goes on collecting in its session */
  close(forget: boolean): Promise<void>;
}

/**
 * Subscribes to topics and sends what comes on them. Each message is on disk before the broker gets its acknowledgement
 * and before it is sent; what the queue cannot take stays with the broker (QoS 0: is a gap). What nobody confirmed
 * before a restart comes again, marked as duplicate. Where the broker kept no session, the time away is a gap.
 */
export function openUnsSource(options: UnsSourceOptions, handlers: UnsSourceHandlers): UnsSource {
  const { link, filters, qos, logger = silentLogger, clock = systemClock } = options;
  const { name, folder, limitBytes, limitAgeMs } = options.queue;
  const queue = openQueue({ folder, limitBytes, logger });
  const told = new Set<string>();
  const tags = new Map<string, string>();
  const expired = { tags: new Set<string>(), fromMs: Infinity, toMs: 0 };
  let gathered: StoredMessage[] = [];
  let gatheredBytes = 0;
  /** The record just written, so that it need not be decoded when it is sent at once. */
  let fresh: { offset: number; messages: readonly StoredMessage[] } | undefined;
  let heardMs = queue.lastAtMs;
  let pumpAsked = false;
  let unreadable = 0;
  let closed = false;
  const delivery = openDelivery({
    queue,
    mode: options.delivery,
    mostUnconfirmed: options.mostUnconfirmed ?? defaultUnconfirmed,
    send,
    onExpired(batch) {
      for (const { topic } of decodeMessages(batch.body)) expired.tags.add(tagFor(topic));
      expired.fromMs = Math.min(expired.fromMs, batch.atMs);
      expired.toMs = Math.max(expired.toMs, batch.atMs);
    },
    onStalled: (stalled) => {
      handlers.onStalled(stalled, queue.unconfirmed);
    },
  });

  function take(message: MqttReceived): void {
    if ((message.retained && options.retained === 'ignore') || message.payload.length === 0) return;
    const { topic, payload, qos: given, retained, duplicate } = message;
    const bytes = Buffer.byteLength(topic) + payload.length + mostHeadBytes;
    if (bytes > limitBytes) {
      // Refused, the broker would send it for ever, and nothing after it.
      const nowMs = clock.now();
      tell(topic, new MillwrightError('MW_QUEUE_FULL', { queue: name, limit: limitBytes }));
      reportGap([tagFor(topic)], nowMs, nowMs, 'overflow');
      return;
    }
    if (gatheredBytes + bytes > limitBytes / 8) store();
    gathered.push({ topic, payload, qos: given, retain: retained, duplicate });
    gatheredBytes += bytes;
    if (gathered.length >= mostPerRecord) store();
  }

  /** What came together is one record of the queue: one write, and sent together. */
  function store(): void {
    if (gathered.length === 0) return;
    const messages = gathered;
    gathered = [];
    gatheredBytes = 0;
    const nowMs = clock.now();
    heardMs = nowMs;
    dropExpired(nowMs);
    const offset = queue.append(encodeMessages(messages), nowMs);
    if (offset === undefined) {
      if (messages.some(({ qos: one }) => one > 0))
        throw new MillwrightError('MW_QUEUE_FULL', { queue: name, limit: limitBytes });
      reportGap([...new Set(messages.map(({ topic }) => tagFor(topic)))], nowMs, nowMs, 'overflow');
    } else fresh = { offset, messages };
    if (pumpAsked) return;
    pumpAsked = true;
    setImmediate(() => {
      pumpAsked = false;
      pump();
      fresh = undefined;
    });
  }

  function pump(): void {
    if (!closed) delivery.pump();
  }

  /** Sends a record's messages in order, values that follow each other as one batch; each is a part of the record. */
  function send(batch: QueuedBatch): void {
    const outputs = outputsOf(batch);
    if (outputs.length === 0) {
      delivery.confirm(batch.offset);
      return;
    }
    for (const [index, { duplicate, samples, message }] of outputs.entries()) {
      const part = outputs.length > 1 ? { part: { index, of: outputs.length } } : {};
      const where: Delivery = { queue: name, offset: batch.offset, ...part, ...(duplicate ? { duplicate } : {}) };
      if (message) handlers.onMessage(message, where);
      else handlers.onSamples(samples, where);
    }
  }

  function outputsOf(batch: QueuedBatch): Output[] {
    const outputs: Output[] = [];
    const messages = fresh?.offset === batch.offset ? fresh.messages : decodeMessages(batch.body);
    for (const message of messages) {
      const { topic, retain: retained } = message;
      const duplicate = batch.duplicate || message.duplicate;
      try {
        const body = readBody(topic, message.payload);
        if (body.kind === 'contract') {
          const marked = duplicate || body.duplicate;
          outputs.push({ duplicate: marked, samples: [], message: { ...body, topic, retained } });
          continue;
        }
        const sample = sampleOf(tagFor(topic), body, batch.atMs, retained);
        const last = outputs.at(-1);
        if (last && !last.message && last.duplicate === duplicate && last.samples.length < options.batchSize)
          last.samples.push(sample);
        else outputs.push({ duplicate, samples: [sample] });
      } catch (thrown) {
        unreadable++;
        tell(topic, toMillwrightError(thrown));
      }
    }
    return outputs;
  }

  function tagFor(topic: string): string {
    const known = tags.get(topic);
    if (known !== undefined) return known;
    const tag = options.tagOf(topic).replace(control, '�').slice(0, longestTag) || '/';
    if (tags.size < mostTags) tags.set(topic, tag);
    return tag;
  }

  function dropExpired(nowMs: number): void {
    delivery.expire(nowMs - limitAgeMs);
    if (expired.tags.size === 0) return;
    reportGap([...expired.tags], expired.fromMs, expired.toMs, 'overflow');
    expired.tags.clear();
    expired.fromMs = Infinity;
    expired.toMs = 0;
  }

  function reportGap(tags: string[], fromMs: number, toMs: number, reason: Gap['reason']): void {
    handlers.onGap({ tags, from: isoInstant(fromMs), to: isoInstant(toMs), reason, backfilled: false });
  }

  function tell(topic: string, error: MillwrightError): void {
    const key = `${error.code} ${topic}`;
    if (told.has(key) || told.size >= mostBadTopics) return;
    told.add(key);
    handlers.onError(error);
  }

  function begin(kept: boolean, lostMs = 0): void {
    const nowMs = clock.now();
    if (heardMs !== undefined && (!kept || qos === 0))
      reportGap([...filters], Math.min(Math.max(heardMs, lostMs), nowMs), nowMs, 'resubscribed');
    heardMs = nowMs;
  }

  const subscription = link.subscribe(filters, qos, take, {
    beforeAcknowledge: store,
    onBegin: begin,
    onRefused: tell,
  });
  const resume = setTimeout(pump, resumeMs);
  return {
    confirm: (offset, part) => {
      delivery.confirm(offset, part);
    },
    get unconfirmed() {
      return queue.unconfirmed;
    },
    get unreadable() {
      return unreadable;
    },
    async close(forget) {
      closed = true;
      clearTimeout(resume);
      await subscription.close(forget);
      queue.close();
    },
  };
}
