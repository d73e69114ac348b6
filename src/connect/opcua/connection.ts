import {
  hash32,
  MillwrightError,
  monotonicMs,
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
import { browseChildren } from './browse.ts';
import { openArrivals, rateGroups } from './rate-groups.ts';
import { readValues } from './read.ts';
import type { LinkedSession, LinkFeature, SessionLink } from './session-link.ts';
import { openServerSubscription } from './subscription.ts';
import { openTagValues } from './tag-values.ts';
import type { OpcuaConnection, OpcuaConnectionOptions } from './types.ts';

/** A secure channel with a session, as the dialer makes it. */
export interface Channel {
  readonly link: SessionLink;
  /** Resolves with the reason when the channel or the session is gone. */
  readonly lost: Promise<string>;
  /** Monotonic time of the last bytes from the server. */
  readonly heardAt: () => number;
  /** Asks the server for its state; rejects where it does not answer. */
  probe(): Promise<void>;
  /** Closes session and socket. */
  close(): Promise<void>;
  /** Drops the socket; the session stays on the server, to be resumed by the next channel. */
  abandon(reason?: string): void;
}

/** The session that the server may still have, to be taken up by the next channel. */
export interface KeptSession {
  session?: LinkedSession;
}

/**
 * Makes a channel, resuming the kept session where the server still has it, and keeps the one that it used. The signal
 * ends what is under way at once.
 */
export type Dial = (kept: KeptSession, signal: AbortSignal) => Promise<Channel>;

/** Without a sign of life for this long, the server is asked. */
const quietMs = 10_000;
const probeLimitMs = 5_000;
const superviseMs = 1_000;
/** Ending a session politely takes at most this long, then the socket is dropped. */
const closeLimitMs = 4_000;
/** A link that lived shorter does not count as recovered: its server is not to be stormed. */
const steadyMs = 5_000;
/** A refused login is not repeated faster, because servers lock accounts. */
const loginRetryMs = 60_000;

/** Errors that only a person can end. */
const needsPerson: ReadonlySet<string> = new Set([
  'MW_PACKAGE_MISSING',
  'MW_OPCUA_CERTIFICATE_UNTRUSTED',
  'MW_OPCUA_CERTIFICATE_INVALID',
  'MW_OPCUA_CERTIFICATE_TIME',
  'MW_OPCUA_CERTIFICATE_URI',
  'MW_OPCUA_CLIENT_REFUSED',
  'MW_OPCUA_NO_SECURE_ENDPOINT',
  'MW_OPCUA_SECURITY_NOT_OFFERED',
  'MW_OPCUA_ENDPOINTS_DIFFER',
  'MW_OPCUA_LOGIN_INVALID',
  'MW_OPCUA_LOGIN_REFUSED',
]);

/**
 * The state machine of a connection: connecting → online → recovering → online …; *failed* says that it never came
 * about or that a person is needed, and it goes on trying. Closed, it is idle for good.
 */
export function runConnection(options: OpcuaConnectionOptions, dial: Dial): OpcuaConnection {
  const { endpointUrl, onState, logger = silentLogger, clock = systemClock } = options;
  const backOff = openBackOff(options.random ?? seededRandom(hash32(uuidv7())));
  const features = new Set<LinkFeature>();
  const ending = new AbortController();
  const isEnding = () => ending.signal.aborted;
  const state = openConnectionState(endpointUrl, clock, onState);
  const { enter } = state;
  let channel: Channel | undefined;
  let wasOnline = false;
  let probing = false;

  async function run(): Promise<void> {
    onState?.(state.present);
    const kept: KeptSession = {};
    while (!isEnding()) {
      try {
        const next = await dial(kept, ending.signal);
        if (isEnding()) {
          await hangUp(next);
          return;
        }
        const error = await live(next);
        if (isEnding()) return;
        enter('recovering', error);
        await sleep(backOff.next(), ending.signal);
      } catch (thrown) {
        if (isEnding()) return;
        const error = toMillwrightError(thrown);
        enter(wasOnline && !needsPerson.has(error.code) ? 'recovering' : 'failed', error);
        const pauseMs = error.code === 'MW_OPCUA_LOGIN_REFUSED' ? loginRetryMs : backOff.next();
        await sleep(pauseMs, ending.signal);
      }
    }
  }

  /** Uses a channel until it is lost; resolves with the reason. */
  async function live(next: Channel): Promise<MillwrightError> {
    const beganMs = monotonicMs();
    channel = next;
    const attached = Promise.all(Array.from(features, (feature) => attach(feature, next))).then(() => undefined);
    const reason = (await Promise.race([attached, next.lost])) ?? (await settle(next));
    leave(next);
    if (monotonicMs() - beganMs > steadyMs) backOff.reset();
    return new MillwrightError('MW_OPCUA_SESSION_LOST', { endpoint: endpointUrl, reason });
  }

  async function settle(next: Channel): Promise<string> {
    if (!isEnding()) {
      wasOnline = true;
      enter('online');
    }
    return next.lost;
  }

  async function attach(feature: LinkFeature, to: Channel): Promise<void> {
    await feature.attach(to.link).catch((thrown: unknown) => {
      logger.warn(`OPC UA: ${String(thrown)}`);
    });
  }

  function leave(last: Channel): void {
    if (channel !== last) return;
    channel = undefined;
    last.link.publisher.stop();
    for (const feature of features) feature.detach();
    if (!isEnding()) last.abandon();
  }

  /** Ends session and socket; where the server does not answer, the socket alone. */
  async function hangUp(last: Channel): Promise<void> {
    await withDeadline('OPC UA close', last.close(), closeLimitMs).catch((thrown: unknown) => {
      logger.debug(`OPC UA close: ${String(thrown)}`);
      last.abandon();
    });
  }

  function supervise(): void {
    const last = channel;
    if (!last) return;
    for (const feature of features) feature.supervise();
    if (probing || monotonicMs() - last.heardAt() <= quietMs) return;
    probing = true;
    withDeadline('OPC UA probe', last.probe(), probeLimitMs)
      .catch(() => {
        last.abandon();
      })
      .finally(() => {
        probing = false;
      });
  }

  const running = run().catch((thrown: unknown) => {
    enter('failed', toMillwrightError(thrown));
  });
  const timer = setInterval(supervise, superviseMs);

  function present(): Channel {
    if (!channel) throw new MillwrightError('MW_OPCUA_NOT_CONNECTED', { endpoint: endpointUrl });
    return channel;
  }
  function keep(feature: LinkFeature): () => Promise<void> {
    features.add(feature);
    if (channel) void attach(feature, channel);
    return async () => {
      features.delete(feature);
      await feature.close();
    };
  }
  return {
    endpointUrl,
    get state() {
      return state.present;
    },
    subscribe(subscriptionOptions, handlers) {
      const groups = rateGroups(subscriptionOptions);
      const arrived = openArrivals(groups.length, subscriptionOptions.heardMs);
      const ends = groups.map((group, index) => {
        const content = openTagValues(group, arrived.of(index, handlers), logger);
        return keep(openServerSubscription(content, { logger, clock }));
      });
      return {
        async close() {
          await Promise.all(ends.map((end) => end()));
        },
      };
    },
    keep,
    withLink: async (work) => work(present().link),
    browse: async (nodeId) => browseChildren(present().link, nodeId),
    read: async (nodeIds) => readValues(present().link, nodeIds),
    async close() {
      if (isEnding()) return;
      ending.abort();
      clearInterval(timer);
      const last = channel;
      if (last) {
        leave(last);
        await hangUp(last);
      }
      await withDeadline('OPC UA close', running, closeLimitMs).catch(() => undefined);
      enter('idle');
    },
  };
}
