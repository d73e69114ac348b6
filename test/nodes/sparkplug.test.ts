import assert from 'node:assert/strict';
import type { NodeAPI } from 'node-red';
import broker from '../../nodes/mw-uns-broker/mw-uns-broker.ts';
import unsIn from '../../nodes/mw-uns-in/mw-uns-in.ts';
import unsOut from '../../nodes/mw-uns-out/mw-uns-out.ts';
import { registerSource } from '../../nodes/shared/delivery.ts';
import type { Connection, Envelope, Sample } from '../../src/contracts/index.ts';
import { coreNodes, withNodeRed } from '../support/helper.ts';
import { startMosquitto, until, type TestBroker } from '../support/mqtt.ts';
import { openOnlooker, sample, type Onlooker } from '../support/sparkplug.ts';

const registers: ((RED: NodeAPI) => void)[] = [...coreNodes, broker, unsIn, unsOut];
interface Message {
  mw: Envelope;
  payload: { samples: Sample[] };
}

describe('namespace nodes with Sparkplug B, on mosquitto', function () {
  this.timeout(60_000);
  const helper = withNodeRed();
  let server: TestBroker;
  let onlooker: Onlooker;
  before(async () => {
    server = await startMosquitto();
    onlooker = await openOnlooker(server);
  });
  after(async () => {
    await onlooker.close();
    await server.close();
  });
  const flow = (more: object = {}): object[] => [
    { id: 'f', type: 'tab' },
    {
      ...{ id: 'broker', type: 'mw-uns-broker', version: 1, url: server.url, encoding: 'sparkplug' },
      ...{ groupId: 'north', edgeNodeId: 'gateway', primaryHostId: 'scada', hostId: 'scada' },
      tagTemplate: '{machine}/{metric}',
      ...more,
    },
    { id: 'out', z: 'f', type: 'mw-uns-out', version: 1, broker: 'broker', x: 1, y: 1, wires: [] },
    {
      ...{ id: 'in', z: 'f', type: 'mw-uns-in', version: 1, broker: 'broker', x: 1, y: 1 },
      filter: 'line/#',
      wires: [['seen'], ['link']],
    },
    { id: 'seen', z: 'f', type: 'helper' },
    { id: 'link', z: 'f', type: 'helper' },
    { id: 'catch', z: 'f', type: 'catch', x: 1, y: 1, wires: [['caught']] },
    { id: 'caught', z: 'f', type: 'helper' },
  ];

  it('samples become metrics of an edge node and samples again, and their source is told', async () => {
    await helper.load(registers, flow());
    const seen: Message[] = [];
    const links: Connection[] = [];
    const caught: unknown[] = [];
    helper.getNode('seen').on('input', (message: unknown) => seen.push(message as Message));
    helper.getNode('link').on('input', (message: unknown) => links.push((message as { payload: Connection }).payload));
    helper
      .getNode('caught')
      .on('input', (message: unknown) => caught.push((message as { error?: { code?: string } }).error?.code));
    const confirmed: number[] = [];
    const unregister = registerSource('plc', { confirm: (offset) => confirmed.push(offset) });
    const now = Date.now();
    const samples = [sample('line/press/force', 1.5, now, { unit: 'kN' }), sample('other/saw/speed', 2, now)];
    helper.getNode('out').receive({
      mw: {
        ...{ id: 'a', type: 'mw.samples.v1', source: 'plc', time: new Date(now).toISOString(), correlationId: 'a' },
        delivery: { queue: 'plc', offset: 7 },
      },
      payload: { samples },
    });
    await until(() => seen.length > 0 && confirmed.length > 0, 15_000);
    assert.deepEqual(confirmed, [7]);
    const [{ tag, value, unit, quality, sourceTime }] = seen[0]!.payload.samples as [Sample];
    assert.deepEqual([tag, value, unit, quality, Date.parse(sourceTime)], ['line/press/force', 1.5, 'kN', 'good', now]);
    assert.equal(seen[0]!.mw.type, 'mw.samples.v1');
    assert.equal(seen[0]!.mw.delivery?.queue, 'uns-in/in');
    assert.ok(links.some(({ endpoint, state }) => endpoint === 'north/gateway/line:press' && state === 'online'));
    helper.getNode('out').receive({ topic: 'line/press/force', payload: 2.5 });
    await until(() => seen.some(({ payload }) => payload.samples.some((one) => one.value === 2.5)));
    helper.getNode('out').receive({
      mw: { id: 'b', type: 'mw.count.v1', source: 'plc', time: new Date(now).toISOString(), correlationId: 'b' },
      payload: {
        ...{ equipmentId: 'press', good: 1, scrap: 0, rework: 0 },
        ...{ from: new Date(now).toISOString(), to: new Date(now).toISOString() },
      },
    });
    await onlooker.send('spBv1.0/north/DCMD/gateway/line:press', {
      metrics: [{ name: 'force', datatype: 10, doubleValue: 9 }],
    });
    await until(() => caught.includes('MW_CONTRACT_UNKNOWN'));
    unregister();
    await helper.unload();
    await until(() => onlooker.of('NDEATH').length > 0);
    assert.equal(onlooker.of('NBIRTH').length, 1);
  });

  it('ids that are missing are a clear error at the node', async () => {
    await helper.load(registers, flow({ edgeNodeId: '', hostId: '' }));
    for (const id of ['in', 'out']) {
      const { status } = helper.getNode(id) as unknown as { status: { args: [{ fill?: string; text?: string }][] } };
      await until(() => status.args.some(([{ fill }]) => fill === 'red'));
    }
  });
});
