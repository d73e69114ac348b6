import assert from 'node:assert/strict';
import type { NodeAPI } from 'node-red';
import { openMqttLink, type MqttLink } from '../../src/connect/index.ts';
import type { Envelope, Sample } from '../../src/contracts/index.ts';
import { sleep } from '../../src/kernel/index.ts';
import broker from '../../nodes/mw-uns-broker/mw-uns-broker.ts';
import unsIn from '../../nodes/mw-uns-in/mw-uns-in.ts';
import unsOut from '../../nodes/mw-uns-out/mw-uns-out.ts';
import { registerSource } from '../../nodes/shared/delivery.ts';
import { coreNodes, nextMessage, withNodeRed } from '../support/helper.ts';
import { MqttWitness, startAedes, startMosquitto, until, type TestBroker } from '../support/mqtt.ts';

const registers: ((RED: NodeAPI) => void)[] = [...coreNodes, broker, unsIn, unsOut];
type Message = Record<string, unknown> & { mw: Envelope; payload: { samples: Sample[] } };

function suite(name: string, start: () => Promise<TestBroker>): void {
  describe(`namespace nodes on ${name}`, function () {
    this.timeout(60_000);
    const helper = withNodeRed();
    let server: TestBroker;
    let other: MqttLink;
    before(async () => {
      server = await start();
      other = openMqttLink({ url: server.url, protocol: server.protocol });
      await until(() => other.state.state === 'online');
    });
    after(async () => {
      await other.close();
      await server.close();
    });
    const flow = (more: object[] = [], z = 'f') => [
      { id: z, type: 'tab' },
      {
        id: 'broker',
        type: 'mw-uns-broker',
        version: 1,
        url: server.url,
        protocol: server.protocol,
        enterprise: 'acme',
        site: 'north',
      },
      { id: 'out', z, type: 'mw-uns-out', version: 1, broker: 'broker', x: 1, y: 1, wires: [] },
      {
        ...{ id: 'in', z, type: 'mw-uns-in', version: 1, broker: 'broker', x: 1, y: 1 },
        filter: 'acme/north/#',
        wires: [['seen'], ['link']],
      },
      { id: 'seen', z, type: 'helper' },
      { id: 'link', z, type: 'helper' },
      { id: 'catch', z, type: 'catch', x: 1, y: 1, wires: [['caught']] },
      { id: 'caught', z, type: 'helper' },
      ...more,
    ];
    const load = async (more: object[] = []) => {
      await helper.load(registers, flow(more));
      const seen: Message[] = [];
      const caught: { error?: { code?: string } }[] = [];
      helper.getNode('seen').on('input', (message: unknown) => {
        const { mw } = message as Message;
        // What the test before did not confirm comes again.
        if (mw.type !== 'mw.connection.v1' && !mw.delivery?.duplicate) seen.push(message as Message);
      });
      helper.getNode('caught').on('input', (message: unknown) => caught.push(message as { error?: { code?: string } }));
      const link = (await nextMessage('link')) as { payload: { state: string } };
      if (link.payload.state !== 'online') await until(() => online());
      await sleep(100);
      return { seen, caught };
    };
    const online = () =>
      (helper.getNode('in') as unknown as { status: { args: [{ text: string }][] } }).status.args.some(([{ text }]) =>
        /messages/.test(text),
      );

    it('carry a batch to a topic per machine and back, and confirm its source when the broker has it', async () => {
      const { seen } = await load();
      const confirmed: number[] = [];
      const unregister = registerSource('plc', { confirm: (offset) => confirmed.push(offset) });
      const witness = new MqttWitness();
      other.subscribe(['acme/north/L2/+/_samples'], 1, witness.onMessage);
      await sleep(50);
      const sample = (tag: string, value: number) => ({
        ...{ tag, value, dataType: 'Double', quality: 'good', sourceTime: '2026-11-26T04:00:00.000Z' },
      });
      const samples = [sample('L2/CNC-22/Power', 1), sample('L2/CNC-23/Power', 2), sample('L2/CNC-22/Load', 3)];
      const mw = {
        ...{ id: 'batch', type: 'mw.samples.v1', source: 'plc', time: '2026-11-26T04:00:00.000Z', correlationId: 'c' },
        delivery: { queue: 'plc', offset: 7 },
      };
      helper.getNode('out').receive({ payload: { samples }, mw });
      await until(() => seen.length === 2 && confirmed.length === 1);
      unregister();
      assert.deepEqual(confirmed, [7]);
      assert.deepEqual(
        seen.map(({ topic, payload }) => [topic, payload.samples.map(({ tag }) => tag)]),
        [
          ['acme/north/L2/CNC-22/_samples', ['L2/CNC-22/Power', 'L2/CNC-22/Load']],
          ['acme/north/L2/CNC-23/_samples', ['L2/CNC-23/Power']],
        ],
      );
      const [first] = seen;
      assert.equal(first!.mw.correlationId, 'c');
      assert.equal(first!.mw.causationId, 'batch.0');
      assert.match(first!.mw.delivery!.queue, /^uns-in\//);
      assert.equal(witness.messages.length, 2);
      const body = JSON.parse(witness.texts[0]!) as { schema: string; mw: Record<string, unknown> };
      assert.equal(body.schema, 'mw.samples.v1');
      assert.deepEqual(Object.keys(body.mw).sort(), ['correlationId', 'id', 'source', 'time']);
    });

    it('take plain values of others as samples, states of this package, and tell nonsense once', async () => {
      const { seen, caught } = await load();
      const publish = (topic: string, text: string) =>
        other.publish({ topic: `acme/north/${topic}`, payload: Buffer.from(text), qos: 1 });
      await publish('L1/SAW-1/Force', '12.5');
      await publish('L1/SAW-1/Door', '{"value": true, "timestamp": 1795665600, "unit": "x"}');
      await publish('elsewhere', 'free text');
      for (let at = 0; at < 5; at++) await publish('L1/SAW-1/Bad', '{"value": [');
      helper.getNode('out').receive({
        payload: { equipmentId: 'SAW-1', state: 'Execute', start: '2026-11-26T04:00:00.000Z' },
        mw: { id: 's', type: 'mw.state.v1', source: 'x', time: '2026-11-26T04:00:00.000Z', correlationId: 's' },
      });
      await until(() => seen.some(({ mw }) => mw.type === 'mw.state.v1') && caught.length > 0);
      const samples = seen.flatMap(({ mw, payload }) => (mw.type === 'mw.samples.v1' ? payload.samples : []));
      assert.deepEqual(
        samples.map(({ tag, value, unit }) => ({ tag, value, unit })),
        [
          { tag: 'L1/SAW-1/Force', value: 12.5, unit: undefined },
          { tag: 'L1/SAW-1/Door', value: true, unit: 'x' },
          { tag: 'acme/north/elsewhere', value: 'free text', unit: undefined },
        ],
      );
      assert.equal(samples[1]!.sourceTime, '2026-11-26T04:00:00.000Z');
      assert.deepEqual(
        caught.map(({ error }) => error?.code),
        ['MW_UNS_PAYLOAD_UNKNOWN'],
      );
      const state = seen.find(({ mw }) => mw.type === 'mw.state.v1')!;
      assert.equal(state.topic, 'acme/north/SAW-1/_state');
    });

    it('show a filter that is refused as long as the link is there: nothing will come', async () => {
      const wrong = {
        id: 'wrong',
        z: 'f',
        type: 'mw-uns-in',
        version: 1,
        broker: 'broker',
        filter: 'a/#/b',
        x: 1,
        y: 1,
      };
      const { caught } = await load([{ ...wrong, wires: [[], []] }]);
      await until(() => caught.some(({ error }) => error?.code === 'MW_MQTT_FILTER_REFUSED'));
      await sleep(1_200);
      const { lastCall } = (helper.getNode('wrong') as unknown as { status: { lastCall: { args: unknown[] } } }).status;
      assert.deepEqual(lastCall.args[0], { fill: 'red', shape: 'ring', text: 'status.refused' });
    });
    it('say on a retained topic whether they are there', async () => {
      await load();
      const witness = new MqttWitness();
      const reader = openMqttLink({ url: server.url, protocol: server.protocol });
      reader.subscribe(['acme/north/_connection/+'], 1, witness.onMessage);
      await until(() => witness.messages.some(({ retained }) => retained));
      const states = () =>
        witness.texts.map((text) => (JSON.parse(text) as { payload: { state: string } }).payload.state);
      assert.equal(states().at(-1), 'online');
      await helper.unload();
      await until(() => states().at(-1) === 'idle');
      await reader.close();
    });

    it('refuse a payload that breaks its contract, and leave no client behind after many redeploys', async () => {
      const { caught } = await load();
      helper.getNode('out').receive({ payload: { samples: [{ tag: 'a' }] } });
      await until(() => caught.length === 1);
      assert.equal(caught[0]!.error?.code, 'MW_PAYLOAD_INVALID');
      const sockets = () => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
      const before = sockets();
      for (let turn = 0; turn < 100; turn++) {
        await helper.setFlows(flow([{ id: `extra${turn}`, z: 'f', type: 'helper' }]), 'full');
        if (turn % 10 === 0) await nextMessage('link');
      }
      await nextMessage('link');
      await until(() => sockets() === before);
    });
  });
}

suite('mosquitto', startMosquitto);
suite('aedes', startAedes);
