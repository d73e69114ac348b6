import type { Connection } from '../../contracts/index.ts';
import {
  hash32,
  isoInstant,
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
import { openBackOff } from '../back-off.ts';
import { rateGroups } from './rate-groups.ts';
import { browseChildren } from './browse.ts';
import { readValues } from './read.ts';
import type { LinkFeature, SessionLink } from './session-link.ts';
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

/** Makes a channel, resuming the session of the one before where the server still has it. */
export type Dial = (previous: Channel | undefined) => Promise<Channel>;

/** Without a sign of life for this long, the server is asked. */
const quietMs = 10_000;
const probeLimitMs = 5_000;
const superviseMs = 1_000;
const closeLimitMs = 5_000;
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
  let state: Connection = { endpoint: endpointUrl, state: 'connecting', since: isoInstant(clock.now()) };
  let channel: Channel | undefined;
  let wasOnline = false;

  function enter(next: Connection['state'], error?: MillwrightError): void {
    const cause = error?.message;
    if (state.state === next && state.cause === cause) return;
    const since = state.state === next ? state.since : isoInstant(clock.now());
    state = { endpoint: endpointUrl, state: next, since, ...(cause === undefined ? {} : { cause }) };
    onState?.(state, error);
  }

  async function run(): Promise<void> {
    onState?.(state);
    let previous: Channel | undefined;
    while (!isEnding()) {
      try {
        const present = await dial(previous);
        previous = present;
        if (isEnding()) {
          await present.close();
          return;
        }
        channel = present;
        for (const feature of [...features]) await feature.attach(present.link);
        backOff.reset();
        wasOnline = true;
        enter('online');
        const reason = await present.lost;
        leave(present);
        if (isEnding()) return;
        enter('recovering', new MillwrightError('MW_OPCUA_SESSION_LOST', { endpoint: endpointUrl, reason }));
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

  function leave(present: Channel): void {
    channel = undefined;
    present.link.publisher.stop();
    for (const feature of features) feature.detach();
    if (!isEnding()) present.abandon();
  }

  function supervise(): void {
    const present = channel;
    if (!present) return;
    for (const feature of features) feature.supervise();
    if (monotonicMs() - present.heardAt() > quietMs)
      withDeadline('OPC UA probe', present.probe(), probeLimitMs).catch(() => {
        present.abandon();
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
    if (channel) void feature.attach(channel.link);
    return async () => {
      features.delete(feature);
      await feature.close();
    };
  }
  return {
    endpointUrl,
    get state() {
      return state;
    },
    subscribe(subscriptionOptions, handlers) {
      const ends = rateGroups(subscriptionOptions).map((group) =>
        keep(openServerSubscription(openTagValues(group, handlers, logger), { logger, clock })),
      );
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
        await withDeadline('OPC UA close', last.close(), closeLimitMs).catch((thrown: unknown) => {
          logger.debug(`OPC UA close: ${String(thrown)}`);
        });
      }
      await withDeadline('OPC UA close', running, closeLimitMs).catch(() => undefined);
      enter('idle');
    },
  };
}
