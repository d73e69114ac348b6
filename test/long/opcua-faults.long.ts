import assert from 'node:assert/strict';
import { join } from 'node:path';
import { openOpcuaConnection } from '../../src/connect/index.ts';
import { sleep } from '../../src/kernel/index.ts';
import { counterNode, startCounterServer, startCounting, temporaryFolder, until, Witness } from '../support/opcua.ts';
import { openTcpProxy } from '../support/tcp-proxy.ts';

describe('OPC UA faults at their real length', () => {
  const folder = temporaryFolder('long-faults');
  after(() => folder.remove());

  for (const fault of ['cut', 'blackHole'] as const)
    for (const seconds of [15, 60])
      it(`${fault} of ${seconds} s within a hold time of 90 s loses nothing`, async () => {
        const server = await startCounterServer(join(folder.path, `server-${fault}-${seconds}`));
        const proxy = await openTcpProxy(server.port);
        const witness = new Witness();
        const connection = openOpcuaConnection({
          endpointUrl: `opc.tcp://127.0.0.1:${proxy.port}`,
          security: 'none',
          login: 'anonymous',
          folder: join(folder.path, 'client'),
          onState: witness.onState,
        });
        const tag = { tag: 'Plant/counter', nodeId: counterNode, intervalMs: 0 };
        connection.subscribe({ tags: [tag], publishingMs: 500, holdSeconds: 90 }, witness);
        await until('first value', () => witness.samples.length === 1);
        const counting = startCounting(server, 100);
        await sleep(2_000);
        proxy[fault]();
        await sleep(seconds * 1_000);
        proxy.mend();
        await sleep(2_000);
        const count = counting.stop();
        await until('last value', () => witness.values(tag.tag).at(-1) === count, 30_000);
        await connection.close();
        await proxy.close();
        await server.close();
        assert.deepEqual(
          witness.values(tag.tag),
          Array.from({ length: count + 1 }, (_, value) => value),
        );
        assert.deepEqual(witness.gaps, []);
      });
});
