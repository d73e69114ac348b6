import { Type } from 'typebox';
import { oneOf } from '../parts.ts';
import type { ContractType } from '../registry.ts';
import { configNode, defineNode } from './node-definition.ts';

/**
 * Contracts that travel through a unified namespace: what has happened, was measured, foreseen or decided. Requests,
 * commands and approvals do not: whoever may publish could give them.
 */
export const unsContracts = [
  'mw.samples.v1',
  'mw.state.v1',
  'mw.count.v1',
  'mw.alarm.v1',
  'mw.event.v1',
  'mw.order.v1',
  'mw.features.v1',
  'mw.inspection.v1',
  'mw.prediction.v1',
  'mw.outcome.v1',
  'mw.plan-change.v1',
  'mw.staging.v1',
  'mw.notification.v1',
  'mw.instruction.v1',
  'mw.readiness.v1',
  'mw.gap.v1',
  'mw.connection.v1',
] as const satisfies readonly ContractType[];

/** The name of a contract that travels through a unified namespace. */
export type UnsContract = (typeof unsContracts)[number];

/** A level of the equipment hierarchy as it stands in a topic; empty where there is none. */
const Level = (icon: string) =>
  Type.String({ default: '', maxLength: 100, pattern: '^[^/+#\\u0000-\\u001f]*$', 'x-icon': icon });
/** An id in a Sparkplug topic. */
const SparkplugId = Type.String({ default: '', maxLength: 100, pattern: '^[^/+#\\u0000-\\u001f]*$', 'x-icon': 'bolt' });
const Template = (value: string) =>
  Type.String({ default: value, maxLength: 500, pattern: '^[^+#\\u0000-\\u001f]*$', 'x-icon': 'code-fork' });
const qos = { ...oneOf('0', '1', '2'), default: '1', 'x-icon': 'exchange' } as const;
const queueLimits = {
  queueMegabytes: Type.Integer({ default: 256, minimum: 1, maximum: 100_000, 'x-icon': 'hdd-o' }),
  queueHours: Type.Number({ default: 72, minimum: 0.01, maximum: 8_760, 'x-icon': 'hourglass-end' }),
};

/** One shared link to an MQTT broker. */
export const unsBrokerNode = defineNode({
  type: 'mw-uns-broker',
  kind: 'config',
  version: 1,
  inputs: 0,
  outputs: 0,
  icon: 'mw-uns-broker.svg',
  label: 'url',
  config: {
    url: Type.String({
      default: 'mqtt://127.0.0.1:1883',
      pattern: '^(mqtts?|wss?)://[^\\s@/]+(/[^\\s@]*)?$',
      minLength: 1,
      maxLength: 500,
      'x-icon': 'globe',
    }),
    protocol: { ...oneOf('5', '3.1.1'), default: '5', 'x-icon': 'exchange' },
    clientId: Type.String({
      default: '',
      maxLength: 100,
      pattern: '^[^\\u0000-\\u001f]*$',
      'x-icon': 'id-badge',
      'x-hint': true,
    }),
    sessionHours: Type.Number({ default: 24, minimum: 0, maximum: 8_760, 'x-icon': 'hourglass-half' }),
    enterprise: Level('building'),
    site: Level('industry'),
    area: Level('map-o'),
    template: Template('{enterprise}/{site}/{area}/{line}/{machine}/_{contract}'),
    encoding: { ...oneOf('json', 'sparkplug'), default: 'json', 'x-icon': 'file-code-o' },
    groupId: SparkplugId,
    edgeNodeId: SparkplugId,
    deviceLevel: { ...oneOf('none', 'line', 'machine'), default: 'machine', 'x-icon': 'bolt' },
    primaryHostId: SparkplugId,
    hostId: SparkplugId,
    tagTemplate: Template('{group}/{edge}/{device}/{metric}'),
  },
  credentials: {
    user: { type: 'text' },
    password: { type: 'password' },
    ca: { type: 'text' },
    cert: { type: 'text' },
    key: { type: 'password' },
  },
});

/** Messages out of a unified namespace. */
export const unsInNode = defineNode({
  type: 'mw-uns-in',
  kind: 'flow',
  version: 1,
  inputs: 0,
  outputs: 2,
  icon: 'mw-uns-in.svg',
  label: 'filter',
  outputLabels: ['messages', 'connection'],
  config: {
    broker: configNode('mw-uns-broker'),
    filter: Type.String({ default: '', minLength: 1, maxLength: 1_000, 'x-icon': 'filter', 'x-hint': true }),
    qos,
    retained: { ...oneOf('take', 'ignore'), default: 'take', 'x-icon': 'thumb-tack' },
    template: Template('{enterprise}/{site}/{area}/{line}/{machine}/{signal}'),
    batchSize: Type.Integer({ default: 1_000, minimum: 1, maximum: 10_000, 'x-icon': 'cubes' }),
    delivery: { ...oneOf('confirmed', 'at-the-output'), default: 'confirmed', 'x-icon': 'check' },
    ...queueLimits,
  },
});

/** Messages into a unified namespace. */
export const unsOutNode = defineNode({
  type: 'mw-uns-out',
  kind: 'flow',
  version: 1,
  inputs: 1,
  outputs: 0,
  icon: 'mw-uns-out.svg',
  accepts: unsContracts,
  config: {
    broker: configNode('mw-uns-broker'),
    template: { ...Template(''), 'x-hint': true },
    qos,
    retain: Type.Boolean({ default: false, 'x-icon': 'thumb-tack' }),
    ...queueLimits,
  },
});
