import assert from 'node:assert/strict';
import { join } from 'node:path';
import { openAllowList, openOpcuaConnection, runRequest, type OpcuaConnection } from '../../src/connect/index.ts';
import type { OpcuaRequest } from '../../src/contracts/index.ts';
import { startRequestServer, type RequestServer } from '../support/opcua-requests.ts';
import { temporaryFolder, until } from '../support/opcua.ts';

type Loose = Record<string, unknown> & { status: string };

describe('OPC UA requests that read', () => {
  const folder = temporaryFolder('request-read');
  let server: RequestServer;
  let connection: OpcuaConnection;
  const run = async (request: OpcuaRequest, signal?: AbortSignal) =>
    (await runRequest(connection, request, {
      endpointUrl: connection.endpointUrl,
      allowList: openAllowList([]),
      acknowledge: false,
      actor: { id: 'test' },
      limitMs: 30_000,
      signal,
    })) as unknown as Loose[];

  before(async () => {
    server = await startRequestServer(folder.path);
    const { namespace, plant } = server;
    for (let number = 0; number < 25; number++)
      namespace.addVariable({
        componentOf: plant,
        browseName: `Value ${number}`,
        nodeId: `ns=1;s=Value ${number}`,
        dataType: 'Int32',
        value: { dataType: 'Int32', value: number },
      });
    const line = namespace.addFolder(plant, { browseName: 'Line 1', nodeId: 'ns=1;s=Line 1' });
    const machine = namespace.addObject({ componentOf: line, browseName: 'CNC-12', nodeId: 'ns=1;s=CNC-12' });
    const speed = namespace.addVariable({
      componentOf: machine,
      browseName: 'Speed',
      nodeId: 'ns=1;s=Speed',
      dataType: 'Double',
      value: { dataType: 'Double', value: 1200 },
    });
    // A loop in the address space: the search must not go round in it.
    machine.addReference({ referenceType: 'Organizes', nodeId: plant.nodeId });
    namespace.addMethod(machine, { browseName: 'Start', nodeId: 'ns=1;s=Start' });
    assert.ok(speed);
    connection = openOpcuaConnection({
      endpointUrl: server.endpointUrl,
      security: 'none',
      login: 'anonymous',
      folder: join(folder.path, 'client'),
    });
    await until('online', () => connection.state.state === 'online');
  });
  after(async () => {
    await connection.close();
    await server.close();
    folder.remove();
  });

  it('read more nodes than the server takes at once, in their order, each with its status', async () => {
    const items = [
      ...Array.from({ length: 25 }, (_, number) => ({ nodeId: `ns=1;s=Value ${number}` })),
      { nodeId: 'ns=1;s=Nowhere' },
      { nodeId: 'nonsense' },
      { nodeId: `nsu=${server.namespaceUri};s=Value 7` },
    ];
    const results = await run({ operation: 'read', items });
    assert.deepEqual(
      results.map(({ value }) => value),
      [...Array.from({ length: 25 }, (_, number) => number), null, null, 7],
    );
    assert.deepEqual(
      results.slice(24).map(({ status }) => status),
      ['Good', 'BadNodeIdUnknown', 'BadNodeIdInvalid', 'Good'],
    );
    assert.equal(results[0]?.dataType, 'Int32');
    assert.ok(
      server.readCalls.every((nodes) => nodes <= 10),
      server.readCalls.join(),
    );
  });
  it('read any attribute', async () => {
    const nodeId = 'ns=1;s=Value 3';
    const results = await run({
      operation: 'read',
      items: [
        { nodeId, attribute: 'BrowseName' },
        { nodeId, attribute: 'DataType' },
        { nodeId, attribute: 'NodeClass' },
        { nodeId, attribute: 'DisplayName' },
        { nodeId, attribute: 'Executable' },
      ],
    });
    assert.deepEqual(
      results.map(({ attribute, value, status }) => [attribute, value, status]),
      [
        ['BrowseName', '1:Value 3', 'Good'],
        ['DataType', 'ns=0;i=6', 'Good'],
        ['NodeClass', 2, 'Good'],
        ['DisplayName', 'Value 3', 'Good'],
        ['Executable', null, 'BadAttributeIdInvalid'],
      ],
    );
  });
  it('browse by path, down to a depth, each node once, with paths and types', async () => {
    const [line, everything, unknown, noPath] = await run({
      operation: 'browse',
      items: [
        { path: 'Objects/Plant/Line 1', depth: 2 },
        { nodeId: 'ns=1;s=Plant', depth: 20 },
        { nodeId: 'ns=1;s=Nowhere' },
        { path: 'Objects/Plant/Line 9' },
      ],
    });
    const id = (name: string) => `nsu=${server.namespaceUri};s=${name}`;
    const nodes = line?.nodes as { nodeId: string; path: string[]; nodeClass: string }[];
    assert.deepEqual(
      nodes.map(({ nodeId, path, nodeClass }) => [nodeId, path.join('/'), nodeClass]),
      [
        [id('CNC-12'), 'CNC-12', 'Object'],
        [id('Plant'), 'CNC-12/Plant', 'Object'],
        [id('Speed'), 'CNC-12/Speed', 'Variable'],
        [id('Start'), 'CNC-12/Start', 'Method'],
      ],
    );
    const ids = (everything?.nodes as { nodeId: string }[]).map(({ nodeId }) => nodeId);
    assert.equal(new Set(ids).size, ids.length);
    assert.equal(everything?.complete, true);
    assert.ok(ids.includes(id('Speed')) && ids.includes(id('Value 24')) && !ids.includes(id('Plant')));
    assert.equal(unknown?.status, 'BadNodeIdUnknown');
    assert.equal(noPath?.status, 'BadNoMatch');
  });
  it('browse no more nodes than asked for, and say so', async () => {
    const [found] = await run({ operation: 'browse', items: [{ path: '/Objects/Plant/', limit: 10, depth: 2 }] });
    assert.equal((found?.nodes as unknown[]).length, 10);
    assert.equal(found?.complete, false);
  });
  it('history as aggregates: an average a minute, and what the server does not compute', async () => {
    const start = Date.UTC(2026, 10, 24, 8);
    const at = (seconds: number) => new Date(start + seconds * 1000).toISOString();
    const variable = server.addHistorical('Load', { aggregates: true });
    for (let second = 0; second <= 180; second++)
      variable.setValueFromSource(
        { dataType: 'Double', value: Math.floor(second / 60) },
        undefined,
        new Date(start + second * 1000),
      );
    const item = { nodeId: 'ns=1;s=Load', from: at(0), to: at(180), intervalSeconds: 60 };
    const [average, maximum, range, raw, wrong, limited] = await run({
      operation: 'history',
      items: [
        { ...item, aggregate: 'Average' },
        { ...item, aggregate: 'Maximum' },
        { ...item, aggregate: 'VarianceSample' },
        { nodeId: 'ns=1;s=Load', from: at(0), to: at(180) },
        { ...item, nodeId: 'ns=1;s=Plain', aggregate: 'Average' },
        { nodeId: 'ns=1;s=Load', from: at(0), to: at(180), limit: 5 },
      ],
    });
    const values = (result: Loose | undefined) => (result?.values as { value: unknown }[]).map(({ value }) => value);
    assert.deepEqual(values(average), [0, 1, 2]);
    assert.deepEqual(
      (average?.values as { sourceTime: string }[]).map(({ sourceTime }) => sourceTime),
      [at(0), at(60), at(120)],
    );
    assert.deepEqual(values(maximum), [0, 1, 2]);
    assert.equal(range?.status, 'BadAggregateNotSupported');
    assert.equal(values(raw).length, 181);
    assert.equal(raw?.complete, true);
    assert.match(String(wrong?.status), /^BadHistoryOperationUnsupported$/);
    assert.deepEqual([values(limited), limited?.complete], [[0, 0, 0, 0, 0], false]);
  });
  it('refuse more history than a request may bring', async () => {
    const range = { from: '2026-11-24T08:00:00Z', to: '2026-11-24T09:00:00Z' };
    const items = Array.from({ length: 12 }, () => ({ nodeId: 'ns=1;s=Plain', ...range, limit: 100_000 }));
    const results = await run({ operation: 'history', items });
    assert.deepEqual(
      results.map(({ status }) => status),
      [...new Array<string>(10).fill('BadHistoryOperationUnsupported'), 'BadResponseTooLarge', 'BadResponseTooLarge'],
    );
  });
  it('end when aborted', async () => {
    for (const request of [
      { operation: 'read', items: [{ nodeId: 'i=2258' }] },
      { operation: 'browse', items: [{}] },
    ] as const)
      await assert.rejects(run(request as unknown as OpcuaRequest, AbortSignal.abort()), { code: 'MW_ABORTED' });
  });
});
