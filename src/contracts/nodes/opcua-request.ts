import { Type } from 'typebox';
import { oneOf } from '../parts.ts';
import { configNode, defineNode } from './node-definition.ts';

/** Reads, browses, asks for history; writes and calls what the endpoint's allow list names. */
export const opcuaRequestNode = defineNode({
  type: 'mw-opcua-request',
  kind: 'flow',
  version: 1,
  inputs: 1,
  outputs: 1,
  icon: 'mw-opcua-request.svg',
  accepts: ['mw.opcua-request.v1'],
  outputLabels: ['response'],
  config: {
    endpoint: configNode('mw-opcua-endpoint'),
    /** Where writes and calls are audited; without one there are none. */
    store: configNode('mw-store', { optional: true }),
    /** What the simple form means. */
    operation: { ...oneOf('read', 'browse', 'history'), default: 'read', 'x-icon': 'question-circle-o' },
    /** Node ids, or paths to browse, for messages that name none. */
    nodeIds: Type.Array(Type.String({ minLength: 1, maxLength: 1_000 }), {
      default: [],
      maxItems: 10_000,
      'x-hidden': true,
    }),
    /** How far back the simple form asks for history. */
    historyMinutes: Type.Number({ default: 60, minimum: 1, maximum: 527_040, 'x-icon': 'history' }),
    timeoutSeconds: Type.Integer({ default: 30, minimum: 1, maximum: 600, 'x-icon': 'clock-o' }),
  },
});
