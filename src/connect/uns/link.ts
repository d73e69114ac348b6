import {
  hash32,
  MillwrightError,
  seededRandom,
  silentLogger,
  sleep,
  systemClock,
  toMillwrightError,
  uuidv7,
  withDeadline,
} from '../../kernel/index.ts';
import { openConnectionState } from '../connection-state.ts';
import { openBackOff } from '../back-off.ts';
import { isTopicFilter, isTopicName, sharedFilter, topicMatcher } from './topic-filter.ts';
import type { MqttLink, MqttLinkOptions, MqttMessage, MqttReceived, Qos, SubscriptionExtras } from './types.ts';

/** One connection to a broker, as the dialer makes it; it is never mended, only replaced. */
export interface MqttChannel {
  readonly sessionPresent: boolean;
  /** Messages with QoS 1 and 2 that the broker takes unacknowledged at once. */
  readonly receiveMaximum: number;
  /** Most bytes of a message with its topic that the broker takes. */
  readonly maximumBytes: number;
  /** Resolves when the connection is gone, with the reason. */
  readonly lost: Promise<MillwrightError>;
  /** `done` is called with the acknowledgement or refusal, or never where the connection is lost before. */
  publish(message: MqttMessage, done: (error?: MillwrightError) => void): void;
  /** Gives one reason code per filter, 128 and more meaning refused. */
  subscribe(filters: readonly string[], qos: Qos): Promise<number[]>;
  unsubscribe(filters: readonly string[]): Promise<void>;
  /** `done` is called when the broker has answered a ping, or never where the connection is lost before. */
  ping(done: () => void): void;
  /** Disconnects; the broker publishes the will only where that is asked for and it speaks MQTT 5. */
  close(publishWill: boolean): Promise<void>;
  /** Drops the socket. */
  abandon(): void;
}

/** Makes a connection; `take` stores the messages that came together, or throws; the signal ends the attempt. */
export type MqttDial = (take: (messages: readonly MqttReceived[]) => void, signal: AbortSignal) => Promise<MqttChannel>;

interface Awaited {
  resolve(): void;
  reject(error: MillwrightError): void;
}
interface Pending extends Awaited {
  message: MqttMessage;
}
interface Subscription {
  filters: readonly string[];
  qos: Qos;
  matchers: ((topic: string) => boolean)[];
  onMessage: (message: MqttReceived) => void;
  more: SubscriptionExtras;
}

/** Seconds without a message after which both sides ask whether the other is still there. */
export const defaultKeepAliveSeconds = 30;
const closeLimitMs = 2_000;
/** A refused login is not repeated faster, because brokers lock accounts. */
const loginRetryMs = 60_000;
/** A message that nobody takes is refused this long, since whoever subscribed to it may just be about to come back. */
const graceMs = 5_000;
const shortestConnectionMs = 5_000;
const firstRefusal = 128;

/** Errors that only a person can end. */
const needsPerson: ReadonlySet<string> = new Set([
  'MW_PACKAGE_MISSING',
  'MW_MQTT_LOGIN_REFUSED',
  'MW_MQTT_CLIENT_REFUSED',
  'MW_MQTT_UNTRUSTED',
  'MW_MQTT_PROTOCOL_REFUSED',
]);

/**
 * The state machine of a link: connecting → online → recovering → online …; *failed* says that it never came about or
 * that a person is needed, and it goes on trying. Closed, it is idle for good.
 */
export function runLink(options: MqttLinkOptions, dial: MqttDial): MqttLink {
  const {
    url: endpoint,
    onState,
    logger = silentLogger,
    clock = systemClock,
    keepAliveSeconds = defaultKeepAliveSeconds,
  } = options;
  const backOff = openBackOff(options.random ?? seededRandom(hash32(uuidv7())));
  const subscriptions = new Set<Subscription>();
  const listeners = new Set<Parameters<MqttLink['onConnect']>[0]>();
  const pending = new Set<Awaited>();
  /** Messages that wait until the broker takes more at once. */
  const waiting: Pending[] = [];
  const ending = new AbortController();
  const isEnding = () => ending.signal.aborted;
  const state = openConnectionState(endpoint, clock, onState);
  const { enter } = state;
  let channel: MqttChannel | undefined;
  let unacknowledged = 0;
  let wasOnline = false;
  let lostMs: number | undefined;
  let graceUntil = clock.now() + graceMs;
  let dropped = 0;
  /** Filters in the broker's session, as far as anybody remembers. */
  const known = new Set(options.filterMemory?.load());
  let tidying: NodeJS.Timeout | undefined;
  /** Filters that the broker has had since the present connection began. */
  let held = new Set<string>();

  async function run(): Promise<void> {
    onState?.(state.present);
    while (!isEnding()) {
      try {
        const present = await dial(take, ending.signal);
        if (isEnding()) {
          await present.close(false);
          return;
        }
        begin(present);
        const onlineAt = clock.now();
        const error = await present.lost;
        leave(present);
        if (isEnding()) return;
        if (clock.now() - onlineAt > shortestConnectionMs) backOff.reset();
        enter('recovering', error);
        await sleep(backOff.next(), ending.signal);
      } catch (thrown) {
        if (isEnding()) return;
        const error = toMillwrightError(thrown);
        enter(wasOnline && !needsPerson.has(error.code) ? 'recovering' : 'failed', error);
        const pauseMs = error.code === 'MW_MQTT_LOGIN_REFUSED' ? loginRetryMs : backOff.next();
        await sleep(pauseMs, ending.signal);
      }
    }
  }

  function begin(present: MqttChannel): void {
    channel = present;
    held = new Set();
    wasOnline = true;
    tidyLater();
    for (const subscription of subscriptions) void askFor(subscription);
    enter('online');
    for (const listener of [...listeners]) listener(present.sessionPresent, lostMs);
  }

  function leave(present: MqttChannel): void {
    channel = undefined;
    // A connection that fell silent is noticed after one and a half keep-alive intervals.
    lostMs = clock.now() - keepAliveSeconds * 1500;
    unacknowledged = 0;
    waiting.length = 0;
    const open = [...pending];
    pending.clear();
    for (const one of open) one.reject(new MillwrightError('MW_MQTT_NOT_CONNECTED', { endpoint }));
    if (!isEnding()) present.abandon();
  }

  /** Hands messages to whoever subscribed to them; what it throws keeps them unacknowledged. */
  function take(messages: readonly MqttReceived[]): void {
    for (const message of messages) handOver(message);
    for (const { more } of subscriptions) more.beforeAcknowledge?.();
  }

  function handOver(message: MqttReceived): void {
    let taken = false;
    for (const { matchers, onMessage } of subscriptions)
      if (matchers.some((matches) => matches(message.topic))) {
        taken = true;
        onMessage(message);
      }
    if (taken) return;
    if (message.qos > 0 && clock.now() < graceUntil)
      throw new MillwrightError('MW_MQTT_NOT_CONNECTED', { endpoint: message.topic });
    if (dropped++ === 0) logger.warn(`${endpoint}: ${message.topic} belongs to no present subscription`);
  }

  async function askFor(subscription: Subscription): Promise<void> {
    const present = channel;
    if (!present) return;
    const { filters, qos, more } = subscription;
    const { onBegin, onRefused } = more;
    const asked = filters.filter((filter) => {
      const refusal = refusalOf(filter);
      if (refusal) onRefused?.(filter, refusal);
      return !refusal;
    });
    if (asked.length === 0) return;
    onBegin?.(present.sessionPresent || asked.every((filter) => held.has(filter)), lostMs);
    for (const filter of asked) held.add(filter);
    remember(asked);
    try {
      const codes = await present.subscribe(asked, qos);
      for (const [at, code] of codes.entries())
        if (code >= firstRefusal)
          onRefused?.(
            asked[at]!,
            new MillwrightError('MW_MQTT_FILTER_REFUSED', { filter: asked[at]!, reason: `code ${String(code)}` }),
          );
    } catch (thrown) {
      // Without an answer the connection is worthless: the next one asks again.
      logger.debug(`${endpoint}: ${String(thrown)}`);
      present.abandon();
    }
  }

  function remember(filters: readonly string[]): void {
    if (filters.every((filter) => known.has(filter))) return;
    for (const filter of filters) known.add(filter);
    options.filterMemory?.save([...known]);
  }

  /** Takes filters out of the broker's session, and forgets them once it is done. */
  async function unsubscribe(present: MqttChannel, filters: readonly string[]): Promise<void> {
    for (const filter of filters) held.delete(filter);
    await present.unsubscribe(filters);
    for (const filter of filters) known.delete(filter);
    options.filterMemory?.save([...known]);
  }

  const isWanted = (filter: string) => [...subscriptions].some(({ filters }) => filters.includes(filter));

  /** What nobody has subscribed to again by then is unsubscribed, so that the broker stops sending it. */
  function tidyLater(): void {
    clearTimeout(tidying);
    tidying = setTimeout(() => {
      const stale = [...known].filter((filter) => !isWanted(filter));
      if (!channel || stale.length === 0) return;
      unsubscribe(channel, stale).catch((thrown: unknown) => {
        logger.debug(`${endpoint}: ${String(thrown)}`);
      });
    }, graceMs);
    tidying.unref();
  }

  function refusalOf(filter: string): MillwrightError | undefined {
    if (!isTopicFilter(filter))
      return new MillwrightError('MW_MQTT_FILTER_REFUSED', { filter, reason: 'no valid topic filter' });
    return options.protocol !== '5' && sharedFilter(filter)
      ? new MillwrightError('MW_MQTT_SHARED_NEEDS_5', { filter })
      : undefined;
  }

  function publish(message: MqttMessage): Promise<void> {
    const present = channel;
    if (!present) return Promise.reject(new MillwrightError('MW_MQTT_NOT_CONNECTED', { endpoint }));
    const { topic, payload } = message;
    if (!isTopicName(topic)) return Promise.reject(new MillwrightError('MW_UNS_TOPIC_INVALID', { topic }));
    if (payload.length + topic.length > present.maximumBytes) {
      const reason = `${String(payload.length)} bytes, the broker takes ${String(present.maximumBytes)}`;
      return Promise.reject(new MillwrightError('MW_MQTT_PUBLISH_REFUSED', { topic, reason }));
    }
    return new Promise<void>((resolve, reject) => {
      const one: Pending = { message, resolve, reject };
      pending.add(one);
      if (waiting.length > 0 || (message.qos > 0 && unacknowledged >= present.receiveMaximum)) waiting.push(one);
      else write(present, one);
    });
  }

  function write(present: MqttChannel, one: Pending): void {
    const counts = one.message.qos > 0;
    if (counts) unacknowledged++;
    present.publish(one.message, (error) => {
      if (!pending.delete(one)) return;
      if (counts) unacknowledged--;
      if (error) one.reject(error);
      else one.resolve();
      if (waiting.length > 0) refill(present);
    });
  }

  function refill(present: MqttChannel): void {
    while (channel === present && waiting.length > 0) {
      if (waiting[0]!.message.qos > 0 && unacknowledged >= present.receiveMaximum) return;
      write(present, waiting.shift()!);
    }
  }

  function flush(): Promise<void> {
    const present = channel;
    if (!present) return Promise.reject(new MillwrightError('MW_MQTT_NOT_CONNECTED', { endpoint }));
    return new Promise<void>((resolve, reject) => {
      const one: Awaited = { resolve, reject };
      pending.add(one);
      present.ping(() => {
        if (pending.delete(one)) resolve();
      });
    });
  }

  const running = run().catch((thrown: unknown) => {
    enter('failed', toMillwrightError(thrown));
  });
  return {
    get state() {
      return state.present;
    },
    protocol: options.protocol,
    publish,
    subscribe(filters, qos, onMessage, more = {}) {
      const subscription: Subscription = { filters, qos, matchers: filters.map(topicMatcher), onMessage, more };
      subscriptions.add(subscription);
      void askFor(subscription);
      return {
        async close(forget = true) {
          subscriptions.delete(subscription);
          graceUntil = clock.now() + graceMs;
          tidyLater();
          const unwanted = filters.filter((filter) => !isWanted(filter) && !refusalOf(filter));
          if (!forget || !channel || unwanted.length === 0) return;
          graceUntil = 0;
          await withDeadline('MQTT unsubscribe', unsubscribe(channel, unwanted), closeLimitMs).catch(() => undefined);
        },
      };
    },
    onConnect(listener) {
      listeners.add(listener);
      if (channel) listener(channel.sessionPresent, lostMs);
      return () => listeners.delete(listener);
    },
    flush,
    async close(publishWill = false) {
      if (isEnding()) return;
      ending.abort();
      clearTimeout(tidying);
      const last = channel;
      if (last) {
        leave(last);
        await withDeadline('MQTT close', last.close(publishWill), closeLimitMs).catch(() => {
          last.abandon();
        });
      }
      await withDeadline('MQTT close', running, closeLimitMs).catch(() => undefined);
      enter('idle');
    },
  };
}
