import type { Sample } from '../../../contracts/index.ts';
import {
  MillwrightError,
  sleep,
  systemClock,
  toMillwrightError,
  withDeadline,
  type Clock,
} from '../../../kernel/index.ts';
import type { MqttLink, MqttLinkOptions, MqttMessage, MqttReceived } from '../types.ts';
import { loadCodec, type PayloadCodec } from './codec.ts';
import { openDeathCounter } from './death-counter.ts';
import { openEdgeSession, type EdgeCommand, type EdgeMessage, type EdgeSession } from './edge-session.ts';
import { parseState } from './host-state.ts';
import { placeOf, type DeviceLevel } from './place.ts';
import { commandFilters, isId, parseTopic, stateTopicsOf, topicOf } from './topics.ts';

/** What a Sparkplug role asks of the link that is opened for it: a will of its own, hence a link of its own. */
export type SparkplugLinkOptions = Required<Pick<MqttLinkOptions, 'will' | 'onState' | 'sessionExpirySeconds'>>;

/** What an edge node is made of. */
export interface SparkplugEdgeOptions {
  groupId: string;
  edgeNodeId: string;
  /** Where one is named, the node is born when this host application is online and dies when it goes offline. */
  primaryHostId?: string;
  /** Opens a link with a clean session; called again for a new one when the primary host has gone offline. */
  openLink: (options: SparkplugLinkOptions) => MqttLink;
  /** Where the number of the last connection is kept. */
  folder: string;
  /** What its devices are; the machines where absent. */
  deviceLevel?: DeviceLevel;
  /** Metrics beyond this are reported and left out. */
  mostMetrics?: number;
  /** Data messages are split at this many metrics. */
  mostPerMessage?: number;
  clock?: Clock;
}

/** Who hears of what happens to an edge node. */
export interface SparkplugEdgeHandlers {
  onState: MqttLinkOptions['onState'];
  /** Somebody wants to write; nothing was carried out. */
  onCommand: (command: EdgeCommand) => void;
  onProblem: (error: MillwrightError) => void;
}

/** An edge node on its link. */
export interface SparkplugEdge {
  /** *waiting*: for the primary host; *born*: values may be published. */
  readonly phase: EdgeSession['phase'];
  /** Hears of each change of the phase; returns what removes the listener. */
  onPhase(listener: (phase: EdgeSession['phase']) => void): () => void;
  /** Notes values that will be published later, so that a birth until then carries the newest. */
  observe(samples: readonly Sample[]): void;
  /**
   * Publishes values by alias, after births where a metric is new. Values older than what was published as current, and
   * all *late* ones, are marked historical. Sparkplug data has QoS 0 and no acknowledgement of its own: resolves when the
   * broker has read it all, as a ping behind it shows. Rejects with `MW_MQTT_NOT_CONNECTED` or
   * `MW_SPARKPLUG_HOST_OFFLINE` where the node is not born or the link breaks before: publish again when it is.
   */
  publish(samples: readonly Sample[], late?: boolean): Promise<void>;
  /** A device cannot be reached; its next value is its return. */
  deviceGone(device: string): void;
  /** Says its death, disconnects and ends. */
  close(): Promise<void>;
}

const defaultMostMetrics = 100_000;
const defaultMostPerMessage = 1_000;
/** Births because of new metrics, and rebirths on request, are at least this far apart. */
const birthSpacingMs = 1_000;
const deathLimitMs = 2_000;

/**
 * Opens a Sparkplug B edge node (3.0). Rejects with `MW_PACKAGE_MISSING` where the protobuf library is absent and with
 * `MW_CONFIG_INVALID` for an id that cannot stand in a topic.
 */
export async function openSparkplugEdge(
  options: SparkplugEdgeOptions,
  handlers: SparkplugEdgeHandlers,
): Promise<SparkplugEdge> {
  const { groupId: group, edgeNodeId: edge, primaryHostId } = options;
  requireId('/groupId', group);
  requireId('/edgeNodeId', edge);
  if (primaryHostId !== undefined) requireId('/primaryHostId', primaryHostId);
  return runEdge(options, handlers, await loadCodec());
}

/** Refuses an id that cannot stand in a topic. */
export function requireId(pointer: string, found: string): void {
  if (!isId(found))
    throw found === ''
      ? new MillwrightError('MW_CONFIG_MISSING', { property: pointer.slice(1) })
      : new MillwrightError('MW_CONFIG_INVALID', { pointer, found, expected: 'text without / + #' });
}

function runEdge(options: SparkplugEdgeOptions, handlers: SparkplugEdgeHandlers, codec: PayloadCodec): SparkplugEdge {
  const { groupId: group, edgeNodeId: edge, primaryHostId, clock = systemClock } = options;
  const counter = openDeathCounter(options.folder, `${group}/${edge}`);
  const session = openEdgeSession({
    group,
    edge,
    ...(primaryHostId === undefined ? {} : { primaryHostId }),
    place: (tag) => placeOf(tag, options.deviceLevel),
    mostMetrics: options.mostMetrics ?? defaultMostMetrics,
    mostPerMessage: options.mostPerMessage ?? defaultMostPerMessage,
    onProblem: handlers.onProblem,
  });
  const ending = new AbortController();
  const listeners = new Set<(phase: EdgeSession['phase']) => void>();
  let reported: EdgeSession['phase'] = session.phase;
  let lastBirthMs = -Infinity;
  let turn: Promise<unknown> = Promise.resolve();
  let rebirthAsked = false;
  /** The ping on its way, and the one after it. */
  let asked: Promise<void> | undefined;
  let askedNext: Promise<void> | undefined;
  let link = open();

  function open(): MqttLink {
    const next = options.openLink({
      will: () => packed(session.connecting(counter.next(), clock.now())),
      sessionExpirySeconds: 0,
      onState: (connection, error) => {
        if (connection.state !== 'online') session.disconnected();
        report();
        handlers.onState?.(connection, error);
      },
    });
    next.subscribe(commandFilters(group, edge), 1, takeCommand);
    if (primaryHostId !== undefined) next.subscribe(stateTopicsOf(primaryHostId), 1, takeState);
    next.onConnect(() => {
      say(next, session.connected(clock.now()));
      report();
    });
    return next;
  }

  function report(): void {
    if (session.phase === reported) return;
    reported = session.phase;
    for (const listener of [...listeners]) listener(reported);
  }

  function packed({ payload, ...topic }: EdgeMessage): MqttMessage {
    return {
      topic: topicOf(topic),
      payload: codec.encode(payload),
      qos: topic.type === 'NDEATH' ? 1 : 0,
      retain: false,
    };
  }

  /** Publishes in order; what the link loses, the next connection's births make good. */
  function say(on: MqttLink, messages: readonly EdgeMessage[]): void {
    send(on, messages).catch((thrown: unknown) => {
      const error = toMillwrightError(thrown);
      if (error.code !== 'MW_MQTT_NOT_CONNECTED') handlers.onProblem(error);
    });
  }

  async function send(on: MqttLink, messages: readonly EdgeMessage[]): Promise<void> {
    if (messages.some(({ type }) => type === 'NBIRTH' || type === 'DBIRTH')) lastBirthMs = clock.now();
    await Promise.all(messages.map((message) => on.publish(packed(message))));
  }

  function takeState(received: MqttReceived): void {
    const state = parseState(received.payload);
    if (!state) return;
    const { messages, restart } = session.hostState(state, clock.now());
    if (restart) void restartLink(messages);
    else say(link, messages);
    report();
  }

  async function restartLink(messages: readonly EdgeMessage[]): Promise<void> {
    const last = link;
    await withDeadline('Sparkplug NDEATH', send(last, messages), deathLimitMs).catch(() => undefined);
    await last.close(true);
    if (!ending.signal.aborted) link = open();
  }

  function takeCommand(received: MqttReceived): void {
    const topic = parseTopic(received.topic);
    if (!topic) return;
    try {
      const { rebirth, writes } = session.readCommand(topic.device, codec.decode(received.payload, received.topic));
      if (rebirth) askForRebirth();
      for (const write of writes) handlers.onCommand(write);
    } catch (thrown) {
      handlers.onProblem(toMillwrightError(thrown));
    }
  }

  function untilNextBirth(): number {
    return Math.max(0, lastBirthMs + birthSpacingMs - clock.now());
  }

  /** Several requests within the spacing are one rebirth. */
  function askForRebirth(): void {
    if (rebirthAsked) return;
    rebirthAsked = true;
    void sleep(untilNextBirth(), ending.signal).then(() => {
      rebirthAsked = false;
      if (!ending.signal.aborted) say(link, session.rebirth(clock.now()));
    });
  }

  /** One ping answers for all that was written before it; while one is on its way, the next waits for it. */
  async function whenRead(on: MqttLink): Promise<void> {
    const before = asked;
    if (!before) {
      asked = on.flush().finally(() => (asked = undefined));
      await asked;
      return;
    }
    askedNext ??= before
      .catch(() => undefined)
      .then(() => {
        askedNext = undefined;
        return whenRead(on);
      });
    await askedNext;
  }

  /** Gives the batch its place in the order; what it answers is settled when the broker has read it. */
  async function publishInTurn(samples: readonly Sample[], late: boolean): Promise<{ read: Promise<void> }> {
    if (session.phase === 'born' && session.needsBirth(samples)) await sleep(untilNextBirth(), ending.signal);
    if (session.phase === 'waiting') throw new MillwrightError('MW_SPARKPLUG_HOST_OFFLINE', { host: primaryHostId! });
    if (session.phase !== 'born') throw new MillwrightError('MW_MQTT_NOT_CONNECTED', { endpoint: link.state.endpoint });
    const on = link;
    const read = send(on, session.publish(samples, late, clock.now())).then(() => whenRead(on));
    read.catch(() => undefined);
    return { read };
  }

  return {
    get phase() {
      return session.phase;
    },
    onPhase(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    observe: (samples) => {
      session.observe(samples);
    },
    async publish(samples, late = false) {
      session.observe(samples);
      const mine = turn.then(() => publishInTurn(samples, late));
      turn = mine.catch(() => undefined);
      const { read } = await mine;
      await read;
    },
    deviceGone(device) {
      say(link, session.deviceGone(device, clock.now()));
    },
    async close() {
      if (ending.signal.aborted) return;
      ending.abort();
      const last = send(link, session.death(clock.now()));
      await withDeadline('Sparkplug NDEATH', last, deathLimitMs).catch(() => undefined);
      await link.close(true);
      report();
    },
  };
}
