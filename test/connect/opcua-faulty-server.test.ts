import assert from 'node:assert/strict';
import { join } from 'node:path';
import { OPCUACertificateManager } from 'node-opcua-certificate-manager';
import {
  AttributeIds,
  MonitoringMode,
  OPCUAClient,
  PublishRequest,
  RepublishRequest,
  TransferSubscriptionsRequest,
  type PublishResponse,
} from 'node-opcua-client';
import type { LinkedSession } from '../../src/connect/opcua/session-link.ts';
import { plantUri, startFaultyServer, type FaultyServer, type FaultyServerOptions } from '../support/faulty-server.ts';
import { temporaryFolder } from '../support/opcua.ts';

describe('the server that misbehaves on command, seen by the bare client library', () => {
  const folder = temporaryFolder('faulty');
  const clients: OPCUAClient[] = [];
  let server: FaultyServer;

  const start = async (options: Partial<FaultyServerOptions> = {}) => {
    server = await startFaultyServer({ folder: join(folder.path, 'server'), ...options });
  };
  async function connect(): Promise<LinkedSession> {
    const client = OPCUAClient.create({
      endpointMustExist: false,
      keepSessionAlive: false,
      clientCertificateManager: new OPCUACertificateManager({
        rootFolder: join(folder.path, 'client'),
        disableFileWatchers: true,
      }),
      connectionStrategy: { maxRetry: 0 },
    });
    await client.connect(server.endpointUrl);
    clients.push(client);
    return (await client.createSession()) as unknown as LinkedSession;
  }
  /** One subscription to the counter; gives what the server granted. */
  async function subscribe(session: LinkedSession) {
    const { subscriptionId, revisedLifetimeCount } = await session.createSubscription({
      requestedPublishingInterval: 50,
      requestedLifetimeCount: 6_000,
      requestedMaxKeepAliveCount: 20,
      publishingEnabled: true,
    });
    const { results } = await session.createMonitoredItems({
      subscriptionId,
      itemsToCreate: [
        {
          itemToMonitor: { nodeId: server.indexedNodeId('Counter'), attributeId: AttributeIds.Value },
          requestedParameters: { samplingInterval: 0, queueSize: 500, clientHandle: 1 },
          monitoringMode: MonitoringMode.Reporting,
        },
      ],
    });
    return { subscriptionId, revisedLifetimeCount, revisedQueueSize: results![0]!.revisedQueueSize };
  }
  const publish = (session: LinkedSession) =>
    new Promise<PublishResponse>((resolve, reject) => {
      session.publish(new PublishRequest({ requestHeader: { timeoutHint: 5_000 } }), (error, response) => {
        if (response) resolve(response);
        else reject(error ?? new Error('no response'));
      });
    });

  afterEach(async () => {
    for (const client of clients.splice(0)) await client.disconnect().catch(() => undefined);
    await server.close();
  });
  after(() => folder.remove());

  it('limits sessions, queues and lifetimes, and skews its clock', async () => {
    await start({ maxSessions: 1, maxQueueSize: 3, maxLifetimeCount: 40, clockSkewMs: -3_600_000 });
    const session = await connect();
    const granted = await subscribe(session);
    assert.deepEqual([granted.revisedQueueSize, granted.revisedLifetimeCount], [3, 40]);
    const { notificationMessage } = await publish(session);
    const skew = notificationMessage.publishTime!.getTime() - Date.now();
    assert.ok(Math.abs(skew + 3_600_000) < 5_000, String(skew));
    await assert.rejects(connect(), /BadTooManySessions/);
  });

  it('withholds a message that Republish has, and forgets it on command', async () => {
    await start();
    const session = await connect();
    const { subscriptionId } = await subscribe(session);
    assert.equal((await publish(session)).notificationMessage.sequenceNumber, 1);
    server.withholdNotifications(1);
    const next = publish(session);
    server.set('Counter', 1);
    await new Promise((resolve) => setTimeout(resolve, 200));
    server.set('Counter', 2);
    assert.equal((await next).notificationMessage.sequenceNumber, 3);
    const ask = () =>
      new Promise<number>((resolve, reject) => {
        const request = new RepublishRequest({ subscriptionId, retransmitSequenceNumber: 2 });
        session.republish(request, (error, response) => {
          if (response) resolve(response.notificationMessage.sequenceNumber);
          else reject(error ?? new Error('no response'));
        });
      });
    assert.equal(await ask(), 2);
    server.forgetSentNotifications();
    await assert.rejects(ask(), /BadMessageNotAvailable/);
  });

  it('drops sessions and refuses to transfer what they left', async () => {
    await start();
    const session = await connect();
    const { subscriptionId } = await subscribe(session);
    server.dropSessions(false);
    assert.deepEqual([server.sessions, server.subscriptions], [0, 1]);
    const second = await connect();
    const transfer = async () =>
      (
        await second.transferSubscriptions(
          new TransferSubscriptionsRequest({ subscriptionIds: [subscriptionId], sendInitialValues: false }),
        )
      ).results![0]!.statusCode.name;
    server.refuseTransfer(true);
    assert.equal(await transfer(), 'BadServiceUnsupported');
    server.refuseTransfer(false);
    assert.equal(await transfer(), 'Good');
    server.dropSessions(true);
    assert.equal(server.subscriptions, 0);
  });

  it('comes back on its port with its namespace shifted, a node less and another certificate', async () => {
    await start();
    const { port } = server;
    assert.equal(server.indexedNodeId('Slow'), 'ns=2;s=Slow');
    await server.close();
    await start({
      port,
      namespacesBefore: ['urn:other'],
      variables: ['Counter'],
      folder: join(folder.path, 'rotated'),
    });
    assert.equal(server.port, port);
    const session = await connect();
    assert.deepEqual((await session.readNamespaceArray()).slice(2), ['urn:other', plantUri]);
    const [counter, slow] = await session.read([
      { nodeId: server.indexedNodeId('Counter'), attributeId: AttributeIds.Value },
      { nodeId: server.indexedNodeId('Slow'), attributeId: AttributeIds.Value },
    ]);
    assert.deepEqual([counter!.statusCode.name, slow!.statusCode.name], ['Good', 'BadNodeIdUnknown']);
    server.removeVariable('Counter');
    const gone = await session.read({ nodeId: server.indexedNodeId('Counter'), attributeId: AttributeIds.Value });
    assert.equal(gone.statusCode.name, 'BadNodeIdUnknown');
  });
});
