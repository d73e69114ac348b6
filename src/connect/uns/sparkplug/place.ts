/** Where a tag stands in an edge node: a metric of a device, or of the node itself. */
export interface MetricPlace {
  device?: string;
  metric: string;
}

/** How many levels of a tag `line/machine/signal` name the device. */
const deviceLevels = { none: 0, line: 1, machine: 2 } as const;
/** What the devices of an edge node are. */
export type DeviceLevel = keyof typeof deviceLevels;

/**
 * The place of a tag: its machine, or its line, is the device, with a colon between the levels, since a device id is one
 * topic level; the rest is the metric. A tag of one level belongs to the edge node, and so do all where none is chosen.
 */
export function placeOf(tag: string, level: DeviceLevel = 'machine'): MetricPlace {
  const levels = tag.split('/');
  const depth = Math.min(deviceLevels[level], levels.length - 1);
  const metric = levels.slice(depth).join('/');
  if (depth === 0) return { metric };
  return {
    device:
      levels
        .slice(0, depth)
        .join(':')
        .replaceAll(/[+#\0]/g, '_') || '_',
    metric,
  };
}

/** What a tag is made of. */
export interface MetricName {
  group: string;
  edge: string;
  device?: string;
  metric: string;
}

/**
 * Fills a tag template: `{group}`, `{edge}`, `{device}`, `{metric}`, and `{machine}`, the device with its colons as
 * levels. A level that stays empty, as the device of a node's own metric, is left out.
 */
export function tagOf(template: string, { group, edge, device = '', metric }: MetricName): string {
  const fields: Record<string, string> = { group, edge, device, metric, machine: device.replaceAll(':', '/') };
  const filled = template.replaceAll(/\{(\w+)\}/g, (whole, field: string) => fields[field] ?? whole);
  return filled.replaceAll(/\/{2,}/g, '/').replaceAll(/^\/|\/$/g, '');
}

/** Fields of a tag template that do not exist; empty where it may be used. */
export function unknownFields(template: string): string[] {
  const known = new Set(['group', 'edge', 'device', 'metric', 'machine']);
  return [...template.matchAll(/\{(\w+)\}/g)].map(([, field]) => field!).filter((field) => !known.has(field));
}
