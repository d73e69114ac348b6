import { Readable } from 'node:stream';
import type { IClientOptions, IClientPublishOptions, IPublishPacket, IStore, MqttClient } from 'mqtt';
import { lazyImport, MillwrightError, uuidv7 } from '../../kernel/index.ts';
import { defaultKeepAliveSeconds, runLink, type MqttChannel } from './link.ts';
import type { MqttLink, MqttLinkOptions, MqttMessage, MqttReceived, Qos } from './types.ts';

const connectLimitMs = 10_000;
/** Larger messages are refused to the broker (MQTT 5). */
const largestIncomingBytes = 16 * 2 ** 20;
const unlimited = 268_435_455;
const defaultSessionExpirySeconds = 0;

/** QoS 2 messages that were taken and that the broker has not released yet, by their packet id. */
type HalfReceived = Set<number>;

/**
 * Opens a link to an MQTT broker; returns at once, its state says how far it is. The certificate of a broker is always
 * verified, against the system's authorities or those given.
 */
export function openMqttLink(options: MqttLinkOptions): MqttLink {
  const clientId = options.clientId ?? `mw-${uuidv7()}`;
  const halfReceived: HalfReceived = new Set();
  return runLink(options, async (take, signal) => {
    const { default: mqtt } = await lazyImport('mqtt', () => import('mqtt'));
    const receiver = openReceiver(take, halfReceived, options.protocol);
    const client = mqtt.connect({ ...connectOptions(options, clientId), incomingStore: receiver.store });
    return openChannel(client, receiver, options, signal);
  });
}

function connectOptions(options: MqttLinkOptions, clientId: string): IClientOptions {
  const { url, protocol, credentials, tls = {}, keepAliveSeconds = defaultKeepAliveSeconds } = options;
  const { protocol: scheme, hostname, port, pathname, search } = new URL(url);
  const sessionExpiryInterval = options.sessionExpirySeconds ?? defaultSessionExpirySeconds;
  const will = typeof options.will === 'function' ? options.will() : options.will;
  const secure = scheme === 'mqtts:' || scheme === 'wss:';
  const five = protocol === '5';
  return {
    protocol: scheme.slice(0, -1) as 'mqtt',
    hostname: hostname.replace(/^\[(.*)\]$/, '$1'),
    ...(port ? { port: Number(port) } : {}),
    path: `${pathname || '/'}${search}`,
    protocolVersion: five ? 5 : 4,
    clientId,
    clean: sessionExpiryInterval === 0,
    keepalive: keepAliveSeconds,
    connectTimeout: connectLimitMs,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    log: () => undefined,
    ...(credentials?.user ? { username: credentials.user } : {}),
    ...(credentials?.password ? { password: credentials.password } : {}),
    ...(secure ? { ...tls, rejectUnauthorized: true } : {}),
    ...(five ? { properties: { sessionExpiryInterval, maximumPacketSize: largestIncomingBytes } } : {}),
    ...(will
      ? { will: { topic: will.topic, payload: bytesOf(will), qos: will.qos, retain: will.retain ?? false } }
      : {}),
  };
}

/** Gathers what comes in until it is stored. */
interface Receiver {
  readonly store: IStore;
  /** Takes a message with QoS 0 or 1, or passes over the release of one with QoS 2, which was taken before. */
  receive(packet: IPublishPacket): void;
  /** A new session of the broker: packet ids of the one before mean nothing any more. */
  forget(): void;
  /** Stores what was gathered; throws where that fails. */
  flush(): void;
  /** Called with the first message of a round. */
  onFirst: () => void;
}

/**
 * The library acknowledges QoS 0 and 1 when `handleMessage` calls back, but QoS 2 when its incoming store has put the
 * message: the store handed to it is where such a message is taken.
 */
function openReceiver(
  take: (messages: readonly MqttReceived[]) => void,
  halfReceived: HalfReceived,
  protocol: MqttLinkOptions['protocol'],
): Receiver {
  const released = { cmd: 'publish', qos: 2, topic: '', payload: '', dup: false, retain: false } as const;
  let gathered: MqttReceived[] = [];
  let gatheredIds: number[] = [];

  function gather(packet: IPublishPacket): void {
    gathered.push(received(packet, protocol));
    if (gathered.length === 1) receiver.onFirst();
  }
  const receiver: Receiver = {
    onFirst: () => undefined,
    receive(packet) {
      if (packet.qos < 2) gather(packet);
    },
    forget() {
      halfReceived.clear();
    },
    flush() {
      if (gathered.length === 0) return;
      const [messages, ids] = [gathered, gatheredIds];
      gathered = [];
      gatheredIds = [];
      try {
        take(messages);
      } catch (thrown) {
        for (const id of ids) halfReceived.delete(id);
        throw thrown;
      }
    },
    store: {
      put(packet, done) {
        const { messageId = 0 } = packet;
        if (!halfReceived.has(messageId)) {
          halfReceived.add(messageId);
          gatheredIds.push(messageId);
          gather(packet as IPublishPacket);
        }
        done();
        return receiver.store;
      },
      get({ messageId = 0 }, done) {
        done(undefined, { ...released, messageId });
        return receiver.store;
      },
      del({ messageId = 0 }, done) {
        halfReceived.delete(messageId);
        done();
        return receiver.store;
      },
      createStream: () => Readable.from([]) as unknown as ReturnType<IStore['createStream']>,
      close(done) {
        done();
      },
    },
  };
  return receiver;
}

function received(packet: IPublishPacket, protocol: MqttLinkOptions['protocol']): MqttReceived {
  const { topic, payload, qos, retain, dup, properties } = packet;
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const message: MqttReceived = { topic, payload: bytes, qos, retained: retain, duplicate: dup };
  if (protocol === '5' && properties) {
    if (properties.contentType !== undefined) message.contentType = properties.contentType;
    if (properties.userProperties) message.userProperties = firstValues(properties.userProperties);
  }
  return message;
}

/** A user property may be repeated: its first value counts. */
function firstValues(properties: NonNullable<NonNullable<IPublishPacket['properties']>['userProperties']>) {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, Array.isArray(value) ? (value[0] ?? '') : value]),
  );
}

function bytesOf({ payload }: MqttMessage): Buffer {
  return Buffer.isBuffer(payload) ? payload : Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
}

/** Resolves once the broker has accepted the connection. */
function openChannel(
  client: MqttClient,
  receiver: Receiver,
  { url: endpoint, protocol }: MqttLinkOptions,
  signal: AbortSignal,
): Promise<MqttChannel> {
  const lost = Promise.withResolvers<MillwrightError>();
  const opened = Promise.withResolvers<MqttChannel>();
  let gone = false;
  let held: MqttClient['stream'] | undefined;
  let connected = false;

  function abandon(): void {
    gone = true;
    client.end(true);
  }
  function lose(error: MillwrightError): void {
    if (!gone) abandon();
    opened.reject(error);
    lost.resolve(error);
  }
  const giveUp = () => {
    lose(new MillwrightError('MW_ABORTED', { what: 'MQTT connection' }));
  };
  if (signal.aborted) giveUp();
  signal.addEventListener('abort', giveUp, { once: true });
  async function disconnect(publishWill: boolean): Promise<void> {
    // What came is stored before the socket ends, since ending it lets the acknowledgements go.
    release();
    if (gone) return;
    gone = true;
    for (const id of Object.keys(client.outgoing)) client.removeOutgoingMessage(Number(id));
    await client.endAsync(false, publishWill && protocol === '5' ? { reasonCode: disconnectWithWill } : {});
  }
  /**
   * Holds back what is written to the socket until the end of this turn of the event loop: acknowledgements leave after
   * what they acknowledge was stored, many at once, and so do messages.
   */
  function hold(): void {
    if (held || gone) return;
    held = client.stream;
    held.cork();
    setImmediate(release);
  }
  function release(): void {
    const stream = held;
    held = undefined;
    if (gone) return;
    try {
      receiver.flush();
    } catch (thrown) {
      lose(thrown instanceof MillwrightError ? thrown : lostBecause(endpoint, String(thrown)));
      return;
    }
    stream?.uncork();
  }
  receiver.onFirst = hold;
  client.handleMessage = (packet, done) => {
    if (gone) return;
    receiver.receive(packet);
    done();
  };
  client.on('error', (error) => {
    lose(connected ? lostBecause(endpoint, error.message) : explain(error, endpoint, protocol));
  });
  client.on('disconnect', ({ reasonCode = 0 }) => {
    lose(disconnected(reasonCode, endpoint));
  });
  client.on('close', () => {
    const reason = 'connection closed';
    lose(connected ? lostBecause(endpoint, reason) : new MillwrightError('MW_MQTT_UNREACHABLE', { endpoint, reason }));
  });
  client.on('connect', ({ sessionPresent, properties }) => {
    connected = true;
    signal.removeEventListener('abort', giveUp);
    if (!sessionPresent) receiver.forget();
    opened.resolve({
      sessionPresent,
      receiveMaximum: properties?.receiveMaximum ?? 65_535,
      maximumBytes: properties?.maximumPacketSize ?? unlimited,
      lost: lost.promise,
      publish(message, done) {
        hold();
        client.publish(message.topic, bytesOf(message), publishOptions(message, protocol), (error) => {
          if (gone) return;
          // Only the broker's answer refuses a message; any other error is the end of the connection. The library is
          // in the middle of telling it to all, so it is not disturbed at once.
          if (error && typeof (error as { code?: unknown }).code !== 'number')
            queueMicrotask(() => {
              lose(lostBecause(endpoint, error.message));
            });
          else done(error ? refused(error, message.topic) : undefined);
        });
      },
      subscribe: (filters, qos) => subscribe(client, filters, qos),
      async unsubscribe(filters) {
        await client.unsubscribeAsync([...filters]);
      },
      ping: openPing(client),
      async close(publishWill) {
        await disconnect(publishWill);
        lost.resolve(lostBecause(endpoint, 'closed'));
      },
      abandon,
    });
  });
  return opened.promise;
}

/** Answers are told from those to the client's own pings by their order. */
function openPing(client: MqttClient): MqttChannel['ping'] {
  const sent: (() => void)[] = [];
  let ours: (() => void) | undefined;
  client.on('packetsend', ({ cmd }) => {
    if (cmd === 'pingreq') sent.push(ours ?? (() => undefined));
  });
  client.on('packetreceive', ({ cmd }) => {
    if (cmd === 'pingresp') sent.shift()?.();
  });
  return (done) => {
    ours = done;
    client.sendPing();
    ours = undefined;
  };
}

function publishOptions(message: MqttMessage, protocol: MqttLinkOptions['protocol']): IClientPublishOptions {
  const { qos, retain = false, contentType, userProperties } = message;
  if (protocol !== '5' || (contentType === undefined && !userProperties)) return { qos, retain };
  return {
    qos,
    retain,
    properties: {
      ...(contentType === undefined ? {} : { contentType }),
      ...(userProperties ? { userProperties } : {}),
    },
  };
}

/** The library fails as a whole where one filter is refused; the codes are in the packet either way. */
function subscribe(client: MqttClient, filters: readonly string[], qos: Qos): Promise<number[]> {
  return new Promise((resolve, reject) => {
    client.subscribe([...filters], { qos }, (error, _granted, packet) => {
      if (packet) resolve(packet.granted as number[]);
      else reject(error ?? new Error('no answer to SUBSCRIBE'));
    });
  });
}

function lostBecause(endpoint: string, reason: string): MillwrightError {
  return new MillwrightError('MW_MQTT_LINK_LOST', { endpoint, reason: reason.slice(0, 200) });
}

function refused(error: Error, topic: string): MillwrightError {
  return new MillwrightError('MW_MQTT_PUBLISH_REFUSED', { topic, reason: error.message.slice(0, 200) }, error);
}

const disconnectWithWill = 4;
const sessionTakenOver = 142;

function disconnected(code: number, endpoint: string): MillwrightError {
  if (code === sessionTakenOver)
    return new MillwrightError('MW_MQTT_CLIENT_REFUSED', { endpoint, reason: 'session taken over: same client id' });
  return lostBecause(endpoint, `broker disconnected, code ${String(code)}`);
}

const protocolCodes = [1, 132];
const loginCodes = [4, 5, 134, 135, 140];
const clientCodes = [2, 133, 138];

/** What went wrong while connecting, by code. */
function explain(error: Error & { code?: unknown }, endpoint: string, protocol: string): MillwrightError {
  const { code, message } = error;
  const reason = message.slice(0, 200);
  if (typeof code === 'number') {
    if (protocolCodes.includes(code))
      return new MillwrightError('MW_MQTT_PROTOCOL_REFUSED', { endpoint, protocol }, error);
    if (loginCodes.includes(code)) return new MillwrightError('MW_MQTT_LOGIN_REFUSED', { endpoint, reason }, error);
    if (clientCodes.includes(code)) return new MillwrightError('MW_MQTT_CLIENT_REFUSED', { endpoint, reason }, error);
    return new MillwrightError('MW_MQTT_UNREACHABLE', { endpoint, reason }, error);
  }
  const name = typeof code === 'string' ? code : '';
  if (/CERT|ISSUER|SELF_SIGNED|LEAF_SIGNATURE|ERR_TLS|ERR_SSL/.test(name))
    return new MillwrightError('MW_MQTT_UNTRUSTED', { endpoint, reason: name }, error);
  return new MillwrightError('MW_MQTT_UNREACHABLE', { endpoint, reason: name || reason }, error);
}
