import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import { openOpcuaConnection, type OpcuaConnection } from '../../src/connect/index.ts';
import { opcuaEndpointNode, type Connection } from '../../src/contracts/index.ts';
import type { MillwrightError } from '../../src/kernel/index.ts';
import { reportOutages } from '../shared/outages.ts';
import { localise } from '../shared/text.ts';
import { registerNode, type NodeService } from '../shared/wrapper.ts';

/** Hears of each change of the connection. */
export type ConnectionListener = (connection: Connection, error?: MillwrightError) => void;

/** What nodes get from their endpoint: one shared session. */
export interface EndpointService extends NodeService {
  readonly connection: OpcuaConnection;
  /** Adds a listener, which hears the present state at once; returns what removes it. */
  onState: (this: void, listener: ConnectionListener) => () => void;
}

export default function (RED: NodeAPI): void {
  registerNode(RED, {
    definition: opcuaEndpointNode,
    create: ({ node, config, credentials, logger, guard, fail }): EndpointService => {
      const listeners = new Set<ConnectionListener>();
      const outages = reportOutages(fail);
      const connection = openOpcuaConnection({
        endpointUrl: config.endpointUrl,
        security: config.security,
        login: config.login,
        credentials: withoutEmpty(credentials),
        folder: join(RED.settings.userDir ?? process.cwd(), 'millwright/opcua'),
        logger,
        onWarning: guard((warning: MillwrightError) => {
          node.warn(localise(RED, warning).message);
        }),
        onState: guard((state: Connection, error?: MillwrightError) => {
          for (const listener of listeners) listener(state, error);
          outages.note(state, error);
        }),
      });
      return {
        connection,
        onState(listener) {
          listeners.add(listener);
          listener(connection.state);
          return () => listeners.delete(listener);
        },
        close: () => {
          outages.close();
          return connection.close();
        },
      };
    },
  });
}

function withoutEmpty(texts: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter((entry): entry is [string, string] => Boolean(entry[1])));
}
