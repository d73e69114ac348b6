import type { ConfigOf, opcuaRequestNode, OpcuaRequest } from '../../src/contracts/index.ts';
import { isoInstant } from '../../src/kernel/index.ts';
import type { FlowMessage } from '../shared/door.ts';

type Config = Pick<ConfigOf<typeof opcuaRequestNode>, 'operation' | 'nodeIds' | 'historyMinutes'>;

/**
 * A message without contract as a request of the chosen operation: a node id, several, or anything that is no request
 * (a time stamp, nothing), which asks for the nodes of the settings.
 * @param now milliseconds since 1970 UTC
 */
export function simpleRequest({ payload }: FlowMessage, config: Config, now: number): OpcuaRequest | undefined {
  if (typeof payload === 'string' && payload !== '') return requestFor([payload], config, now);
  if (Array.isArray(payload) && payload.length > 0 && payload.every((id) => typeof id === 'string'))
    return requestFor(payload, config, now);
  const isRequest = typeof payload === 'object' && payload !== null;
  return isRequest || config.nodeIds.length === 0 ? undefined : requestFor(config.nodeIds, config, now);
}

function requestFor(ids: string[], { operation, historyMinutes }: Config, now: number): OpcuaRequest {
  switch (operation) {
    case 'read':
      return { operation, items: ids.map((nodeId) => ({ nodeId })) };
    case 'browse':
      return { operation, items: ids.map((id) => (isNodeId(id) ? { nodeId: id } : { path: id })) };
    case 'history': {
      const range = { from: isoInstant(now - historyMinutes * 60_000), to: isoInstant(now) };
      return { operation, items: ids.map((nodeId) => ({ nodeId, ...range })) };
    }
  }
}

function isNodeId(text: string): boolean {
  return /^(?:ns=\d+;|nsu=[^;]+;)?[isgb]=/.test(text);
}
