import type { Gap, Sample } from '../../../contracts/index.ts';
import { isoInstant, MillwrightError } from '../../../kernel/index.ts';
import { openHostMetrics, type HostMetrics } from './host-metrics.ts';
import type { MetricName } from './place.ts';
import { openRebirthRequests, type EdgeName } from './rebirth-requests.ts';
import { openReorder, type Reorder } from './reorder.ts';
import type { EdgeTopic } from './topics.ts';
import { instantOf, own } from './values.ts';
import { bigOf, numberOf, type WirePayload } from './wire.ts';

/** What a host application's state is made of. */
export interface HostSessionOptions {
  tagOf: (name: MetricName) => string;
  /** How long a missing message is waited for. */
  reorderMs: number;
  mostNodes: number;
  mostMetrics: number;
}

/** An edge node or a device came or went. */
export interface EdgeChange extends EdgeName {
  device?: string;
  online: boolean;
  /** As the event was received. */
  at: string;
}

/** What follows from an event, in order. */
export interface HostEffects {
  /** Values in order; a batch is either of current or of historical ones. */
  batches: { samples: Sample[]; historical: boolean }[];
  gaps: Gap[];
  changes: EdgeChange[];
  /** Edge nodes that are to be asked for a rebirth now. */
  rebirths: EdgeName[];
  problems: MillwrightError[];
}

/** A host application's view of all edge nodes, without clock or link: events go in, effects come out. */
export interface HostSession {
  message(topic: EdgeTopic, payload: WirePayload, nowMs: number): HostEffects;
  /** To be called when it is due. */
  tick(nowMs: number): HostEffects;
  dueMs(): number | undefined;
  /** The last value of every metric. */
  current(): Sample[];
  /** Our own link is gone: nothing is known to be current any more. */
  lost(nowMs: number): HostEffects;
}

interface EdgeNode extends EdgeName {
  metrics: HostMetrics;
  order: Reorder<Held>;
  online: boolean;
  devices: Set<string>;
  bdSeq: bigint | undefined;
  /** Devices that lived before the last birth and have not been born again, and until when that is waited for. */
  unborn: Set<string>;
  unbornUntilMs: number;
  /** It was alive when our link broke, and may have gone on sending. */
  unheard: boolean;
  /** When the last message in order was sent. */
  lastMs: number;
}

interface Held {
  topic: EdgeTopic;
  payload: WirePayload;
}

/** After the birth of a node its devices have this long to be born. */
const deviceBirthMs = 10_000;

/** Opens a host application's state. */
export function openHostSession(options: HostSessionOptions): HostSession {
  const nodes = new Map<string, EdgeNode>();
  const requests = openRebirthRequests();
  const reportedLimits = new Set<string>();
  let metricCount = 0;

  function nodeOf({ group, edge }: EdgeName, effects: HostEffects): EdgeNode | undefined {
    const key = `${group}/${edge}`;
    const known = nodes.get(key);
    if (known) return known;
    if (nodes.size >= options.mostNodes && !forgetStranger()) {
      reportLimit('edge nodes', options.mostNodes, effects);
      return undefined;
    }
    const node: EdgeNode = {
      group,
      edge,
      metrics: openHostMetrics(
        (device, metric) => options.tagOf({ group, edge, ...(device === undefined ? {} : { device }), metric }),
        () => options.mostMetrics - metricCount,
      ),
      order: openReorder(options.reorderMs),
      online: false,
      devices: new Set(),
      bdSeq: undefined,
      unborn: new Set(),
      unbornUntilMs: Infinity,
      unheard: false,
      lastMs: 0,
    };
    nodes.set(key, node);
    return node;
  }

  /** Makes room: forgets an edge node that was heard of but never born. */
  function forgetStranger(): boolean {
    const stranger = [...nodes].find(([, { metrics }]) => metrics.size === 0);
    if (!stranger) return false;
    requests.met(stranger[1]);
    return nodes.delete(stranger[0]);
  }

  function reportLimit(what: string, limit: number, effects: HostEffects): void {
    if (reportedLimits.has(what)) return;
    reportedLimits.add(what);
    effects.problems.push(new MillwrightError('MW_SPARKPLUG_LIMIT', { what, limit }));
  }

  function nodeBirth(node: EdgeNode, { payload }: Held, nowMs: number, effects: HostEffects): void {
    const seq = own(payload, 'seq');
    for (const held of node.order.begin(seq ? numberOf(seq) & 255 : 0)) take(node, held, nowMs, effects);
    const bdSeq = bdSeqOf(payload);
    if (node.unheard && bdSeq === node.bdSeq) tellGap(node, payload, 'resubscribed', nowMs, effects);
    node.unheard = false;
    node.bdSeq = bdSeq;
    node.unborn = new Set([...node.unborn, ...node.devices]);
    node.unbornUntilMs = nowMs + deviceBirthMs;
    node.devices.clear();
    node.metrics.beginNode();
    requests.met(node);
    if (!node.online) effects.changes.push({ ...nameOf(node), online: true, at: isoInstant(nowMs) });
    node.online = true;
    takeBirth(node, undefined, payload, nowMs, effects);
  }

  function nodeDeath(node: EdgeNode, payload: WirePayload, nowMs: number, effects: HostEffects): void {
    if (!node.online || bdSeqOf(payload) !== node.bdSeq) return;
    for (const held of node.order.giveUp()) take(node, held, nowMs, effects);
    goOffline(node, nowMs, effects);
  }

  function goOffline(node: EdgeNode, nowMs: number, effects: HostEffects): void {
    node.online = false;
    node.order.giveUp();
    const at = isoInstant(nowMs);
    for (const device of node.devices) effects.changes.push({ ...nameOf(node), device, online: false, at });
    effects.changes.push({ ...nameOf(node), online: false, at });
    node.devices.clear();
    node.unborn.clear();
    addBatch(effects, node.metrics.stale(nowMs), false);
  }

  /** A message whose turn it is. */
  function take(node: EdgeNode, { topic, payload }: Held, nowMs: number, effects: HostEffects): void {
    const { type, device } = topic;
    const sentMs = instantOf(own(payload, 'timestamp')) ?? nowMs;
    node.lastMs = sentMs;
    if (type === 'DBIRTH' && device !== undefined) {
      node.devices.add(device);
      const isBack = !node.unborn.delete(device);
      if (isBack) effects.changes.push({ ...nameOf(node), device, online: true, at: isoInstant(nowMs) });
      takeBirth(node, device, payload, nowMs, effects);
    } else if (type === 'DDEATH' && device !== undefined) {
      if (node.devices.delete(device)) loseDevice(node, device, nowMs, effects);
    } else if (device !== undefined && !node.devices.has(device)) requests.need(node, nowMs);
    else {
      const { samples, historical, unknown } = node.metrics.data(device, payload.metrics, sentMs);
      addBatch(effects, historical, true);
      addBatch(effects, samples, false);
      if (unknown > 0) requests.need(node, nowMs);
    }
  }

  function takeBirth(
    node: EdgeNode,
    device: string | undefined,
    payload: WirePayload,
    nowMs: number,
    effects: HostEffects,
  ): void {
    const before = node.metrics.size;
    const sentMs = instantOf(own(payload, 'timestamp')) ?? nowMs;
    node.lastMs = sentMs;
    const { samples, refused } = node.metrics.birth(device, payload.metrics, sentMs);
    metricCount += node.metrics.size - before;
    addBatch(effects, samples, false);
    if (refused > 0 && metricCount >= options.mostMetrics) reportLimit('metrics', options.mostMetrics, effects);
    else if (refused > 0) {
      const source = [node.group, node.edge, ...(device === undefined ? [] : [device])].join('/');
      const reason = `${refused} metrics without a known datatype or with a tag that cannot be one`;
      effects.problems.push(new MillwrightError('MW_SPARKPLUG_PAYLOAD_INVALID', { source, reason }));
    }
  }

  function loseDevice(node: EdgeNode, device: string, nowMs: number, effects: HostEffects): void {
    effects.changes.push({ ...nameOf(node), device, online: false, at: isoInstant(nowMs) });
    addBatch(effects, node.metrics.stale(nowMs, device), false);
  }

  /** A message got lost: what came after it is taken, the loss is told, a birth brings the current values. */
  function giveUp(node: EdgeNode, nowMs: number, effects: HostEffects): void {
    const [first, ...rest] = node.order.giveUp();
    if (!first) return;
    tellGap(node, first.payload, 'sequence', nowMs, effects);
    for (const held of [first, ...rest]) take(node, held, nowMs, effects);
    requests.need(node, nowMs);
  }

  /** From the last message that came to the first that came after it. */
  function tellGap(
    node: EdgeNode,
    next: WirePayload,
    reason: Gap['reason'],
    nowMs: number,
    effects: HostEffects,
  ): void {
    const to = Math.max(node.lastMs, instantOf(own(next, 'timestamp')) ?? nowMs);
    const range = { from: isoInstant(node.lastMs), to: isoInstant(to) };
    effects.gaps.push({ tags: node.metrics.tags(), ...range, reason, backfilled: false });
  }

  function settle(nowMs: number, effects: HostEffects): HostEffects {
    effects.rebirths.push(...requests.take(nowMs));
    return effects;
  }

  return {
    message(topic, payload, nowMs) {
      const effects = noEffects();
      if (topic.type === 'NCMD' || topic.type === 'DCMD') return effects;
      const node = nodeOf(topic, effects);
      if (!node) return effects;
      if (topic.type === 'NBIRTH') nodeBirth(node, { topic, payload }, nowMs, effects);
      else if (topic.type === 'NDEATH') nodeDeath(node, payload, nowMs, effects);
      else if (!node.online) requests.need(node, nowMs);
      else {
        const seq = own(payload, 'seq');
        const held = { topic, payload };
        const ready = seq ? node.order.put(numberOf(seq) & 255, held, nowMs) : [held];
        for (const one of ready) take(node, one, nowMs, effects);
      }
      return settle(nowMs, effects);
    },
    tick(nowMs) {
      const effects = noEffects();
      for (const node of nodes.values()) {
        if ((node.order.dueMs() ?? Infinity) <= nowMs) giveUp(node, nowMs, effects);
        if (node.unbornUntilMs > nowMs) continue;
        node.unbornUntilMs = Infinity;
        for (const device of node.unborn) loseDevice(node, device, nowMs, effects);
        node.unborn.clear();
      }
      return settle(nowMs, effects);
    },
    dueMs() {
      let due = requests.dueMs() ?? Infinity;
      for (const { order, unbornUntilMs } of nodes.values())
        due = Math.min(due, order.dueMs() ?? Infinity, unbornUntilMs);
      return due === Infinity ? undefined : due;
    },
    current: () => [...nodes.values()].flatMap(({ metrics }) => metrics.current()),
    lost(nowMs) {
      const effects = noEffects();
      for (const node of nodes.values()) {
        if (!node.online) continue;
        goOffline(node, nowMs, effects);
        node.unheard = true;
        requests.need(node, nowMs);
      }
      return effects;
    },
  };
}

function noEffects(): HostEffects {
  return { batches: [], gaps: [], changes: [], rebirths: [], problems: [] };
}

function addBatch(effects: HostEffects, samples: Sample[], historical: boolean): void {
  if (samples.length > 0) effects.batches.push({ samples, historical });
}

function nameOf({ group, edge }: EdgeName): EdgeName {
  return { group, edge };
}

function bdSeqOf(payload: WirePayload): bigint | undefined {
  const metric = payload.metrics.find((one) => own(one, 'name') === 'bdSeq');
  const wide = metric && own(metric, 'longValue');
  if (wide) return bigOf(wide, false);
  const narrow = metric && own(metric, 'intValue');
  return narrow === undefined ? undefined : BigInt(narrow);
}
