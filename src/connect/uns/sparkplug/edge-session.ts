import type { Sample } from '../../../contracts/index.ts';
import type { MillwrightError } from '../../../kernel/index.ts';
import { datatypeNamed, datatypeOf } from './datatypes.ts';
import { birthMetric, dataMetric, openEdgeMetrics, wasInBirth } from './edge-metrics.ts';
import type { EdgeMetric, MetricGroup } from './edge-metrics.ts';
import { openHostWatch, type HostState } from './host-state.ts';
import type { MetricPlace } from './place.ts';
import type { EdgeTopic } from './topics.ts';
import { own, readValue, type PlainValue } from './values.ts';
import { bigOf, wideOfNumber, type WireMetric, type WirePayload } from './wire.ts';

/** What an edge node is made of. */
export interface EdgeSessionOptions {
  group: string;
  edge: string;
  /** Where one is named, nothing is born before it says that it is online. */
  primaryHostId?: string;
  place: (tag: string) => MetricPlace;
  mostMetrics: number;
  mostPerMessage: number;
  onProblem: (error: MillwrightError) => void;
}

/** A message that the edge node sends. */
export interface EdgeMessage extends EdgeTopic {
  payload: WirePayload;
}

/** Somebody wants to write: reported, never carried out. */
export interface EdgeCommand {
  device?: string;
  metric: string;
  value: PlainValue;
}

/**
 * An edge node's state, without clock, link or file: events go in, messages to send come out, in order. *offline*: no
 * link; *waiting*: for the primary host; *born*: values may be published.
 */
export interface EdgeSession {
  readonly phase: 'offline' | 'waiting' | 'born';
  /** A link is about to be made: its will, with this number of the birth to come. */
  connecting(bdSeq: number, nowMs: number): EdgeMessage;
  connected(nowMs: number): EdgeMessage[];
  disconnected(): void;
  /** What the node says before it disconnects by itself; nothing where it is not born. */
  death(nowMs: number): EdgeMessage[];
  /** The primary host spoke; `restart` asks for a disconnection and a new connection after the messages. */
  hostState(state: HostState, nowMs: number): { messages: EdgeMessage[]; restart: boolean };
  /** Notes values, so that the next birth has the newest, wherever they wait meanwhile. */
  observe(samples: readonly Sample[]): void;
  /** Whether publishing these would need a birth first. */
  needsBirth(samples: readonly Sample[]): boolean;
  /** Births where they are needed, then the values; *late* ones are historical whatever their time. Only when born. */
  publish(samples: readonly Sample[], late: boolean, nowMs: number): EdgeMessage[];
  /** A device cannot be reached; its next value is its return. */
  deviceGone(device: string, nowMs: number): EdgeMessage[];
  /** Everything again, with the same number of the birth. */
  rebirth(nowMs: number): EdgeMessage[];
  /** Reads a command: whether it asks for a rebirth, and what it wants to write. */
  readCommand(device: string | undefined, payload: WirePayload): { rebirth: boolean; writes: EdgeCommand[] };
}

/** The metric by which a host application asks for everything again. */
export const rebirthMetric = 'Node Control/Rebirth';
const bdSeqMetric = 'bdSeq';
const int64 = datatypeNamed('Int64')!.code;
const boolean = datatypeNamed('Boolean')!.code;

/** Opens an edge node's state. */
export function openEdgeSession(options: EdgeSessionOptions): EdgeSession {
  const { group, edge, primaryHostId, mostPerMessage, onProblem } = options;
  const metrics = openEdgeMetrics(options.place, options.mostMetrics, onProblem);
  const host = openHostWatch();
  let phase: EdgeSession['phase'] = 'offline';
  let bdSeq = 0;
  let seq = 0;

  function message(
    type: EdgeTopic['type'],
    device: string | undefined,
    nowMs: number,
    list: WireMetric[],
  ): EdgeMessage {
    seq = type === 'NBIRTH' ? 0 : (seq + 1) % 256;
    const payload = { timestamp: wideOfNumber(nowMs), metrics: list, seq: wideOfNumber(seq) };
    return { type, group, edge, ...(device === undefined ? {} : { device }), payload };
  }

  function bdSeqValue(nowMs: number): WireMetric {
    const timestamp = wideOfNumber(nowMs);
    return { name: bdSeqMetric, timestamp, datatype: int64, longValue: wideOfNumber(bdSeq) };
  }

  function nodeDeath(nowMs: number): EdgeMessage {
    const payload = { timestamp: wideOfNumber(nowMs), metrics: [bdSeqValue(nowMs)] };
    return { type: 'NDEATH', group, edge, payload };
  }

  function birth(one: MetricGroup, nowMs: number): EdgeMessage {
    one.born = true;
    const list = [...one.metrics.values()].map((metric) => birthMetric(metric, onProblem));
    if (one.device !== undefined) return message('DBIRTH', one.device, nowMs, list);
    const control = { name: rebirthMetric, timestamp: wideOfNumber(nowMs), datatype: boolean, booleanValue: false };
    return message('NBIRTH', undefined, nowMs, [bdSeqValue(nowMs), control, ...list]);
  }

  function births(nowMs: number): EdgeMessage[] {
    phase = 'born';
    const dead = [...metrics.groups.values()].filter((one) => one.device !== undefined && gone.has(one.device));
    return [...metrics.groups.values()].filter((one) => !dead.includes(one)).map((one) => birth(one, nowMs));
  }
  /** Devices that were lost and have not come back. */
  const gone = new Set<string>();

  /** Data of one group, split where it is long. */
  function data(one: MetricGroup, list: WireMetric[], nowMs: number): EdgeMessage[] {
    const type = one.device === undefined ? 'NDATA' : 'DDATA';
    const parts: EdgeMessage[] = [];
    for (let from = 0; from < list.length; from += mostPerMessage)
      parts.push(message(type, one.device, nowMs, list.slice(from, from + mostPerMessage)));
    return parts;
  }

  return {
    get phase() {
      return phase;
    },
    connecting(nextBdSeq, nowMs) {
      phase = 'offline';
      bdSeq = nextBdSeq;
      return nodeDeath(nowMs);
    },
    connected(nowMs) {
      metrics.forgetBirths();
      host.reset();
      phase = 'waiting';
      return primaryHostId === undefined ? births(nowMs) : [];
    },
    disconnected() {
      phase = 'offline';
    },
    death(nowMs) {
      if (phase !== 'born') return [];
      phase = 'offline';
      return [nodeDeath(nowMs)];
    },
    hostState(state, nowMs) {
      const nothing = { messages: [], restart: false };
      if (primaryHostId === undefined || phase === 'offline' || !host.take(state)) return nothing;
      if (host.online) return phase === 'waiting' ? { messages: births(nowMs), restart: false } : nothing;
      if (phase !== 'born') return nothing;
      phase = 'offline';
      return { messages: [nodeDeath(nowMs)], restart: true };
    },
    observe(samples) {
      for (const sample of samples) metrics.note(sample);
    },
    needsBirth: (samples) =>
      samples.some((sample) => {
        const noted = metrics.note(sample);
        return noted !== undefined && !(noted.metric.born && noted.group.born);
      }),
    publish(samples, late, nowMs) {
      const noted = samples.map((sample) => ({ sample, ...metrics.note(sample) }));
      const unborn = new Set<MetricGroup>();
      for (const { group: one, metric } of noted) {
        if (one?.device !== undefined) gone.delete(one.device);
        if (one && metric && !(metric.born && one.born)) unborn.add(one);
      }
      const messages = [...unborn].some(({ device }) => device === undefined)
        ? births(nowMs)
        : [...unborn].map((one) => birth(one, nowMs));
      const lists = new Map<MetricGroup, WireMetric[]>();
      for (const { sample, group: one, metric } of noted) {
        if (!one || !metric || wasInBirth(metric, sample)) continue;
        const list = lists.get(one) ?? [];
        lists.set(one, list);
        list.push(dataMetric(metric, sample, late, onProblem));
      }
      for (const [one, list] of lists) messages.push(...data(one, list, nowMs));
      return messages;
    },
    deviceGone(device, nowMs) {
      const one = metrics.groups.get(device);
      gone.add(device);
      if (phase !== 'born' || !one?.born) return [];
      one.born = false;
      return [message('DDEATH', device, nowMs, [])];
    },
    rebirth: (nowMs) => (phase === 'born' ? births(nowMs) : []),
    readCommand(device, payload) {
      const writes: EdgeCommand[] = [];
      let rebirth = false;
      for (const wire of payload.metrics) {
        const alias = own(wire, 'alias');
        const metric = own(wire, 'name') ?? (alias && metrics.nameOf(bigOf(alias, false)));
        if (metric === undefined) continue;
        if (device === undefined && metric === rebirthMetric) rebirth ||= own(wire, 'booleanValue') === true;
        else
          writes.push({
            ...(device === undefined ? {} : { device }),
            metric,
            value: commandValue(device, metric, wire),
          });
      }
      return { rebirth, writes };
    },
  };

  function commandValue(device: string | undefined, name: string, wire: WireMetric): PlainValue {
    const known: EdgeMetric | undefined = metrics.groups.get(device)?.metrics.get(name);
    const type = datatypeOf(own(wire, 'datatype')) ?? known?.type;
    return (type && readValue(type, wire)) ?? null;
  }
}
