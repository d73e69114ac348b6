import type { NotificationMessage } from 'node-opcua-client';
import type { Gap } from '../../contracts/index.ts';
import { monotonicMs, type Clock, type Logger } from '../../kernel/index.ts';
import type { MessageTaker } from './publisher.ts';
import { nextSequenceNumber, openSequenceCounter } from './sequence.ts';
import type { LinkFeature, SessionLink } from './session-link.ts';
import { isSubscriptionGone, statusNameOf } from './status.ts';
import type { ClientLibrary } from './types.ts';

/** A sign of life from the server comes at least this often, and four times within a shorter hold time. */
const longestKeepAliveMs = 10_000;
/** The subscription lives on the server at least this long without a client. */
const leastLifetimeMs = 600_000;
/** Messages that are asked for again at most after one hole in the numbers. */
const mostMissing = 10_000;
/** Pause before a refused subscription is tried again. */
const retryMs = 5_000;

/** A subscription as it was made on the server, with the server's own revised times. */
export interface ServerSubscription {
  subscriptionId: number;
  publishingMs: number;
  lifetimeMs: number;
  keepAliveMs: number;
}

/** What a subscription carries: values of tags, or events. Callbacks but `create` and `prepare` must not throw. */
export interface SubscriptionContent {
  /** Publishing interval to ask for, milliseconds. */
  readonly publishingMs: number;
  /** A cut shorter than this shall lose nothing. */
  readonly holdSeconds: number;
  /**
   * Makes the monitored items of a new subscription.
   * @param first the namespace array that `ns=` indices refer to
   * @returns the server's time of having done so, milliseconds since 1970 UTC, 0 where it does not say
   */
  create(link: SessionLink, made: ServerSubscription, first: readonly string[]): Promise<number>;
  /** The subscription exists with its items since this instant of the server. */
  begun?(link: SessionLink, sinceMs: number): void;
  /** What must be known before a message can be taken; it and the ones after it wait. Must settle by itself. */
  prepare?(message: NotificationMessage, link: SessionLink): Promise<void> | undefined;
  /** Takes the notifications of one message. The server may forget them as soon as this returns. */
  take(message: NotificationMessage, publishMs: number, ua: ClientLibrary): void;
  /** What came between two instants of the server (milliseconds since 1970 UTC) is lost. */
  lost(fromMs: number, toMs: number, reason: Gap['reason']): void;
}

/** One subscription of the server; it outlives links, sessions and the server. */
export function openServerSubscription(
  content: SubscriptionContent,
  { logger, clock }: { logger: Logger; clock: Clock },
): LinkFeature {
  const { publishingMs, holdSeconds } = content;
  let link: SessionLink | undefined;
  let id: number | undefined;
  let counter = openSequenceCounter();
  let firstNamespaces: readonly string[] | undefined;
  let serverStartMs = 0;
  /** Server's time of the last message: everything up to here has arrived. */
  let heardMs: number | undefined;
  let silentSince = 0;
  let revisedKeepAliveMs = longestKeepAliveMs;
  let working = false;
  let retryAt = 0;
  let closed = false;

  async function attach(next: SessionLink): Promise<void> {
    link = next;
    working = true;
    try {
      if (heardMs === undefined) await create(next);
      else if (id === undefined || !(await goOn(next, id))) await recreate(next);
    } catch (thrown) {
      retryAt = monotonicMs() + retryMs;
      logger.warn(`OPC UA subscription: ${statusNameOf(thrown)}; next attempt in ${retryMs} ms`);
    } finally {
      working = false;
    }
  }

  /** Takes up the subscription of before; false where the server no longer has it. */
  async function goOn(next: SessionLink, subscriptionId: number): Promise<boolean> {
    if (next.serverStartMs !== serverStartMs) return false;
    if (!next.resumed) {
      const request = { subscriptionIds: [subscriptionId], sendInitialValues: false };
      const answer = await next.session.transferSubscriptions(request).catch(() => undefined);
      if (!answer?.results?.[0]?.statusCode.isGood()) return false;
    }
    try {
      for (let message = await fetch(next, counter.expected); message; message = await fetch(next, counter.expected))
        await deliver(message, next);
    } catch (thrown) {
      if (isSubscriptionGone(statusNameOf(thrown))) return false;
      throw thrown;
    }
    silentSince = monotonicMs();
    next.publisher.add(subscriptionId, taker);
    return true;
  }

  async function recreate(next: SessionLink): Promise<void> {
    const reason = next.serverStartMs === serverStartMs ? 'resubscribed' : 'restart';
    const from = heardMs!;
    content.lost(from, await create(next), reason);
  }

  async function create(next: SessionLink): Promise<number> {
    const lifetimeMs = Math.max(leastLifetimeMs, 2 * holdSeconds * 1000);
    const keepAliveMs = Math.min(longestKeepAliveMs, (holdSeconds * 1000) / 4);
    const answer = await next.session.createSubscription({
      requestedPublishingInterval: publishingMs,
      requestedLifetimeCount: Math.ceil(lifetimeMs / publishingMs),
      requestedMaxKeepAliveCount: Math.max(1, Math.round(keepAliveMs / publishingMs)),
      maxNotificationsPerPublish: 0,
      publishingEnabled: true,
      priority: 0,
    });
    const revisedMs = answer.revisedPublishingInterval;
    const made = {
      subscriptionId: answer.subscriptionId,
      publishingMs: revisedMs,
      lifetimeMs: answer.revisedLifetimeCount * revisedMs,
      keepAliveMs: answer.revisedMaxKeepAliveCount * revisedMs,
    };
    id = undefined;
    counter = openSequenceCounter();
    firstNamespaces ??= next.namespaces;
    serverStartMs = next.serverStartMs;
    revisedKeepAliveMs = made.keepAliveMs;
    silentSince = monotonicMs();
    next.publisher.add(made.subscriptionId, taker);
    try {
      const serverMs = await content.create(next, made, firstNamespaces);
      id = made.subscriptionId;
      heardMs = serverMs || clock.now();
      content.begun?.(next, heardMs);
      return heardMs;
    } catch (thrown) {
      await drop(next, made.subscriptionId);
      throw thrown;
    }
  }

  async function drop(from: SessionLink, subscriptionId: number): Promise<void> {
    from.publisher.remove(subscriptionId);
    await from.session.deleteSubscriptions({ subscriptionIds: [subscriptionId] }).catch(() => undefined);
  }

  /** One kept message, or undefined where the server no longer has it. */
  async function fetch(from: SessionLink, sequenceNumber: number): Promise<NotificationMessage | undefined> {
    const subscriptionId = id!;
    const request = new from.ua.RepublishRequest({ subscriptionId, retransmitSequenceNumber: sequenceNumber });
    return await new Promise((resolve, reject) => {
      from.session.republish(request, (error, response) => {
        const status = error ? statusNameOf(error) : 'Good';
        if (status === 'BadMessageNotAvailable') resolve(undefined);
        else if (error) reject(error);
        else {
          from.publisher.acknowledge(subscriptionId, sequenceNumber);
          resolve(response?.notificationMessage);
        }
      });
    });
  }

  /** Asks for the messages before this number; what the server no longer has becomes a gap. */
  async function recover(from: SessionLink, until: number, count: number, untilMs: number): Promise<void> {
    let lost = count > mostMissing;
    if (lost) counter.skipTo(until);
    for (let number = counter.expected; number !== until; number = nextSequenceNumber(number)) {
      const message = await fetch(from, number);
      if (message) {
        if (lost) content.lost(heardMs ?? untilMs, timeOf(from.ua, message), 'sequence');
        lost = false;
        await deliver(message, from);
      } else {
        lost = true;
        counter.skipTo(nextSequenceNumber(number));
      }
    }
    if (lost) content.lost(heardMs ?? untilMs, untilMs, 'sequence');
  }

  function deliver(message: NotificationMessage, from: SessionLink): Promise<void> | undefined {
    const prepared = content.prepare?.(message, from);
    if (!prepared) {
      handOn(message, from.ua);
      return undefined;
    }
    return prepared.then(() => {
      // Not acknowledged: the next link fetches it again.
      if (link !== from) throw new Error('the link is gone');
      handOn(message, from.ua);
    });
  }

  function handOn(message: NotificationMessage, ua: ClientLibrary): void {
    const publishMs = timeOf(ua, message) || clock.now();
    counter.take(message.sequenceNumber);
    heardMs = publishMs;
    content.take(message, publishMs, ua);
    for (const data of message.notificationData ?? [])
      if (data instanceof ua.StatusChangeNotification && data.status.isBad()) taker.gone();
  }

  const taker: MessageTaker = {
    get keepAliveMs() {
      return revisedKeepAliveMs;
    },
    take(message, sentMs) {
      const present = link;
      if (!present) return undefined;
      silentSince = monotonicMs();
      const publishMs = timeOf(present.ua, message, sentMs);
      const holdsData = (message.notificationData?.length ?? 0) > 0;
      const verdict = counter.judge(message.sequenceNumber);
      const finish = () => {
        if (holdsData) return deliver(message, present);
        heardMs = Math.max(heardMs ?? 0, publishMs);
        return undefined;
      };
      if (verdict.kind === 'ahead')
        return recover(present, message.sequenceNumber, verdict.count, publishMs).then(finish);
      return verdict.kind === 'next' ? finish() : undefined;
    },
    gone() {
      if (id === undefined || !link || working) return;
      const present = link;
      working = true;
      drop(present, id)
        .then(() => recreate(present))
        .catch((thrown: unknown) => {
          retryAt = monotonicMs() + retryMs;
          logger.warn(`OPC UA subscription: ${statusNameOf(thrown)}; next attempt in ${retryMs} ms`);
        })
        .finally(() => {
          working = false;
        });
    },
  };

  return {
    attach,
    detach() {
      link = undefined;
    },
    supervise() {
      if (!link || working || closed) return;
      const now = monotonicMs();
      if (retryAt > 0 && now >= retryAt) {
        retryAt = 0;
        void attach(link);
      } else if (id !== undefined && now - silentSince > 3 * revisedKeepAliveMs + 5_000) taker.gone();
    },
    async close() {
      closed = true;
      const present = link;
      if (!present || id === undefined) return;
      await drop(present, id);
    },
  };
}

/**
 * When the server published a message. Some servers (node-opcua's own) leave it out: then the newest server time of
 * its values, and for a keep-alive the time in the response.
 */
function timeOf(ua: ClientLibrary, message: NotificationMessage, sentMs = 0): number {
  const published = message.publishTime?.getTime() ?? 0;
  if (published > 0) return published;
  let newest = 0;
  for (const data of message.notificationData ?? [])
    if (data instanceof ua.DataChangeNotification)
      for (const { value } of data.monitoredItems ?? [])
        newest = Math.max(newest, value.serverTimestamp?.getTime() ?? 0);
  return newest || sentMs;
}
