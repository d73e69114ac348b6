import type { ConfigOf, monitorNode, Sample } from '../../src/contracts/index.ts';
import { parseInstant } from '../../src/kernel/index.ts';
import { shewhartRule, thresholdRule, type Reading, type ValueRule } from '../../src/signal/index.ts';

/** The rule over values that the settings choose; none for stops. */
export function valueRule(config: ConfigOf<typeof monitorNode>): ValueRule | undefined {
  const { rule, limit, direction, hysteresis, delaySeconds, baselineCount } = config;
  if (rule === 'threshold') return thresholdRule({ limit, direction, hysteresis, delayMs: delaySeconds * 1000 });
  return rule === 'shewhart' ? shewhartRule({ baselineCount }) : undefined;
}

/** A sample as the rules over values take it. */
export function toReading({ tag, value, quality, sourceTime }: Sample): Reading {
  return { tag, value, quality, sourceMs: parseInstant(sourceTime) };
}

/** Whether a machine's state could be read from it. */
export function isPlain(reading: Reading): reading is Reading & { value: number | string | boolean } {
  return ['number', 'string', 'boolean'].includes(typeof reading.value);
}
