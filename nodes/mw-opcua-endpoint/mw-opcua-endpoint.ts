import type { NodeAPI } from 'node-red';
import { openAllowList, openOpcuaConnection, type AllowList, type OpcuaConnection } from '../../src/connect/index.ts';
import { opcuaEndpointNode, type Connection } from '../../src/contracts/index.ts';
import type { MillwrightError } from '../../src/kernel/index.ts';
import { reportOutages } from '../shared/outages.ts';
import { localise } from '../shared/text.ts';
import { registerNode, type NodeService } from '../shared/wrapper.ts';
import { addCertificateRoutes, pkiFolder } from './certificate-routes.ts';

/** Hears of each change of the connection. */
export type ConnectionListener = (connection: Connection, error?: MillwrightError) => void;

/** What nodes get from their endpoint: one shared session. */
export interface EndpointService extends NodeService {
  readonly connection: OpcuaConnection;
  /** What may be written and called, for all nodes together. */
  readonly allowList: AllowList;
  /** Whether alarms may be acknowledged and confirmed. */
  readonly acknowledge: boolean;
  /** Adds a listener, which hears the present state at once; returns what removes it. */
  onState: (this: void, listener: ConnectionListener) => () => void;
  /** The state now and, where it is not online, why. */
  present: (this: void) => { connection: Connection; error?: MillwrightError };
}

export default function (RED: NodeAPI): void {
  registerNode(RED, {
    definition: opcuaEndpointNode,
    create: ({ node, config, credentials, logger, guard, fail }): EndpointService => {
      const listeners = new Set<ConnectionListener>();
      const outages = reportOutages(fail);
      let cause: MillwrightError | undefined;
      const connection = openOpcuaConnection({
        endpointUrl: config.endpointUrl,
        security: config.security,
        login: config.login,
        credentials: withoutEmpty(credentials),
        folder: pkiFolder(RED),
        logger,
        onWarning: guard((warning: MillwrightError) => {
          node.warn(localise(RED, warning).message);
        }),
        onState: guard((state: Connection, error?: MillwrightError) => {
          cause = error;
          for (const listener of listeners) listener(state, error);
          outages.note(state, error);
        }),
      });
      return {
        connection,
        allowList: openAllowList(config.allowList),
        acknowledge: config.acknowledge,
        onState(listener) {
          listeners.add(listener);
          listener(connection.state);
          return () => listeners.delete(listener);
        },
        present: () => ({ connection: connection.state, ...(cause ? { error: cause } : {}) }),
        close: () => {
          outages.close();
          return connection.close();
        },
      };
    },
  });
  addCertificateRoutes(RED);
}

function withoutEmpty(texts: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter((entry): entry is [string, string] => Boolean(entry[1])));
}
