import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  addAggregateSupport,
  HistoryReadRequest,
  installAggregateConfigurationOptions,
  MessageSecurityMode,
  OPCUACertificateManager,
  OPCUAServer,
  ReadRequest,
  SecurityPolicy,
  setLogLevel,
  LogLevel,
  type Namespace,
  type UAObject,
  type UAVariable,
} from 'node-opcua';

/** A server that a test fills with what it asks for: history, methods, alarms, variables of every type. */
export interface RequestServer {
  readonly endpointUrl: string;
  readonly namespaceUri: string;
  readonly server: OPCUAServer;
  readonly namespace: Namespace;
  /** Objects/Plant; a variable `Plain` without history lies in it. */
  readonly plant: UAObject;
  /** Nodes named by each HistoryRead so far. */
  readonly historyCalls: number[];
  /** Nodes named by each Read so far. */
  readonly readCalls: number[];
  /** Adds a variable whose values are recorded. */
  addHistorical(name: string, options?: { aggregates?: boolean }): UAVariable;
  /** Continuation points of history that the sessions still hold. */
  openContinuationPoints(): number;
  close(): Promise<void>;
}

/** Starts a server on a free port; it takes three nodes in a HistoryRead, ten in a read. */
export async function startRequestServer(folder: string): Promise<RequestServer> {
  setLogLevel(LogLevel.Emergency);
  const pki = join(folder, 'server');
  mkdirSync(pki, { recursive: true });
  const server = new OPCUAServer({
    host: '127.0.0.1',
    hostname: '127.0.0.1',
    port: 0,
    securityPolicies: [SecurityPolicy.None],
    securityModes: [MessageSecurityMode.None],
    allowAnonymous: true,
    serverCertificateManager: new OPCUACertificateManager({
      rootFolder: pki,
      automaticallyAcceptUnknownCertificate: true,
      disableFileWatchers: true,
    }),
    serverCapabilities: {
      minSupportedSampleRate: 0,
      operationLimits: { maxNodesPerRead: 10, maxNodesPerHistoryReadData: 3 },
    },
  });
  await server.initialize();
  const addressSpace = server.engine.addressSpace!;
  addAggregateSupport(addressSpace);
  const namespace = addressSpace.getOwnNamespace();
  const plant = namespace.addFolder(addressSpace.rootFolder.objects, { browseName: 'Plant', nodeId: 'ns=1;s=Plant' });
  namespace.addVariable({
    componentOf: plant,
    browseName: 'Plain',
    nodeId: 'ns=1;s=Plain',
    dataType: 'Double',
    value: { dataType: 'Double', value: 1 },
  });
  await server.start();
  const historyCalls: number[] = [];
  const readCalls: number[] = [];
  server.on('request', (request: unknown) => {
    if (request instanceof HistoryReadRequest) historyCalls.push(request.nodesToRead?.length ?? 0);
    if (request instanceof ReadRequest) readCalls.push(request.nodesToRead?.length ?? 0);
  });
  return {
    endpointUrl: server.endpoints[0]!.endpointDescriptions()[0]!.endpointUrl!,
    namespaceUri: namespace.namespaceUri,
    server,
    namespace,
    plant,
    historyCalls,
    readCalls,
    addHistorical(name, { aggregates = false } = {}) {
      const variable = namespace.addVariable({
        componentOf: plant,
        browseName: name,
        nodeId: `ns=1;s=${name}`,
        dataType: 'Double',
      });
      addressSpace.installHistoricalDataNode(variable, { maxOnlineValues: 10_000 });
      if (aggregates) installAggregateConfigurationOptions(variable, { stepped: false });
      return variable;
    },
    openContinuationPoints() {
      const sessions = Object.values((server.engine as unknown as { _sessions: Record<string, Held> })._sessions);
      return sessions.reduce((sum, session) => sum + session.continuationPointManager._map.size, 0);
    },
    close: () => server.shutdown(0),
  };
}

interface Held {
  continuationPointManager: { _map: Map<string, unknown> };
}
