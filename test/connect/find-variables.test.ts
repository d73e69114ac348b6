import assert from 'node:assert/strict';
import { join } from 'node:path';
import {
  findVariables,
  openOpcuaConnection,
  startOpcuaServer,
  type OpcuaConnection,
  type OpcuaServer,
} from '../../src/connect/index.ts';
import { temporaryFolder, until } from '../support/opcua.ts';

describe('finding variables on a server', () => {
  const folder = temporaryFolder('find');
  let server: OpcuaServer;
  let connection: OpcuaConnection;

  before(async () => {
    const machines = Array.from({ length: 60 }, (_unused, index) => `M-${String(index)}`);
    server = await startOpcuaServer({
      host: '127.0.0.1',
      port: 0,
      folder: join(folder.path, 'server'),
      objects: machines.map((machine) => ({
        path: ['Plant', 'Hall', machine],
        variables: ['Speed', 'Power'].map((name) => ({
          nodeId: `ns=1;s=${machine}.${name}`,
          browseName: name,
          dataType: 'Double',
          unit: 'rpm',
          initial: 0,
        })),
      })),
    });
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
  const find = (more: Partial<Parameters<typeof findVariables>[1]>) =>
    findVariables(connection, { most: 1_000, limitMs: 10_000, ...more });

  it('finds each variable once with its path and a node id that survives a shifted index', async () => {
    const { variables, complete } = await find({});
    assert.equal(complete, true);
    assert.equal(new Set(variables.map(({ nodeId }) => nodeId)).size, variables.length);
    assert.equal(variables.filter(({ path }) => path[0] === 'Plant').length, 120);
    assert.ok(!variables.some(({ path }) => path.includes('EngineeringUnits') || path[0] === 'Server'));
    assert.deepEqual(
      variables.find(({ path }) => path.includes('M-7') && path.includes('Power')),
      {
        nodeId: 'nsu=urn:Millwright:opcua;s=M-7.Power',
        indexedNodeId: 'ns=1;s=M-7.Power',
        path: ['Plant', 'Hall', 'M-7', 'Power'],
      },
    );
  });

  it('looks for words in any case in path and node id, also below one folder', async () => {
    const words = await find({ text: 'SPEED m-5' });
    assert.deepEqual(
      words.variables.map(({ path }) => path[2]),
      ['M-5', ...Array.from({ length: 10 }, (_unused, i) => `M-5${String(i)}`)],
    );
    const below = await find({ nodeId: 'ns=1;s=Plant/Hall/M-5' });
    assert.deepEqual(
      below.variables.map(({ path }) => path),
      [['Speed'], ['Power']],
    );
    assert.deepEqual(await find({ text: '.* [' }), { variables: [], complete: true });
  });

  it('says when its limits ended the search, and which folder is unknown', async () => {
    const some = await find({ most: 5 });
    assert.deepEqual([some.variables.length, some.complete], [5, false]);
    assert.equal((await find({ limitMs: -1 })).complete, false);
    await assert.rejects(find({ nodeId: 'ns=1;s=Nowhere' }), { code: 'MW_OPCUA_NODE_UNKNOWN' });
  });
});
