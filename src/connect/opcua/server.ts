import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { lazyImport, MillwrightError, silentLogger, type Logger } from '../../kernel/index.ts';

type Library = typeof import('node-opcua');
type ServerVariable = import('node-opcua').UAVariable;
type ServerFolder = import('node-opcua').UAObject;

/** OPC UA built-in types that a served variable may have. */
export type ServedDataType = 'Double' | 'Int32' | 'UInt32' | 'Boolean' | 'String';

/** A value of a served variable. */
export type ServedValue = number | boolean | string;

/** One variable that the server offers. */
export interface ServedVariable {
  /** In the server's own namespace, for example `ns=1;s=Northfield/Line 1/CNC-12/State`. */
  nodeId: string;
  browseName: string;
  dataType: ServedDataType;
  /** Becomes the EngineeringUnits property. */
  unit?: string;
  initial: ServedValue;
}

/** A folder path below Objects with its variables; missing folders on the way are made. */
export interface ServedObject {
  path: string[];
  variables: ServedVariable[];
}

/** What a server serves, and where. */
export interface OpcuaServerOptions {
  /** Address to listen on; only this one. */
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** Folder of the server's certificates; made on demand, never to be shared with a client's. */
  folder: string;
  objects: ServedObject[];
  /** A user beside the anonymous one. */
  user?: { name: string; password: string };
  /** Name under which the server presents itself. */
  applicationName?: string;
  logger?: Logger;
}

/** A new value of one variable. */
export interface ServedUpdate {
  nodeId: string;
  value: ServedValue;
  /** Source time, milliseconds since 1970 UTC. */
  sourceMs: number;
  /** False gives the value the status Bad. */
  good?: boolean;
}

/** A running server. */
export interface OpcuaServer {
  readonly endpointUrl: string;
  readonly port: number;
  /** Publishes values in order. @throws MW_OPCUA_NODE_UNKNOWN for a node that is not served */
  setValues(updates: readonly ServedUpdate[]): void;
  /** Ends sessions and sockets; the port is free afterwards. */
  close(): Promise<void>;
}

/**
 * Starts an OPC UA server with the security policies None and Basic256Sha256 (sign and encrypt), anonymous and
 * optionally one user. Every change is reported to items that ask for sampling interval 0. It announces itself
 * nowhere and accepts unknown client certificates: it is meant for loopback, where anonymous is let in anyway.
 * @throws MW_PACKAGE_MISSING without node-opcua, MW_OPCUA_LISTEN_FAILED where the port is taken
 */
export async function startOpcuaServer(options: OpcuaServerOptions): Promise<OpcuaServer> {
  const { host, port, folder, objects, user, applicationName = 'Millwright', logger = silentLogger } = options;
  const ua = await lazyImport('node-opcua', () => import('node-opcua'));
  ua.setLogLevel(ua.LogLevel.Emergency);
  await mkdir(folder, { recursive: true });
  const certificates = new ua.OPCUACertificateManager({
    rootFolder: join(folder, 'pki'),
    automaticallyAcceptUnknownCertificate: true,
    disableFileWatchers: true,
  });
  const userCertificates = new ua.OPCUACertificateManager({
    rootFolder: join(folder, 'user-pki'),
    disableFileWatchers: true,
  });
  const server = new ua.OPCUAServer({
    host,
    hostname: host,
    port,
    securityPolicies: [ua.SecurityPolicy.None, ua.SecurityPolicy.Basic256Sha256],
    securityModes: [ua.MessageSecurityMode.None, ua.MessageSecurityMode.SignAndEncrypt],
    allowAnonymous: true,
    userManager: { isValidUser: (name: string, password: string) => user?.name === name && user.password === password },
    registerServerMethod: ua.RegisterServerMethod.HIDDEN,
    serverCertificateManager: certificates,
    userCertificateManager: userCertificates,
    serverInfo: {
      applicationName: { text: applicationName },
      applicationUri: `urn:${applicationName}:opcua`,
      productUri: 'urn:millwright',
    },
    buildInfo: { productName: applicationName, manufacturerName: 'Millwright' },
    serverCapabilities: { minSupportedSampleRate: 0, maxSessions: 50 },
    maxConnectionsPerEndpoint: 100,
    isAuditing: false,
  });
  const variables = new Map<string, { node: ServerVariable; dataType: ServedDataType }>();
  try {
    await server.initialize();
    buildAddressSpace(ua, server, objects, variables);
    await server.start();
  } catch (cause) {
    await server.shutdown(0).catch(() => undefined);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw cause instanceof MillwrightError
      ? cause
      : new MillwrightError('MW_OPCUA_LISTEN_FAILED', { host, port, reason }, cause);
  }
  const endpoint = server.endpoints[0]!;
  logger.debug(`OPC UA server on ${host}:${endpoint.port} with ${variables.size} variables`);

  return {
    endpointUrl: `opc.tcp://${host}:${endpoint.port}`,
    port: endpoint.port,
    setValues(updates) {
      for (const { nodeId, value, sourceMs, good = true } of updates) {
        const served = variables.get(nodeId);
        if (!served) throw new MillwrightError('MW_OPCUA_NODE_UNKNOWN', { nodeId });
        served.node.setValueFromSource(
          { dataType: ua.DataType[served.dataType], value },
          good ? ua.StatusCodes.Good : ua.StatusCodes.Bad,
          new Date(sourceMs),
        );
      }
    },
    async close() {
      await server.shutdown(0);
    },
  };
}

function buildAddressSpace(
  ua: Library,
  server: InstanceType<Library['OPCUAServer']>,
  objects: readonly ServedObject[],
  variables: Map<string, { node: ServerVariable; dataType: ServedDataType }>,
): void {
  const addressSpace = server.engine.addressSpace!;
  const namespace = addressSpace.getOwnNamespace();
  const folders = new Map<string, ServerFolder>();

  function folderAt(path: readonly string[]): ServerFolder {
    const key = path.join('\u0000');
    const known = folders.get(key);
    if (known) return known;
    const parent = path.length > 1 ? folderAt(path.slice(0, -1)) : addressSpace.rootFolder.objects;
    const folder = namespace.addFolder(parent, {
      browseName: path.at(-1)!,
      nodeId: `ns=${namespace.index};s=${path.join('/')}`,
    });
    folders.set(key, folder);
    return folder;
  }

  for (const { path, variables: list } of objects) {
    const folder = folderAt(path);
    for (const { nodeId, browseName, dataType, unit, initial } of list) {
      const node = namespace.addVariable({
        componentOf: folder,
        nodeId,
        browseName,
        dataType,
        minimumSamplingInterval: 0,
        typeDefinition: unit === undefined ? 'BaseDataVariableType' : 'AnalogUnitType',
        value: { dataType: ua.DataType[dataType], value: initial },
      });
      if (unit !== undefined) addUnit(ua, node, unit);
      variables.set(nodeId, { node, dataType });
    }
  }
}

function addUnit(ua: Library, variable: ServerVariable, unit: string): void {
  variable.namespace.addVariable({
    propertyOf: variable,
    browseName: { namespaceIndex: 0, name: 'EngineeringUnits' },
    dataType: 'EUInformation',
    minimumSamplingInterval: 0,
    value: { dataType: ua.DataType.ExtensionObject, value: ua.makeEUInformation(unit, unit, unit) },
  });
}
