import { Type } from 'typebox';
import { oneOf } from '../parts.ts';
import { defineNode } from './node-definition.ts';

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
  },
  credentials: { user: { type: 'text' }, password: { type: 'password' } },
});
