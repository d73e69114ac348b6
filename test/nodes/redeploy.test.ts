import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import { startOpcuaServer, type OpcuaServer } from '../../src/connect/index.ts';
import { nodeDefinitions } from '../../src/contracts/index.ts';
import { hashPassword } from '../../src/board/index.ts';
import { coreNodes, nextMessage, withNodeRed } from '../support/helper.ts';

type Register = (RED: NodeAPI) => void;
const registers: Register[] = await Promise.all(
  nodeDefinitions.map(async ({ type }) => {
    const module = (await import(`../../nodes/${type}/${type}.ts`)) as { default: Register };
    return module.default;
  }),
);
const secrets = { password: 'correct-horse-battery', user: 'plc-reader-account' };

describe('the nodes of the loop, deployed again and again', function () {
  this.timeout(120_000);
  const helper = withNodeRed();
  let folder: string;
  let server: OpcuaServer;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mw-redeploy-'));
    const variable = { nodeId: 'ns=1;s=a', browseName: 'a', dataType: 'Double' as const, initial: 1 };
    const pki = join(folder, 'pki');
    server = await startOpcuaServer({
      host: '127.0.0.1',
      port: 0,
      folder: pki,
      user: { name: secrets.user, password: secrets.password },
      objects: [{ path: ['Plant'], variables: [variable] }],
    });
  });
  after(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const flow = (turn: number) => {
    const z = 'f';
    const own = { z, x: 1, y: 1, version: 1, store: 'store' };
    return [
      { id: z, type: 'tab' },
      { id: 'site', type: 'mw-site', version: 1, enterprise: 'Test', site: `Works ${String(turn)}` },
      { id: 'store', type: 'mw-store', version: 1, site: 'site', file: join(folder, 'plant.sqlite') },
      {
        id: 'endpoint',
        type: 'mw-opcua-endpoint',
        version: 1,
        endpointUrl: server.endpointUrl,
        security: 'none',
        login: 'user',
      },
      {
        ...own,
        id: 'in',
        type: 'mw-opcua-in',
        endpoint: 'endpoint',
        tags: [{ tag: 'l/m/a', nodeId: 'ns=1;s=a' }],
        wires: [['record'], []],
      },
      { ...own, id: 'record', type: 'mw-record', wires: [['out']] },
      ...[
        'mw-monitor',
        'mw-schedule',
        'mw-twin',
        'mw-board',
        'mw-dispatch',
        'mw-instruct',
        'mw-ask',
        'mw-advise',
        'mw-trust',
      ].map((type) => ({ ...own, id: `one-${type}`, type, wires: [] })),
      { id: 'out', z, type: 'helper' },
    ];
  };

  it('leave no thread, socket or timer behind, and let no secret out', async () => {
    const people = JSON.stringify([{ personId: 'Ann', role: 'planner', scrypt: await hashPassword(secrets.password) }]);
    await helper.load([...coreNodes, ...registers], flow(0), { endpoint: secrets, 'one-mw-board': { people } });
    await nextMessage('out');
    const before = resources();
    for (let turn = 1; turn <= 25; turn++) {
      await helper.setFlows(flow(turn), 'full');
      if (turn % 5 === 0) await nextMessage('out');
    }
    await settle(before);
    assert.deepEqual(resources(), before);
    const said = JSON.stringify([
      helper.log().args,
      ...['in', 'record', 'one-mw-board'].map((id) => helper.getNode(id).status.args),
    ]);
    for (const secret of [...Object.values(secrets), people]) assert.ok(!said.includes(secret));
  });
});

/** Open handles by kind, as far as they tell of something left behind. */
function resources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo())
    if (/MessagePort|Worker|TCPSocketWrap|TCPServerWrap/.test(kind)) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** What closes may take a moment. */
async function settle(expected: Record<string, number>): Promise<void> {
  for (let i = 0; i < 50 && JSON.stringify(resources()) !== JSON.stringify(expected); i++)
    await new Promise((resolve) => setTimeout(resolve, 100));
}
