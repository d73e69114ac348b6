import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { OPCUACertificateManager } from 'node-opcua-certificate-manager';
import * as library from 'node-opcua-client';
import {
  openOpcuaConnection,
  openTagSource,
  type OpcuaConnection,
  type OpcuaServer,
  type TagSource,
} from '../../src/connect/index.ts';
import { openPublisher } from '../../src/connect/opcua/publisher.ts';
import type { LinkedSession } from '../../src/connect/opcua/session-link.ts';
import { openServerSubscription } from '../../src/connect/opcua/subscription.ts';
import { openTagValues } from '../../src/connect/opcua/tag-values.ts';
import { silentLogger, sleep, systemClock } from '../../src/kernel/index.ts';
import type { Delivery, Gap, Sample } from '../../src/contracts/index.ts';
import {
  counterNode,
  slowNode,
  startCounterServer,
  startCounting,
  temporaryFolder,
  until,
  Witness,
} from '../support/opcua.ts';
import { openTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

const counterTag = { tag: 'Plant/counter', nodeId: counterNode, intervalMs: 0 };
const slowTag = { tag: 'Plant/slow', nodeId: slowNode, intervalMs: 0 };

describe('OPC UA faults', () => {
  const folder = temporaryFolder('faults');
  let server: OpcuaServer;
  let proxy: TcpProxy;
  let witness: Witness;
  let connection: OpcuaConnection;
  let serverFolder = 0;

  beforeEach(async () => {
    server = await startCounterServer(join(folder.path, `server${serverFolder++}`));
    proxy = await openTcpProxy(server.port);
    witness = new Witness();
    connection = openOpcuaConnection({
      endpointUrl: `opc.tcp://127.0.0.1:${proxy.port}`,
      security: 'none',
      login: 'anonymous',
      folder: join(folder.path, 'client'),
      onState: witness.onState,
    });
  });
  afterEach(async () => {
    await connection.close();
    await proxy.close();
    await server.close();
  });
  after(() => folder.remove());
  const states = () => witness.states.map(({ state }) => state);

  it('loses nothing in a cut and in a black hole shorter than the hold time: each count in the queue exactly once', async () => {
    const batches: { samples: Sample[]; delivery: Delivery }[] = [];
    const source: TagSource = openTagSource(
      {
        connection,
        tags: [counterTag],
        publishingMs: 100,
        holdSeconds: 60,
        batchSize: 25,
        delivery: 'confirmed',
        queue: { name: 'q', folder: join(folder.path, 'queue'), limitBytes: 2 ** 24 },
        mostUnconfirmed: 1_000,
      },
      {
        onBatch: (samples, delivery) => batches.push({ samples, delivery }),
        onGap: witness.onGap,
        onTagError: witness.onTagError,
        onStalled: () => assert.fail('stalled'),
      },
    );
    await until('first value', () => batches.length > 0);
    const counting = startCounting(server, 10);
    await sleep(500);
    proxy.cut();
    await sleep(1_500);
    proxy.mend();
    await until('online again', () => states().filter((state) => state === 'online').length === 2);
    await sleep(500);
    proxy.blackHole();
    await sleep(1_500);
    proxy.mend();
    await until('online again', () => states().filter((state) => state === 'online').length === 3);
    await sleep(300);
    const count = counting.stop();
    const values = () => batches.flatMap(({ samples }) => samples.map(({ value }) => value));
    await until('last value', () => values().at(-1) === count);
    assert.deepEqual(
      values(),
      Array.from({ length: count + 1 }, (_, value) => value),
    );
    assert.deepEqual(witness.gaps, []);
    assert.ok(batches.every(({ samples }) => samples.length <= 25));
    assert.deepEqual(
      batches.map(({ delivery }) => delivery),
      batches.map((_, offset) => ({ queue: 'q', offset })),
    );
    assert.equal(source.unconfirmed, batches.length);
    for (const { delivery } of batches) source.confirm(delivery.offset);
    assert.equal(source.unconfirmed, 0);
    await source.close();
  });

  it('takes up a secured session of a user after a cut without loss', async () => {
    const own = join(folder.path, 'secured');
    const secured = openOpcuaConnection({
      endpointUrl: connection.endpointUrl,
      security: 'best',
      login: 'user',
      credentials: { user: 'reader', password: 'pass word' },
      folder: own,
      onState: witness.onState,
    });
    await until('refusal', () => states().includes('failed'));
    mkdirSync(join(own, 'trusted/certs'), { recursive: true });
    for (const file of readdirSync(join(own, 'rejected')))
      renameSync(join(own, 'rejected', file), join(own, 'trusted/certs', file));
    secured.subscribe({ tags: [counterTag], publishingMs: 100, holdSeconds: 60 }, witness);
    await until('first value', () => witness.samples.length === 1);
    const counting = startCounting(server, 20);
    proxy.cut();
    await sleep(500);
    proxy.mend();
    await until('online again', () => secured.state.state === 'online');
    const count = counting.stop();
    await until('last value', () => witness.values('Plant/counter').at(-1) === count);
    await secured.close();
    assert.deepEqual(
      witness.values('Plant/counter'),
      Array.from({ length: count + 1 }, (_, value) => value),
    );
    assert.deepEqual(witness.gaps, []);
  });

  it('loses no slow change that falls into a cut right after a keep-alive', async () => {
    connection.subscribe({ tags: [slowTag], publishingMs: 50, holdSeconds: 8 }, witness);
    await until('first value', () => witness.samples.length === 1);
    await sleep(2_500);
    proxy.blackHole();
    server.setValues([{ nodeId: slowNode, value: 30, sourceMs: Date.now() }]);
    await sleep(150);
    server.setValues([{ nodeId: slowNode, value: 31, sourceMs: Date.now() }]);
    await sleep(300);
    proxy.mend();
    await until('both changes', () => witness.samples.length >= 3);
    await sleep(200);
    assert.deepEqual(witness.values('Plant/slow'), [20, 30, 31]);
    assert.deepEqual(witness.gaps, []);
  });

  it('reports an overflow as exactly the stretch that is missing', async () => {
    connection.subscribe({ tags: [counterTag], publishingMs: 100, holdSeconds: 1 }, witness);
    await until('first value', () => witness.samples.length === 1);
    const counting = startCounting(server, 20);
    await sleep(500);
    proxy.cut();
    await sleep(1_500);
    proxy.mend();
    await until('online again', () => states().filter((state) => state === 'online').length === 2);
    await sleep(300);
    const count = counting.stop();
    await until('last value', () => witness.values('Plant/counter').at(-1) === count);
    const holes = [];
    for (const [at, sample] of witness.samples.entries()) {
      const before = witness.samples[at - 1];
      if (before && (sample.value as number) !== (before.value as number) + 1)
        holes.push({ from: before.sourceTime, to: sample.sourceTime });
    }
    assert.equal(holes.length, 1);
    assert.deepEqual(
      witness.gaps,
      holes.map((hole) => ({ tags: ['Plant/counter'], ...hole, reason: 'overflow', backfilled: false })),
    );
  });

  it('goes on by itself after a restart of the server and reports the time without it', async () => {
    const { port } = server;
    connection.subscribe({ tags: [counterTag, slowTag], publishingMs: 100, holdSeconds: 30 }, witness);
    await until('first values', () => witness.samples.length === 2);
    server.setValues([{ nodeId: counterNode, value: 7, sourceMs: Date.now() }]);
    await until('value', () => witness.values('Plant/counter').at(-1) === 7);
    await sleep(300);
    const down = Date.now();
    await server.close();
    await until('recovering', () => states().at(-1) === 'recovering');
    await sleep(1_000);
    server = await startCounterServer(join(folder.path, `server${serverFolder++}`), port);
    const up = Date.now();
    await until('gaps', () => witness.gaps.length === 2);
    server.setValues([{ nodeId: counterNode, value: 8, sourceMs: Date.now() }]);
    await until('value', () => witness.values('Plant/counter').at(-1) === 8);
    const [counter, slow] = ['Plant/counter', 'Plant/slow'].map((tag) =>
      witness.gaps.find(({ tags }) => tags.length === 1 && tags[0] === tag)!,
    );
    assert.equal(witness.gaps.length, 2);
    assert.equal(counter!.from, witness.samples.find(({ value }) => value === 7)!.sourceTime);
    for (const { from, to, reason } of [counter!, slow!]) {
      assert.equal(reason, 'restart');
      const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
      assert.ok(
        down - 4_000 < fromMs && fromMs <= down && down < toMs && toMs <= up,
        JSON.stringify({ from, to, down, up }),
      );
    }
  });

  it('drops unsent batches that are too old, and reports exactly them as a gap', async () => {
    const queue = { name: 'q', folder: join(folder.path, 'expired'), limitBytes: 2 ** 20, limitAgeMs: 500 };
    const sent: { samples: Sample[]; delivery: Delivery }[] = [];
    const source = openTagSource(
      {
        ...{ connection, tags: [counterTag], publishingMs: 50, holdSeconds: 30, batchSize: 1_000, queue },
        ...{ delivery: 'confirmed', mostUnconfirmed: 1 },
      },
      {
        onBatch: (samples, delivery) => sent.push({ samples, delivery }),
        onGap: witness.onGap,
        onTagError: witness.onTagError,
        onStalled: () => undefined,
      },
    );
    await until('first value', () => sent.length === 1);
    const counting = startCounting(server, 20);
    await until('an expired batch', () => witness.gaps.length > 0);
    const count = counting.stop();
    await sleep(300);
    for (let at = 0; at < sent.length; at++) source.confirm(sent[at]!.delivery.offset);
    await until('the last value', () => sent.at(-1)?.samples.at(-1)?.value === count);
    assert.ok(witness.gaps.every(({ reason }) => reason === 'overflow'));
    const times = sent.flatMap(({ samples }) =>
      samples.map(({ value, sourceTime }) => ({ value: Number(value), sourceTime })),
    );
    const missing = Array.from({ length: count }, (_, at) => at + 1).filter(
      (one) => !times.some(({ value }) => value === one),
    );
    assert.ok(missing.length > 0);
    const before = times.findLast(({ value }) => value < missing[0]!)!.sourceTime;
    const after = times.find(({ value }) => value > missing.at(-1)!)!.sourceTime;
    assert.ok(before < witness.gaps[0]!.from && witness.gaps.at(-1)!.from < after);
    await source.close();
  });

  it('queues on, stops sending and says so while nobody confirms; after a restart the same batches come marked', async () => {
    const queue = { name: 'q', folder: join(folder.path, 'unconfirmed'), limitBytes: 2 ** 20 };
    const options = { connection, tags: [counterTag], publishingMs: 50, holdSeconds: 30, batchSize: 1_000, queue };
    const first: { samples: Sample[]; delivery: Delivery }[] = [];
    const stalls: boolean[] = [];
    const handlers = (batches: typeof first) => ({
      onBatch: (samples: Sample[], delivery: Delivery) => batches.push({ samples, delivery }),
      onGap: witness.onGap,
      onTagError: witness.onTagError,
      onStalled: (stalled: boolean) => stalls.push(stalled),
    });
    let source = openTagSource({ ...options, delivery: 'confirmed', mostUnconfirmed: 3 }, handlers(first));
    await until('first value', () => first.length === 1);
    const counting = startCounting(server, 20);
    await until('ten batches', () => source.unconfirmed >= 10);
    const count = counting.stop();
    await sleep(300);
    assert.equal(first.length, 3);
    assert.deepEqual(stalls, [true]);
    source.confirm(0);
    assert.equal(first.length, 4);
    await source.close();
    const last = Date.now() + 1;
    for (const missed of [1, 2])
      server.setValues([{ nodeId: counterNode, value: count + missed, sourceMs: last + missed }]);

    const second: typeof first = [];
    source = openTagSource({ ...options, delivery: 'confirmed', mostUnconfirmed: 1_000 }, handlers(second));
    await until('restart gap', () => witness.gaps.length === 1);
    await source.close();
    const [gap] = witness.gaps;
    assert.deepEqual([gap?.reason, gap?.to], ['restart', new Date(last + 2).toISOString()]);
    const queued = [...first, ...second.filter(({ delivery }) => delivery.duplicate)].flatMap(({ samples }) => samples);
    const newest = queued.reduce((max, { sourceTime }) => (sourceTime > max ? sourceTime : max), '');
    assert.ok(newest <= gap!.from && gap!.from <= new Date(last).toISOString());
    const again = second.filter(({ delivery }) => delivery.duplicate);
    assert.equal(again[0]?.delivery.offset, 1);
    assert.deepEqual(
      [...first[0]!.samples, ...again.flatMap(({ samples }) => samples)].map(({ value }) => value),
      Array.from({ length: count + 1 }, (_, value) => value),
    );
    assert.deepEqual(
      second.filter(({ delivery }) => !delivery.duplicate).flatMap(({ samples }) => samples.map(({ value }) => value)),
      [count + 2],
    );
  });

  it('fetches a message that was dropped while connected; where the server no longer has it, reports it', async () => {
    const client = library.OPCUAClient.create({
      endpointMustExist: false,
      clientCertificateManager: new OPCUACertificateManager({ rootFolder: join(folder.path, 'bare') }),
    });
    await client.connect(server.endpointUrl);
    const session = (await client.createSession()) as LinkedSession;
    let drop = 0;
    const publish = session.publish.bind(session);
    session.publish = (request, callback) => {
      publish(request, (error, response) => {
        const holdsData = (response?.notificationMessage.notificationData?.length ?? 0) > 0;
        if (holdsData && drop > 0) {
          drop--;
          session.publish(new library.PublishRequest({ requestHeader: { timeoutHint: 60_000 } }), callback);
        } else callback(error, response);
      });
    };
    const [start, names] = await session.read(
      ['i=2257', 'i=2255'].map((nodeId) => ({ nodeId, attributeId: library.AttributeIds.Value })),
    );
    const publisher = openPublisher(library, session, { logger: silentLogger, onSessionLost: () => undefined });
    const subscription = openServerSubscription(
      openTagValues({ tags: [counterTag], publishingMs: 50, holdSeconds: 10 }, witness, silentLogger),
      { logger: silentLogger, clock: systemClock },
    );
    await subscription.attach({
      ua: library,
      session,
      publisher,
      serverStartMs: (start!.value.value as Date).getTime(),
      namespaces: names!.value.value as string[],
      maxItemsPerCall: 0,
    });
    const count = async (value: number) => {
      server.setValues([{ nodeId: counterNode, value, sourceMs: Date.now() }]);
      await sleep(120);
    };
    await until('first value', () => witness.samples.length === 1);
    await count(1);
    drop = 2;
    await count(2);
    await count(3);
    await count(4);
    await until('all', () => witness.samples.length >= 5);
    assert.deepEqual(witness.values('Plant/counter'), [0, 1, 2, 3, 4]);
    assert.deepEqual(witness.gaps, []);

    const republish = session.republish.bind(session);
    session.republish = (request, callback) => {
      request.retransmitSequenceNumber += 1_000;
      republish(request, callback);
    };
    drop = 1;
    const before = Date.now();
    await count(5);
    await count(6);
    await until('value after the hole', () => witness.values('Plant/counter').at(-1) === 6);
    assert.deepEqual(witness.values('Plant/counter'), [0, 1, 2, 3, 4, 6]);
    assert.deepEqual(
      witness.gaps.map(({ reason, tags }) => [reason, tags]),
      [['sequence', ['Plant/counter']]],
    );
    const hole = witness.gaps[0] as Gap | undefined;
    assert.ok(Date.parse(hole!.from) <= before && before <= Date.parse(hole!.to));
    await subscription.close();
    publisher.stop();
    await client.disconnect();
  });
});
