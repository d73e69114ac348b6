import { ClientMonitoredItemGroup, ClientSubscription, OPCUAClient, TimestampsToReturn } from 'node-opcua-client';
import { runClient } from './client-run.ts';

/** The yardstick: node-opcua-client by itself, with groups of monitored items. */
const itemsPerGroup = 1_000;

runClient(async (task, tally) => {
  const client = OPCUAClient.create({ endpointMustExist: false });
  await client.connect(task.endpointUrl);
  const session = await client.createSession();
  return {
    async subscribe() {
      const subscription = await session.createSubscription2({
        requestedPublishingInterval: task.publishingMs,
        requestedLifetimeCount: Math.ceil(600_000 / task.publishingMs),
        requestedMaxKeepAliveCount: Math.ceil(10_000 / task.publishingMs),
        maxNotificationsPerPublish: 0,
        publishingEnabled: true,
        priority: 0,
      });
      for (let from = 0; from < task.nodeIds.length; from += itemsPerGroup)
        await monitor(subscription, from, task.nodeIds.slice(from, from + itemsPerGroup));
    },
    async close() {
      await session.close(true);
      await client.disconnect();
    },
  };

  async function monitor(subscription: ClientSubscription, first: number, nodeIds: string[]): Promise<void> {
    const group = ClientMonitoredItemGroup.create(
      subscription,
      nodeIds.map((nodeId) => ({ nodeId, attributeId: 13 })),
      { samplingInterval: task.samplingMs, queueSize: task.queueSize, discardOldest: true },
      TimestampsToReturn.Both,
    );
    group.on('changed', (_item, { value }, index) => {
      tally.take(first + index, value.value);
    });
    await new Promise((resolve) => group.once('initialized', () => resolve(undefined)));
  }
});
