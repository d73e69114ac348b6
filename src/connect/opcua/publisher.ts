import type { NotificationMessage, PublishResponse } from 'node-opcua-client';
import { monotonicMs, type Logger } from '../../kernel/index.ts';
import { sequenceDistance } from './sequence.ts';
import type { LinkedSession } from './session-link.ts';
import { isSessionGone, isSubscriptionGone, statusNameOf } from './status.ts';
import type { ClientLibrary } from './types.ts';

/** Who takes the messages of one server subscription. */
export interface MessageTaker {
  /** Longest time between two messages that the server promises, in milliseconds. */
  readonly keepAliveMs: number;
  /**
   * Takes one message; a promise holds back the messages after it. Resolved means: it may be acknowledged.
   * @param sentMs the server's time of the response, milliseconds since 1970 UTC, 0 where it is not given
   * @param more whether further messages of the same publish follow
   */
  take(message: NotificationMessage, sentMs: number, more: boolean): Promise<void> | undefined;
  /** The server says that it has no subscription, without saying which: asks it for this one. */
  gone(): void;
}

/** Keeps publish requests waiting at the server for all subscriptions of one session. */
export interface Publisher {
  add(subscriptionId: number, taker: MessageTaker): void;
  remove(subscriptionId: number): void;
  /** A message fetched by Republish was taken. */
  acknowledge(subscriptionId: number, sequenceNumber: number): void;
  stop(): void;
}

/** Requests beyond one per subscription that wait at the server, against latency. */
const spareRequests = 2;
const mostRequests = 20;
/** Pause after a refused request. */
const pauseMs = 500;
/** A request never waits longer at the server, however rarely that promises to answer. */
const longestWaitMs = 3_600_000;
/** A subscription that nobody takes messages of for so long is the rest of one whose making was cut off. */
const strangerMs = 30_000;

/**
 * Opens the publisher of one session. A message is acknowledged only after its taker has taken it; until then the
 * server keeps it for Republish, so that a crash in between loses nothing.
 * @param onSessionLost called once when the server no longer knows the session
 */
export function openPublisher(
  ua: ClientLibrary,
  session: LinkedSession,
  { logger, onSessionLost }: { logger: Logger; onSessionLost: (reason: string) => void },
): Publisher {
  const takers = new Map<number, MessageTaker>();
  const arrived: PublishResponse[] = [];
  let acknowledgements: { subscriptionId: number; sequenceNumber: number }[] = [];
  /** Subscriptions of the session without a taker, with the time of their first message. */
  const strangers = new Map<number, number>();
  /** Subscriptions whose messages of earlier links may still wait for their acknowledgement. */
  const untidy = new Set<number>();
  let waiting = 0;
  let most = mostRequests;
  let stopped = false;
  let draining = false;
  let paused = false;

  function fill(): void {
    const wanted = takers.size === 0 ? 0 : Math.min(most, takers.size + spareRequests);
    while (!stopped && !paused && waiting + arrived.length < wanted) send();
  }

  function pause(): void {
    if (paused) return;
    paused = true;
    setTimeout(() => {
      paused = false;
      fill();
    }, pauseMs).unref();
  }

  function send(): void {
    const taken = acknowledgements;
    acknowledgements = [];
    const keepAliveMs = Math.max(...Array.from(takers.values(), (taker) => taker.keepAliveMs));
    const request = new ua.PublishRequest({
      requestHeader: { timeoutHint: Math.min(longestWaitMs, keepAliveMs * (waiting + 3)) },
      subscriptionAcknowledgements: taken,
    });
    waiting++;
    session.publish(request, (error, response) => {
      waiting--;
      if (stopped) return;
      if (error || !response) {
        acknowledgements.push(...taken);
        refused(error);
        return;
      }
      arrived.push(response);
      if (!draining) void drain();
    });
  }

  async function drain(): Promise<void> {
    draining = true;
    for (let response = arrived[0]; response && !stopped; response = arrived[0]) {
      const { subscriptionId, notificationMessage: message, responseHeader, moreNotifications } = response;
      const taker = takers.get(subscriptionId);
      try {
        if (!taker) meet(subscriptionId);
        const work = taker?.take(message, Math.max(0, responseHeader.timestamp?.getTime() ?? 0), moreNotifications);
        if (work) await work;
        if (taker && message.notificationData?.length)
          acknowledgements.push({ subscriptionId, sequenceNumber: message.sequenceNumber });
        if (taker && untidy.delete(subscriptionId)) tidy(response);
      } catch (thrown) {
        logger.warn(`OPC UA message ${message.sequenceNumber} was not taken: ${String(thrown)}`);
      }
      arrived.shift();
      fill();
    }
    draining = false;
  }

  /** What was taken over an earlier link, whose acknowledgement was lost with it, need not be kept any longer. */
  function tidy({ subscriptionId, notificationMessage, availableSequenceNumbers }: PublishResponse): void {
    for (const sequenceNumber of availableSequenceNumbers ?? [])
      if (sequenceDistance(sequenceNumber, notificationMessage.sequenceNumber) > 0)
        acknowledgements.push({ subscriptionId, sequenceNumber });
  }

  function meet(subscriptionId: number): void {
    const since = strangers.get(subscriptionId);
    if (since === undefined) strangers.set(subscriptionId, monotonicMs());
    else if (monotonicMs() - since > strangerMs) {
      strangers.delete(subscriptionId);
      session.deleteSubscriptions({ subscriptionIds: [subscriptionId] }).catch(() => undefined);
    }
  }

  function refused(error: Error | null): void {
    const status = statusNameOf(error);
    if (isSessionGone(status)) {
      stopped = true;
      onSessionLost(status);
      return;
    }
    pause();
    if (isSubscriptionGone(status)) for (const taker of [...takers.values()]) taker.gone();
    else if (status === 'BadTooManyPublishRequests') most = Math.max(1, waiting);
    else logger.debug(`OPC UA publish: ${status}`);
  }

  return {
    add(subscriptionId, taker) {
      takers.set(subscriptionId, taker);
      strangers.delete(subscriptionId);
      untidy.add(subscriptionId);
      fill();
    },
    remove(subscriptionId) {
      takers.delete(subscriptionId);
      acknowledgements = acknowledgements.filter((one) => one.subscriptionId !== subscriptionId);
    },
    acknowledge(subscriptionId, sequenceNumber) {
      acknowledgements.push({ subscriptionId, sequenceNumber });
    },
    stop() {
      stopped = true;
    },
  };
}
