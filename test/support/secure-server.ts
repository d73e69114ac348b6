import { X509Certificate } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  LogLevel,
  MessageSecurityMode,
  OPCUACertificateManager,
  OPCUAServer,
  RegisterServerMethod,
  SecurityPolicy,
  setLogLevel,
  type OPCUAServerOptions,
  type ServerSecureChannelLayer,
} from 'node-opcua';

/** A certificate and its key, as files. */
export interface CertificateFiles {
  certificateFile: string;
  privateKeyFile: string;
}

/** A server whose certificate and rules a test chooses. */
export interface SecureServer {
  readonly endpointUrl: string;
  readonly port: number;
  readonly server: OPCUAServer;
  /** Policy and mode of the channel that was opened last. */
  lastChannel(): string;
  /** Application URIs that clients gave. */
  clientUris(): string[];
  /** Trusts every client whose certificate it has rejected so far. */
  trustClients(): Promise<void>;
  /** Lets a person log in with a certificate. */
  trustUser(certificateFile: string): Promise<void>;
  close(): Promise<void>;
}

const dayMs = 86_400_000;
export const serverUri = 'urn:test:secure-server';

/** A store of certificates on disk that takes nothing by itself. */
async function openStore(folder: string, acceptUnknown = false): Promise<OPCUACertificateManager> {
  setLogLevel(LogLevel.Emergency);
  const manager = new OPCUACertificateManager({
    rootFolder: folder,
    automaticallyAcceptUnknownCertificate: acceptUnknown,
    disableFileWatchers: true,
  });
  await manager.initialize();
  return manager;
}

/** Makes a self-signed certificate with a new key, valid from some days ago to some days ahead. */
export async function makeCertificate(
  folder: string,
  { fromDays = -1, toDays = 365, uri = serverUri, host = '127.0.0.1', name = 'Test' } = {},
): Promise<CertificateFiles> {
  const manager = await openStore(folder);
  const certificateFile = join(folder, 'own/certs/certificate.pem');
  await manager.createSelfSignedCertificate({
    applicationUri: uri,
    dns: [host],
    subject: `/CN=${name}`,
    startDate: new Date(Date.now() + fromDays * dayMs),
    validity: toDays - fromDays,
    outputFile: certificateFile,
  });
  await manager.dispose();
  return { certificateFile, privateKeyFile: manager.privateKey };
}

/** Starts a server on loopback that offers all three policies in both modes, and None. */
export async function startSecureServer(
  folder: string,
  files: CertificateFiles,
  { port = 0, acceptClients = true, ...more }: { acceptClients?: boolean } & OPCUAServerOptions = {},
): Promise<SecureServer> {
  const clients = await openStore(join(folder, 'clients'), acceptClients);
  const users = await openStore(join(folder, 'users'));
  const server = new OPCUAServer({
    host: '127.0.0.1',
    hostname: '127.0.0.1',
    port,
    ...files,
    serverInfo: { applicationUri: serverUri, applicationName: { text: 'Secure' } },
    securityPolicies: [
      SecurityPolicy.None,
      SecurityPolicy.Basic256Sha256,
      SecurityPolicy.Aes128_Sha256_RsaOaep,
      SecurityPolicy.Aes256_Sha256_RsaPss,
    ],
    securityModes: [MessageSecurityMode.None, MessageSecurityMode.Sign, MessageSecurityMode.SignAndEncrypt],
    allowAnonymous: true,
    registerServerMethod: RegisterServerMethod.HIDDEN,
    serverCertificateManager: clients,
    userCertificateManager: users,
    isAuditing: false,
    ...more,
  });
  const channels: ServerSecureChannelLayer[] = [];
  server.on('newChannel', (channel: ServerSecureChannelLayer) => {
    channels.push(channel);
  });
  await server.start();
  const endpoint = server.endpoints[0]!;
  return {
    endpointUrl: `opc.tcp://127.0.0.1:${endpoint.port}`,
    port: endpoint.port,
    server,
    lastChannel: () => {
      const { securityPolicy, securityMode } = channels.at(-1)!;
      return `${securityPolicy.split('#').at(-1)!}-${MessageSecurityMode[securityMode]}`;
    },
    clientUris: () =>
      Object.values(
        (server.engine as unknown as { _sessions: Record<string, { clientDescription: { applicationUri: string } }> })
          ._sessions,
      ).map(({ clientDescription }) => clientDescription.applicationUri),
    async trustClients() {
      for (const name of await readdir(clients.rejectedFolder))
        await clients.trustCertificate(await readDer(join(clients.rejectedFolder, name)));
    },
    trustUser: async (file) => users.trustCertificate(await readDer(file)),
    close: () => server.shutdown(0),
  };
}

async function readDer(file: string): Promise<Buffer> {
  return new X509Certificate(await readFile(file)).raw;
}
