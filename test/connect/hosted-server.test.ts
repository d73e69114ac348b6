import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { hostOpcuaServer, openOpcuaConnection, type ServedRequest } from '../../src/connect/index.ts';
import type { MillwrightError } from '../../src/kernel/index.ts';
import { temporaryFolder, until } from '../support/opcua.ts';

const nodeId = 'ns=1;s=Value';

describe('an OPC UA server in a thread of its own', () => {
  const folder = temporaryFolder('hosted');
  after(() => folder.remove());

  it('leaves this thread free, tells what fails, comes back on its port when the thread ends, and frees it', async () => {
    const threads: Worker[] = [];
    const seen = (worker: Worker) => threads.push(worker);
    process.on('worker', seen);
    const before = process.threadCpuUsage();
    const requests: ServedRequest[] = [];
    const failures: MillwrightError[] = [];
    const server = await hostOpcuaServer(
      {
        host: '127.0.0.1',
        port: 0,
        folder: join(folder.path, 'server'),
        objects: [
          {
            path: ['Plant'],
            variables: [{ nodeId, browseName: 'Value', dataType: 'Double', initial: 0 }],
            methods: [{ nodeId: 'ns=1;s=Reset', browseName: 'Reset' }],
          },
        ],
      },
      { onRequest: (request) => requests.push(request), onFailed: (error) => failures.push(error) },
    );
    const { user } = process.threadCpuUsage(before);
    assert.ok(user < 200_000, `${String(user)} µs in this thread; loading the address space here takes much more`);
    server.setValues([{ nodeId, value: 1, sourceMs: 1_000 }]);
    server.setValues([{ nodeId, value: 2, sourceMs: 2_000 }]);
    await server.settled();
    const connection = openOpcuaConnection({
      endpointUrl: server.endpointUrl,
      security: 'none',
      login: 'anonymous',
      folder: join(folder.path, 'client'),
    });
    await until('online', () => connection.state.state === 'online');
    const [value] = await connection.read([nodeId]);
    assert.deepEqual([value?.value, value?.sourceTime], [2, '1970-01-01T00:00:02.000Z']);
    await connection.withLink(({ session, ua }) =>
      session.call({
        objectId: ua.coerceNodeId('ns=1;s=Plant'),
        methodId: ua.coerceNodeId('ns=1;s=Reset'),
        inputArguments: [],
      }),
    );
    await server.settled();
    assert.deepEqual(requests, [{ kind: 'method', nodeId: 'ns=1;s=Reset' }]);
    server.setValues([{ nodeId: 'ns=1;s=Nobody', value: 1, sourceMs: 0 }]);
    await server.settled();
    assert.deepEqual(
      failures.map(({ code }) => code),
      ['MW_OPCUA_NODE_UNKNOWN'],
    );
    await assert.rejects(
      hostOpcuaServer(
        { host: '127.0.0.1', port: server.port, folder: join(folder.path, 'second'), objects: [] },
        { onRequest: () => undefined, onFailed: () => undefined },
      ),
      { code: 'MW_OPCUA_LISTEN_FAILED' },
    );
    assert.ok(threads.length > 0);
    await Promise.all(threads.map((thread) => thread.terminate()));
    server.setValues([{ nodeId, value: 3, sourceMs: 3_000 }]);
    await server.settled();
    assert.ok(failures.some(({ code }) => code === 'MW_WORKER_FAILED'));
    await until('online again', () => connection.state.state !== 'online');
    await until('online again', () => connection.state.state === 'online');
    assert.equal((await connection.read([nodeId]))[0]?.value, 3);
    process.off('worker', seen);
    await connection.close();
    await server.close();
    const outcome = await new Promise<string>((resolve) => {
      const socket = connect(server.port, '127.0.0.1');
      socket.once('connect', () => {
        socket.destroy();
        resolve('connected');
      });
      socket.once('error', () => resolve('refused'));
    });
    assert.equal(outcome, 'refused');
  });
});
