import { Type } from 'typebox';
import { configNode, defineNode } from './node-definition.ts';

/** Serves the KPI catalogue and questions to agents over the Model Context Protocol. */
export const mcpNode = defineNode({
  type: 'mw-mcp',
  kind: 'flow',
  version: 1,
  inputs: 0,
  outputs: 1,
  icon: 'mw-mcp.svg',
  label: 'path',
  outputLabels: ['answer'],
  config: {
    store: configNode('mw-store'),
    llm: configNode('mw-llm', { optional: true }),
    enabled: Type.Boolean({ default: false, 'x-icon': 'power-off' }),
    /** Last part of the address, below `/millwright-mcp/`. */
    path: Type.String({
      default: 'plant',
      pattern: '^[a-z0-9-]{1,40}$',
      minLength: 1,
      maxLength: 40,
      'x-icon': 'globe',
    }),
    metrics: Type.Boolean({ default: true, 'x-icon': 'tachometer' }),
    ask: Type.Boolean({ default: true, 'x-icon': 'comment-o' }),
    cases: Type.Boolean({ default: true, 'x-icon': 'wrench' }),
    /** Names by which the server is called, besides loopback; separated by commas. */
    hosts: Type.String({ default: '', maxLength: 1_000, 'x-icon': 'server', 'x-hint': true }),
    requestsPerMinute: Type.Integer({ default: 60, minimum: 1, maximum: 6_000, 'x-icon': 'dashboard' }),
    limitSeconds: Type.Number({ default: 10, minimum: 1, maximum: 120, 'x-icon': 'clock-o' }),
  },
  credentials: { token: { type: 'password' } },
});
