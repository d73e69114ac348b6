/** Where a tag stands in an edge node: a metric of a device, or of the node itself. */
export interface MetricPlace {
  device?: string;
  metric: string;
}

/** Levels of a tag that name its machine: `line/machine/signal`. */
const machineLevels = 2;

/**
 * The place of a tag: its machine is the device, with a colon between the levels, since a device id is one topic level;
 * the rest is the metric. A tag of one level belongs to the edge node.
 */
export function placeOf(tag: string): MetricPlace {
  const levels = tag.split('/');
  const depth = Math.min(machineLevels, levels.length - 1);
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
