import assert from 'node:assert/strict';
import { join } from 'node:path';
import {
  acceptCertificate,
  discoverOpcuaServer,
  openOpcuaConnection,
  readOwnCertificates,
} from '../../src/connect/index.ts';
import { temporaryFolder, until, Witness } from '../support/opcua.ts';
import { makeCertificate, startSecureServer } from '../support/secure-server.ts';

describe('a hundred redeploys of a secured endpoint', () => {
  it('leave no session, no subscription and no second certificate behind, and each closes in time', async () => {
    const folder = temporaryFolder('redeploys');
    const pki = join(folder.path, 'pki');
    const server = await startSecureServer(
      join(folder.path, 'server'),
      await makeCertificate(join(folder.path, 'own')),
    );
    const { endpointUrl } = server;
    const { certificates } = await discoverOpcuaServer({ endpointUrl, folder: pki });
    await acceptCertificate(pki, certificates[0]!.fingerprint);
    const nodeCloseMs = 15_000;
    for (let deploy = 0; deploy < 100; deploy++) {
      const witness = new Witness();
      const connection = openOpcuaConnection({
        endpointUrl,
        folder: pki,
        security: 'best',
        login: 'anonymous',
        onState: witness.onState,
      });
      const tags = [{ tag: 'time', nodeId: 'i=2258' }];
      connection.subscribe({ tags, publishingMs: 50, holdSeconds: 5 }, witness);
      await until('a value', () => witness.samples.length > 0);
      assert.equal(server.server.engine.currentSessionCount, 1);
      const from = performance.now();
      await connection.close();
      assert.ok(performance.now() - from < nodeCloseMs);
      assert.equal(server.server.engine.currentSessionCount, 0);
      assert.equal(server.server.engine.currentSubscriptionCount, 0);
    }
    assert.equal((await readOwnCertificates(pki)).length, 1);
    await server.close();
    folder.remove();
  });
});
