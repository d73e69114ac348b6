import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { lazyImport, MillwrightError, toMillwrightError } from '../../kernel/index.ts';
import type {
  ServedEnumeration,
  ServedJob,
  ServedMachine,
  ServedObject,
  ServedRequest,
  ServedStructure,
  ServedUpdate,
} from './served/description.ts';
import type { JobChange, JobControl } from './served/job-control.ts';
import { addMachine } from './served/machines.ts';
import { VariableBuilder } from './served/variables.ts';

/** The library, as this file alone loads it. */
export type ServerLibrary = typeof import('node-opcua');

/** What a server serves, and where. */
export interface OpcuaServerOptions {
  /** Address to listen on; only this one. */
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** Folder of the server's certificates; made on demand, never to be shared with a client's. */
  folder: string;
  objects: ServedObject[];
  structures?: ServedStructure[];
  enumerations?: ServedEnumeration[];
  /** Machines as the companion specifications show them; their nodesets are loaded where there is one. */
  machines?: ServedMachine[];
  /** A user beside the anonymous one. */
  user?: { name: string; password: string };
  /** Name under which the server presents itself. */
  applicationName?: string;
}

/** A running server. */
export interface OpcuaServer {
  readonly endpointUrl: string;
  readonly port: number;
  /** Publishes values in order. @throws MW_OPCUA_NODE_UNKNOWN for a node that is not served; the others are */
  setValues(updates: readonly ServedUpdate[]): void;
  /** Replaces the plant's own job orders in a machine's list. @throws MW_OPCUA_NODE_UNKNOWN for an unknown machine */
  setJobs(machine: string, jobs: readonly ServedJob[], atMs: number): void;
  /** Ends sessions and sockets; the port is free afterwards. */
  close(): Promise<void>;
}

/**
 * Starts an OPC UA server with the security policies None and Basic256Sha256 (sign and encrypt), anonymous and
 * optionally one user. Every change is reported to items that ask for sampling interval 0. It announces itself
 * nowhere and accepts unknown client certificates: it is meant for loopback, where anonymous is let in anyway.
 * Starting it blocks the event loop for some hundred milliseconds; `hostOpcuaServer` keeps that in a thread.
 * @param onRequest hears what clients write, call and order
 * @throws MW_PACKAGE_MISSING without node-opcua, MW_OPCUA_LISTEN_FAILED where the port is taken
 */
export async function startOpcuaServer(
  options: OpcuaServerOptions,
  onRequest: (request: ServedRequest) => void = () => undefined,
): Promise<OpcuaServer> {
  const { host, port, folder, user, applicationName = 'Millwright' } = options;
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
    nodeset_filename: nodesets(ua, (options.machines ?? []).length > 0),
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
  let served: Served;
  try {
    await server.initialize();
    served = await buildAddressSpace(ua, server, options, onRequest);
    await server.start();
  } catch (cause) {
    await server.shutdown(0).catch(() => undefined);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw cause instanceof MillwrightError
      ? cause
      : new MillwrightError('MW_OPCUA_LISTEN_FAILED', { host, port, reason }, cause);
  }
  const endpoint = server.endpoints[0]!;
  return {
    endpointUrl: `opc.tcp://${host}:${endpoint.port}`,
    port: endpoint.port,
    setValues(updates) {
      let failed: MillwrightError | undefined;
      for (const update of updates)
        try {
          served.builder.set(update);
        } catch (thrown) {
          failed ??= toMillwrightError(thrown);
        }
      if (failed) throw failed;
    },
    setJobs(machine, jobs, atMs) {
      const control = served.machines.get(machine);
      if (!control) throw new MillwrightError('MW_OPCUA_NODE_UNKNOWN', { nodeId: machine });
      control.plan(jobs, atMs);
    },
    async close() {
      await server.shutdown(0);
    },
  };
}

interface Served {
  builder: VariableBuilder;
  machines: Map<string, JobControl>;
}

/** Nodeset files in the order in which they build on one another. */
function nodesets({ nodesets: files }: ServerLibrary, withMachines: boolean): string[] {
  if (!withMachines) return [files.standard];
  const { standard, di, ia, machinery, packML, isa95JobControl, machineryJobs } = files;
  return [standard, di, ia, machinery, packML, isa95JobControl, machineryJobs];
}

async function buildAddressSpace(
  ua: ServerLibrary,
  server: InstanceType<ServerLibrary['OPCUAServer']>,
  { objects, structures = [], enumerations = [], machines = [] }: OpcuaServerOptions,
  onRequest: (request: ServedRequest) => void,
): Promise<Served> {
  const addressSpace = server.engine.addressSpace!;
  const variables = objects.flatMap((object) => object.variables);
  if (variables.some(({ history }) => history !== undefined)) ua.addAggregateSupport(addressSpace);
  if (variables.some(({ alarm }) => alarm !== undefined)) addressSpace.installAlarmsAndConditionsService();
  const builder = new VariableBuilder(ua, addressSpace, onRequest);
  await builder.declare(structures, enumerations);
  for (const object of objects) builder.add(object);
  const tools = {
    ua,
    addressSpace,
    builder,
    onJob: (machine: string, change: JobChange) => {
      onRequest({ kind: 'job', machine, ...change });
    },
  };
  return { builder, machines: new Map(machines.map((machine) => [machine.name, addMachine(tools, machine)])) };
}
