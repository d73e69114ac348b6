import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  openMqttLink,
  openSparkplugEdge,
  openSparkplugHost,
  type MqttReceived,
  type SparkplugEdge,
  type SparkplugHost,
  type SparkplugHostOptions,
} from '../../src/connect/index.ts';
import type { EdgeChange } from '../../src/connect/uns/sparkplug/host-session.ts';
import { loadCodec } from '../../src/connect/uns/sparkplug/codec.ts';
import { parseTopic } from '../../src/connect/uns/sparkplug/topics.ts';
import { wideOf, wideOfNumber } from '../../src/connect/uns/sparkplug/wire.ts';
import type { Gap, Sample } from '../../src/contracts/index.ts';
import type { MillwrightError } from '../../src/kernel/index.ts';
import { MqttWitness, startMosquitto, until, type TestBroker } from '../support/mqtt.ts';
import { openOnlooker, sample, seen, type Onlooker } from '../support/sparkplug.ts';
import { openTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

const stale = 'UncertainNoCommunicationLastUsable';

/** Takes down what a host application hears. */
class HostWitness {
  readonly batches: { samples: Sample[]; historical: boolean }[] = [];
  readonly gaps: Gap[] = [];
  readonly changes: EdgeChange[] = [];
  readonly problems: MillwrightError[] = [];
  readonly link = new MqttWitness();
  readonly onState = this.link.onState;
  readonly onSamples = (samples: Sample[], historical: boolean): void => {
    this.batches.push({ samples, historical });
  };
  readonly onGap = (gap: Gap): void => {
    this.gaps.push(gap);
  };
  readonly onChange = (change: EdgeChange): void => {
    this.changes.push(change);
  };
  readonly onProblem = (error: MillwrightError): void => {
    this.problems.push(error);
  };
  values(tag: string, historical = false): unknown[] {
    return this.batches
      .filter((batch) => batch.historical === historical)
      .flatMap(({ samples }) => samples)
      .filter((one) => one.tag === tag)
      .map(({ value, statusCode }) => statusCode ?? value);
  }
}

describe('Sparkplug B edge node and host application on mosquitto', () => {
  let broker: TestBroker;
  let onlooker: Onlooker;
  let folder: string;
  const edges: SparkplugEdge[] = [];
  const hosts: SparkplugHost[] = [];

  beforeEach(async () => {
    broker = await startMosquitto();
    folder = mkdtempSync(join(tmpdir(), 'mw-sparkplug-'));
    onlooker = await openOnlooker(broker);
  });
  afterEach(async () => {
    await Promise.all([...edges.splice(0), ...hosts.splice(0)].map((one) => one.close()));
    await onlooker.close();
    await broker.close();
    rmSync(folder, { recursive: true });
  });

  async function openEdge(primaryHostId?: string): Promise<SparkplugEdge> {
    const edge = await openSparkplugEdge(
      {
        groupId: 'north',
        edgeNodeId: 'gateway',
        ...(primaryHostId === undefined ? {} : { primaryHostId }),
        folder,
        openLink: (options) => openMqttLink({ url: broker.url, protocol: '5', keepAliveSeconds: 2, ...options }),
      },
      { onState: undefined, onCommand: () => undefined, onProblem: assert.ifError },
    );
    edges.push(edge);
    return edge;
  }
  async function openHost(
    witness: HostWitness,
    more: Partial<SparkplugHostOptions> = {},
    url = broker.url,
  ): Promise<SparkplugHost> {
    const host = await openSparkplugHost(
      {
        hostId: 'scada',
        tagTemplate: '{machine}/{metric}',
        reorderMs: 200,
        openLink: (options) => openMqttLink({ url, protocol: '5', keepAliveSeconds: 2, ...options }),
        ...more,
      },
      witness,
    );
    host.listen(witness);
    hosts.push(host);
    return host;
  }
  const force = (value: number, ms: number): Sample => sample('line/press/force', value, ms);
  const tag = 'line/press/force';
  const states = async (): Promise<{ online: boolean; timestamp: number; qos: number; retain: boolean }[]> => {
    const witness = new MqttWitness();
    const link = openMqttLink({ url: broker.url, protocol: '5' });
    link.subscribe(['spBv1.0/STATE/scada'], 1, witness.onMessage);
    await until(() => witness.messages.length > 0);
    await link.close();
    return witness.messages.map(({ payload, qos, retained }) => ({
      ...(JSON.parse(Buffer.from(payload).toString('utf8')) as { online: boolean; timestamp: number }),
      qos,
      retain: retained,
    }));
  };

  it('values go from edge to host in order, 300 messages and more, none lost, no rebirth asked for', async () => {
    const witness = new HostWitness();
    await openHost(witness);
    await until(() => witness.link.state === 'online');
    const edge = await openEdge('scada');
    await until(() => edge.phase === 'born');
    const now = Date.now();
    for (let step = 0; step < 600; step++) await edge.publish([force(step, now + step)]);
    await until(() => witness.values(tag).length >= 600);
    assert.deepEqual(
      witness.values(tag),
      Array.from({ length: 600 }, (_, index) => index),
    );
    assert.equal(onlooker.of('NBIRTH').length, 1);
    assert.deepEqual([witness.gaps, witness.problems], [[], []]);
    assert.deepEqual(
      witness.changes.map(({ device, online }) => [device, online]),
      [
        [undefined, true],
        ['line:press', true],
      ],
    );
  });

  it('a host that starts after the edge node asks for a rebirth and has all current values', async () => {
    const edge = await openEdge();
    await until(() => edge.phase === 'born');
    const now = Date.now();
    await edge.publish([force(1, now), sample('line/saw/speed', 7, now)]);
    const witness = new HostWitness();
    await openHost(witness);
    await until(() => witness.link.state === 'online');
    await edge.publish([force(2, now + 1)]);
    await until(() => witness.values('line/saw/speed').length > 0 && witness.values(tag).length > 0, 15_000);
    assert.deepEqual([witness.values(tag), witness.values('line/saw/speed')], [[2], [7]]);
    assert.equal(onlooker.of('NBIRTH').length, 2);
    assert.equal(onlooker.of('NDEATH').length, 0);
  });

  it('what a host application asks for is an NCMD with QoS 0, a timestamp and no seq', async () => {
    const codec = await loadCodec();
    const witness = new MqttWitness();
    const link = openMqttLink({ url: broker.url, protocol: '5' });
    link.subscribe(['spBv1.0/north/NCMD/gateway'], 1, witness.onMessage);
    await until(() => link.state.state === 'online');
    const host = new HostWitness();
    await openHost(host);
    await until(() => host.link.state === 'online');
    await onlooker.send('spBv1.0/north/NDATA/gateway', { seq: wideOfNumber(5), metrics: [] });
    await until(() => witness.messages.length > 0);
    const [{ topic, payload, qos, retained }] = witness.messages as [MqttReceived];
    const request = seen(parseTopic(topic)!, codec.decode(payload, topic));
    assert.deepEqual([qos, retained, request.seq], [0, false, undefined]);
    assert.ok(Math.abs(request.timestampMs! - Date.now()) < 60_000);
    assert.deepEqual(
      request.metrics.map(({ name, type, value }) => [name, type, value]),
      [['Node Control/Rebirth', 'Boolean', true]],
    );
    await link.close();
  });

  it('its STATE is retained with QoS 1, online with the timestamp of its will, offline when it ends', async () => {
    const before = Date.now();
    const witness = new HostWitness();
    const host = await openHost(witness);
    await until(() => witness.link.state === 'online');
    const [online] = await states();
    assert.deepEqual({ ...online, timestamp: 0 }, { online: true, timestamp: 0, qos: 1, retain: true });
    assert.ok(online!.timestamp >= before && online!.timestamp <= Date.now());
    await onlooker.send(
      'spBv1.0/STATE/scada',
      JSON.stringify({ online: false, timestamp: online!.timestamp - 5 }),
      true,
    );
    await until(async () => (await states())[0]!.online);
    await host.close();
    const [offline] = await states();
    assert.equal(offline!.online, false);
    assert.ok(offline!.timestamp >= online!.timestamp);
  });

  it('a host whose cable is cut is told offline by its will with the same timestamp, and comes back with a later one', async () => {
    const proxy: TcpProxy = await openTcpProxy(broker.port);
    try {
      const witness = new HostWitness();
      await openHost(witness, {}, `mqtt://127.0.0.1:${proxy.port}`);
      await until(() => witness.link.state === 'online');
      const edge = await openEdge('scada');
      await until(() => edge.phase === 'born');
      const now = Date.now();
      await edge.publish([force(1, now)]);
      await until(() => witness.values(tag).length === 1);
      const [online] = await states();
      proxy.cut();
      await until(() => edge.phase === 'waiting', 15_000);
      const [offline] = await states();
      assert.deepEqual([offline!.online, offline!.timestamp], [false, online!.timestamp]);
      assert.deepEqual(witness.values(tag), [1, stale]);
      for (const step of [2, 3, 4])
        await assert.rejects(edge.publish([force(step, now + step)]), { code: 'MW_SPARKPLUG_HOST_OFFLINE' });
      proxy.mend();
      await until(() => edge.phase === 'born', 15_000);
      assert.ok((await states())[0]!.timestamp > online!.timestamp);
      await edge.publish([2, 3, 4].map((step) => force(step, now + step)));
      await until(() => witness.values(tag, true).length === 2);
      assert.deepEqual(witness.values(tag), [1, stale, 4]);
      assert.deepEqual(witness.values(tag, true), [2, 3]);
      assert.equal(onlooker.of('NDEATH').length > 0, true);
    } finally {
      await proxy.close();
    }
  });

  it('a lost message is told as a gap and mended by a rebirth; noise on the topics harms nobody', async () => {
    const witness = new HostWitness();
    await openHost(witness);
    await until(() => witness.link.state === 'online');
    const edge = await openEdge();
    await until(() => edge.phase === 'born');
    const now = Date.now();
    await edge.publish([force(1, now)]);
    await until(() => witness.values(tag).length === 1);
    for (const text of ['', '\xff\xff\xff', 'x'.repeat(1_000)])
      await onlooker.send('spBv1.0/north/DDATA/gateway/line:press', text);
    await onlooker.send('spBv1.0/north/DDATA/gateway/line:press', {
      timestamp: wideOfNumber(now),
      seq: wideOfNumber(77),
      metrics: [{ alias: wideOf(1n), timestamp: wideOfNumber(now + 1), doubleValue: 99 }],
    });
    await until(() => onlooker.of('NBIRTH').length === 2);
    await edge.publish([force(2, now + 2)]);
    await until(() => witness.values(tag).includes(2));
    assert.deepEqual(
      witness.gaps.map(({ tags, reason }) => [tags, reason]),
      [[[tag], 'sequence']],
    );
    assert.ok(witness.problems.every(({ code }) => code === 'MW_SPARKPLUG_PAYLOAD_INVALID'));
    assert.ok(witness.problems.length > 0);
  });

  it('after a restart of the broker both are back, and the values of the outage come as historical', async () => {
    const witness = new HostWitness();
    await openHost(witness);
    const edge = await openEdge('scada');
    await until(() => edge.phase === 'born');
    const now = Date.now();
    await edge.publish([force(0, now)]);
    await until(() => witness.values(tag).length === 1);
    await broker.stop('SIGKILL');
    await until(() => edge.phase === 'offline' && witness.values(tag).length === 2);
    for (const step of [1, 2, 3])
      await assert.rejects(edge.publish([force(step, now + step)]), { code: 'MW_MQTT_NOT_CONNECTED' });
    await broker.start();
    await until(() => edge.phase === 'born', 15_000);
    await edge.publish([1, 2, 3].map((step) => force(step, now + step)));
    await until(() => witness.values(tag, true).length === 2, 15_000);
    assert.deepEqual(
      [witness.values(tag), witness.values(tag, true)],
      [
        [0, stale, 3],
        [1, 2],
      ],
    );
  });

  it('ids and templates that cannot be used are refused', async () => {
    await assert.rejects(openHost(new HostWitness(), { hostId: 'a/b' }), { code: 'MW_CONFIG_INVALID' });
    await assert.rejects(openHost(new HostWitness(), { tagTemplate: '{line}/{metric}' }), {
      code: 'MW_CONFIG_INVALID',
    });
  });
});
