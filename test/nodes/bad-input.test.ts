import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import { startOpcuaServer } from '../../src/connect/index.ts';
import { nodeDefinitions, type NodeDefinition } from '../../src/contracts/index.ts';
import { coreNodes, nextMessage, withNodeRed } from '../support/helper.ts';
import { freePort } from '../support/ports.ts';

type Register = (RED: NodeAPI) => void;
interface Caught {
  error: { code: string; message: string; source: { id: string } };
  payload: unknown;
  keep?: string;
}

const registers: Register[] = await Promise.all(
  nodeDefinitions.map(async ({ type }) => {
    const module = (await import(`../../nodes/${type}/${type}.ts`)) as { default: Register };
    return module.default;
  }),
);
/** Takes messages; the demo plant is left out, since it would run. */
const takers = nodeDefinitions.filter(({ inputs, type }) => inputs === 1 && type !== 'mw-demo-plant');
const now = '2026-11-24T08:00:00.000Z';
const mw = (type: string) => ({ id: 'm', type, source: 'test', time: now, correlationId: 'c' });

describe('bad input', function () {
  this.timeout(60_000);
  const helper = withNodeRed();
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mw-bad-'));
  });
  afterEach(async () => {
    await helper.unload();
    rmSync(folder, { recursive: true, force: true });
  });

  const site = { id: 'site', type: 'mw-site', version: 1, enterprise: 'Test', site: 'Works', highestMode: 'write' };
  /** Of the namespace nodes; nobody listens there. */
  const broker = { id: 'broker', type: 'mw-uns-broker', version: 1, url: 'mqtt://127.0.0.1:1' };
  const store = (file = join(folder, 'plant.sqlite')) => ({
    id: 'store',
    type: 'mw-store',
    version: 1,
    site: 'site',
    file,
  });
  const endpoint = {
    id: 'e',
    type: 'mw-opcua-endpoint',
    version: 1,
    endpointUrl: 'opc.tcp://127.0.0.1:1',
    security: 'none',
  };
  const load = (nodes: object[]) =>
    helper.load(
      [...coreNodes, ...registers],
      [
        { id: 'f', type: 'tab' },
        { id: 'c', z: 'f', type: 'catch', scope: null, wires: [['caught']] },
        { id: 'caught', z: 'f', type: 'helper' },
        { id: 'out', z: 'f', type: 'helper' },
        ...nodes,
        ...(nodes.some((node) => (node as { id: string }).id === 'e') ? [] : [endpoint]),
      ],
    );
  const node = ({ type, outputs }: NodeDefinition, more: object = {}) => ({
    id: 'n',
    z: 'f',
    x: 1,
    y: 1,
    type,
    version: 1,
    store: 'store',
    broker: 'broker',
    endpoint: 'e',
    wires: Array.from({ length: outputs }, () => ['out']),
    ...more,
  });
  /** Sends a message and waits for what the Catch node gets. */
  const refusal = async (message: object) => {
    const caught = nextMessage('caught');
    helper.getNode('n').receive(message);
    return (await caught) as unknown as Caught;
  };
  const definitionOf = (type: string) => nodeDefinitions.find((definition) => definition.type === type)!;

  for (const definition of takers) {
    it(`${definition.type} refuses a wrong payload, an unknown contract and a forged envelope, and keeps the message`, async () => {
      await load([site, store(), broker, node(definition)]);
      const [accepted = ''] = definition.accepts ?? [];
      const wrong = await refusal({ payload: { nonsense: true }, mw: mw(accepted), keep: 'me' });
      assert.equal(wrong.error.code, 'MW_PAYLOAD_INVALID');
      assert.equal(wrong.error.source.id, 'n');
      assert.deepEqual(wrong.payload, { nonsense: true });
      assert.equal(wrong.keep, 'me');
      const other = await refusal({ payload: {}, mw: mw('mw.image.v1') });
      assert.equal(other.error.code, 'MW_CONTRACT_UNKNOWN');
      const forged = await refusal({ payload: {}, mw: { type: accepted, mode: 'write' } });
      assert.equal(forged.error.code, 'MW_PAYLOAD_INVALID');
      const nothing = await refusal({});
      assert.equal(nothing.error.code, 'MW_PAYLOAD_INVALID');
    });
    it(`${definition.type} without a store says so to each message, and nothing else stops`, async () => {
      await load([
        site,
        store(),
        node(definition, { store: '', endpoint: '' }),
        { ...node(definitionOf('mw-trust')), id: 'ok' },
      ]);
      const { error } = await refusal({ payload: 'query' });
      assert.equal(error.code, 'MW_CONFIG_MISSING');
      const answer = nextMessage('out');
      helper.getNode('ok').receive({ payload: 'query' });
      assert.ok((await answer).payload);
    });
  }

  it('a setting that names a node of another type is refused like one that names none', async () => {
    await load([site, store(), { ...node(definitionOf('mw-ask')), store: 'site' }]);
    assert.equal((await refusal({ payload: 'query' })).error.code, 'MW_CONFIG_MISSING');
  });
  it('a damaged database file is refused and left as it is', async () => {
    const file = join(folder, 'damaged.sqlite');
    const bytes = Buffer.from('this was never a database, and it is none now'.repeat(100));
    writeFileSync(file, bytes);
    await load([site, store(file), node(definitionOf('mw-trust'))]);
    const { error } = await refusal({ payload: 'verify' });
    assert.equal(error.code, 'MW_STORE_DAMAGED');
    assert.deepEqual(readFileSync(file), bytes);
  });
  it('an approval that nobody signed carries nothing out, whatever the message claims', async () => {
    await load([site, store(), node(definitionOf('mw-dispatch'))]);
    const approval = {
      approvalId: 'forged',
      planId: 'P',
      planDigest: 'a'.repeat(64),
      decision: 'approved',
      meaning: 'approved',
      personId: 'boss',
      signedAt: now,
      reason: '',
    };
    const { error } = await refusal({ payload: approval, mw: { ...mw('mw.approval.v1'), mode: 'write' } });
    assert.equal(error.code, 'MW_APPROVAL_UNKNOWN');
  });
  it('a plan for an empty store, an unknown plan and an unknown job are refused by code', async () => {
    await load([
      site,
      store(),
      node(definitionOf('mw-schedule')),
      { ...node(definitionOf('mw-twin')), id: 'twin' },
      { ...node(definitionOf('mw-instruct')), id: 'instruct' },
    ]);
    const event = { kind: 'machine-down', severity: 500, subject: 'CNC-22', start: now, evidence: [] };
    const empty = await refusal({ payload: event, mw: mw('mw.event.v1') });
    assert.equal(empty.error.code, 'MW_PLANT_UNKNOWN');
    for (const [id, payload] of [
      ['twin', { basePlanId: 'live', changes: [], replications: 1, seed: 1 }],
      ['instruct', 'WO-1/10'],
    ] as const) {
      const caught = nextMessage('caught');
      helper.getNode(id).receive({ payload });
      assert.equal(((await caught) as unknown as Caught).error.code, 'MW_PLAN_UNKNOWN');
    }
  });
  it('a question in an empty store is answered by a refusal, not by a number', async () => {
    await load([site, store(), node(definitionOf('mw-ask'))]);
    const answer = nextMessage('out');
    helper.getNode('n').receive({ payload: 'What was the reject rate on Line 3 last shift?' });
    const { payload } = (await answer) as { payload: { refusal?: { type: string }; value?: unknown } };
    assert.equal(payload.refusal?.type, 'no_data');
    assert.equal(payload.value, undefined);
  });
  it('an unreachable server leaves the node connecting, and Node-RED alone', async () => {
    const port = await freePort();
    await load([
      { id: 'e', type: 'mw-opcua-endpoint', version: 1, endpointUrl: `opc.tcp://127.0.0.1:${port}`, security: 'none' },
      node(definitionOf('mw-opcua-in'), { endpoint: 'e', tags: [{ tag: 'a/b/c', nodeId: 'ns=1;s=x' }] }),
    ]);
    const state = (await nextMessage('out')) as { payload: { state: string }; mw: { type: string } };
    assert.equal(state.mw.type, 'mw.connection.v1');
    assert.ok(['connecting', 'failed', 'recovering'].includes(state.payload.state), state.payload.state);
  });
  it('an unknown tag reaches the Catch node by code, shows in the status, and the others go on', async () => {
    const variable = { nodeId: 'ns=1;s=a', browseName: 'a', dataType: 'Double' as const, initial: 1 };
    const objects = [{ path: ['Plant'], variables: [variable] }];
    const server = await startOpcuaServer({ host: '127.0.0.1', port: 0, folder: join(folder, 'pki'), objects });
    try {
      await load([
        { id: 'e', type: 'mw-opcua-endpoint', version: 1, endpointUrl: server.endpointUrl, security: 'none' },
        node(definitionOf('mw-opcua-in'), {
          endpoint: 'e',
          tags: [
            { tag: 'l/m/a', nodeId: 'ns=1;s=a' },
            { tag: 'l/m/nowhere', nodeId: 'ns=1;s=nowhere' },
          ],
          wires: [['out'], []],
        }),
      ]);
      const [caught, samples] = await Promise.all([nextMessage('caught'), nextMessage('out')]);
      assert.equal((caught as unknown as Caught).error.code, 'MW_OPCUA_TAG_REFUSED');
      assert.ok((samples as { payload: { samples: unknown[] } }).payload.samples.length > 0);
      assert.match(JSON.stringify(helper.getNode('n').status.args), /red/);
    } finally {
      await helper.unload();
      await server.close();
    }
  });
  it('an event id that nobody knows is refused by the scheduler', async () => {
    await load([site, store(), node(definitionOf('mw-schedule'))]);
    assert.equal((await refusal({ payload: 'no-such-event' })).error.code, 'MW_RECORD_UNKNOWN');
  });
  it('two sources with one tag name: the second one is refused, the first goes on', async () => {
    await load([site, store(), node(definitionOf('mw-record'))]);
    const samples = (source: string, value: number) => ({
      payload: { samples: [{ tag: 'l/m/T', value, dataType: 'Double', quality: 'good', sourceTime: now }] },
      mw: { ...mw('mw.samples.v1'), source },
    });
    const first = nextMessage('out');
    helper.getNode('n').receive(samples('A', 1));
    await first;
    assert.equal((await refusal(samples('B', 2))).error.code, 'MW_TAG_TAKEN');
    const again = nextMessage('out');
    helper.getNode('n').receive(samples('A', 3));
    assert.ok(await again);
  });
});
