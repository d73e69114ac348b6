import { Type } from 'typebox';
import { oneOf } from '../parts.ts';
import { configNode, defineNode } from './node-definition.ts';

/** One row of a tag table: an address on the server and its plant-wide name. */
const TagRow = Type.Object({
  tag: Type.String({ minLength: 1, maxLength: 200 }),
  nodeId: Type.String({ minLength: 1, maxLength: 500 }),
  unit: Type.Optional(Type.String({ maxLength: 40 })),
  intervalMs: Type.Optional(Type.Number({ minimum: 0, maximum: 86_400_000 })),
  /** Smaller changes are not reported, in the tag's unit. */
  deadband: Type.Optional(Type.Number({ minimum: 0 })),
  /** The same in percent of the range that the server states for the tag (EURange). */
  deadbandPercent: Type.Optional(Type.Number({ minimum: 0, maximum: 100 })),
});

/** A machine chosen by the standard types of its parts, with its variables in `nsu=` form. */
const ChosenMachine = Type.Object({
  nodeId: Type.String({ minLength: 1, maxLength: 500 }),
  name: Type.String({ minLength: 1, maxLength: 150 }),
  profiles: Type.Array(oneOf('machinery', 'packml', 'job-control'), { maxItems: 3 }),
  signals: Type.Array(
    Type.Object({
      signal: oneOf(
        'ItemState',
        'OperationMode',
        'BaseState',
        'MachineState',
        'ExecuteState',
        'UnitMode',
        'Processed',
        'Defective',
        'JobOrders',
      ),
      nodeId: Type.String({ minLength: 1, maxLength: 500 }),
    }),
    { maxItems: 20 },
  ),
});

/** Subscribes to a table of tags, and to the states, counters and job lists of chosen machines. */
export const opcuaInNode = defineNode({
  type: 'mw-opcua-in',
  kind: 'flow',
  version: 1,
  inputs: 0,
  outputs: 2,
  icon: 'mw-opcua-in.svg',
  outputLabels: ['samples', 'connection'],
  config: {
    endpoint: configNode('mw-opcua-endpoint'),
    tags: Type.Array(TagRow, { default: [], maxItems: 100_000, 'x-hidden': true }),
    machines: Type.Array(ChosenMachine, { default: [], maxItems: 1_000, 'x-hidden': true }),
    publishingMs: Type.Integer({ default: 500, minimum: 50, maximum: 60_000, 'x-icon': 'clock-o' }),
    holdSeconds: Type.Integer({ default: 60, minimum: 1, maximum: 3_600, 'x-icon': 'hourglass-half' }),
    batchSize: Type.Integer({ default: 1_000, minimum: 1, maximum: 100_000, 'x-icon': 'cubes' }),
    messages: { ...oneOf('batch', 'value'), default: 'batch', 'x-icon': 'envelope-o' },
    delivery: { ...oneOf('confirmed', 'at-the-output'), default: 'confirmed', 'x-icon': 'check' },
    backfill: Type.Boolean({ default: true, 'x-icon': 'history' }),
    queueMegabytes: Type.Integer({ default: 256, minimum: 1, maximum: 100_000, 'x-icon': 'hdd-o' }),
    queueHours: Type.Number({ default: 72, minimum: 0.01, maximum: 8_760, 'x-icon': 'hourglass-end' }),
    alarms: Type.Boolean({ default: false, 'x-icon': 'bell-o' }),
    alarmSource: Type.String({ default: 'i=2253', minLength: 1, maxLength: 500, 'x-icon': 'sitemap' }),
    leastSeverity: Type.Integer({ default: 1, minimum: 1, maximum: 1_000, 'x-icon': 'signal' }),
  },
});
