import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import { openOpcuaConnection, type OpcuaConnection } from '../../src/connect/index.ts';
import { opcuaEndpointNode, type Connection } from '../../src/contracts/index.ts';
import type { MillwrightError } from '../../src/kernel/index.ts';
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

/** Causes that often pass by themselves, and how long they may last before they are an error. */
const passing: readonly string[] = ['MW_OPCUA_UNREACHABLE', 'MW_OPCUA_SESSION_LOST'];
const patienceMs = 60_000;

export default function (RED: NodeAPI): void {
  registerNode(RED, {
    definition: opcuaEndpointNode,
    create: ({ node, config, credentials, logger, guard, fail }): EndpointService => {
      const listeners = new Set<ConnectionListener>();
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
          report(state, error);
        }),
      });
      let pending: NodeJS.Timeout | undefined;
      let reported: string | undefined;
      /** One error per outage and cause; a server that is only away a moment (a restart, a late start) is none. */
      function report({ state }: Connection, error?: MillwrightError): void {
        if (state === 'online' || state === 'idle') {
          clearTimeout(pending);
          pending = undefined;
          reported = undefined;
        }
        if (!error || error.code === reported || pending) return;
        const raise = () => {
          pending = undefined;
          reported = error.code;
          fail(error);
        };
        if (passing.includes(error.code)) pending = setTimeout(raise, patienceMs);
        else raise();
      }
      return {
        connection,
        onState(listener) {
          listeners.add(listener);
          listener(connection.state);
          return () => listeners.delete(listener);
        },
        close: () => {
          clearTimeout(pending);
          return connection.close();
        },
      };
    },
  });
}

function withoutEmpty(texts: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter((entry): entry is [string, string] => Boolean(entry[1])));
}
