import type { EndpointDescription, OPCUAClient, OPCUAClientOptions, UserIdentityInfo } from 'node-opcua-client';
import { monotonicMs, silentLogger, type Logger } from '../../kernel/index.ts';
import type { Channel, KeptSession } from './connection.ts';
import type { OwnCertificate } from './own-certificate.ts';
import { openPublisher } from './publisher.ts';
import type { LinkedSession } from './session-link.ts';
import { isSessionGone, refusalOf, statusNameOf } from './status.ts';
import type { ClientLibrary } from './types.ts';

/** How one channel is to be made. */
export interface ChannelOptions {
  endpointUrl: string;
  own: OwnCertificate;
  /** Absent: neither signed nor encrypted. */
  endpoint?: EndpointDescription;
  user: UserIdentityInfo;
  /** The session to take up where the server still has it; afterwards the one that the channel has. */
  kept: KeptSession;
  /** Ends the attempt at once. */
  signal: AbortSignal;
  logger?: Logger | undefined;
}

/** The session outlives a cut this long; servers may grant less. */
const sessionTimeoutMs = 600_000;
const transactionLimitMs = 15_000;
const serverNodes = ['i=2255', 'i=2257', 'i=11714'];

/** A client of the library that never retries by itself and never trusts anything by itself. */
export function makeClient(ua: ClientLibrary, own: OwnCertificate, endpoint?: EndpointDescription): OPCUAClient {
  const options: OPCUAClientOptions = {
    applicationName: 'Millwright',
    applicationUri: own.facts.applicationUri,
    clientName: 'Millwright',
    endpointMustExist: false,
    connectionStrategy: { maxRetry: 0 },
    clientCertificateManager: trustNothing(ua),
    certificateKeyPairProvider: {
      getCertificate: () => own.certificate,
      getCertificateChain: () => [own.certificate],
      getPrivateKey: () => ({ hidden: own.key }),
    },
    requestedSessionTimeout: sessionTimeoutMs,
    defaultTransactionTimeout: transactionLimitMs,
    transportTimeout: transactionLimitMs,
    keepPendingSessionsOnDisconnect: true,
  };
  if (!endpoint) return ua.OPCUAClient.create(options);
  const { securityMode, securityPolicyUri, serverCertificate } = endpoint;
  return ua.OPCUAClient.create({ ...options, securityMode, securityPolicy: securityPolicyUri!, serverCertificate });
}

/** The library asks this store only where it would fetch a new certificate behind our back: the answer is no. */
function trustNothing(ua: ClientLibrary): NonNullable<OPCUAClientOptions['clientCertificateManager']> {
  const nothing = () => Promise.resolve();
  const untrusted = () => Promise.resolve(ua.StatusCodes.BadCertificateUntrusted);
  return {
    referenceCounter: 0,
    initialize: nothing,
    dispose: nothing,
    checkCertificate: untrusted,
    getTrustStatus: untrusted,
    verifyCertificate: () => Promise.resolve('BadCertificateUntrusted'),
    trustCertificate: nothing,
    rejectCertificate: nothing,
    addIssuer: nothing,
    addRevocationList: nothing,
  };
}

/** Connects and opens a session, or takes up the one of before. */
export async function openChannel(ua: ClientLibrary, options: ChannelOptions): Promise<Channel> {
  const { endpointUrl, own, endpoint, user, kept, signal, logger = silentLogger } = options;
  const client = makeClient(ua, own, endpoint);
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
  const giveUp = () => {
    client.disconnect().catch(() => undefined);
  };
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    await client.connect(endpointUrl);
    const session = await openSession(client, user, kept);
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
      abandon: (reason = 'no answer') => {
        lose(reason);
        client.disconnect().catch((thrown: unknown) => logger.debug(`OPC UA disconnect: ${String(thrown)}`));
      },
    };
  } catch (thrown) {
    giveUp();
    throw thrown;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

/** Takes up the session of before, or opens a new one. */
async function openSession(client: OPCUAClient, user: UserIdentityInfo, kept: KeptSession): Promise<LinkedSession> {
  if (kept.session) {
    const { session } = kept;
    session.removeAllListeners();
    try {
      await client.reactivateSession(session);
      return session;
    } catch (thrown) {
      // Without an answer the server may still have it, with all that it kept.
      if (!isSessionGone(statusNameOf(thrown)) && refusalOf(thrown) === undefined) throw thrown;
    }
  }
  const session = (await client.createSession(user)) as LinkedSession;
  kept.session = session;
  return session;
}
