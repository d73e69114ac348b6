import { mkdir } from 'node:fs/promises';
import type { EndpointDescription } from 'node-opcua-client';
import { lazyImport, MillwrightError, systemClock, toMillwrightError, withDeadline } from '../../kernel/index.ts';
import { makeClient, openChannel } from './channel.ts';
import { factsOf, namesHost, readCertificate, type CertificateFacts } from './certificates.ts';
import { runConnection, type Channel, type KeptSession } from './connection.ts';
import { chooseEndpoint, fingerprintOf, offeredEndpoints, securityOf, type OfferedEndpoint } from './endpoints.ts';
import { openExpiryWatch, type ExpiryWatch } from './expiry.ts';
import { hastenDecoding } from './fast-decode.ts';
import { identityOf } from './identity.ts';
import { ownCertificates, renewOwnCertificate, type IssueCertificate, type OwnCertificate } from './own-certificate.ts';
import { guardHandshake } from './safe-handshake.ts';
import { checkServerCertificate, type Verdict } from './server-certificate.ts';
import { statusNameOf } from './status.ts';
import { pruneRejected, whileTrusted } from './trust-list.ts';
import type { ClientLibrary, OpcuaConnection, OpcuaConnectionOptions } from './types.ts';

type CertificateManager = InstanceType<typeof import('node-opcua-certificate-manager').OPCUACertificateManager>;

/** What a server offers, and which certificates it shows. */
export interface OpcuaDiscovery {
  endpoints: OfferedEndpoint[];
  certificates: OfferedCertificate[];
}

/** A server's certificate and what speaks against it. */
export interface OfferedCertificate extends CertificateFacts {
  /** Code of the error that a connection would end with; absent where the certificate is trusted. */
  problem?: MillwrightError;
  /** It is made out for other hosts than the one in the address: no reason to refuse it, but to look twice. */
  isForOtherHost: boolean;
}

const discoveryLimitMs = 10_000;
/** A new certificate is offered first, then the one before, as long as that is valid. */
const ownOffered = 2;

/**
 * Opens a connection that heals by itself; returns at once, its state says how far it is. The certificate of a server
 * is never trusted silently: an unknown one is refused with `MW_OPCUA_CERTIFICATE_UNTRUSTED` and lies in `rejected`
 * below the folder until a person accepts it; then the connection comes online by itself.
 */
export function openOpcuaConnection(options: OpcuaConnectionOptions): OpcuaConnection {
  const { endpointUrl, clock = systemClock, onWarning = () => undefined } = options;
  const expiry = openExpiryWatch(endpointUrl, clock, onWarning);
  const warned = new Set<string>();
  const warnOnce = (warning: MillwrightError) => {
    if (!warned.has(warning.message)) onWarning(warning);
    warned.add(warning.message);
  };
  const connection = runConnection(options, async (kept, signal) => {
    const ua = await loadLibrary();
    try {
      return await dial(ua, { ...options, clock, onWarning: warnOnce }, expiry, kept, signal);
    } catch (thrown) {
      throw explain(thrown, endpointUrl);
    }
  });
  connection.keep(expiry);
  return connection;
}

/**
 * Asks a server what it offers, without logging in. Its certificates are looked at as a connection would; unknown ones
 * lie in `rejected` afterwards, ready to be accepted.
 * @throws MW_OPCUA_UNREACHABLE, also after 10 s without an answer; MW_PACKAGE_MISSING
 */
export async function discoverOpcuaServer({
  endpointUrl,
  folder,
  clock = systemClock,
}: Pick<OpcuaConnectionOptions, 'endpointUrl' | 'folder' | 'clock'>): Promise<OpcuaDiscovery> {
  const ua = await loadLibrary();
  const [own] = (await ownCertificates(folder, issueWith(folder), clock.now())).valid;
  const descriptions = await getEndpoints(ua, own!, endpointUrl).catch((thrown: unknown) => {
    throw explain(thrown, endpointUrl);
  });
  const endpoints = offeredEndpoints(descriptions);
  const certificates: OfferedCertificate[] = [];
  for (const fingerprint of new Set(endpoints.map((endpoint) => endpoint.fingerprint))) {
    const shown = descriptions.find((description) => fingerprintOf(description) === fingerprint);
    if (!fingerprint || !shown) continue;
    const facts = factsOf(readCertificate(shown.serverCertificate));
    const problem = await check(shown, own!, { endpointUrl, folder, clock }).then(
      () => undefined,
      (thrown: unknown) => explain(thrown, endpointUrl),
    );
    certificates.push({ ...facts, ...(problem ? { problem } : {}), isForOtherHost: !namesHost(facts, endpointUrl) });
  }
  return { endpoints, certificates };
}

/** Makes a new certificate for this client; the old one stays as long as it is valid. @throws MW_PACKAGE_MISSING */
export async function renewOpcuaCertificate(folder: string, clock = systemClock): Promise<CertificateFacts> {
  const { facts } = await renewOwnCertificate(folder, issueWith(folder), clock.now());
  return facts;
}

/**
 * Trusts what a file holds: a server's certificate, an authority with all that it issues, or takes an authority's
 * revocation list (PEM or DER).
 * @throws MW_OPCUA_FILE_UNKNOWN where it is neither
 */
export async function importOpcuaTrust(folder: string, bytes: Buffer, clock = systemClock): Promise<void> {
  const [own] = (await ownCertificates(folder, issueWith(folder), clock.now())).valid;
  await withManager(folder, own!.key, async (manager) => {
    const certificate = certificateIn(bytes);
    if (certificate) {
      await manager.trustCertificate(certificate);
      return;
    }
    const armoured = /-----BEGIN X509 CRL-----([A-Za-z0-9+/=\s]+)-----END X509 CRL-----/.exec(bytes.toString('latin1'));
    const list = armoured ? Buffer.from(armoured[1]!, 'base64') : bytes;
    const status: string = await manager.addRevocationList(list);
    if (status !== 'Good') throw new MillwrightError('MW_OPCUA_FILE_UNKNOWN');
  });
}

function certificateIn(bytes: Buffer): Buffer | undefined {
  try {
    return readCertificate(bytes).raw;
  } catch {
    return undefined;
  }
}

async function loadLibrary(): Promise<ClientLibrary> {
  const ua = await lazyImport('node-opcua-client', () => import('node-opcua-client'));
  guardHandshake(ua);
  hastenDecoding(ua);
  ua.setLogLevel(ua.LogLevel.Emergency);
  return ua;
}

/** Does something with the library's certificate manager as the folder is now, and gives it back. */
async function withManager<T>(
  folder: string,
  key: OwnCertificate['key'],
  work: (manager: CertificateManager) => Promise<T>,
): Promise<T> {
  const { OPCUACertificateManager } = await lazyImport(
    'node-opcua-certificate-manager',
    () => import('node-opcua-certificate-manager'),
  );
  await mkdir(folder, { recursive: true });
  const manager = new OPCUACertificateManager({
    rootFolder: folder,
    automaticallyAcceptUnknownCertificate: false,
    disableFileWatchers: true,
    privateKeyProvider: { getPrivateKey: () => Promise.resolve({ hidden: key }) },
  });
  try {
    await manager.initialize();
    return await work(manager);
  } finally {
    manager.dispose().catch(() => undefined);
  }
}

function issueWith(folder: string): IssueCertificate {
  return ({ key, applicationUri, hostName, from, days, outputFile }) =>
    withManager(folder, key, (manager) =>
      manager.createSelfSignedCertificate({
        applicationUri,
        dns: [hostName],
        subject: `/CN=Millwright/OU=${hostName}`,
        startDate: from,
        validity: days,
        outputFile,
      }),
    );
}

async function dial(
  ua: ClientLibrary,
  options: OpcuaConnectionOptions & Required<Pick<OpcuaConnectionOptions, 'clock' | 'onWarning'>>,
  expiry: ExpiryWatch,
  kept: KeptSession,
  signal: AbortSignal,
): Promise<Channel> {
  const { endpointUrl, security, folder, clock, onWarning, logger } = options;
  const user = identityOf(ua, options);
  const { valid, made } = await ownCertificates(folder, issueWith(folder), clock.now());
  const [own] = valid;
  if (made === 'expired') onWarning(new MillwrightError('MW_OPCUA_OWN_EXPIRED', { thumbprint: own!.facts.thumbprint }));
  if (security === 'none') {
    if (options.login === 'user')
      onWarning(new MillwrightError('MW_OPCUA_LOGIN_UNPROTECTED', { endpoint: endpointUrl }));
    const channel = await openChannel(ua, { endpointUrl, own: own!, user, kept, signal, logger });
    expiry.inUse({ own: own!.facts });
    return channel;
  }
  const endpoint = chooseEndpoint(await getEndpoints(ua, own!, endpointUrl, signal), security, endpointUrl);
  const server = await check(endpoint, own!, options);
  if (!namesHost(server, endpointUrl)) {
    const names = server.hostNames.join(', ') || '–';
    onWarning(new MillwrightError('MW_OPCUA_CERTIFICATE_HOST', { endpoint: endpointUrl, names }));
  }
  const { channel, used } = await offer(valid.slice(0, ownOffered), endpointUrl, (candidate) =>
    openChannel(ua, { endpointUrl, own: candidate, endpoint, user, kept, signal, logger }),
  );
  if (used !== own) {
    const to = used.facts.validTo.slice(0, 10);
    onWarning(new MillwrightError('MW_OPCUA_OWN_NOT_TRUSTED_YET', { endpoint: endpointUrl, to }));
  }
  if (security === 'best') await requireSameBest(channel, endpoint, endpointUrl);
  const release = whileTrusted(folder, server.fingerprint, () => {
    channel.abandon('certificate no longer trusted');
  });
  void channel.lost.then(release);
  expiry.inUse({ server, own: used.facts });
  return channel;
}

/** Tries this client's certificates in turn where the server refuses one. */
async function offer(
  candidates: readonly OwnCertificate[],
  endpointUrl: string,
  open: (own: OwnCertificate) => Promise<Channel>,
): Promise<{ channel: Channel; used: OwnCertificate }> {
  let refusal: unknown;
  for (const used of candidates) {
    try {
      return { channel: await open(used), used };
    } catch (thrown) {
      if (explain(thrown, endpointUrl).code !== 'MW_OPCUA_CLIENT_REFUSED') throw thrown;
      refusal ??= thrown;
    }
  }
  throw refusal;
}

/**
 * The list of endpoints is read before anything is signed; the session names them again over the secure channel.
 * Somebody in between who struck out the stronger ones is found here (OPC 10000-4, CreateSession).
 */
async function requireSameBest(channel: Channel, chosen: EndpointDescription, endpointUrl: string): Promise<void> {
  const { serverEndpoints } = channel.link.session as { serverEndpoints?: EndpointDescription[] };
  if (!serverEndpoints?.length) return;
  const offered = securityOf(chooseEndpoint(serverEndpoints, 'best', endpointUrl));
  const used = securityOf(chosen);
  if (offered === used) return;
  await channel.close().catch(() => undefined);
  throw new MillwrightError('MW_OPCUA_ENDPOINTS_DIFFER', {
    endpoint: endpointUrl,
    chosen: used ?? '',
    offered: offered ?? '',
  });
}

async function getEndpoints(
  ua: ClientLibrary,
  own: OwnCertificate,
  endpointUrl: string,
  signal?: AbortSignal,
): Promise<EndpointDescription[]> {
  const client = makeClient(ua, own);
  const asked = client.connect(endpointUrl).then(() => client.getEndpoints());
  try {
    return await withDeadline('OPC UA discovery', asked, discoveryLimitMs, signal);
  } catch (thrown) {
    if (toMillwrightError(thrown).code !== 'MW_DEADLINE') throw thrown;
    throw new MillwrightError('MW_OPCUA_UNREACHABLE', { endpoint: endpointUrl, reason: 'ETIMEDOUT' }, thrown);
  } finally {
    client.disconnect().catch(() => undefined);
  }
}

async function check(
  { serverCertificate, server }: EndpointDescription,
  own: OwnCertificate,
  { endpointUrl, folder, clock = systemClock }: Pick<OpcuaConnectionOptions, 'endpointUrl' | 'folder' | 'clock'>,
): Promise<CertificateFacts> {
  const verdict: Verdict = (chain) =>
    withManager(folder, own.key, async (manager) => (await manager.checkCertificate(chain)).name);
  const about = { endpoint: endpointUrl, applicationUri: server.applicationUri ?? '', nowMs: clock.now() };
  try {
    return await checkServerCertificate(serverCertificate, about, verdict);
  } finally {
    await pruneRejected(folder);
  }
}

/** What went wrong while connecting, by code. */
function explain(thrown: unknown, endpoint: string): MillwrightError {
  if (thrown instanceof MillwrightError) return thrown;
  const status = statusNameOf(thrown);
  if (/user token policy/i.test(status))
    return new MillwrightError('MW_OPCUA_LOGIN_REFUSED', { endpoint, status: 'BadIdentityTokenRejected' }, thrown);
  if (/^Bad(UserAccessDenied|IdentityToken\w+)$/.test(status))
    return new MillwrightError('MW_OPCUA_LOGIN_REFUSED', { endpoint, status }, thrown);
  if (/^Bad(SecurityChecksFailed|Certificate\w+)$/.test(status))
    return new MillwrightError('MW_OPCUA_CLIENT_REFUSED', { endpoint, reason: status }, thrown);
  const reason = /\bE[A-Z]{4,}\b/.exec(status)?.[0] ?? status.slice(0, 200);
  return new MillwrightError('MW_OPCUA_UNREACHABLE', { endpoint, reason }, thrown);
}
