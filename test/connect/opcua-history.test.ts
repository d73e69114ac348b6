import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { UAVariable } from 'node-opcua';
import { openOpcuaConnection, readRawHistory, type OpcuaConnection } from '../../src/connect/index.ts';
import { startRequestServer, type RequestServer } from '../support/opcua-requests.ts';
import { temporaryFolder, until } from '../support/opcua.ts';

const start = Date.UTC(2026, 10, 24, 8);
const at = (seconds: number) => new Date(start + seconds * 1000).toISOString();

describe('OPC UA history', () => {
  const folder = temporaryFolder('history');
  let server: RequestServer;
  let connection: OpcuaConnection;

  before(async () => {
    server = await startRequestServer(folder.path);
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
  /** Records one value a second, the second's number. */
  function record(variable: UAVariable, count: number): void {
    for (let second = 0; second < count; second++)
      variable.setValueFromSource({ dataType: 'Double', value: second }, undefined, new Date(start + second * 1000));
  }

  it('comes whole and in order, past the values of one call, for more nodes than the server takes at once', async () => {
    const tags = Array.from({ length: 7 }, (_, index) => {
      const variable = server.addHistorical(`Series ${index}`);
      record(variable, 2_500);
      return { tag: `l/m/s${index}`, nodeId: variable.nodeId.toString(), unit: 'mm' };
    });
    const found = await readRawHistory(connection, { tags, from: at(0), to: at(2_499) });
    assert.deepEqual(
      found.map(({ tag, status, complete }) => ({ tag, status, complete })),
      tags.map(({ tag }) => ({ tag, status: 'Good', complete: true })),
    );
    for (const { tag, samples } of found) {
      assert.deepEqual(
        samples.map(({ value }) => value),
        Array.from({ length: 2_500 }, (_, second) => second),
      );
      assert.deepEqual(samples[2_499], {
        tag,
        value: 2_499,
        dataType: 'Double',
        quality: 'good',
        sourceTime: at(2_499),
        unit: 'mm',
        ...(samples[2_499]?.serverTime === undefined ? {} : { serverTime: samples[2_499].serverTime }),
      });
    }
    assert.ok(
      server.historyCalls.every((nodes) => nodes <= 3),
      server.historyCalls.join(),
    );
  });
  it('stops at the most values asked for, says that there are more, and leaves no continuation point behind', async () => {
    const variable = server.addHistorical('Long');
    record(variable, 2_500);
    const [found] = await readRawHistory(connection, {
      tags: [{ tag: 'l/m/long', nodeId: `nsu=${server.namespaceUri};s=Long` }],
      from: at(0),
      to: at(3_000),
      mostPerTag: 1_500,
    });
    assert.equal(found?.samples.length, 1_500);
    assert.equal(found.samples.at(-1)?.value, 1_499);
    assert.equal(found.complete, false);
    assert.equal(server.openContinuationPoints(), 0);
  });
  it('gives each node its own status: none recorded, no history, unknown, malformed', async () => {
    server.addHistorical('Empty');
    const found = await readRawHistory(connection, {
      tags: ['ns=1;s=Empty', 'ns=1;s=Plain', 'ns=1;s=Nowhere', 'nonsense', 'nsu=urn:nobody;s=Plain'].map((nodeId) => ({
        tag: nodeId,
        nodeId,
      })),
      from: at(0),
      to: at(10),
    });
    assert.deepEqual(
      found.map(({ status }) => status),
      ['GoodNoData', 'BadHistoryOperationUnsupported', 'BadNodeIdUnknown', 'BadNodeIdInvalid', 'BadNodeIdUnknown'],
    );
    assert.deepEqual(
      found.map(({ complete, samples }) => [complete, samples.length]),
      [
        [true, 0],
        [false, 0],
        [false, 0],
        [false, 0],
        [false, 0],
      ],
    );
  });
  it('ends when it is aborted, and is refused while there is no connection', async () => {
    const request = { tags: [{ tag: 'l/m/plain', nodeId: 'ns=1;s=Plain' }], from: at(0), to: at(10) };
    await assert.rejects(readRawHistory(connection, { ...request, signal: AbortSignal.abort() }), {
      code: 'MW_ABORTED',
    });
    const nowhere = openOpcuaConnection({
      endpointUrl: 'opc.tcp://127.0.0.1:1',
      security: 'none',
      login: 'anonymous',
      folder: join(folder.path, 'client'),
    });
    await assert.rejects(readRawHistory(nowhere, request), { code: 'MW_OPCUA_NOT_CONNECTED' });
    await nowhere.close();
  });
});
