import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import type { UAVariable } from 'node-opcua';
import { simpleRequest } from '../../nodes/mw-opcua-request/request-form.ts';
import { OpcuaRequest } from '../../src/contracts/index.ts';
import { compileCheck } from '../../src/kernel/index.ts';
import { openStore } from '../../src/store/index.ts';
import { coreNodes, nextMessage, withNodeRed } from '../support/helper.ts';
import { startRequestServer, type RequestServer } from '../support/opcua-requests.ts';
import { until } from '../support/opcua.ts';

type Register = (RED: NodeAPI) => void;
const registers = await Promise.all(
  ['mw-site', 'mw-store', 'mw-opcua-endpoint', 'mw-opcua-request'].map(
    async (type) => ((await import(`../../nodes/${type}/${type}.ts`)) as { default: Register }).default,
  ),
);
interface Response {
  payload: { operation: string; results: ({ status: string } & Record<string, unknown>)[] };
  mw: { type: string; correlationId: string };
  keep?: string;
}

describe('mw-opcua-request', function () {
  this.timeout(60_000);
  const helper = withNodeRed();
  const folder = mkdtempSync(join(tmpdir(), 'mw-request-node-'));
  const file = join(folder, 'plant.sqlite');
  let server: RequestServer;
  before(async () => {
    server = await startRequestServer(folder);
  });
  after(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const load = async (request: object = {}, endpoint: object = {}) => {
    await helper.load([...coreNodes, ...registers], [
      { id: 'f', type: 'tab' },
      { id: 'c', z: 'f', type: 'catch', scope: null, wires: [['caught']] },
      { id: 'caught', z: 'f', type: 'helper' },
      { id: 'out', z: 'f', type: 'helper' },
      { id: 'site', type: 'mw-site', version: 1, enterprise: 'Test', site: 'Works', highestMode: 'write' },
      { id: 'store', type: 'mw-store', version: 1, site: 'site', file },
      {
        id: 'e',
        type: 'mw-opcua-endpoint',
        version: 1,
        endpointUrl: server.endpointUrl,
        security: 'none',
        ...endpoint,
      },
      {
        id: 'n',
        z: 'f',
        x: 1,
        y: 1,
        type: 'mw-opcua-request',
        version: 1,
        endpoint: 'e',
        store: 'store',
        wires: [['out']],
        ...request,
      },
    ] as never);
    const node = helper.getNode('n');
    await until('online', () =>
      JSON.stringify((node.status as unknown as { args: unknown }).args ?? '').includes('green'),
    );
    return node;
  };
  const ask = async (message: object) => {
    const answer = nextMessage('out');
    helper.getNode('n').receive(message);
    return (await answer) as unknown as Response;
  };
  const plain = () =>
    (server.server.engine.addressSpace!.findNode('ns=1;s=Plain') as UAVariable).readValue().value.value as number;
  const mw = (id: string) => ({
    id,
    type: 'mw.opcua-request.v1',
    source: 't',
    time: '2026-11-24T08:00:00.000Z',
    correlationId: id,
  });

  it('answers a node id, a list, and a message that names none; keeps what the message carries', async () => {
    await load({ nodeIds: ['ns=1;s=Plain', 'ns=1;s=Nowhere'] });
    const one = await ask({ payload: 'ns=1;s=Plain', keep: 'me' });
    assert.deepEqual([one.mw.type, one.keep, one.payload.operation], ['mw.opcua-response.v1', 'me', 'read']);
    assert.deepEqual([one.payload.results[0]?.status, one.payload.results[0]?.value], ['Good', plain()]);
    const many = await ask({ payload: ['ns=1;s=Plain', 'i=2259'] });
    assert.equal(many.payload.results.length, 2);
    const stamp = await ask({ payload: 1_764_000_000_000 });
    assert.deepEqual(
      stamp.payload.results.map(({ status }) => status),
      ['Good', 'BadNodeIdUnknown'],
    );
  });
  it('writes by the allow list with an audit entry before and after, and nothing beside it', async () => {
    const row = { kind: 'write', nodeId: 'ns=1;s=Plain', low: 0, high: 10 };
    await load({}, { allowList: [row] });
    const items = [
      { nodeId: 'ns=1;s=Plain', value: 7 },
      { nodeId: 'ns=1;s=Plain', value: 11 },
      { nodeId: 'ns=1;s=Plant', value: 1 },
    ];
    const { payload, mw: envelope } = await ask({ payload: { operation: 'write', items }, mw: mw('write-1') });
    assert.deepEqual(
      payload.results.map(({ status }) => status),
      ['Good', 'BadOutOfRange', 'BadNotAllowed'],
    );
    assert.equal(envelope.correlationId, 'write-1');
    assert.equal(plain(), 7);
    await helper.unload();
    const store = await openStore({ file });
    const rows = (await store.auditRows({})).filter(({ action }) => action === 'opcua.write').reverse();
    await store.close();
    assert.deepEqual(
      rows.map(({ actor, correlationId, data }) => [actor, correlationId, (data as { stage: string }).stage]),
      [
        ['n', 'write-1', 'intent'],
        ['n', 'write-1', 'outcome'],
        ['n', 'write-1', 'refused'],
        ['n', 'write-1', 'refused'],
      ],
    );
  });
  it('writes nothing without a store or with an empty allow list, whatever the message claims', async () => {
    const row = { kind: 'write', nodeId: 'ns=1;s=Plain' };
    const before = plain();
    const items = [{ nodeId: 'ns=1;s=Plain', value: before + 1 }];
    await load({ store: '' }, { allowList: [row] });
    const noStore = await ask({ payload: { operation: 'write', items }, mw: { ...mw('a'), mode: 'write' } });
    await helper.unload();
    await load();
    const noRow = await ask({ payload: { operation: 'write', items }, mw: { ...mw('b'), mode: 'write' } });
    assert.deepEqual(
      [noStore.payload.results[0]?.status, noRow.payload.results[0]?.status],
      ['BadAuditUnavailable', 'BadNotAllowed'],
    );
    assert.equal(plain(), before);
  });
  it('changes are made in the order of their messages', async () => {
    await load({}, { allowList: [{ kind: 'write', nodeId: 'ns=1;s=Plain', perMinute: 100 }] });
    const answers: unknown[] = [];
    helper.getNode('out').on('input', (message: unknown) => {
      answers.push((message as Response).payload.results[0]?.readBack);
    });
    for (let value = 1; value <= 20; value++)
      helper.getNode('n').receive({ payload: { operation: 'write', items: [{ nodeId: 'ns=1;s=Plain', value }] } });
    await until('all answers', () => answers.length === 20);
    assert.deepEqual(
      answers,
      Array.from({ length: 20 }, (_, at) => at + 1),
    );
  });
  it('a request that is wrong, and one while the server is away, reach the Catch node by code', async () => {
    await load();
    const refusal = async (payload: unknown) => {
      const caught = nextMessage('caught');
      helper.getNode('n').receive({ payload });
      return ((await caught) as { error: { code: string; message: string } }).error;
    };
    const wrong = await refusal({ operation: 'history', items: [{ nodeId: 'i=1', from: 'yesterday', to: 'now' }] });
    assert.equal(wrong.code, 'MW_PAYLOAD_INVALID');
    const range = { nodeId: 'i=1', from: '2026-01-01T00:00:00Z', to: '2026-13-01T00:00:00Z' };
    const month = await refusal({ operation: 'history', items: [range] });
    assert.equal(month.code, 'MW_PAYLOAD_INVALID', 'a month that there is not is no empty history');
    await helper.unload();
    await helper.load([...coreNodes, ...registers], [
      { id: 'f', type: 'tab' },
      { id: 'c', z: 'f', type: 'catch', scope: null, wires: [['caught']] },
      { id: 'caught', z: 'f', type: 'helper' },
      { id: 'e', type: 'mw-opcua-endpoint', version: 1, endpointUrl: 'opc.tcp://127.0.0.1:1', security: 'none' },
      { id: 'n', z: 'f', x: 1, y: 1, type: 'mw-opcua-request', version: 1, endpoint: 'e', wires: [[]] },
    ] as never);
    assert.equal((await refusal('i=2258')).code, 'MW_OPCUA_NOT_CONNECTED');
  });

  it('the simple form makes requests that keep the contract', () => {
    const check = compileCheck(OpcuaRequest);
    const now = Date.UTC(2026, 10, 24, 9);
    const form = (operation: 'read' | 'browse' | 'history', payload: unknown, nodeIds: string[] = []) =>
      simpleRequest({ payload }, { operation, nodeIds, historyMinutes: 30 }, now);
    assert.deepEqual(form('browse', ['Objects/Plant', 'ns=1;s=a']), {
      operation: 'browse',
      items: [{ path: 'Objects/Plant' }, { nodeId: 'ns=1;s=a' }],
    });
    assert.deepEqual(form('history', '', ['i=1']), {
      operation: 'history',
      items: [{ nodeId: 'i=1', from: '2026-11-24T08:30:00.000Z', to: '2026-11-24T09:00:00.000Z' }],
    });
    for (const operation of ['read', 'browse', 'history'] as const)
      assert.equal(check(form(operation, 'ns=1;s=a')), undefined, operation);
    for (const payload of [undefined, {}, [], [1], { operation: 'read', items: [] }])
      assert.equal(form('read', payload), undefined);
    assert.equal(form('read', { operation: 'read', items: [] }, ['i=1']), undefined);
  });
});
