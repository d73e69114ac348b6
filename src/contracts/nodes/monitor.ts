import { Type } from 'typebox';
import { oneOf } from '../parts.ts';
import { configNode, defineNode } from './node-definition.ts';

/** Turns samples, states and receipts into events: a stop, a threshold crossed, a point outside control limits, late material. */
export const monitorNode = defineNode({
  type: 'mw-monitor',
  kind: 'flow',
  version: 1,
  inputs: 1,
  outputs: 1,
  icon: 'mw-monitor.svg',
  accepts: ['mw.samples.v1', 'mw.state.v1', 'mw.order.v1'],
  outputLabels: ['event'],
  config: {
    store: configNode('mw-store'),
    rule: { ...oneOf('stop', 'threshold', 'shewhart', 'material'), default: 'stop', 'x-icon': 'gavel' },
    /** Seconds that a stop or a crossing must last. */
    delaySeconds: Type.Number({ default: 300, minimum: 0, maximum: 86_400, 'x-icon': 'clock-o' }),
    /** Tags watched; `*` stands for any text. */
    tags: Type.String({ default: '*', minLength: 1, maxLength: 1_000, 'x-icon': 'tags' }),
    /** Delays of single machines, `CNC-22=60, WASH-14=600`. */
    delays: Type.String({
      default: '',
      maxLength: 2_000,
      pattern: '^(?:[^=,]+=\\d+\\s*(?:,|$))*$',
      'x-icon': 'list',
      'x-hint': true,
    }),
    direction: { ...oneOf('above', 'below'), default: 'above', 'x-icon': 'arrows-v' },
    limit: Type.Number({ default: 0, 'x-icon': 'arrows-v' }),
    hysteresis: Type.Number({ default: 0, minimum: 0, 'x-icon': 'arrows-v' }),
    baselineCount: Type.Integer({ default: 100, minimum: 20, maximum: 100_000, 'x-icon': 'line-chart' }),
  },
});
