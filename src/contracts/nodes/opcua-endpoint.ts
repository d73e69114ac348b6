import { Type } from 'typebox';
import { oneOf } from '../parts.ts';
import { defineNode } from './node-definition.ts';

const NodeIdText = Type.String({ minLength: 1, maxLength: 500 });

/**
 * One row of the allow list: a variable that may be written, a method that may be called on one object, or what is
 * never to be touched. Numbers outside `low`…`high` are refused, also as elements of arrays and as arguments.
 */
const AllowListRow = Type.Object(
  {
    kind: oneOf('write', 'call', 'never'),
    /** `ns=…;…` or `nsu=<namespace uri>;…`; the method's id where `kind` is `call`; `never` may end with `*`. */
    nodeId: NodeIdText,
    /** Object on which the method is called; needed where `kind` is `call`. */
    objectId: Type.Optional(NodeIdText),
    low: Type.Optional(Type.Number()),
    high: Type.Optional(Type.Number()),
    /** Attempts a minute; 6 where absent. */
    perMinute: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 6_000 })),
  },
  {
    additionalProperties: false,
    if: { properties: { kind: { const: 'call' } } },
    then: { required: ['objectId'] },
  },
);

/** One shared, recovering OPC UA session. */
export const opcuaEndpointNode = defineNode({
  type: 'mw-opcua-endpoint',
  kind: 'config',
  version: 1,
  inputs: 0,
  outputs: 0,
  icon: 'mw-opcua-endpoint.svg',
  config: {
    endpointUrl: Type.String({
      default: 'opc.tcp://127.0.0.1:4840',
      pattern: '^opc\\.tcp://[^\\s]+$',
      minLength: 1,
      maxLength: 500,
      'x-icon': 'globe',
    }),
    security: { ...oneOf('best', 'none'), default: 'best', 'x-icon': 'shield' },
    login: { ...oneOf('anonymous', 'user'), default: 'anonymous', 'x-icon': 'user' },
    /** Whether alarms may be acknowledged and confirmed through this endpoint. */
    acknowledge: Type.Boolean({ default: false, 'x-icon': 'bell-o' }),
    /** What may be written and called through this endpoint; nothing where empty. */
    allowList: Type.Array(AllowListRow, { default: [], maxItems: 1_000, 'x-hidden': true }),
  },
  credentials: { user: { type: 'text' }, password: { type: 'password' } },
});
