import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import fc from 'fast-check';
import {
  fileFilterMemory,
  openMqttLink,
  type MqttLink,
  type MqttLinkOptions,
  type Qos,
} from '../../src/connect/index.ts';
import { isTopicFilter, isTopicName, topicMatcher } from '../../src/connect/uns/topic-filter.ts';
import { sleep } from '../../src/kernel/index.ts';
import {
  makeCertificates,
  MqttWitness,
  startAedes,
  startMosquitto,
  startWebSocketProxy,
  until,
} from '../support/mqtt.ts';
import { freePort } from '../support/ports.ts';
import type { TestBroker } from '../support/mqtt.ts';
import { openTcpProxy } from '../support/tcp-proxy.ts';

const message = (topic: string, text: string, qos: Qos = 1, retain = false) => ({
  topic,
  payload: Buffer.from(text),
  qos,
  retain,
});

/** What every broker must let a link do. */
function linkSuite(name: string, start: () => Promise<TestBroker>): void {
  describe(`MQTT link on ${name}`, () => {
    let broker: TestBroker;
    const links: MqttLink[] = [];
    const open = (options: Partial<MqttLinkOptions> = {}) => {
      const link = openMqttLink({ url: broker.url, protocol: broker.protocol, ...options });
      links.push(link);
      return link;
    };
    const online = (link: MqttLink) => until(() => link.state.state === 'online');
    before(async () => {
      broker = await start();
    });
    after(() => broker.close());
    afterEach(() => Promise.all(links.splice(0).map((link) => link.close())));

    for (const qos of [0, 1, 2] as const)
      it(`passes messages with QoS ${qos} in order, each once`, async () => {
        const witness = new MqttWitness();
        const link = open();
        link.subscribe([`order/${qos}/+`], qos, witness.onMessage);
        await online(link);
        const texts = Array.from({ length: 300 }, (_, at) => String(at));
        await Promise.all(texts.map((text) => link.publish(message(`order/${qos}/a`, text, qos))));
        await until(() => witness.messages.length >= texts.length);
        assert.deepEqual(witness.texts, texts);
      });

    it('gets again, in order and marked, what it could not store, also with QoS 2', async () => {
      for (const qos of [1, 2] as const) {
        const witness = new MqttWitness();
        const sessions = { clientId: `refuse-${name}-${qos}`, sessionExpirySeconds: 60 };
        const reader = open({ ...sessions, onState: witness.onState });
        let full = true;
        reader.subscribe([`refuse/${qos}`], qos, (received) => {
          if (full && witness.messages.length === 5) throw new Error('disk full');
          witness.onMessage(received);
        });
        const writer = open();
        await Promise.all([online(reader), online(writer)]);
        await sleep(100);
        const texts = Array.from({ length: 20 }, (_, at) => String(at));
        await Promise.all(texts.map((text) => writer.publish(message(`refuse/${qos}`, text, qos))));
        await until(() => witness.states.some(({ state }) => state === 'recovering'));
        full = false;
        await until(() => new Set(witness.texts).size === texts.length);
        assert.deepEqual([...new Set(witness.texts)], texts);
        const seen = new Set<string>();
        for (const { payload, duplicate } of witness.messages) {
          const text = Buffer.from(payload).toString();
          // aedes sends again without the mark.
          assert.ok(name === 'aedes' || !seen.has(text) || duplicate, `${text} came twice unmarked`);
          seen.add(text);
        }
        await reader.close();
      }
    });

    it('finds what came while it was away, and whether the broker kept the session', async () => {
      const sessions = { clientId: `away-${name}`, sessionExpirySeconds: 60 };
      const first = open(sessions);
      const kept: boolean[] = [];
      first.onConnect((present) => kept.push(present));
      first.subscribe(['away/#'], 1, () => undefined);
      await online(first);
      await sleep(100);
      await first.close();
      const writer = open();
      await online(writer);
      for (const text of ['a', 'b', 'c']) await writer.publish(message('away/x', text));
      const witness = new MqttWitness();
      const second = open(sessions);
      second.onConnect((present) => kept.push(present));
      second.subscribe(['away/#'], 1, witness.onMessage);
      await until(() => witness.messages.length === 3);
      assert.deepEqual(witness.texts, ['a', 'b', 'c']);
      assert.deepEqual(kept, [false, true]);
    });

    it('takes filters that nobody wants any more out of the session, also those of an earlier process', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'mw-filters-'));
      const sessions = { clientId: `stale-${name}`, sessionExpirySeconds: 60, filterMemory: fileFilterMemory(folder) };
      const first = open(sessions);
      first.subscribe(['stale/old', 'stale/kept'], 1, () => undefined);
      await online(first);
      await sleep(100);
      await first.close();
      const witness = new MqttWitness();
      const second = open(sessions);
      second.subscribe(['stale/kept'], 1, witness.onMessage);
      await online(second);
      await until(() => !sessions.filterMemory.load().includes('stale/old'));
      assert.deepEqual(sessions.filterMemory.load(), ['stale/kept']);
      const writer = open();
      await online(writer);
      await second.close();
      await writer.publish(message('stale/old', 'x'));
      await writer.publish(message('stale/kept', 'y'));
      const all = new MqttWitness();
      const third = open(sessions);
      third.subscribe(['stale/kept'], 1, all.onMessage);
      third.subscribe(['none'], 1, all.onMessage);
      await until(() => all.messages.length > 0);
      await sleep(200);
      assert.deepEqual(all.texts, ['y']);
      assert.equal(third.state.state, 'online');
      rmSync(folder, { recursive: true });
    });

    it('acknowledges nothing that it did not hand over, also when it is closed in the middle', async () => {
      const sessions = { clientId: `middle-${name}`, sessionExpirySeconds: 60 };
      const witness = new MqttWitness();
      const writer = open();
      await online(writer);
      const texts = Array.from({ length: 600 }, (_, at) => String(at));
      for (let from = 0; from < texts.length; from += 100) {
        const reader = open(sessions);
        reader.subscribe(['middle'], 1, witness.onMessage);
        await online(reader);
        await sleep(50);
        let closed: Promise<void> | undefined;
        // An acknowledgement to the writer comes in the same turn as messages to the reader.
        const one = async (text: string) => {
          await writer.publish(message('middle', text));
          closed ??= reader.close();
        };
        await Promise.all(texts.slice(from, from + 100).map(one));
        await closed;
      }
      const last = open(sessions);
      last.subscribe(['middle'], 1, witness.onMessage);
      await until(() => new Set(witness.texts).size === texts.length);
      // aedes mixes what it kept with what is new.
      if (name === 'mosquitto') assert.deepEqual([...new Set(witness.texts)], texts);
    });

    it('leaves a retained will where it is cut off, and none where it closes', async () => {
      const watcher = open();
      const witness = new MqttWitness();
      await online(watcher);
      watcher.subscribe([`will/${name}/+`], 1, witness.onMessage);
      let asked = 0;
      const will = () => message(`will/${name}/closed`, `offline ${++asked}`, 1, true);
      const closed = open({ will });
      await online(closed);
      await closed.close();
      await sleep(200);
      assert.deepEqual(witness.texts, []);

      const later = new MqttWitness();
      await watcher.publish(message(`will/${name}/kept`, 'state', 1, true));
      const reader = open();
      reader.subscribe([`will/${name}/kept`], 1, later.onMessage);
      await until(() => later.messages.length === 1);
      assert.equal(later.messages[0]!.retained, true);
    });

    it('says at once that it is offline, publishes nothing then, and recovers when the broker is back', async () => {
      const witness = new MqttWitness();
      const link = open({ onState: witness.onState });
      link.subscribe(['back'], 1, witness.onMessage);
      await online(link);
      await broker.stop();
      await until(() => link.state.state === 'recovering');
      await assert.rejects(link.publish(message('back', 'lost')), { code: 'MW_MQTT_NOT_CONNECTED' });
      await broker.start();
      await online(link);
      await sleep(50);
      await link.publish(message('back', 'again'));
      await until(() => witness.messages.length === 1);
      assert.ok(witness.codes.includes('MW_MQTT_LINK_LOST'));
    });

    it('refuses bad topics and filters one by one', async () => {
      const link = open();
      const refused: string[] = [];
      const witness = new MqttWitness();
      link.subscribe(['good/#', 'bad/#/more', 'a+b', ''], 1, witness.onMessage, {
        onRefused: (filter) => refused.push(filter),
      });
      await online(link);
      for (const topic of ['', 'a/+', 'a/#', 'nul\0'])
        await assert.rejects(link.publish(message(topic, 'x')), { code: 'MW_UNS_TOPIC_INVALID' });
      await sleep(50);
      await link.publish(message('good/one', 'x'));
      await until(() => witness.messages.length === 1);
      assert.deepEqual(refused, ['bad/#/more', 'a+b', '']);
    });
  });
}

linkSuite('mosquitto', startMosquitto);
linkSuite('aedes', startAedes);

describe('MQTT link and what brokers refuse', () => {
  it('says by code why it is not online', async () => {
    const aedes = await startAedes();
    const dead = await freePort();
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const cases: [Partial<MqttLinkOptions>, string][] = [
      [{ url: aedes.url, protocol: '5' }, 'MW_MQTT_PROTOCOL_REFUSED'],
      [{ url: `mqtt://127.0.0.1:${dead}` }, 'MW_MQTT_UNREACHABLE'],
    ];
    for (const [options, code] of cases) {
      const witness = new MqttWitness();
      const link = openMqttLink({ url: '', protocol: '5', ...options, onState: witness.onState });
      await until(() => witness.codes.length > 0);
      assert.equal(witness.codes[0], code);
      assert.equal(link.state.state, 'failed');
      await link.close();
      assert.equal(link.state.state, 'idle');
    }
    const { port } = silent.address() as { port: number };
    const hanging = openMqttLink({ url: `mqtt://127.0.0.1:${port}`, protocol: '5' });
    await sleep(100);
    const begun = performance.now();
    await hanging.close();
    assert.ok(performance.now() - begun < 5_000);
    silent.close();
    await aedes.close();
  });

  it('shares a subscription among clients with MQTT 5, and refuses it with 3.1.1', async () => {
    const broker = await startMosquitto();
    const open = (protocol: '5' | '3.1.1') => openMqttLink({ url: broker.url, protocol });
    const witnesses = [new MqttWitness(), new MqttWitness()];
    const links = witnesses.map((witness) => {
      const link = open('5');
      link.subscribe(['$share/steps/work/+'], 1, witness.onMessage);
      return link;
    });
    const writer = open('5');
    await until(() => [...links, writer].every(({ state }) => state.state === 'online'));
    await sleep(100);
    for (let at = 0; at < 200; at++) await writer.publish(message('work/x', String(at)));
    await until(() => witnesses[0]!.messages.length + witnesses[1]!.messages.length === 200);
    const all = witnesses.flatMap(({ texts }) => texts).map(Number);
    assert.deepEqual(
      all.toSorted((a, b) => a - b),
      [...Array(200).keys()],
    );
    assert.ok(witnesses.every(({ messages }) => messages.length > 40));
    const old = open('3.1.1');
    const refused: string[] = [];
    old.subscribe(['$share/steps/work/+'], 1, () => undefined, {
      onRefused: (_filter, { code }) => refused.push(code),
    });
    await until(() => refused.length === 1);
    assert.deepEqual(refused, ['MW_MQTT_SHARED_NEEDS_5']);
    await Promise.all([...links, writer, old].map((link) => link.close()));
    await broker.close();
  });

  it('logs in, and tells a refused login and a refused size', async () => {
    const broker = await startMosquitto(['message_size_limit 2000', 'max_packet_size 2000']);
    const link = openMqttLink({ url: broker.url, protocol: '5' });
    await until(() => link.state.state === 'online');
    await assert.rejects(link.publish(message('big', 'x'.repeat(3_000))), { code: 'MW_MQTT_PUBLISH_REFUSED' });
    await link.publish(message('small', 'x'));
    await link.close();
    await broker.close();
    const locked = await startMosquitto(['listener $PORT 127.0.0.1', 'allow_anonymous false']);
    for (const protocol of ['5', '3.1.1'] as const) {
      const witness = new MqttWitness();
      const credentials = { user: 'nobody', password: 'wrong' };
      const other = openMqttLink({ url: locked.url, protocol, credentials, onState: witness.onState });
      await until(() => witness.codes.length > 0);
      assert.equal(witness.codes[0], 'MW_MQTT_LOGIN_REFUSED');
      await other.close();
    }
    await locked.close();
  });

  it('trusts a certificate only of the authority given, over TCP and WebSocket, and shows its own', async () => {
    const right = makeCertificates();
    const wrong = makeCertificates();
    const { folder } = right;
    const broker = await startMosquitto([
      'listener $PORT 127.0.0.1',
      'allow_anonymous true',
      'require_certificate true',
      `cafile ${folder}/ca.crt`,
      `certfile ${folder}/server.crt`,
      `keyfile ${folder}/server.key`,
    ]);
    const plain = await startMosquitto();
    const proxy = await startWebSocketProxy(plain.port, right);
    const secure = `mqtts://127.0.0.1:${broker.port}`;
    const socket = `wss://127.0.0.1:${proxy.port}`;
    const { ca, cert, key } = right;
    for (const options of [
      { url: secure, tls: { ca, cert, key } },
      { url: socket, tls: { ca } },
    ]) {
      const link = openMqttLink({ protocol: '5', ...options });
      await until(() => link.state.state === 'online');
      await link.publish(message('secret', 'x'));
      await link.close();
    }
    for (const url of [secure, socket])
      for (const authorities of [{ ca: wrong.ca }, {}]) {
        const witness = new MqttWitness();
        const link = openMqttLink({ url, protocol: '5', tls: { ...authorities, cert, key }, onState: witness.onState });
        await until(() => witness.codes.length > 0);
        assert.equal(witness.codes[0], 'MW_MQTT_UNTRUSTED');
        assert.equal(link.state.state, 'failed');
        await link.close();
      }
    proxy.close();
    await plain.close();
    await broker.close();
    right.close();
    wrong.close();
  });
});

describe('MQTT link through a cable', () => {
  it('rejects what had no acknowledgement as not connected, never as refused, when the broker falls silent', async () => {
    const broker = await startMosquitto();
    const proxy = await openTcpProxy(broker.port);
    const url = `mqtt://127.0.0.1:${proxy.port}`;
    for (const qos of [1, 2] as const) {
      const link = openMqttLink({ url, protocol: '5', keepAliveSeconds: 1 });
      await until(() => link.state.state === 'online');
      proxy.blackHole();
      const results = await Promise.allSettled(
        Array.from({ length: 50 }, (_, at) => link.publish(message('hole', String(at), qos))),
      );
      const codes = results.map((one) => (one.status === 'rejected' ? (one.reason as { code: string }).code : 'ok'));
      assert.deepEqual([...new Set(codes)], ['MW_MQTT_NOT_CONNECTED']);
      proxy.mend();
      await until(() => link.state.state === 'online');
      await link.close();
    }
    await proxy.close();
    await broker.close();
  });
});

describe('topics and filters', () => {
  it('match as the standard says', () => {
    const yes: [string, string][] = [
      ['a/b', 'a/b'],
      ['a/+', 'a/b'],
      ['+/+', '/b'],
      ['a/#', 'a'],
      ['a/#', 'a/b/c'],
      ['#', 'a/b'],
      ['$share/group/a/#', 'a/b'],
      ['$SYS/#', '$SYS/broker'],
    ];
    const no: [string, string][] = [
      ['a/+', 'a/b/c'],
      ['a/+', 'a'],
      ['+', '/b'],
      ['#', '$SYS/broker'],
      ['+/broker', '$SYS/broker'],
      ['a/b/#', 'a'],
    ];
    for (const [filter, topic] of yes) assert.ok(topicMatcher(filter)(topic), `${filter} ${topic}`);
    for (const [filter, topic] of no) assert.ok(!topicMatcher(filter)(topic), `${filter} ${topic}`);
    for (const bad of ['', 'a/#/b', 'a#', 'a+/b', 'x\0', '$share/g', '$share/+/a']) assert.ok(!isTopicFilter(bad), bad);
  });
  it('any valid topic matches itself and # and each of its prefixes with #', () => {
    const topic = fc.string({ unit: fc.constantFrom('a', 'b', '/', 'é', '$', ' '), minLength: 1 });
    fc.assert(
      fc.property(topic, (text) => {
        assert.ok(isTopicName(text));
        assert.ok(topicMatcher(text)(text));
        assert.equal(topicMatcher('#')(text), !text.startsWith('$'));
        const levels = text.split('/');
        for (let at = 1; at <= levels.length; at++) {
          const filter = [...levels.slice(0, at), '#'].join('/');
          assert.ok(isTopicFilter(filter) && topicMatcher(filter)(text), filter);
        }
      }),
    );
  });
});
