import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { markDuplicate, openForwarder, openMqttLink, openUnsSource } from '../../src/connect/index.ts';
import type { Forwarder, MqttLink, Qos, UnsMessage, UnsSource, UnsSourceOptions } from '../../src/connect/index.ts';
import type { Delivery, Gap, Sample } from '../../src/contracts/index.ts';
import { sleep, type MillwrightError } from '../../src/kernel/index.ts';
import { MqttWitness, startAedes, startMosquitto, until, type TestBroker } from '../support/mqtt.ts';

/** Takes down what a source sends. */
class SourceWitness {
  readonly batches: { samples: Sample[]; delivery: Delivery }[] = [];
  readonly messages: { message: UnsMessage; delivery: Delivery }[] = [];
  readonly gaps: Gap[] = [];
  readonly errors: MillwrightError[] = [];
  readonly stalled: boolean[] = [];
  readonly handlers = {
    onMessage: (message: UnsMessage, delivery: Delivery) => void this.messages.push({ message, delivery }),
    onSamples: (samples: Sample[], delivery: Delivery) => void this.batches.push({ samples, delivery }),
    onGap: (gap: Gap) => void this.gaps.push(gap),
    onError: (error: MillwrightError) => void this.errors.push(error),
    onStalled: (stalled: boolean) => void this.stalled.push(stalled),
  };
  get values(): Sample['value'][] {
    return this.batches.flatMap(({ samples }) => samples.map(({ value }) => value));
  }
}

function suite(name: string, start: () => Promise<TestBroker>): void {
  describe(`store and forward on ${name}`, () => {
    let broker: TestBroker;
    let folder: string;
    const links: MqttLink[] = [];
    const closers: (() => unknown)[] = [];
    before(async () => {
      broker = await start();
    });
    after(() => broker.close());
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'mw-uns-'));
    });
    afterEach(async () => {
      for (const close of closers.splice(0)) await close();
      await Promise.all(links.splice(0).map((link) => link.close()));
      rmSync(folder, { recursive: true });
    });
    const openLink = (session = '') => {
      const kept = session ? { clientId: session, sessionExpirySeconds: 600 } : {};
      const link = openMqttLink({ url: broker.url, protocol: broker.protocol, ...kept });
      links.push(link);
      return link;
    };
    const online = (link: MqttLink) => until(() => link.state.state === 'online');
    const queue = (more: Partial<UnsSourceOptions['queue']> = {}) => ({
      ...{ name: 'q', folder: join(folder, 'queue'), limitBytes: 4e6, limitAgeMs: 3_600_000 },
      ...more,
    });
    const openSource = (link: MqttLink, witness: SourceWitness, more: Partial<UnsSourceOptions> = {}): UnsSource =>
      openUnsSource(
        {
          ...{ link, filters: [`${name}/#`], qos: 1, retained: 'take', tagOf: (topic) => topic },
          ...{ batchSize: 1_000, delivery: 'confirmed', queue: queue(), ...more },
        },
        witness.handlers,
      );
    const send = async (forwarder: Forwarder, from: number, to: number, qos: Qos = 1) => {
      for (let number = from; number < to; number++)
        await forwarder.take([{ topic: `${name}/x`, payload: Buffer.from(String(number)), qos }]);
    };
    const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at);

    it('keeps what was taken while the broker is away, and sends it in order when it is back', async () => {
      const reader = openLink(`reader-${name}`);
      const witness = new MqttWitness();
      reader.subscribe([`${name}/x`], 1, witness.onMessage);
      const link = openLink();
      await Promise.all([online(reader), online(link)]);
      const forwarder = openForwarder({ link, queue: queue() });
      closers.push(() => forwarder.close());
      await send(forwarder, 0, 300);
      await broker.stop();
      await send(forwarder, 300, 600);
      await sleep(300);
      assert.ok(forwarder.waiting > 0);
      await broker.start();
      await Promise.all([online(reader), online(link)]);
      await sleep(100);
      await send(forwarder, 600, 900);
      await until(() => forwarder.waiting === 0 && witness.texts.includes('899'));
      if (name === 'mosquitto') assert.deepEqual([...new Set(witness.texts)], numbers(0, 900).map(String));
      // aedes keeps sessions in memory only: what it had not passed on when it stopped is lost in it.
      else assert.deepEqual(numbers(600, 900).map(String), witness.texts.slice(-300));
    });

    it('publishes again after a restart what had no acknowledgement, marked, and nothing else', async () => {
      const down = openMqttLink({ url: 'mqtt://127.0.0.1:1', protocol: '5' });
      links.push(down);
      const first = openForwarder({ link: down, queue: queue() });
      const body = (number: number) => Buffer.from(JSON.stringify({ schema: 'x', number }));
      for (const number of [0, 1, 2]) await first.take([{ topic: `${name}/r`, payload: body(number), qos: 1 }]);
      first.close();
      const reader = openLink();
      const witness = new MqttWitness();
      reader.subscribe([`${name}/r`], 1, witness.onMessage);
      await online(reader);
      await sleep(50);
      const confirmed: number[] = [];
      const second = openForwarder({ link: openLink(), queue: queue(), markDuplicate });
      closers.push(() => second.close());
      await second.take([{ topic: `${name}/r`, payload: body(3), qos: 1 }], () => confirmed.push(3));
      await until(() => witness.messages.length === 4 && second.waiting === 0);
      const bodies = witness.texts.map((text) => JSON.parse(text) as { number: number; duplicate?: boolean });
      assert.deepEqual(bodies, [
        ...[0, 1, 2].map((number) => ({ duplicate: true, schema: 'x', number })),
        { schema: 'x', number: 3 },
      ]);
      assert.deepEqual(confirmed, [3]);
    });

    it('refuses beyond its limit, loses nothing of what it took, and takes again when there is room', async () => {
      const link = openLink();
      await online(link);
      await broker.stop();
      const forwarder = openForwarder({ link, queue: queue({ limitBytes: 20_000 }) });
      closers.push(() => forwarder.close());
      const taken: string[] = [];
      const refusals: string[] = [];
      for (let number = 0; number < 60; number++) {
        const text = `${number} ${'x'.repeat(600)}`;
        await forwarder.take([{ topic: `${name}/full`, payload: Buffer.from(text), qos: 1 }]).then(
          () => taken.push(text),
          (error: unknown) => refusals.push((error as MillwrightError).code),
        );
      }
      assert.ok(taken.length >= 25 && refusals.length > 20);
      assert.deepEqual([...new Set(refusals)], ['MW_QUEUE_FULL']);
      await broker.start();
      const reader = openLink();
      const witness = new MqttWitness();
      reader.subscribe([`${name}/full`], 1, witness.onMessage);
      await until(() => forwarder.waiting === 0);
      await send(forwarder, 0, 1);
      await until(() => forwarder.waiting === 0);
    });

    it('drops what waited too long, and counts it', async () => {
      const down = openMqttLink({ url: 'mqtt://127.0.0.1:1', protocol: '5' });
      links.push(down);
      const first = openForwarder({ link: down, queue: queue() });
      await send(first, 0, 7);
      first.close();
      await sleep(60);
      let expired = 0;
      const second = openForwarder({
        link: openLink(),
        queue: queue({ limitAgeMs: 50 }),
        onExpired: (count) => (expired += count),
      });
      closers.push(() => second.close());
      await until(() => second.waiting === 0);
      assert.equal(expired, 7);
    });

    it('sends values that came together as one batch, confirms each record, and repeats the rest after a restart', async () => {
      const link = openLink(`source-${name}`);
      const writer = openLink();
      const witness = new SourceWitness();
      const source = openSource(link, witness);
      await Promise.all([online(link), online(writer)]);
      await sleep(100);
      await Promise.all(
        numbers(0, 400).map((number) =>
          writer.publish({ topic: `${name}/v`, payload: Buffer.from(String(number)), qos: 1 }),
        ),
      );
      await until(() => witness.values.length === 400);
      assert.deepEqual(witness.values, numbers(0, 400));
      assert.ok(witness.batches.length < 200, `${witness.batches.length} batches`);
      const [first, ...others] = witness.batches;
      for (const { delivery } of others) source.confirm(delivery.offset, delivery.part);
      source.confirm(others[0]!.delivery.offset, others[0]!.delivery.part);
      await source.close(false);

      const again = new SourceWitness();
      const second = openSource(link, again);
      closers.push(() => second.close(true));
      await until(() => again.values.length === first!.samples.length);
      assert.deepEqual(
        again.values,
        first!.samples.map(({ value }) => value),
      );
      assert.ok(again.batches.every(({ delivery }) => delivery.duplicate === true));
      assert.deepEqual(again.gaps, []);
    });

    it('leaves with the broker what its queue cannot take, and gets it when there is room', async () => {
      const link = openLink(`full-${name}`);
      const writer = openLink();
      const witness = new SourceWitness();
      const source = openSource(link, witness, { mostUnconfirmed: 2, queue: queue({ limitBytes: 30_000 }) });
      closers.push(() => source.close(true));
      await Promise.all([online(link), online(writer)]);
      await sleep(100);
      const text = (number: number) => JSON.stringify(`${number} ${'x'.repeat(900)}`);
      for (const number of numbers(0, 60))
        await writer.publish({ topic: `${name}/big`, payload: Buffer.from(text(number)), qos: 1 });
      await until(() => link.state.state === 'recovering', 20_000);
      assert.match(link.state.cause ?? '', /MW_QUEUE_FULL/);
      assert.ok(witness.stalled.includes(true));
      const timer = setInterval(() => {
        for (const { delivery } of witness.batches) source.confirm(delivery.offset, delivery.part);
      }, 20);
      await until(() => new Set(witness.values).size === 60, 40_000);
      clearInterval(timer);
      assert.deepEqual(
        [...new Set(witness.values)],
        numbers(0, 60).map((number) => JSON.parse(text(number)) as string),
      );
    });

    it('reports the time away as a gap where the broker kept no session, and none where it did', async () => {
      for (const session of ['', `gap-${name}`]) {
        const link = openLink(session);
        const witness = new SourceWitness();
        const source = openSource(link, witness, { queue: queue({ folder: join(folder, `gap${session}`) }) });
        await online(link);
        await sleep(100);
        const writer = openLink();
        await online(writer);
        await writer.publish({ topic: `${name}/g`, payload: Buffer.from('1'), qos: 1 });
        await until(() => witness.values.length === 1);
        await broker.stop();
        await until(() => link.state.state === 'recovering');
        await broker.start();
        await online(link);
        const kept = session !== '' && name === 'mosquitto';
        assert.deepEqual(
          witness.gaps.map(({ tags, reason }) => ({ tags, reason })),
          kept ? [] : [{ tags: [`${name}/#`], reason: 'resubscribed' }],
        );
        await source.close(true);
      }
    });

    it('drops unsent values that are too old for a slow consumer, and reports them as a gap', async () => {
      const link = openLink();
      const writer = openLink();
      const witness = new SourceWitness();
      const source = openSource(link, witness, { mostUnconfirmed: 1, queue: queue({ limitAgeMs: 200 }) });
      closers.push(() => source.close(true));
      await Promise.all([online(link), online(writer)]);
      await sleep(100);
      const publish = (text: string) => writer.publish({ topic: `${name}/old`, payload: Buffer.from(text), qos: 1 });
      await publish('1');
      await until(() => witness.values.length === 1);
      await publish('2');
      await sleep(50);
      await publish('3');
      await sleep(300);
      await publish('4');
      await until(() => witness.gaps.length === 1);
      const [gap] = witness.gaps;
      assert.deepEqual(gap!.tags, [`${name}/old`]);
      assert.equal(gap!.reason, 'overflow');
      assert.ok(Date.parse(gap!.from) <= Date.parse(gap!.to));
      source.confirm(witness.batches[0]!.delivery.offset, witness.batches[0]!.delivery.part);
      await until(() => witness.values.length === 2);
      assert.deepEqual(witness.values, [1, 4]);
    });

    it('lets a message go that its queue can never take, tells it and its gap, and takes what comes after', async () => {
      const link = openLink(`huge-${name}`);
      const writer = openLink();
      const witness = new SourceWitness();
      const source = openSource(link, witness, { queue: queue({ limitBytes: 100_000 }) });
      closers.push(() => source.close(true));
      await Promise.all([online(link), online(writer)]);
      await sleep(100);
      const publish = (signal: string, bytes: number) =>
        writer.publish({ topic: `${name}/${signal}`, payload: Buffer.from(`"${'x'.repeat(bytes)}"`), qos: 1 });
      await Promise.all([publish('huge', 200_000), ...numbers(0, 9).map((at) => publish(`large/${at}`, 9_000))]);
      await until(() => witness.values.length === 9, 20_000);
      assert.deepEqual(
        witness.errors.map(({ code }) => code),
        ['MW_QUEUE_FULL'],
      );
      assert.deepEqual(
        witness.gaps.map(({ tags, reason }) => ({ tags, reason })),
        [{ tags: [`${name}/huge`], reason: 'overflow' }],
      );
      assert.equal(link.state.state, 'online');
    });

    it('stands hostile payloads: each tells its topic once, and good ones go on', async () => {
      const link = openLink();
      const writer = openLink();
      const witness = new SourceWitness();
      const source = openSource(link, witness, { delivery: 'at-the-output' });
      closers.push(() => source.close(true));
      await Promise.all([online(link), online(writer)]);
      await sleep(100);
      const hostile: (string | Buffer)[] = [
        '{',
        'null',
        '[1,2]',
        '{"value":{}}',
        '{"value":1,"timestamp":"yesterday"}',
        '{"value":1,"timestamp":1e300}',
        '1e999',
        '{"schema":"mw.command.v1","mw":{},"payload":{}}',
        '{"schema":"mw.samples.v1","mw":{"id":"x"},"payload":{}}',
        '{"schema":7}',
        '{"__proto__":{"value":1}}',
        '['.repeat(100_000),
        'x'.repeat(5_000),
        Buffer.from([0xff, 0xfe, 0x00]),
        Buffer.alloc(100_000, 1),
      ];
      for (let round = 0; round < 2; round++)
        for (const [at, payload] of hostile.entries())
          await writer.publish({ topic: `${name}/bad/${at}`, payload: Buffer.from(payload), qos: 1 });
      // mosquitto refuses control characters in topics itself.
      if (name === 'aedes') await writer.publish({ topic: `${name}/bad/\u0001`, payload: Buffer.from('1'), qos: 1 });
      await writer.publish({ topic: `${name}/${'deep/'.repeat(60)}x`, payload: Buffer.from('2'), qos: 1 });
      await writer.publish({ topic: `${name}/good`, payload: Buffer.from('42'), qos: 1 });
      await until(() => witness.values.includes(42));
      assert.equal(witness.errors.length, hostile.length);
      assert.equal(source.unreadable, 2 * hostile.length);
      assert.equal(source.unconfirmed, 0);
      for (const { samples } of witness.batches)
        for (const { tag } of samples) assert.match(tag, /^[^\u0000-\u001f\u007f]{1,200}$/);
    });
  });
}

suite('mosquitto', startMosquitto);
suite('aedes', startAedes);

describe('a forwarder that is killed', () => {
  for (const qos of [1, 2] as const)
    it(`has published every message that it had taken once it runs again, with QoS ${qos}`, async () => {
      const broker = await startMosquitto();
      const folder = mkdtempSync(join(tmpdir(), 'mw-kill-'));
      const reader = openMqttLink({ url: broker.url, protocol: '5' });
      const witness = new MqttWitness();
      reader.subscribe(['kill/x'], qos, witness.onMessage);
      await until(() => reader.state.state === 'online');
      await sleep(50);
      const file = fileURLToPath(new URL('../support/uns-forwarder.ts', import.meta.url));
      const child = spawn(process.execPath, [file, broker.url, folder, String(qos)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let text = '';
      child.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString('utf8');
        if (text.length > 400 && witness.messages.length > 100) child.kill('SIGKILL');
      });
      await once(child, 'close');
      const lastTaken = Number(text.trim().split('\n').at(-1));
      const link = openMqttLink({ url: broker.url, protocol: '5' });
      const forwarder = openForwarder({ link, queue: { name: 'q', folder, limitBytes: 64e6, limitAgeMs: 3_600_000 } });
      await until(() => link.state.state === 'online' && forwarder.waiting === 0);
      await until(() => witness.texts.includes(String(lastTaken)));
      const firsts = [...new Set(witness.texts)].map(Number);
      assert.ok(firsts.every((number, at) => number === at));
      assert.ok(lastTaken > 100 && firsts.length > lastTaken, `${firsts.length} published of ${lastTaken} taken`);
      forwarder.close();
      await Promise.all([link.close(), reader.close()]);
      await broker.close();
      rmSync(folder, { recursive: true });
    });
});
