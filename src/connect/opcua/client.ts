import { createHash, X509Certificate } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import type { EndpointDescription, OPCUAClient, UserIdentityInfo } from 'node-opcua-client';
import { lazyImport, MillwrightError, monotonicMs, silentLogger } from '../../kernel/index.ts';
import { runConnection, type Channel } from './connection.ts';
import { openPublisher } from './publisher.ts';
import type { LinkedSession } from './session-link.ts';
import { statusNameOf } from './status.ts';
import type { ClientLibrary, OpcuaConnection, OpcuaConnectionOptions } from './types.ts';

type CertificateManager = InstanceType<typeof import('node-opcua-certificate-manager').OPCUACertificateManager>;

/** The session outlives a cut this long; servers may grant less. */
const sessionTimeoutMs = 600_000;
const transactionLimitMs = 15_000;
/** Policies from the strongest; the obsolete Basic128Rsa15 and Basic256 are never chosen. */
const policies = ['Aes256_Sha256_RsaPss', 'Aes128_Sha256_RsaOaep', 'Basic256Sha256'];
const serverNodes = ['i=2255', 'i=2257', 'i=11714'];

/**
 * Opens a connection that heals by itself; returns at once, its state says how far it is. The certificate of a server
 * is never trusted silently: with security `best` an unknown one is refused with `MW_OPCUA_CERTIFICATE_UNTRUSTED` and
 * lies in `rejected` below the folder, from where a person moves it to `trusted/certs`.
 */
export function openOpcuaConnection(options: OpcuaConnectionOptions): OpcuaConnection {
  return runConnection(options, async (previous) => {
    const ua = await lazyImport('node-opcua-client', () => import('node-opcua-client'));
    const certificates = await openCertificates(ua, options.folder);
    try {
      return await dial(ua, certificates, options, previous);
    } catch (thrown) {
      throw explain(thrown, options.endpointUrl);
    }
  });
}

async function openCertificates(ua: ClientLibrary, folder: string): Promise<CertificateManager> {
  const { OPCUACertificateManager } = await lazyImport(
    'node-opcua-certificate-manager',
    () => import('node-opcua-certificate-manager'),
  );
  ua.setLogLevel(ua.LogLevel.Emergency);
  await mkdir(folder, { recursive: true });
  const certificates = new OPCUACertificateManager({
    rootFolder: folder,
    automaticallyAcceptUnknownCertificate: false,
    disableFileWatchers: true,
  });
  await certificates.initialize();
  return certificates;
}

async function dial(
  ua: ClientLibrary,
  certificates: CertificateManager,
  options: OpcuaConnectionOptions,
  previous: Channel | undefined,
): Promise<Channel> {
  const { endpointUrl, security, logger = silentLogger } = options;
  const common = {
    applicationName: 'Millwright',
    clientName: 'Millwright',
    endpointMustExist: false,
    connectionStrategy: { maxRetry: 0 },
    clientCertificateManager: certificates,
    requestedSessionTimeout: sessionTimeoutMs,
    defaultTransactionTimeout: transactionLimitMs,
    transportTimeout: transactionLimitMs,
    keepPendingSessionsOnDisconnect: true,
  };
  let secured = {};
  if (security === 'best') {
    const endpoint = bestEndpoint(await discover(ua.OPCUAClient.create({ ...common }), endpointUrl), endpointUrl);
    await requireTrust(certificates, endpoint, options);
    secured = {
      securityMode: endpoint.securityMode,
      securityPolicy: endpoint.securityPolicyUri,
      serverCertificate: endpoint.serverCertificate,
    };
  }
  const client = ua.OPCUAClient.create({ ...common, ...secured });
  let heardAt = monotonicMs();
  let lose: (reason: string) => void = () => undefined;
  const lost = new Promise<string>((resolve) => {
    lose = resolve;
  });
  client.on('receive_chunk', () => {
    heardAt = monotonicMs();
  });
  client.on('connection_lost', () => lose('connection lost'));
  client.on('close', () => lose('connection closed'));
  try {
    await client.connect(endpointUrl);
    const { session, resumed } = await openSession(client, identity(ua, options), previous);
    session.on('session_closed', () => lose('session closed'));
    session.on('session_restored', () => lose('session replaced'));
    const [namespaces, start, limit] = await session.read(
      serverNodes.map((nodeId) => ({ nodeId: ua.coerceNodeId(nodeId), attributeId: ua.AttributeIds.Value })),
    );
    const publisher = openPublisher(ua, session, { logger, onSessionLost: (reason) => lose(reason) });
    return {
      link: {
        ua,
        session,
        publisher,
        resumed,
        serverStartMs: (start?.value.value as Date | null)?.getTime() ?? 0,
        namespaces: (namespaces?.value.value as string[] | null) ?? [],
        maxItemsPerCall: (limit?.value.value as number | null) ?? 0,
      },
      lost,
      heardAt: () => heardAt,
      probe: async () => {
        await session.read({ nodeId: ua.coerceNodeId('i=2259'), attributeId: ua.AttributeIds.Value });
      },
      close: async () => {
        await session.close(true);
        await client.disconnect();
      },
      abandon: () => {
        lose('no answer');
        client.disconnect().catch((thrown: unknown) => logger.debug(`OPC UA disconnect: ${String(thrown)}`));
      },
    };
  } catch (thrown) {
    client.disconnect().catch(() => undefined);
    throw thrown;
  }
}

/** Takes up the session of before, or opens a new one. */
async function openSession(
  client: OPCUAClient,
  user: UserIdentityInfo,
  previous: Channel | undefined,
): Promise<{ session: LinkedSession; resumed: boolean }> {
  if (previous) {
    const { session } = previous.link;
    session.removeAllListeners();
    try {
      await client.reactivateSession(session);
      return { session, resumed: true };
    } catch (thrown) {
      if (!/^Bad/.test(statusNameOf(thrown))) throw thrown;
    }
  }
  return { session: (await client.createSession(user)) as LinkedSession, resumed: false };
}

function identity(ua: ClientLibrary, { login, credentials }: OpcuaConnectionOptions): UserIdentityInfo {
  if (login === 'anonymous') return { type: ua.UserTokenType.Anonymous };
  return { type: ua.UserTokenType.UserName, userName: credentials?.user ?? '', password: credentials?.password ?? '' };
}

async function discover(client: OPCUAClient, endpointUrl: string): Promise<EndpointDescription[]> {
  try {
    await client.connect(endpointUrl);
    return await client.getEndpoints();
  } finally {
    await client.disconnect();
  }
}

/** The strongest endpoint that signs and encrypts. */
function bestEndpoint(endpoints: readonly EndpointDescription[], endpointUrl: string): EndpointDescription {
  const signAndEncrypt = 3;
  const found = policies
    .map((policy) =>
      endpoints.find(
        (e) => (e.securityMode as number) === signAndEncrypt && e.securityPolicyUri?.endsWith(`#${policy}`),
      ),
    )
    .find((endpoint) => endpoint !== undefined);
  if (!found) throw new MillwrightError('MW_OPCUA_NO_SECURE_ENDPOINT', { endpoint: endpointUrl });
  return found;
}

async function requireTrust(
  certificates: CertificateManager,
  { serverCertificate }: EndpointDescription,
  { endpointUrl: endpoint, folder }: OpcuaConnectionOptions,
): Promise<void> {
  const status = (await certificates.checkCertificate(serverCertificate)).name;
  if (status === 'Good') return;
  const thumbprint = createHash('sha1').update(serverCertificate).digest('hex').toUpperCase();
  if (status === 'BadCertificateUntrusted') {
    const subject = new X509Certificate(serverCertificate).subject.replaceAll('\n', ', ');
    throw new MillwrightError('MW_OPCUA_CERTIFICATE_UNTRUSTED', { endpoint, thumbprint, subject, folder });
  }
  throw new MillwrightError('MW_OPCUA_CERTIFICATE_INVALID', { endpoint, status });
}

/** What went wrong while connecting, by code. */
function explain(thrown: unknown, endpoint: string): MillwrightError {
  if (thrown instanceof MillwrightError) return thrown;
  const status = statusNameOf(thrown);
  if (/^Bad(UserAccessDenied|IdentityToken\w+)$/.test(status))
    return new MillwrightError('MW_OPCUA_LOGIN_REFUSED', { endpoint, status }, thrown);
  if (/^Bad(SecurityChecksFailed|Certificate\w+)$/.test(status))
    return new MillwrightError('MW_OPCUA_CLIENT_REFUSED', { endpoint, reason: status }, thrown);
  const reason = /\bE[A-Z]{4,}\b/.exec(status)?.[0] ?? status.slice(0, 200);
  return new MillwrightError('MW_OPCUA_UNREACHABLE', { endpoint, reason }, thrown);
}
