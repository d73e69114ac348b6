import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import { openOpcuaConnection, type OpcuaConnection } from '../../src/connect/index.ts';
import { opcuaEndpointNode, type Connection } from '../../src/contracts/index.ts';
import type { MillwrightError } from '../../src/kernel/index.ts';
import { adminRoute, deployedService } from '../shared/admin.ts';
import { registerNode, type NodeService } from '../shared/wrapper.ts';

/** Hears of each change of the connection. */
export type ConnectionListener = (connection: Connection, error?: MillwrightError) => void;

/** What nodes get from their endpoint: one shared session. */
export interface EndpointService extends NodeService {
  readonly connection: OpcuaConnection;
  /** Adds a listener, which hears the present state at once; returns what removes it. */
  onState(listener: ConnectionListener): () => void;
}

export default function (RED: NodeAPI): void {
  registerNode(RED, {
    definition: opcuaEndpointNode,
    create: ({ config, credentials, logger, guard, fail }): EndpointService => {
      const listeners = new Set<ConnectionListener>();
      const { user, password } = credentials;
      const connection = openOpcuaConnection({
        endpointUrl: config.endpointUrl,
        security: config.security,
        login: config.login,
        credentials: { ...(user ? { user } : {}), ...(password ? { password } : {}) },
        folder: join(RED.settings.userDir ?? process.cwd(), 'millwright/opcua'),
        logger,
        onState: guard((state: Connection, error?: MillwrightError) => {
          for (const listener of listeners) listener(state, error);
          if (state.state === 'failed' && error) fail(error);
        }),
      });
      return {
        connection,
        onState(listener) {
          listeners.add(listener);
          listener(connection.state);
          return () => listeners.delete(listener);
        },
        close: () => connection.close(),
      };
    },
  });
  adminRoute(RED, 'get', '/millwright/opcua/:id/browse', 'mw.opcua.read', async ({ params, query }) => {
    const { connection } = await deployedService<EndpointService>(RED, params.id);
    const children = await connection.browse(typeof query.nodeId === 'string' ? query.nodeId : undefined);
    return children.map(({ nodeId, browseName, nodeClass }) => ({
      nodeId,
      browseName: browseName.replace(/^\d+:/, ''),
      isVariable: nodeClass === 'Variable',
    }));
  });
}
