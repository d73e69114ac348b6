import { join } from 'node:path';
import {
  DataType,
  MessageSecurityMode,
  OPCUACertificateManager,
  OPCUAServer,
  RegisterServerMethod,
  SecurityPolicy,
  ServiceFault,
  setNextSubscriptionId,
  StatusCodes,
  type StatusCode,
  type UAVariable,
} from 'node-opcua';

/** How a server that misbehaves on command is started. */
export interface FaultyServerOptions {
  /** Folder of its certificates. The same folder again: the same certificate; another one: a rotated certificate. */
  folder: string;
  /** The port of a server before it, to restart in its place. */
  port?: number;
  /** Variables in the namespace `plantUri`, all of type Double and starting at 0; default `Counter` and `Slow`. */
  variables?: readonly string[];
  /** Namespaces registered before the plant's: they shift its index. */
  namespacesBefore?: readonly string[];
  /** One more session is answered BadTooManySessions. */
  maxSessions?: number;
  /** Queues are revised down to this. */
  maxQueueSize?: number;
  /** Lifetimes of subscriptions are revised down to this many publishing intervals. */
  maxLifetimeCount?: number;
  /** Session timeouts are revised down to this. */
  sessionTimeoutMs?: number;
  /** Secure channels must be renewed within this time; at least 2,500. */
  channelLifetimeMs?: number;
  /** Added to the publish time, and to the server times of values. */
  clockSkewMs?: number;
  /** The first subscription gets this id. */
  firstSubscriptionId?: number;
  /** More notifications than this come in several messages of one publish. */
  maxNotificationsPerPublish?: number;
  /** Keep-alive counts of subscriptions are revised to this. */
  keepAliveCount?: number;
}

/** Requests that the server can be told to refuse. */
type RefusedRequest =
  | 'ActivateSession'
  | 'CreateMonitoredItems'
  | 'CreateSession'
  | 'CreateSubscription'
  | 'Publish'
  | 'Republish'
  | 'TransferSubscriptions';

/** A server that misbehaves on command; faults hold until they are withdrawn. */
export interface FaultyServer {
  readonly endpointUrl: string;
  readonly port: number;
  /** Address of a variable that survives a shifted namespace index. */
  nodeId(name: string): string;
  /** Address of a variable by its present namespace index. */
  indexedNodeId(name: string): string;
  set(name: string, value: number, sourceMs?: number): void;
  /** Ends all sessions without their sockets; with `subscriptions`, those too. */
  dropSessions(subscriptions: boolean): void;
  /** Whether TransferSubscriptions is answered BadServiceUnsupported. */
  refuseTransfer(refuse: boolean): void;
  /** The next n notification messages count as sent (Republish has them), but their sending is withheld. */
  withholdNotifications(n: number): void;
  /** Messages that are still to be withheld. */
  readonly withheld: number;
  /** Notification messages sent so far are no longer there for Republish, but for the newest `keep` of them. */
  forgetSentNotifications(keep?: number): void;
  /** Answers the next n requests of a kind with this status, `none` as usual. */
  refuse(request: RefusedRequest, status: string, n?: number): void;
  /** The next notification message is sent after the one that follows it. */
  swapNotifications(): void;
  /** Takes a variable out of the address space. */
  removeVariable(name: string): void;
  /** Puts a variable into the address space. */
  addVariable(name: string): void;
  /** Ids of the subscriptions of all sessions. */
  readonly subscriptionIds: number[];
  readonly sessions: number;
  readonly subscriptions: number;
  close(): Promise<void>;
}

/** Namespace of the variables. */
export const plantUri = 'urn:millwright:faulty-plant';

/** What the library keeps inside and this harness reaches into; version 2.186. */
interface Inside {
  engine: {
    _sessions: Record<
      string,
      { authenticationToken: unknown; publishEngine: { _subscriptions: Record<string, InsideSubscription> } }
    >;
    closeSession(token: unknown, deleteSubscriptions: boolean, reason: string): void;
    transferSubscription(session: unknown, id: number, initial: boolean): Promise<unknown>;
    _orphanPublishEngine?: { _subscriptions: Record<string, InsideSubscription> };
  };
  _on_CreateMonitoredItemsRequest(message: CreateItemsMessage, channel: unknown): void;
  _on_CreateSessionRequest(message: CreateSessionMessage, channel: unknown): unknown;
}
interface InsideSubscription {
  id: number;
  lifeTimeCount: number;
  maxKeepAliveCount: number;
  maxNotificationsPerPublish: number;
  _sent_notification_messages: unknown[];
}
type Handler = (message: unknown, channel: FaultChannel) => unknown;
interface FaultChannel {
  send_response(kind: 'MSG', response: unknown, message: unknown, done: () => void): void;
}
interface CreateItemsMessage {
  request: { itemsToCreate: { requestedParameters: { queueSize: number } }[] | null };
}
interface CreateSessionMessage {
  request: { requestedSessionTimeout: number };
}
interface PublishAnswer {
  notificationMessage: {
    publishTime: Date;
    notificationData: ({ monitoredItems?: { value: { serverTimestamp: Date | null } }[] } | null)[] | null;
  };
}
interface InsideSession {
  createSubscription(parameters: unknown): InsideSubscription;
  publishEngine: {
    readonly pendingPublishRequestCount: number;
    _send_response(subscription: unknown, answer: PublishAnswer): void;
  };
}

/** Starts a server on loopback, security None and Basic256Sha256, anonymous. */
export async function startFaultyServer(options: FaultyServerOptions): Promise<FaultyServer> {
  const { folder, port = 0, variables = ['Counter', 'Slow'], namespacesBefore = [] } = options;
  const managers = ['pki', 'user-pki'].map(
    (name) =>
      new OPCUACertificateManager({
        rootFolder: join(folder, name),
        automaticallyAcceptUnknownCertificate: true,
        disableFileWatchers: true,
      }),
  );
  const server = new OPCUAServer({
    host: '127.0.0.1',
    hostname: '127.0.0.1',
    port,
    securityPolicies: [SecurityPolicy.None, SecurityPolicy.Basic256Sha256],
    securityModes: [MessageSecurityMode.None, MessageSecurityMode.SignAndEncrypt],
    allowAnonymous: true,
    registerServerMethod: RegisterServerMethod.HIDDEN,
    serverCertificateManager: managers[0]!,
    userCertificateManager: managers[1]!,
    serverCapabilities: { minSupportedSampleRate: 0, maxSessions: options.maxSessions ?? 50 },
    isAuditing: false,
    defaultSecureTokenLifetime: options.channelLifetimeMs ?? 600_000,
    allowAnonymousSubscriptionTransferOnUnsecuredChannel: true,
  });
  await server.initialize();
  const addressSpace = server.engine.addressSpace!;
  for (const uri of namespacesBefore) addressSpace.registerNamespace(uri);
  const namespace = addressSpace.registerNamespace(plantUri);
  const nodes = new Map<string, UAVariable>();
  function addVariable(name: string): void {
    const node = namespace.addVariable({
      organizedBy: addressSpace.rootFolder.objects,
      nodeId: `s=${name}`,
      browseName: name,
      dataType: 'Double',
      minimumSamplingInterval: 0,
      value: { dataType: DataType.Double, value: 0 },
    });
    nodes.set(name, node);
  }
  for (const name of variables) addVariable(name);
  const faults: Faults = { withheld: 0, refuseTransfer: false, refused: new Map(), swaps: 0, held: undefined };
  const inside = server as unknown as Inside;
  installFaults(server, inside, options, faults);
  await server.start();

  const subscriptions = () => [
    ...Object.values(inside.engine._sessions).flatMap(({ publishEngine }) =>
      Object.values(publishEngine._subscriptions),
    ),
    ...Object.values(inside.engine._orphanPublishEngine?._subscriptions ?? {}),
  ];
  return {
    endpointUrl: `opc.tcp://127.0.0.1:${server.endpoints[0]!.port}`,
    port: server.endpoints[0]!.port,
    nodeId: (name) => `nsu=${plantUri};s=${name}`,
    indexedNodeId: (name) => `ns=${namespace.index};s=${name}`,
    set(name, value, sourceMs = Date.now()) {
      nodes.get(name)!.setValueFromSource({ dataType: DataType.Double, value }, StatusCodes.Good, new Date(sourceMs));
    },
    dropSessions(withSubscriptions) {
      for (const { authenticationToken } of Object.values(inside.engine._sessions))
        inside.engine.closeSession(authenticationToken, withSubscriptions, 'Terminated');
    },
    refuseTransfer: (refuse) => (faults.refuseTransfer = refuse),
    withholdNotifications: (n) => (faults.withheld = n),
    get withheld() {
      return faults.withheld;
    },
    forgetSentNotifications(keep = 0) {
      for (const { _sent_notification_messages: sent } of subscriptions()) sent.splice(0, sent.length - keep);
    },
    refuse(request, status, n = Infinity) {
      if (status === 'none') faults.refused.delete(request);
      else faults.refused.set(request, { status, n });
    },
    swapNotifications: () => (faults.swaps = 1),
    addVariable,
    get subscriptionIds() {
      return subscriptions().map(({ id }) => id);
    },
    removeVariable(name) {
      addressSpace.deleteNode(nodes.get(name)!);
      nodes.delete(name);
    },
    get sessions() {
      return server.engine.currentSessionCount;
    },
    get subscriptions() {
      return server.engine.currentSubscriptionCount;
    },
    close: () => server.shutdown(0),
  };
}

/** What goes wrong at present. */
interface Faults {
  withheld: number;
  refuseTransfer: boolean;
  refused: Map<RefusedRequest, { status: string; n: number }>;
  swaps: number;
  held: (() => void) | undefined;
}

const refusable: readonly RefusedRequest[] = [
  'ActivateSession',
  'CreateMonitoredItems',
  'CreateSession',
  'CreateSubscription',
  'Publish',
  'Republish',
  'TransferSubscriptions',
];

/** Every kind of request passes a gate that may answer in the server's place. */
function installRefusals(server: OPCUAServer, { refused }: Faults): void {
  const handlers = server as unknown as Record<string, Handler>;
  for (const kind of refusable) {
    const name = `_on_${kind}Request`;
    const handle = handlers[name]!.bind(server);
    handlers[name] = (message, channel) => {
      const refusal = refused.get(kind);
      if (!refusal || refusal.n <= 0) return handle(message, channel);
      refusal.n--;
      const serviceResult = (StatusCodes as unknown as Record<string, StatusCode>)[refusal.status]!;
      const fault = new ServiceFault({ responseHeader: { serviceResult } });
      channel.send_response('MSG', fault, message, () => undefined);
      return undefined;
    };
  }
}

function installFaults(server: OPCUAServer, inside: Inside, options: FaultyServerOptions, faults: Faults): void {
  const { maxQueueSize, maxLifetimeCount, clockSkewMs, maxNotificationsPerPublish, keepAliveCount } = options;
  const { sessionTimeoutMs = Infinity } = options;
  let nextId = options.firstSubscriptionId;
  const transfer = inside.engine.transferSubscription.bind(inside.engine);
  inside.engine.transferSubscription = async (session, id, initial) =>
    faults.refuseTransfer ? { statusCode: StatusCodes.BadServiceUnsupported } : transfer(session, id, initial);

  const createItems = inside._on_CreateMonitoredItemsRequest.bind(server);
  inside._on_CreateMonitoredItemsRequest = (message, channel) => {
    if (maxQueueSize !== undefined)
      for (const { requestedParameters } of message.request.itemsToCreate ?? [])
        requestedParameters.queueSize = Math.min(requestedParameters.queueSize, maxQueueSize);
    createItems(message, channel);
  };

  const createSession = inside._on_CreateSessionRequest.bind(server);
  inside._on_CreateSessionRequest = (message, channel) => {
    message.request.requestedSessionTimeout = Math.min(message.request.requestedSessionTimeout, sessionTimeoutMs);
    return createSession(message, channel);
  };

  server.on('create_session', (created) => {
    const session = created as unknown as InsideSession;
    const create = session.createSubscription.bind(session);
    session.createSubscription = (parameters) => {
      if (nextId !== undefined) setNextSubscriptionId(nextId);
      nextId = undefined;
      const subscription = create(parameters);
      if (maxLifetimeCount !== undefined)
        subscription.lifeTimeCount = Math.min(subscription.lifeTimeCount, maxLifetimeCount);
      if (maxNotificationsPerPublish !== undefined)
        subscription.maxNotificationsPerPublish = maxNotificationsPerPublish;
      if (keepAliveCount !== undefined) subscription.maxKeepAliveCount = keepAliveCount;
      return subscription;
    };
    const { publishEngine } = session;
    const send = publishEngine._send_response.bind(publishEngine);
    publishEngine._send_response = (subscription, answer) => {
      const data = answer.notificationMessage.notificationData ?? [];
      if (faults.withheld > 0 && data.length > 0) {
        faults.withheld--;
        return;
      }
      if (clockSkewMs !== undefined) {
        const skewed = new Date(Date.now() + clockSkewMs);
        answer.notificationMessage.publishTime = skewed;
        for (const part of data)
          for (const { value } of part?.monitoredItems ?? []) if (value.serverTimestamp) value.serverTimestamp = skewed;
      }
      if (faults.swaps > 0 && data.length > 0) {
        faults.swaps--;
        faults.held = () => {
          if (publishEngine.pendingPublishRequestCount > 0) send(subscription, answer);
        };
        return;
      }
      send(subscription, answer);
      const { held } = faults;
      faults.held = undefined;
      held?.();
    };
  });
  installRefusals(server, faults);
}
