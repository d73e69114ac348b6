import type { NotificationMessage } from 'node-opcua-client';
import type { Gap, Sample } from '../../contracts/index.ts';
import { isoInstant, MillwrightError, monotonicMs, type Clock, type Logger } from '../../kernel/index.ts';
import { createItems, queueSizeOf, samplingMsOf, type CreatedItem } from './monitored-items.ts';
import { openGapCollector } from './overflow.ts';
import type { MessageTaker } from './publisher.ts';
import { hasOverflow, openSampleMaker } from './samples.ts';
import { nextSequenceNumber, openSequenceCounter } from './sequence.ts';
import type { LinkFeature, SessionLink } from './session-link.ts';
import { isSubscriptionGone, statusNameOf } from './status.ts';
import type { ClientLibrary, SubscriptionHandlers, SubscriptionOptions } from './types.ts';

/** A sign of life from the server comes at least this often, and four times within a shorter hold time. */
const longestKeepAliveMs = 10_000;
/** The subscription lives on the server at least this long without a client. */
const leastLifetimeMs = 600_000;
/** Messages that are asked for again at most after one hole in the numbers. */
const mostMissing = 10_000;
/** Pause before a refused subscription is tried again. */
const retryMs = 5_000;

/** One subscription of the server behind one `subscribe`; it outlives links, sessions and the server. */
export function openServerSubscription(
  options: SubscriptionOptions,
  handlers: SubscriptionHandlers,
  { logger, clock }: { logger: Logger; clock: Clock },
): LinkFeature {
  const { tags, publishingMs, holdSeconds } = options;
  const makeSample = openSampleMaker();
  const latest = new Array<Sample | undefined>(tags.length);
  let link: SessionLink | undefined;
  let id: number | undefined;
  let counter = openSequenceCounter();
  let accepted: string[] = [];
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
        deliver(message);
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
    report(accepted, from, await create(next), reason);
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
    const subscriptionId = answer.subscriptionId;
    id = undefined;
    counter = openSequenceCounter();
    firstNamespaces ??= next.namespaces;
    serverStartMs = next.serverStartMs;
    revisedKeepAliveMs = answer.revisedMaxKeepAliveCount * answer.revisedPublishingInterval;
    silentSince = monotonicMs();
    next.publisher.add(subscriptionId, taker);
    try {
      const { items, serverMs } = await createItems(next, subscriptionId, options, firstNamespaces);
      review(items, (answer.revisedLifetimeCount * answer.revisedPublishingInterval) / 1000);
      id = subscriptionId;
      heardMs = serverMs || clock.now();
      return heardMs;
    } catch (thrown) {
      await drop(next, subscriptionId);
      throw thrown;
    }
  }

  async function drop(from: SessionLink, subscriptionId: number): Promise<void> {
    from.publisher.remove(subscriptionId);
    await from.session.deleteSubscriptions({ subscriptionIds: [subscriptionId] }).catch(() => undefined);
  }

  /** Notes which tags are monitored, reports the refused ones, and says where the server grants less than asked. */
  function review(items: readonly CreatedItem[], lifetimeSeconds: number): void {
    accepted = [];
    let shortest = lifetimeSeconds;
    for (const [index, { status, queueSize }] of items.entries()) {
      const row = tags[index]!;
      const { tag, nodeId } = row;
      if (status === 'Good') {
        accepted.push(tag);
        const asked = queueSizeOf(samplingMsOf(row, publishingMs), holdSeconds);
        if (queueSize < asked) shortest = Math.min(shortest, (holdSeconds * queueSize) / asked);
      } else handlers.onTagError(tag, new MillwrightError('MW_OPCUA_TAG_REFUSED', { tag, nodeId, status }));
    }
    if (shortest < holdSeconds)
      logger.warn(`OPC UA server holds values for ${Math.floor(shortest)} s only, ${holdSeconds} s were asked for`);
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
        if (lost) report(accepted, heardMs ?? untilMs, timeOf(from.ua, message), 'sequence');
        lost = false;
        deliver(message);
      } else {
        lost = true;
        counter.skipTo(nextSequenceNumber(number));
      }
    }
    if (lost) report(accepted, heardMs ?? untilMs, untilMs, 'sequence');
  }

  function deliver(message: NotificationMessage): void {
    const { ua } = link!;
    const publishMs = timeOf(ua, message) || clock.now();
    const samples: Sample[] = [];
    const overflow = openGapCollector();
    let ended = false;
    for (const data of message.notificationData ?? []) {
      if (data instanceof ua.StatusChangeNotification) ended ||= data.status.isBad();
      if (!(data instanceof ua.DataChangeNotification)) continue;
      for (const { clientHandle, value } of data.monitoredItems ?? []) {
        const index = clientHandle - 1;
        const row = tags[index];
        if (!row) continue;
        const sample = makeSample(row, value, publishMs);
        const before = latest[index];
        latest[index] = sample;
        if (before && hasOverflow(value)) overflow.add(row.tag, before.sourceTime, sample.sourceTime);
        if (!before || !isSame(before, sample)) samples.push(sample);
      }
    }
    counter.take(message.sequenceNumber);
    heardMs = publishMs;
    for (const gap of overflow.gaps()) handlers.onGap(gap);
    if (samples.length > 0) handlers.onSamples(samples, publishMs);
    if (ended) taker.gone();
  }

  function report(gapTags: string[], fromMs: number, toMs: number, reason: Gap['reason']): void {
    const to = isoInstant(Math.max(fromMs, toMs));
    handlers.onGap({ tags: [...gapTags], from: isoInstant(fromMs), to, reason, backfilled: false });
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
        if (holdsData) deliver(message);
        else heardMs = Math.max(heardMs ?? 0, publishMs);
      };
      if (verdict.kind === 'ahead')
        return recover(present, message.sequenceNumber, verdict.count, publishMs).then(finish);
      if (verdict.kind === 'next') finish();
      return undefined;
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

/** After a reconnect servers send the last value once more. */
function isSame(a: Sample, b: Sample): boolean {
  return (
    a.sourceTime === b.sourceTime &&
    a.statusCode === b.statusCode &&
    (a.value === b.value || (typeof a.value === 'object' && JSON.stringify(a.value) === JSON.stringify(b.value)))
  );
}
