import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMqttLink, openSampleForwarder, openSparkplugEdge, openSparkplugHost } from '../../src/connect/index.ts';
import { openSparkplugSource, type SampleForwarder, type SparkplugEdge } from '../../src/connect/index.ts';
import type { SparkplugHost, SparkplugSource } from '../../src/connect/index.ts';
import type { Delivery, Gap, Sample } from '../../src/contracts/index.ts';
import { startMosquitto, until, type TestBroker } from '../support/mqtt.ts';
import { sample } from '../support/sparkplug.ts';

describe('Sparkplug B through durable queues, on mosquitto', () => {
  let broker: TestBroker;
  let folder: string;
  let edge: SparkplugEdge;
  let host: SparkplugHost;
  const received: { samples: Sample[]; delivery: Delivery }[] = [];
  const gaps: Gap[] = [];
  const tag = 'line/press/force';
  const queueOf = (name: string) => ({ name, folder: join(folder, name), limitBytes: 1e6, limitAgeMs: 3_600_000 });
  const unexpected = (error: unknown): never => {
    throw error;
  };

  async function openEdge(): Promise<SparkplugEdge> {
    return openSparkplugEdge(
      {
        groupId: 'north',
        edgeNodeId: 'gateway',
        primaryHostId: 'scada',
        folder,
        openLink: (options) => openMqttLink({ url: broker.url, protocol: '5', keepAliveSeconds: 2, ...options }),
      },
      { onState: undefined, onCommand: unexpected, onProblem: unexpected },
    );
  }
  const openSource = (filter = '#', confirming = false): SparkplugSource => {
    const source = openSparkplugSource(
      { host, filter, batchSize: 100, delivery: 'confirmed', queue: queueOf('in') },
      {
        onBatch: (samples, delivery) => {
          received.push({ samples, delivery });
          if (confirming)
            setImmediate(() => {
              source.confirm(delivery.offset);
            });
        },
        onGap: (gap) => gaps.push(gap),
        onStalled: () => undefined,
      },
    );
    return source;
  };
  const openForwarder = (): SampleForwarder => openSampleForwarder({ edge, queue: queueOf('out') });
  const values = (): unknown[] => received.flatMap(({ samples }) => samples.map(({ value }) => value));

  before(async () => {
    broker = await startMosquitto();
  });
  after(() => broker.close());
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mw-sparkplug-queue-'));
    received.length = 0;
    gaps.length = 0;
    host = await openSparkplugHost(
      {
        hostId: 'scada',
        tagTemplate: '{machine}/{metric}',
        openLink: (options) => openMqttLink({ url: broker.url, protocol: '5', keepAliveSeconds: 2, ...options }),
      },
      { onState: undefined, onProblem: unexpected },
    );
    edge = await openEdge();
    await until(() => edge.phase === 'born');
  });
  afterEach(async () => {
    await edge.close();
    await host.close();
    rmSync(folder, { recursive: true });
  });

  it('the broker away: what was taken meanwhile arrives in order, late values marked, each confirmed once', async () => {
    const source = openSource('#', true);
    const forwarder = openForwarder();
    const now = Date.now();
    let confirmed = 0;
    const take = (value: number): void => {
      forwarder.take([sample(tag, value, now + value)], false, () => confirmed++);
    };
    take(0);
    await until(() => confirmed === 1);
    for (let value = 1; value < 100; value++) take(value);
    await until(() => confirmed === 100);
    await broker.stop('SIGKILL');
    await until(() => edge.phase === 'offline');
    for (let value = 100; value < 300; value++) take(value);
    assert.equal(forwarder.waiting, 200);
    await broker.start();
    await until(() => confirmed === 300, 15_000);
    take(300);
    await until(() => values().includes(300));
    const live = received.filter(({ delivery }) => !delivery.backfilled).flatMap(({ samples }) => samples);
    const late = received.filter(({ delivery }) => delivery.backfilled).flatMap(({ samples }) => samples);
    const good = live.filter(({ quality }) => quality === 'good').map(({ value }) => value);
    assert.deepEqual(good.slice(-2), [299, 300]);
    assert.deepEqual(
      late.map(({ value }) => value),
      Array.from({ length: 199 }, (_, index) => index + 100),
    );
    assert.ok(
      [...live, ...late].every(
        ({ value, sourceTime, quality }) => quality !== 'good' || Date.parse(sourceTime) === now + Number(value),
      ),
    );
    assert.equal(confirmed, 301);
    forwarder.close();
    source.close();
  });

  it('a restart: what the queue still holds is published after the birth as historical', async () => {
    const now = Date.now();
    await edge.close();
    const first = openForwarder();
    for (const value of [1, 2, 3]) first.take([sample(tag, value, now + value)], false);
    first.close();
    edge = await openEdge();
    const second = openForwarder();
    second.take([sample(tag, 4, now + 4)], false);
    const source = openSource();
    await until(() => second.waiting === 0);
    await until(() => values().length >= 4);
    assert.deepEqual(
      received.flatMap(({ samples, delivery }) => samples.map(({ value }) => [value, delivery.backfilled ?? false])),
      [
        [4, false],
        [1, true],
        [2, true],
        [3, true],
      ],
    );
    second.close();
    source.close();
  });

  it('unconfirmed batches come again, marked; the time between is a gap; only wanted tags are taken', async () => {
    const now = Date.now();
    const source = openSource('line/+/force');
    await edge.publish([sample(tag, 1, now), sample('line/press/heat', 2, now)]);
    await until(() => received.length === 1);
    assert.deepEqual(values(), [1]);
    source.close();
    const again = openSource('line/+/force');
    await until(() => received.length >= 3);
    assert.deepEqual(
      received.slice(1).map(({ samples, delivery }) => [samples[0]!.value, delivery.duplicate ?? false]),
      [
        [1, true],
        [1, false],
      ],
    );
    assert.deepEqual(
      gaps.map(({ tags, reason }) => [tags, reason]),
      [[['line/+/force'], 'restart']],
    );
    for (const { delivery } of received) again.confirm(delivery.offset);
    assert.equal(again.unconfirmed, 0);
    again.close();
  });

  it('a full queue refuses what it cannot hold, on both sides', async () => {
    const now = Date.now();
    const wide = Array.from({ length: 100 }, (_, index) =>
      sample(`line/press/tag${index}`, 'x'.repeat(300) + String(index), now, { dataType: 'String' }),
    );
    const source = openSparkplugSource(
      { host, filter: '#', batchSize: 100, delivery: 'confirmed', queue: { ...queueOf('small'), limitBytes: 8_000 } },
      {
        onBatch: (samples, delivery) => received.push({ samples, delivery }),
        onGap: (gap) => gaps.push(gap),
        onStalled: () => undefined,
      },
    );
    await edge.publish(wide);
    await edge.publish([sample('line/press/tag0', 'small', now + 1, { dataType: 'String' })]);
    await until(() => gaps.length > 0);
    assert.deepEqual([gaps[0]!.reason, gaps[0]!.tags.length], ['overflow', 100]);
    source.close();
    const forwarder = openSampleForwarder({ edge, queue: { ...queueOf('tiny'), limitBytes: 8_000 } });
    assert.throws(
      () => {
        forwarder.take(wide, false);
      },
      { code: 'MW_QUEUE_FULL' },
    );
    forwarder.close();
  });
});
