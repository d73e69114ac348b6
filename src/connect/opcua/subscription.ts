import type { NotificationMessage } from 'node-opcua-client';
import type { Gap } from '../../contracts/index.ts';
import { monotonicMs, withDeadline, type Clock, type Logger } from '../../kernel/index.ts';
import type { MessageTaker } from './publisher.ts';
import { nextSequenceNumber, openSequenceCounter } from './sequence.ts';
import type { LinkFeature, SessionLink } from './session-link.ts';
import { isSubscriptionGone, refusalOf, statusNameOf } from './status.ts';
import type { ClientLibrary } from './types.ts';

/** A sign of life from the server comes at least this often, and four times within a shorter hold time. */
const longestKeepAliveMs = 10_000;
/** The subscription lives on the server at least this long without a client. */
const leastLifetimeMs = 600_000;
/** Messages that are asked for again at most after one hole in the numbers. */
const mostMissing = 10_000;
/** Pause before a refused subscription is tried again. */
const retryMs = 5_000;
/** A subscription that was silent for so long is asked whether it still exists, whatever it promises. */
const askAfterMs = 60_000;
/** A subscription that says it exists but sends nothing is made anew at this many doubts in a row. */
const mostDoubts = 3;
/** Start times of one run of a server may differ by its rounding. */
const startToleranceMs = 500;
/** Ending a subscription on the server takes at most this long. */
const dropLimitMs = 2_000;

/** A subscription as it was made on the server, with the server's own revised times. */
export interface ServerSubscription {
  subscriptionId: number;
  publishingMs: number;
  lifetimeMs: number;
  keepAliveMs: number;
}

/** What came between two instants of the server (milliseconds since 1970 UTC) may be lost. */
export interface Lapse {
  fromMs: number;
  toMs: number;
  reason: Gap['reason'];
  /** False: the server's clock went back in between, so that times within cannot be put in order. */
  ordered: boolean;
}

/** What a subscription carries: values of tags, or events. Callbacks but `create` and `prepare` must not throw. */
export interface SubscriptionContent {
  /** Publishing interval to ask for, milliseconds. */
  readonly publishingMs: number;
  /** A cut shorter than this shall lose nothing. */
  readonly holdSeconds: number;
  /** Up to this instant of the server everything had arrived in an earlier run; absent: there was none. */
  readonly heardMs?: number | undefined;
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
  /**
   * Takes the notifications of one message. The server may forget them as soon as this returns.
   * @param heardMs the server's time up to which everything has arrived with this message
   */
  take(message: NotificationMessage, publishMs: number, ua: ClientLibrary, heardMs: number): void;
  /** Said before the first message after the lapse is taken. */
  lost(lapse: Lapse): void;
  /** Up to this instant of the server there was nothing more. */
  heard?(heardMs: number): void;
  /** Called every second or so while the subscription runs. */
  supervise?(link: SessionLink): void;
  /** The server refuses the subscription as a whole, with this status; it is tried again. */
  refused?(status: string): void;
  /** Nothing more will come. */
  ended?(): void;
}

/** An instant by the server's clock and by ours. */
interface Instant {
  atMs: number;
  monotonicMs: number;
}

/** One subscription of the server; it outlives links, sessions and the server. */
export function openServerSubscription(
  content: SubscriptionContent,
  { logger, clock }: { logger: Logger; clock: Clock },
): LinkFeature {
  const { publishingMs, holdSeconds } = content;
  let link: SessionLink | undefined;
  let id: number | undefined;
  /** The session that has the subscription. */
  let owner: SessionLink['session'] | undefined;
  /** All items were made. */
  let complete = false;
  /** Messages that came before that was known; they wait, because what is missing before them is not known yet. */
  let early: (() => Promise<void> | undefined)[] = [];
  let counter = openSequenceCounter();
  /** Numbers that Republish answered; the message itself may still come. */
  const fetched = new Set<number>();
  let firstNamespaces: readonly string[] | undefined;
  let serverStartMs = 0;
  /** Everything up to here has arrived. */
  let heard = instant(content.heardMs);
  /** Since here something is missing that was not said yet. */
  let lapse: { from: Instant; reason: Gap['reason'] } | undefined = heard && { from: heard, reason: 'restart' };
  let spokeAt = 0;
  let askedAt = 0;
  let doubts = 0;
  let ended = false;
  let revisedKeepAliveMs = longestKeepAliveMs;
  let working = false;
  let retryAt = 0;

  /** Goes on with the subscription of before, or makes a new one. */
  async function establish(on: SessionLink): Promise<void> {
    working = true;
    retryAt = 0;
    try {
      if (!(await goOn(on))) await renew(on);
    } catch (thrown) {
      if (link !== on) return;
      const status = statusNameOf(thrown);
      retryAt = monotonicMs() + retryMs;
      logger.warn(`OPC UA subscription: ${status}; next attempt in ${retryMs} ms`);
      content.refused?.(status);
    } finally {
      if (link === on) working = false;
    }
  }

  /** An answer counts only while link and subscription are the present ones; else it would disturb the next ones. */
  async function present<T>(on: SessionLink, answer: Promise<T>): Promise<T> {
    const of = counter;
    const result = await answer;
    if (link !== on || counter !== of) throw new Error('the link is gone');
    return result;
  }

  /** Takes up the subscription of before; false where the server no longer has it. */
  async function goOn(on: SessionLink): Promise<boolean> {
    if (id === undefined || !complete || ended || doubts >= mostDoubts || hasRestarted(on)) return false;
    const subscriptionId = id;
    try {
      if (owner !== on.session) {
        const request = { subscriptionIds: [subscriptionId], sendInitialValues: false };
        const { results } = await present(on, on.session.transferSubscriptions(request));
        if (!results?.[0]?.statusCode.isGood()) return false;
        owner = on.session;
      }
      for (let number = counter.expected; ; number = counter.expected) {
        const message = await present(on, fetch(on, number));
        if (!message) break;
        await deliver(message, on);
      }
    } catch (thrown) {
      if (link === on && refusalOf(thrown) !== undefined) return false;
      throw thrown;
    }
    spokeAt = askedAt = monotonicMs();
    on.publisher.add(subscriptionId, taker);
    return true;
  }

  function hasRestarted(on: SessionLink): boolean {
    return Math.abs(on.serverStartMs - serverStartMs) > startToleranceMs;
  }

  async function renew(on: SessionLink): Promise<void> {
    if (heard) {
      const reason = hasRestarted(on) && serverStartMs > 0 ? 'restart' : (lapse?.reason ?? 'resubscribed');
      lapse = { from: lapse?.from ?? heard, reason };
    }
    complete = false;
    const before = id;
    id = undefined;
    if (before !== undefined && owner === on.session) await present(on, drop(on, before));
    const { made, beganMs } = await create(on);
    try {
      const serverMs = await present(on, content.create(on, made, firstNamespaces ?? on.namespaces));
      const sinceMs = serverMs || clock.now();
      // What the items have queued since they were made has not arrived yet.
      arrivedUntil(beganMs);
      content.begun?.(on, sinceMs);
      sayLapse(sinceMs);
      for (let take = early.shift(); take; take = early.shift()) await present(on, Promise.resolve(take()));
      complete = true;
    } catch (thrown) {
      await drop(on, made.subscriptionId);
      if (link === on) id = undefined;
      throw thrown;
    }
  }

  async function create(on: SessionLink): Promise<{ made: ServerSubscription; beganMs: number }> {
    const lifetimeMs = Math.max(leastLifetimeMs, 2 * holdSeconds * 1000);
    const keepAliveMs = Math.min(longestKeepAliveMs, (holdSeconds * 1000) / 4);
    const answer = await on.session.createSubscription({
      requestedPublishingInterval: publishingMs,
      requestedLifetimeCount: Math.ceil(lifetimeMs / publishingMs),
      requestedMaxKeepAliveCount: Math.max(1, Math.round(keepAliveMs / publishingMs)),
      maxNotificationsPerPublish: 0,
      publishingEnabled: true,
      priority: 0,
    });
    const { subscriptionId } = answer;
    if (link !== on) {
      await drop(on, subscriptionId);
      throw new Error('the link is gone');
    }
    const revisedMs = answer.revisedPublishingInterval;
    revisedKeepAliveMs = answer.revisedMaxKeepAliveCount * revisedMs;
    id = subscriptionId;
    owner = on.session;
    counter = openSequenceCounter();
    fetched.clear();
    early = [];
    firstNamespaces ??= on.namespaces;
    serverStartMs = on.serverStartMs;
    spokeAt = askedAt = monotonicMs();
    doubts = 0;
    ended = false;
    on.publisher.add(subscriptionId, taker);
    const lifeMs = answer.revisedLifetimeCount * revisedMs;
    return {
      made: { subscriptionId, publishingMs: revisedMs, lifetimeMs: lifeMs, keepAliveMs: revisedKeepAliveMs },
      beganMs: answer.responseHeader.timestamp?.getTime() || clock.now(),
    };
  }

  async function drop(from: SessionLink, subscriptionId: number): Promise<void> {
    from.publisher.remove(subscriptionId);
    const dropped = from.session.deleteSubscriptions({ subscriptionIds: [subscriptionId] });
    await withDeadline('OPC UA subscription end', dropped, dropLimitMs).catch(() => undefined);
  }

  /** One kept message, or undefined where the server does not have it. */
  async function fetch(from: SessionLink, sequenceNumber: number): Promise<NotificationMessage | undefined> {
    const subscriptionId = id;
    if (subscriptionId === undefined) throw new Error('the subscription is gone');
    const request = new from.ua.RepublishRequest({ subscriptionId, retransmitSequenceNumber: sequenceNumber });
    return await new Promise((resolve, reject) => {
      from.session.republish(request, (error, response) => {
        // A long recovery is no silence.
        if (link === from) spokeAt = monotonicMs();
        if (!error) {
          from.publisher.acknowledge(subscriptionId, sequenceNumber);
          fetched.add(sequenceNumber);
          resolve(response?.notificationMessage);
          return;
        }
        const refusal = refusalOf(error);
        if (refusal === undefined || isSubscriptionGone(refusal)) reject(error);
        else resolve(undefined);
      });
    });
  }

  /** Asks for the messages before this number; what the server no longer has is a lapse. */
  async function recover(from: SessionLink, until: number): Promise<void> {
    for (;;) {
      const verdict = counter.judge(until);
      if (verdict.kind !== 'ahead') return;
      if (verdict.count > mostMissing) giveUp(until);
      else {
        const number = counter.expected;
        const message = await present(from, fetch(from, number));
        if (message) await deliver(message, from);
        else if (counter.expected === number) giveUp(nextSequenceNumber(number));
      }
    }
  }

  function giveUp(before: number, reason: Gap['reason'] = 'sequence'): void {
    if (heard) lapse ??= { from: heard, reason };
    counter.skipTo(before);
  }

  function sayLapse(untilMs: number): void {
    if (!lapse) return;
    const { from, reason } = lapse;
    lapse = undefined;
    const passedMs = Number.isNaN(from.monotonicMs) ? 0 : monotonicMs() - from.monotonicMs;
    const ordered = untilMs >= from.atMs;
    content.lost({
      fromMs: ordered ? from.atMs : Math.min(from.atMs, untilMs - passedMs),
      toMs: ordered ? untilMs : from.atMs + passedMs,
      reason,
      ordered,
    });
  }

  function arrivedUntil(atMs: number): void {
    heard = { atMs, monotonicMs: monotonicMs() };
  }

  /** @param more whether further messages of the same publish follow; unknown of a fetched one, so it may */
  function deliver(message: NotificationMessage, from: SessionLink, more?: boolean): Promise<void> | undefined {
    const prepared = content.prepare?.(message, from);
    if (!prepared) {
      handOn(message, from.ua, more);
      return undefined;
    }
    // Where the link is gone, it is not acknowledged: the next one fetches it again.
    return present(from, prepared).then(() => {
      handOn(message, from.ua, more);
    });
  }

  function handOn(message: NotificationMessage, ua: ClientLibrary, more?: boolean): void {
    if (counter.judge(message.sequenceNumber).kind !== 'next') return;
    const publishMs = timeOf(ua, message) || clock.now();
    sayLapse(publishMs);
    counter.take(message.sequenceNumber);
    const change = message.notificationData?.find((data) => data instanceof ua.StatusChangeNotification);
    // A change of status overtakes the values that wait, and after it they may never come.
    if (more === false && !change) arrivedUntil(publishMs);
    content.take(message, publishMs, ua, heard?.atMs ?? publishMs);
    if (!change) return;
    ended ||= change.status.isBad();
    taker.gone();
  }

  function keepAlive(publishMs: number): void {
    sayLapse(publishMs);
    arrivedUntil(publishMs);
    content.heard?.(publishMs);
  }

  function judge(
    message: NotificationMessage,
    from: SessionLink,
    sentMs: number,
    more: boolean,
  ): Promise<void> | undefined {
    const number = message.sequenceNumber;
    const holdsData = (message.notificationData?.length ?? 0) > 0;
    const finish = () => {
      if (holdsData) return deliver(message, from, more);
      keepAlive(timeOf(from.ua, message, sentMs) || clock.now());
      return undefined;
    };
    const verdict = counter.judge(number);
    if (verdict.kind === 'ahead') return recover(from, number).then(finish);
    if (verdict.kind === 'next') return finish();
    if (!holdsData || fetched.delete(number)) return undefined;
    // The server began to number anew without a word.
    giveUp(number, 'resubscribed');
    return finish();
  }

  const taker: MessageTaker = {
    get keepAliveMs() {
      return revisedKeepAliveMs;
    },
    take(message, sentMs, more) {
      const from = link;
      if (!from) return undefined;
      spokeAt = monotonicMs();
      doubts = 0;
      if (complete) return judge(message, from, sentMs, more);
      early.push(() => judge(message, from, sentMs, more));
      return undefined;
    },
    gone() {
      if (!link || working) return;
      doubts++;
      void establish(link);
    },
  };

  return {
    async attach(next) {
      link = next;
      await establish(next);
    },
    detach() {
      link = undefined;
      working = false;
    },
    supervise() {
      if (!link || working) return;
      const now = monotonicMs();
      if (retryAt > 0) {
        if (now >= retryAt) void establish(link);
      } else if (now - spokeAt > 3 * revisedKeepAliveMs + 5_000) taker.gone();
      else if (now - Math.max(spokeAt, askedAt) > askAfterMs) void establish(link);
      else content.supervise?.(link);
    },
    async close() {
      const last = link;
      link = undefined;
      working = false;
      if (last && id !== undefined && owner === last.session) await drop(last, id);
      content.ended?.();
    },
  };
}

function instant(atMs: number | undefined): Instant | undefined {
  return atMs === undefined ? undefined : { atMs, monotonicMs: NaN };
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
