import type { NodeAPI } from 'node-red';
import { discoverMachines, findVariables, withNamespaceUri } from '../../src/connect/index.ts';
import type { EndpointService } from '../mw-opcua-endpoint/mw-opcua-endpoint.ts';
import { adminRoute, deployedService, type AdminRequest } from '../shared/admin.ts';

const permission = 'mw.opcua.read';
const mostFound = 2_000;
const findLimitMs = 20_000;

/**
 * Routes with which the dialog looks around on the server of a deployed endpoint: children of a node, variables below
 * it by words of their path, machines by the standard types of their parts, and a value.
 */
export function addBrowseRoutes(RED: NodeAPI): void {
  const endpoint = ({ id }: AdminRequest['params']) => deployedService<EndpointService>(RED, 'mw-opcua-endpoint', id);
  adminRoute(RED, 'get', '/millwright/opcua/:id/browse', permission, async ({ params, query }) => {
    const { connection } = await endpoint(params);
    const children = await connection.browse(textOf(query.nodeId));
    const namespaces = await connection.withLink((link) => Promise.resolve(link.namespaces));
    return children.map(({ nodeId, browseName, displayName, nodeClass, hasChildren }) => ({
      nodeId: withNamespaceUri(nodeId, namespaces),
      indexedNodeId: nodeId,
      name: displayName || browseName,
      isVariable: nodeClass === 'Variable',
      hasChildren,
    }));
  });
  adminRoute(RED, 'get', '/millwright/opcua/:id/find', permission, async ({ params, query }) => {
    const { connection } = await endpoint(params);
    const nodeId = textOf(query.nodeId);
    return findVariables(connection, {
      ...(nodeId === undefined ? {} : { nodeId }),
      text: textOf(query.text) ?? '',
      most: mostFound,
      limitMs: findLimitMs,
    });
  });
  adminRoute(RED, 'get', '/millwright/opcua/:id/machines', permission, async ({ params }) => {
    const { connection } = await endpoint(params);
    return discoverMachines(connection);
  });
  adminRoute(RED, 'get', '/millwright/opcua/:id/value', permission, async ({ params, query }) => {
    const { connection } = await endpoint(params);
    const [result] = await connection.read([textOf(query.nodeId) ?? '']);
    return result;
  });
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, 500) : undefined;
}
