import type { Gap, Sample } from '../../../contracts/index.ts';
import { MillwrightError, systemClock, toMillwrightError, withDeadline, type Clock } from '../../../kernel/index.ts';
import type { MqttLink, MqttLinkOptions, MqttMessage, MqttReceived } from '../types.ts';
import { loadCodec, type PayloadCodec } from './codec.ts';
import { datatypeNamed } from './datatypes.ts';
import { requireId, type SparkplugLinkOptions } from './edge.ts';
import { rebirthMetric } from './edge-session.ts';
import { openHostSession, type EdgeChange, type HostEffects } from './host-session.ts';
import { formatState, parseState } from './host-state.ts';
import { tagOf, unknownFields } from './place.ts';
import type { EdgeName } from './rebirth-requests.ts';
import { edgeFilters, parseTopic, stateTopicsOf, topicOf } from './topics.ts';
import { wideOfNumber } from './wire.ts';

/** What a host application is made of. */
export interface SparkplugHostOptions {
  hostId: string;
  /** Groups to listen to; all where there is none. */
  groups?: readonly string[];
  /** Opens a link with a clean session. */
  openLink: (options: SparkplugLinkOptions) => MqttLink;
  /** Tag of a metric: `{group}`, `{edge}`, `{device}`, `{metric}`, or `{machine}` for a device with colons as levels. */
  tagTemplate?: string;
  /** How long a missing message is waited for before it counts as lost and a rebirth is asked for. */
  reorderMs?: number;
  mostNodes?: number;
  mostMetrics?: number;
  clock?: Clock;
}

/** Who hears of what happens to a host application. */
export interface SparkplugHostHandlers {
  onState: MqttLinkOptions['onState'];
  onProblem: (error: MillwrightError) => void;
}

/** Who takes what edge nodes say. */
export interface SparkplugListener {
  /** Values in order; *historical* ones were taken while their edge node could not send them. */
  onSamples: (samples: Sample[], historical: boolean) => void;
  onGap: (gap: Gap) => void;
  onChange?: ((change: EdgeChange) => void) | undefined;
}

/** A host application on its link. */
export interface SparkplugHost {
  /** Adds a listener, which gets the last value of every metric at once; returns what removes it. */
  listen(listener: SparkplugListener): () => void;
  /** Says that it goes offline, disconnects and ends. */
  close(): Promise<void>;
}

const defaultTemplate = '{group}/{edge}/{device}/{metric}';
const defaultReorderMs = 5_000;
const defaultMostNodes = 1_000;
const defaultMostMetrics = 200_000;
const stateLimitMs = 2_000;
const boolean = datatypeNamed('Boolean')!.code;

/**
 * Opens a Sparkplug B host application (3.0). Rejects with `MW_PACKAGE_MISSING` where the protobuf library is absent and
 * with `MW_CONFIG_INVALID` for an id or template that cannot be used.
 */
export async function openSparkplugHost(
  options: SparkplugHostOptions,
  handlers: SparkplugHostHandlers,
): Promise<SparkplugHost> {
  requireId('/hostId', options.hostId);
  for (const group of options.groups ?? []) requireId('/groups', group);
  const [unknown] = unknownFields(options.tagTemplate ?? defaultTemplate);
  if (unknown !== undefined)
    throw new MillwrightError('MW_CONFIG_INVALID', {
      pointer: '/tagTemplate',
      found: `{${unknown}}`,
      expected: '{group} {edge} {device} {machine} {metric}',
    });
  return runHost(options, handlers, await loadCodec());
}

function runHost(options: SparkplugHostOptions, handlers: SparkplugHostHandlers, codec: PayloadCodec): SparkplugHost {
  const { hostId, clock = systemClock, tagTemplate = defaultTemplate } = options;
  const [stateTopic] = stateTopicsOf(hostId);
  const session = openHostSession({
    tagOf: (name) => tagOf(tagTemplate, name),
    reorderMs: options.reorderMs ?? defaultReorderMs,
    mostNodes: options.mostNodes ?? defaultMostNodes,
    mostMetrics: options.mostMetrics ?? defaultMostMetrics,
  });
  const listeners = new Set<SparkplugListener>();
  let timer: NodeJS.Timeout | undefined;
  let online = false;
  let closing = false;
  /** Of the present connection: its will and its birth have the same. */
  let connectionMs = 0;

  const link = options.openLink({
    will: () => {
      connectionMs = Math.max(clock.now(), connectionMs + 1);
      return stateMessage(false, connectionMs);
    },
    sessionExpirySeconds: 0,
    onState: (connection, error) => {
      if (online && connection.state !== 'online') {
        online = false;
        carryOut(session.lost(clock.now()));
      }
      handlers.onState?.(connection, error);
    },
  });
  link.subscribe([stateTopic], 1, takeState);
  link.subscribe(edgeFilters(options.groups ?? []), 1, takeMessage);
  link.onConnect(() => {
    online = true;
    say(stateMessage(true, connectionMs));
    schedule();
  });

  function stateMessage(isOnline: boolean, timestampMs: number): MqttMessage {
    return { topic: stateTopic, payload: formatState({ online: isOnline, timestampMs }), qos: 1, retain: true };
  }

  function say(message: MqttMessage): void {
    link.publish(message).catch((thrown: unknown) => {
      const error = toMillwrightError(thrown);
      if (error.code !== 'MW_MQTT_NOT_CONNECTED') handlers.onProblem(error);
    });
  }

  /** A death of an earlier connection may come late, or somebody uses our id: we are online all the same. */
  function takeState(received: MqttReceived): void {
    const state = parseState(received.payload);
    if (!state || state.online || closing || !online) return;
    connectionMs = Math.max(connectionMs, state.timestampMs ?? 0);
    say(stateMessage(true, connectionMs));
  }

  function takeMessage(received: MqttReceived): void {
    const topic = parseTopic(received.topic);
    if (!topic || received.retained) return;
    try {
      carryOut(session.message(topic, codec.decode(received.payload, received.topic), clock.now()));
    } catch (thrown) {
      handlers.onProblem(toMillwrightError(thrown));
    }
  }

  function carryOut({ batches, gaps, changes, rebirths, problems }: HostEffects): void {
    for (const listener of listeners) {
      for (const gap of gaps) listener.onGap(gap);
      for (const { samples, historical } of batches) listener.onSamples(samples, historical);
      for (const change of changes) listener.onChange?.(change);
    }
    for (const problem of problems) handlers.onProblem(problem);
    for (const name of rebirths) say(rebirthRequest(name));
    schedule();
  }

  function rebirthRequest(name: EdgeName): MqttMessage {
    const timestamp = wideOfNumber(clock.now());
    const metric = { name: rebirthMetric, timestamp, datatype: boolean, booleanValue: true };
    const payload = codec.encode({ timestamp, metrics: [metric] });
    return { topic: topicOf({ type: 'NCMD', ...name }), payload, qos: 0, retain: false };
  }

  /** Requests that cannot be sent now stay due until the link is back. */
  function schedule(): void {
    clearTimeout(timer);
    const dueMs = session.dueMs();
    if (dueMs === undefined || closing || !online) return;
    timer = setTimeout(
      () => {
        carryOut(session.tick(clock.now()));
      },
      Math.max(1, dueMs - clock.now()),
    );
  }

  return {
    listen(listener) {
      listeners.add(listener);
      const samples = session.current();
      if (samples.length > 0) listener.onSamples(samples, false);
      return () => listeners.delete(listener);
    },
    async close() {
      if (closing) return;
      closing = true;
      clearTimeout(timer);
      const last = link.publish(stateMessage(false, Math.max(clock.now(), connectionMs)));
      await withDeadline('Sparkplug STATE', last, stateLimitMs).catch(() => undefined);
      online = false;
      await link.close();
    },
  };
}
