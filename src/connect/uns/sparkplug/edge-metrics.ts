import type { Sample } from '../../../contracts/index.ts';
import { MillwrightError } from '../../../kernel/index.ts';
import { datatypeFor, type Datatype } from './datatypes.ts';
import type { MetricPlace } from './place.ts';
import { writeProperties, writeValue, type Properties } from './values.ts';
import { wideOf, wideOfNumber, type WideInteger, type WireMetric, type WireValue } from './wire.ts';

/** One metric of an edge node: what it is, its newest value and what of it the present session has published. */
export interface EdgeMetric {
  readonly name: string;
  readonly alias: WideInteger;
  type: Datatype;
  unit: string | undefined;
  newest: Sample;
  newestMs: number;
  /** The birth of the present session has it, in its present type. */
  born: boolean;
  /** The newest instant that the present session has published as current. */
  liveMs: number;
  /** The sample that the birth carried. */
  inBirth: Sample | undefined;
}

/** Metrics that are born and die together: a device, or the node itself. */
export interface MetricGroup {
  readonly device: string | undefined;
  readonly metrics: Map<string, EdgeMetric>;
  /** A birth of the present session stands. */
  born: boolean;
}

/** All metrics of an edge node. */
export interface EdgeMetrics {
  /** The node itself first, then its devices. */
  readonly groups: ReadonlyMap<string | undefined, MetricGroup>;
  /** Notes a sample and answers with its metric; nothing where there are too many metrics. */
  note(sample: Sample): { group: MetricGroup; metric: EdgeMetric } | undefined;
  /** The name behind an alias. */
  nameOf(alias: bigint): string | undefined;
  /** A new connection: nothing is born. */
  forgetBirths(): void;
}

const qualityCodes = { good: 192, uncertain: 500, bad: 0 } as const;

/** Opens the metrics of an edge node; aliases are never used for two metrics. */
export function openEdgeMetrics(
  place: (tag: string) => MetricPlace,
  most: number,
  onProblem: (error: MillwrightError) => void,
): EdgeMetrics {
  const groups = new Map<string | undefined, MetricGroup>([
    [undefined, { device: undefined, metrics: new Map(), born: false }],
  ]);
  const byTag = new Map<string, { group: MetricGroup; metric: EdgeMetric }>();
  const names = new Map<bigint, string>();
  let full = false;

  function add(sample: Sample, type: Datatype): { group: MetricGroup; metric: EdgeMetric } | undefined {
    if (byTag.size >= most) {
      if (!full) onProblem(new MillwrightError('MW_SPARKPLUG_LIMIT', { what: 'metrics', limit: most }));
      full = true;
      return undefined;
    }
    const { device, metric: name } = place(sample.tag);
    const group = groups.get(device) ?? { device, metrics: new Map<string, EdgeMetric>(), born: false };
    groups.set(device, group);
    const alias = BigInt(byTag.size + 1);
    const metric: EdgeMetric = {
      name,
      alias: wideOf(alias),
      type,
      unit: sample.unit,
      newest: sample,
      newestMs: Date.parse(sample.sourceTime),
      born: false,
      liveMs: -Infinity,
      inBirth: undefined,
    };
    group.metrics.set(name, metric);
    names.set(alias, name);
    const entry = { group, metric };
    byTag.set(sample.tag, entry);
    return entry;
  }

  return {
    groups,
    note(sample) {
      const entry = byTag.get(sample.tag);
      if (!entry) return add(sample, datatypeFor(sample.dataType, sample.value));
      const { metric } = entry;
      const ms = Date.parse(sample.sourceTime);
      if (ms < metric.newestMs) return entry;
      metric.newest = sample;
      metric.newestMs = ms;
      if (sample.value === null) return entry;
      const type = datatypeFor(sample.dataType, sample.value);
      if (type === metric.type && sample.unit === metric.unit) return entry;
      metric.type = type;
      metric.unit = sample.unit;
      metric.born = false;
      return entry;
    },
    nameOf: (alias) => names.get(alias),
    forgetBirths() {
      for (const group of groups.values()) {
        group.born = false;
        for (const metric of group.metrics.values()) {
          metric.born = false;
          metric.liveMs = -Infinity;
          metric.inBirth = undefined;
        }
      }
    },
  };
}

/** A metric as a birth carries it: name, alias, datatype and its newest value. */
export function birthMetric(metric: EdgeMetric, onProblem: (error: MillwrightError) => void): WireMetric {
  metric.born = true;
  metric.liveMs = metric.newestMs;
  metric.inBirth = metric.newest;
  return {
    name: metric.name,
    alias: metric.alias,
    timestamp: wideOfNumber(metric.newestMs),
    datatype: metric.type.code,
    ...valueOf(metric, metric.newest, true, onProblem),
  };
}

/** A sample as data carries it: by alias, with its own time; marked historical where it is not the newest any more. */
export function dataMetric(
  metric: EdgeMetric,
  sample: Sample,
  late: boolean,
  onProblem: (error: MillwrightError) => void,
): WireMetric {
  const ms = Date.parse(sample.sourceTime);
  const historical = late || ms < metric.liveMs;
  if (!historical) metric.liveMs = ms;
  return {
    alias: metric.alias,
    timestamp: wideOfNumber(ms),
    ...(historical ? { isHistorical: true } : {}),
    ...valueOf(metric, sample, false, onProblem),
  };
}

/** Whether the birth carried this very sample. */
export function wasInBirth({ inBirth }: EdgeMetric, sample: Sample): boolean {
  if (!inBirth) return false;
  if (inBirth === sample) return true;
  return (
    inBirth.sourceTime === sample.sourceTime &&
    inBirth.quality === sample.quality &&
    JSON.stringify(inBirth.value) === JSON.stringify(sample.value)
  );
}

function valueOf(
  { name, type }: EdgeMetric,
  { value, quality, unit }: Sample,
  birth: boolean,
  onProblem: (error: MillwrightError) => void,
): WireValue & Pick<WireMetric, 'isNull' | 'properties'> {
  const properties: Properties = {};
  if (quality !== 'good') properties['Quality'] = { type: 'Int32', value: qualityCodes[quality] };
  if (birth && unit !== undefined) properties['engUnit'] = { type: 'String', value: unit };
  const written = Object.keys(properties).length > 0 ? writeProperties(properties) : undefined;
  const wire = value === null ? undefined : writeValue(type, value);
  if (value !== null && !wire) {
    const found = JSON.stringify(value).slice(0, 100);
    onProblem(new MillwrightError('MW_SPARKPLUG_VALUE_INVALID', { metric: name, dataType: type.name, found }));
  }
  return { ...(written ? { properties: written } : {}), ...(wire ?? { isNull: true }) };
}
