import { Type } from 'typebox';
import { oneOf } from '../parts.ts';
import { DisruptionKind } from '../payloads/carry-out.ts';
import { configNode, defineNode } from './node-definition.ts';

/** A simulated plant behind real protocols. */
export const demoPlantNode = defineNode({
  type: 'mw-demo-plant',
  kind: 'flow',
  version: 1,
  inputs: 1,
  outputs: 1,
  icon: 'mw-demo-plant.svg',
  accepts: ['mw.disruption.v1'],
  outputLabels: ['state'],
  config: {
    store: configNode('mw-store'),
    port: Type.Integer({ default: 4840, minimum: 0, maximum: 65_535, 'x-icon': 'plug' }),
    /** Of the MQTT broker; -1 for none. Not 1883, where a machine's own broker listens. */
    mqttPort: Type.Integer({ default: 1884, minimum: -1, maximum: 65_535, 'x-icon': 'plug' }),
    seed: Type.Integer({ default: 1, minimum: 0, maximum: 4_294_967_295, 'x-icon': 'random' }),
    days: Type.Integer({ default: 90, minimum: 1, maximum: 366, 'x-icon': 'calendar' }),
    speed: { ...oneOf('1', '10', '60'), default: '1', 'x-icon': 'fast-forward' },
    /** What the node's button in the editor causes. */
    disruption: { ...DisruptionKind, default: 'machine-down', 'x-icon': 'bolt' },
    subject: Type.String({ default: 'CNC-22', minLength: 1, maxLength: 200, 'x-icon': 'crosshairs' }),
    minutes: Type.Number({ default: 240, minimum: 1, maximum: 10_080, 'x-icon': 'hourglass-half' }),
  },
});
