import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMqttLink, openSparkplugEdge, type SparkplugEdge } from '../../src/connect/index.ts';
import { wideOf } from '../../src/connect/uns/sparkplug/wire.ts';
import type { MillwrightError } from '../../src/kernel/index.ts';
import { startAedes, startMosquitto, until, type TestBroker } from '../support/mqtt.ts';
import { openTcpProxy } from '../support/tcp-proxy.ts';
import { openOnlooker, sample, type Onlooker } from '../support/sparkplug.ts';

const rebirth = { metrics: [{ name: 'Node Control/Rebirth', datatype: 11, booleanValue: true }] };

describe('Sparkplug B edge node on mosquitto', () => {
  let broker: TestBroker;
  let onlooker: Onlooker;
  let folder: string;
  const edges: SparkplugEdge[] = [];
  const commands: unknown[] = [];
  const problems: MillwrightError[] = [];

  before(async () => {
    broker = await startMosquitto();
  });
  after(() => broker.close());
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mw-edge-'));
    onlooker = await openOnlooker(broker);
    commands.length = 0;
    problems.length = 0;
  });
  afterEach(async () => {
    await Promise.all(edges.splice(0).map((edge) => edge.close()));
    await onlooker.close();
    rmSync(folder, { recursive: true });
  });

  async function open(edgeNodeId: string, primaryHostId?: string, on = broker): Promise<SparkplugEdge> {
    const edge = await openSparkplugEdge(
      {
        groupId: 'north',
        edgeNodeId,
        ...(primaryHostId === undefined ? {} : { primaryHostId }),
        folder,
        openLink: (options) => openMqttLink({ url: on.url, protocol: on.protocol, keepAliveSeconds: 2, ...options }),
      },
      {
        onState: undefined,
        onCommand: (command) => commands.push(command),
        onProblem: (error) => problems.push(error),
      },
    );
    edges.push(edge);
    return edge;
  }
  const bdSeqs = (type: string): unknown[] =>
    onlooker.of(type).map(({ metrics }) => metrics.find(({ name }) => name === 'bdSeq')!.value);
  /** With MQTT 5 a node that leaves says its death and lets the broker publish its will as well. */
  const deaths = (): unknown[] => [...new Set(bdSeqs('NDEATH'))];
  const state = (host: string, online: boolean, timestamp: number): Promise<void> =>
    onlooker.send(`spBv1.0/STATE/${host}`, JSON.stringify({ online, timestamp }), true);

  it('is born, sends data with QoS 0 and not retained, and dies by its own NDEATH with QoS 1', async () => {
    const now = Date.now();
    const edge = await open('plain');
    edge.observe([sample('line/press/force', 1, now)]);
    await until(() => edge.phase === 'born');
    await edge.publish([sample('line/press/force', 2, now + 1)]);
    await edge.close();
    await until(() => onlooker.of('NDEATH').length > 1);
    assert.deepEqual(
      onlooker.messages.map(({ type, seq, received }) => [type, seq, received.qos, received.retained]),
      [
        ['NBIRTH', 0, 0, false],
        ['DBIRTH', 1, 0, false],
        ['DDATA', 2, 0, false],
        ['NDEATH', undefined, 1, false],
        ['NDEATH', undefined, 1, false],
      ],
    );
    assert.ok(onlooker.messages.every(({ timestampMs }) => Math.abs(timestampMs! - Date.now()) < 60_000));
    const late = await openOnlooker(broker);
    await late.close();
    assert.equal(late.messages.length, 0);
  });

  it('numbers each connection one higher, also after a restart, and a rebirth keeps the number', async () => {
    for (const number of ['0', '1', '2']) {
      const edge = await open('counted');
      await until(() => bdSeqs('NBIRTH').includes(number));
      await edge.close();
    }
    await open('counted');
    await until(() => bdSeqs('NBIRTH').includes('3'));
    await onlooker.send('spBv1.0/north/NCMD/counted', rebirth);
    await until(() => onlooker.of('NBIRTH').length === 5);
    assert.deepEqual(bdSeqs('NBIRTH'), ['0', '1', '2', '3', '3']);
    assert.deepEqual(deaths(), ['0', '1', '2']);
  });

  it('many rebirth requests at once are one rebirth; a write is reported and nothing else happens', async () => {
    const edge = await open('asked');
    await until(() => edge.phase === 'born');
    for (let i = 0; i < 20; i++) await onlooker.send('spBv1.0/north/NCMD/asked', rebirth);
    await onlooker.send('spBv1.0/north/DCMD/asked/line:press', {
      metrics: [{ name: 'force', datatype: 10, doubleValue: 4, alias: wideOf(1n) }],
    });
    await onlooker.send('spBv1.0/north/NCMD/asked', 'no payload');
    await until(() => onlooker.of('NBIRTH').length === 2 && problems.length === 1);
    assert.deepEqual(commands, [{ device: 'line:press', metric: 'force', value: 4 }]);
    assert.equal(problems[0]!.code, 'MW_SPARKPLUG_PAYLOAD_INVALID');
    await edge.close();
    assert.deepEqual(onlooker.messages.map(({ type }) => type).slice(0, 3), ['NBIRTH', 'NBIRTH', 'NDEATH']);
  });

  it('tags that turn up one by one are born together, not each with a birth of everything', async () => {
    const now = Date.now();
    const edge = await open('trickle');
    await until(() => edge.phase === 'born');
    const samples = Array.from({ length: 200 }, (_, index) => sample(`line/press/tag${index}`, index, now + index));
    await Promise.all(samples.map((one) => edge.publish([one])));
    await edge.close();
    await until(() => onlooker.of('NDEATH').length > 0);
    assert.ok(onlooker.of('DBIRTH').length <= 3, String(onlooker.of('DBIRTH').length));
    const values = onlooker.messages.flatMap(({ type, metrics }) => (type[0] === 'D' ? metrics : []));
    assert.equal(new Set(values.map(({ timestampMs }) => timestampMs)).size, 200);
  });

  it('killed, its death is told by the broker, with the number of its birth', async () => {
    const file = new URL('../support/sparkplug-edge-child.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [file, broker.url, folder], { stdio: 'inherit' });
    await until(() => onlooker.of('NBIRTH').length > 0);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await until(() => onlooker.of('NDEATH').length > 0);
    assert.deepEqual(bdSeqs('NDEATH'), bdSeqs('NBIRTH'));
    const [death] = onlooker.of('NDEATH');
    assert.deepEqual([death!.received.qos, death!.received.retained, death!.seq], [1, false, undefined]);
  });

  it('waits for its primary host, dies when that goes offline, comes back with the next number; old news are ignored', async () => {
    await state('scada-a', false, 1_000);
    const now = Date.now();
    const edge = await open('primary', 'scada-a');
    await until(() => edge.phase === 'waiting');
    await assert.rejects(edge.publish([sample('line/press/force', 1, now)]), { code: 'MW_SPARKPLUG_HOST_OFFLINE' });
    await state('other-host', true, 9_000);
    assert.equal(onlooker.of('NBIRTH').length, 0);
    await state('scada-a', true, 2_000);
    await until(() => edge.phase === 'born');
    await state('scada-a', false, 1_500);
    await edge.publish([sample('line/press/force', 2, now + 1)]);
    assert.equal(edge.phase, 'born');
    await state('scada-a', false, 2_000);
    await until(() => onlooker.of('NDEATH').length > 0 && edge.phase === 'waiting');
    await assert.rejects(edge.publish([sample('line/press/force', 3, now + 2)]), { code: 'MW_SPARKPLUG_HOST_OFFLINE' });
    await state('scada-a', true, 3_000);
    await until(() => onlooker.of('NBIRTH').length === 2);
    assert.deepEqual(bdSeqs('NBIRTH'), ['0', '1']);
    assert.deepEqual(deaths(), ['0']);
    await edge.publish([2, 3, 4].map((value) => sample('line/press/force', value, now + value - 1)));
    await until(() => onlooker.of('DDATA').length > 1);
    const data = onlooker.of('DDATA').flatMap(({ metrics }) => metrics);
    assert.deepEqual(
      data.slice(-2).map(({ value, historical }) => [value, historical]),
      [
        [2, true],
        [4, false],
      ],
    );
  });

  it('a primary host of Sparkplug 2.2 is understood', async () => {
    await onlooker.send('STATE/old-scada', 'OFFLINE', true);
    const edge = await open('old', 'old-scada');
    await until(() => edge.phase === 'waiting');
    await onlooker.send('STATE/old-scada', 'ONLINE', true);
    await until(() => edge.phase === 'born');
  });

  it('a broker that restarts gets new births with the next number, and the values of the outage as historical', async () => {
    const own = await startMosquitto();
    try {
      const before = await openOnlooker(own);
      const now = Date.now();
      const edge = await open('restarted', undefined, own);
      await until(() => edge.phase === 'born');
      await edge.publish([sample('line/press/force', 0, now)]);
      await until(() => before.of('DBIRTH').length > 0);
      await before.close();
      await own.stop('SIGKILL');
      await until(() => edge.phase === 'offline');
      const outage = [1, 2, 3].map((value) => sample('line/press/force', value, now + value * 10));
      for (const one of outage) await assert.rejects(edge.publish([one]), { code: 'MW_MQTT_NOT_CONNECTED' });
      await own.start();
      const after = await openOnlooker(own);
      await until(() => edge.phase === 'born', 15_000);
      await edge.publish(outage);
      await edge.publish([sample('line/press/force', 4, now + 40)]);
      await until(() => after.of('DDATA').length > 1);
      const [first] = after.of('NBIRTH');
      if (first) assert.notEqual(first.metrics[0]!.value, '0');
      assert.deepEqual(
        after
          .of('DDATA')
          .flatMap(({ metrics }) => metrics)
          .map(({ value, timestampMs, historical }) => [value, timestampMs, historical]),
        [
          [1, now + 10, true],
          [2, now + 20, true],
          [4, now + 40, false],
        ],
      );
      await after.close();
    } finally {
      await Promise.all(edges.splice(0).map((edge) => edge.close()));
      await own.close();
    }
  });

  it('what fell into a dead connection was not confirmed: published again, nothing is lost', async () => {
    const proxy = await openTcpProxy(broker.port);
    try {
      const edge = await open('dead', undefined, { ...broker, url: `mqtt://127.0.0.1:${String(proxy.port)}` });
      await until(() => edge.phase === 'born');
      const now = Date.now();
      const waiting = Array.from({ length: 50 }, (_, step) => sample('line/press/force', step, now + step));
      let cuts = 0;
      while (waiting.length > 0) {
        if (waiting.length === 30 && cuts++ === 0) proxy.blackHole();
        const confirmed = await edge.publish([waiting[0]!]).then(
          () => true,
          () => false,
        );
        if (confirmed) waiting.shift();
        else {
          proxy.mend();
          await until(() => edge.phase === 'born', 15_000);
        }
      }
      const steps = (): unknown[] =>
        onlooker.messages
          .flatMap(({ metrics }) => metrics)
          .filter(({ alias }) => alias !== undefined)
          .map(({ value }) => value);
      await until(() => steps().includes(49));
      assert.deepEqual(
        [...new Set(steps())],
        Array.from({ length: 50 }, (_, step) => step),
      );
    } finally {
      await Promise.all(edges.splice(0).map((edge) => edge.close()));
      await proxy.close();
    }
  });

  it('speaks MQTT 3.1.1 to aedes as well', async () => {
    const aedes = await startAedes();
    const witness = await openOnlooker(aedes);
    try {
      const edge = await open('old-mqtt', undefined, aedes);
      await until(() => edge.phase === 'born');
      await edge.publish([sample('line/press/force', 1, Date.now())]);
      await edge.close();
      await until(() => witness.of('NDEATH').length > 0);
      assert.deepEqual(
        witness.messages.map(({ type }) => type),
        ['NBIRTH', 'DBIRTH', 'NDEATH'],
      );
    } finally {
      await witness.close();
      await aedes.close();
    }
  });

  it('an id that cannot stand in a topic is refused', async () => {
    await assert.rejects(open('a/b'), { code: 'MW_CONFIG_INVALID' });
    await assert.rejects(open('ok', '#'), { code: 'MW_CONFIG_INVALID' });
  });
});
