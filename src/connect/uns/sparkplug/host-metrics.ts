import type { Sample } from '../../../contracts/index.ts';
import { isoInstant } from '../../../kernel/index.ts';
import { datatypeOf, type Datatype } from './datatypes.ts';
import { instantOf, own, readProperties, readValue, type Properties } from './values.ts';
import { bigOf, type WireMetric } from './wire.ts';

/** A metric as its birth described it, with what came of it last. */
interface HostMetric {
  readonly tag: string;
  readonly type: Datatype;
  readonly unit: string | undefined;
  readonly device: string | undefined;
  readonly alias: bigint | undefined;
  last: Sample;
}

/** Everything that an edge node has born, by name and by alias. */
export interface HostMetrics {
  readonly size: number;
  tags(): string[];
  /** The last value of each. */
  current(): Sample[];
  /** The node's birth: aliases of the session before mean nothing any more. */
  beginNode(): void;
  /**
   * The metrics of the node or of a device, instead of those before; answers the samples that are news, also the last
   * ones of metrics that are gone. Metrics that cannot be kept are counted in `refused`.
   */
  birth(
    device: string | undefined,
    list: readonly WireMetric[],
    sentMs: number,
  ): { samples: Sample[]; refused: number };
  /** Data of the node or a device; `unknown` counts metrics that no birth described. */
  data(
    device: string | undefined,
    list: readonly WireMetric[],
    sentMs: number,
  ): { samples: Sample[]; historical: Sample[]; unknown: number };
  /** The last values of a device, or of all, as uncertain ones of now; nothing for those that are stale already. */
  stale(nowMs: number, device?: string): Sample[];
}

/** No communication, the last value is what is known: OPC UA's word for it. */
const staleCode = 'UncertainNoCommunicationLastUsable';
const badCode = 'Bad';
const badQuality = 0;
const goodQuality = 192;
const longestTag = 200;

/** Metrics that steer the protocol and are no values of the plant. */
function isControl(name: string): boolean {
  return name === 'bdSeq' || name.startsWith('Node Control/') || name.startsWith('Device Control/');
}

/**
 * Opens the metrics of an edge node.
 * @param room how many more metrics may be kept
 */
export function openHostMetrics(
  tagOf: (device: string | undefined, metric: string) => string,
  room: () => number,
): HostMetrics {
  const groups = new Map<string | undefined, Map<string, HostMetric>>();
  const byAlias = new Map<bigint, HostMetric>();

  function find(device: string | undefined, wire: WireMetric): HostMetric | undefined {
    const name = own(wire, 'name');
    if (name !== undefined) return groups.get(device)?.get(name);
    const alias = own(wire, 'alias');
    const metric = alias && byAlias.get(bigOf(alias, false));
    return metric?.device === device ? metric : undefined;
  }

  /** Takes away what was born before and answers with it. */
  function clear(device: string | undefined): Map<string, HostMetric> {
    const before = groups.get(device) ?? new Map<string, HostMetric>();
    for (const { alias } of before.values()) if (alias !== undefined) byAlias.delete(alias);
    groups.set(device, new Map());
    return before;
  }

  /** Makes the metric that a birth describes; nothing where it cannot be kept. */
  function describe(
    device: string | undefined,
    name: string,
    wire: WireMetric,
    sentMs: number,
  ): HostMetric | undefined {
    const type = datatypeOf(own(wire, 'datatype'));
    const tag = tagOf(device, name);
    if (!type || !isTag(tag)) return undefined;
    const properties = propertiesOf(wire);
    const unit = unitOf(properties);
    const wide = own(wire, 'alias');
    const alias = wide && bigOf(wide, false);
    return { tag, type, unit, device, alias, last: sampleOf({ tag, type, unit }, wire, properties, sentMs) };
  }

  return {
    get size() {
      return [...groups.values()].reduce((sum, group) => sum + group.size, 0);
    },
    tags: () => [...groups.values()].flatMap((group) => [...group.values()].map(({ tag }) => tag)),
    current: () => [...groups.values()].flatMap((group) => [...group.values()].map(({ last }) => last)),
    beginNode() {
      byAlias.clear();
    },
    birth(device, list, sentMs) {
      const before = clear(device);
      const group = groups.get(device)!;
      const samples: Sample[] = [];
      const most = room() + before.size;
      let refused = 0;
      for (const wire of list) {
        const name = own(wire, 'name');
        if (name === undefined || isControl(name) || own(wire, 'templateValue')?.isDefinition === true) continue;
        const metric = group.size < most ? describe(device, name, wire, sentMs) : undefined;
        if (!metric) {
          refused++;
          continue;
        }
        if (!isSame(before.get(name)?.last, metric.last)) samples.push(metric.last);
        before.delete(name);
        group.set(name, metric);
        if (metric.alias !== undefined) byAlias.set(metric.alias, metric);
      }
      for (const metric of before.values()) samples.push(...staleOf(metric, sentMs));
      return { samples, refused };
    },
    data(device, list, sentMs) {
      const samples: Sample[] = [];
      const historical: Sample[] = [];
      let unknown = 0;
      for (const wire of list) {
        const name = own(wire, 'name');
        if (name !== undefined && isControl(name)) continue;
        const metric = find(device, wire);
        if (!metric) {
          unknown++;
          continue;
        }
        const sample = sampleOf(metric, wire, propertiesOf(wire), sentMs);
        if (own(wire, 'isHistorical') === true) historical.push(sample);
        else {
          samples.push(sample);
          metric.last = sample;
        }
      }
      return { samples, historical, unknown };
    },
    stale(nowMs, device) {
      const affected =
        device === undefined ? [...groups.values()] : [groups.get(device) ?? new Map<string, HostMetric>()];
      return affected.flatMap((group) => [...group.values()].flatMap((metric) => staleOf(metric, nowMs)));
    },
  };
}

function staleOf(metric: HostMetric, nowMs: number): Sample[] {
  if (metric.last.statusCode === staleCode) return [];
  metric.last = { ...metric.last, quality: 'uncertain', statusCode: staleCode, sourceTime: isoInstant(nowMs) };
  return [metric.last];
}

function isTag(tag: string): boolean {
  return tag.length > 0 && tag.length <= longestTag && !/[\u0000-\u001f\u007f]/.test(tag);
}

function propertiesOf(wire: WireMetric): Properties | undefined {
  const properties = own(wire, 'properties');
  return properties && readProperties(properties);
}

function unitOf(properties: Properties | undefined): string | undefined {
  const unit = properties?.['engUnit']?.value;
  return typeof unit === 'string' && unit.length > 0 && unit.length <= 40 ? unit : undefined;
}

function sampleOf(
  { tag, type, unit }: Pick<HostMetric, 'tag' | 'type' | 'unit'>,
  wire: WireMetric,
  properties: Properties | undefined,
  sentMs: number,
): Sample {
  const value = own(wire, 'isNull') === true ? null : readValue(type, wire);
  const code = value === undefined ? badQuality : properties?.['Quality']?.value;
  const sample: Sample = {
    tag,
    value: value ?? null,
    dataType: type.word,
    quality: code === undefined || code === goodQuality ? 'good' : code === badQuality ? 'bad' : 'uncertain',
    sourceTime: isoInstant(instantOf(own(wire, 'timestamp')) ?? sentMs),
    serverTime: isoInstant(sentMs),
  };
  if (unit !== undefined) sample.unit = unit;
  if (sample.quality === 'bad') sample.statusCode = badCode;
  if (sample.quality === 'uncertain') sample.statusCode = 'Uncertain';
  return sample;
}

/** A rebirth tells values that are known already. */
function isSame(last: Sample | undefined, next: Sample): boolean {
  return (
    last?.sourceTime === next.sourceTime &&
    last.quality === next.quality &&
    last.dataType === next.dataType &&
    JSON.stringify(last.value) === JSON.stringify(next.value)
  );
}
