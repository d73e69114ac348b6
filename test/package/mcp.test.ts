import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../../src/tooling/project.ts';
import { connectAgent } from '../support/agent.ts';
import { startNodeRed, type RunningNodeRed } from '../support/node-red.ts';
import { temporaryFolder } from '../support/opcua.ts';

const token = 'a-token-of-thirty-two-characters';

describe('mw-mcp in Node-RED', function () {
  this.timeout(120_000);
  const folder = temporaryFolder('mcp');
  const file = join(folder.path, 'plant.sqlite');
  let nodeRed: RunningNodeRed;
  before(async () => {
    const script = join(root, 'src/tooling/demo-store.ts');
    const made = spawnSync(process.execPath, [script, '--days', '7', '--out', file], { encoding: 'utf8' });
    assert.equal(made.status, 0, made.stderr);
    nodeRed = await startNodeRed('node-red');
  });
  after(async () => {
    await nodeRed.stop();
    folder.remove();
  });
  const deploy = async (more: object, others: object[] = []): Promise<void> => {
    const flow = [
      { id: 'tab', type: 'tab', label: 'Agents' },
      { id: 'site', type: 'mw-site', name: '', version: 1, enterprise: 'Test', site: 'Works' },
      { id: 'store', type: 'mw-store', name: '', version: 1, site: 'site', file },
      {
        id: 'mcp',
        type: 'mw-mcp',
        z: 'tab',
        x: 100,
        y: 100,
        version: 1,
        store: 'store',
        path: 'plant',
        wires: [[]],
        ...more,
      },
      ...others,
    ];
    const headers = { 'content-type': 'application/json', 'node-red-deployment-type': 'full' };
    const response = await fetch(`${nodeRed.url}/flows`, { method: 'POST', headers, body: JSON.stringify(flow) });
    assert.equal(response.status, 204);
  };
  const url = () => `${nodeRed.url}/millwright-mcp/plant`;
  /** Connects as soon as the node is open. */
  const connect = async () => {
    for (let n = 0; ; n++)
      try {
        return await connectAgent(url(), token);
      } catch (thrown) {
        if (n === 100) throw thrown;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
  };
  const said = async (pattern: RegExp) => {
    for (let n = 0; n < 100 && !pattern.test(nodeRed.log()); n++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    assert.match(nodeRed.log(), pattern);
  };

  it('serves nobody until it is switched on, and nobody without a long token', async () => {
    await deploy({});
    await assert.rejects(connectAgent(url(), token), /404|Cannot POST/);
    await deploy({ enabled: true });
    await said(/token is missing or shorter than 24/);
    await assert.rejects(connectAgent(url(), token), /404|Cannot POST/);
    await deploy({ enabled: true, credentials: { token: 'short' } });
    await assert.rejects(connectAgent(url(), token), /404|Cannot POST/);
  });

  it('gives an agent the plant’s figures, read-only, and keeps its token to itself', async () => {
    await deploy({ enabled: true, credentials: { token } });
    const agent = await connect();
    assert.deepEqual(await agent.tools(), ['list_metrics', 'describe_metric', 'query_metric', 'ask']);
    const { data } = await agent.call('query_metric', {
      metrics: ['output'],
      period: { kind: 'last', unit: 'hour', n: 24 },
    });
    const asked = await agent.call('ask', { question: 'output in the last 24 hours' });
    assert.equal(typeof data['value'], 'number');
    assert.equal(Math.abs(Number(asked.data['value']) - Number(data['value'])) < 100, true);
    await agent.close();
    await assert.rejects(connectAgent(url(), `${token}x`), /401|wrong token/);
    const flows = await (await fetch(`${nodeRed.url}/flows`)).text();
    assert.ok(!flows.includes(token) && !nodeRed.log().includes(token));
  });

  it('quotes past cases while a node for advice is deployed, and names nobody', async () => {
    const advise = {
      id: 'advise',
      type: 'mw-advise',
      z: 'tab',
      x: 100,
      y: 200,
      version: 1,
      store: 'store',
      wires: [[], []],
    };
    await deploy({ enabled: true, credentials: { token } }, [advise]);
    const agent = await connect();
    for (let n = 0; n < 50 && !(await agent.tools()).includes('search_cases'); n++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    const { data, text } = await agent.call('search_cases', {
      text: 'quality sensor door tool spindle bearing coolant leak',
      limit: 3,
    });
    const cases = data['cases'] as { caseId: string; text: string }[];
    assert.ok(cases.length > 0 && cases.length <= 3);
    assert.ok(text.includes(cases[0]!.text));
    assert.ok(!/OP-\d/.test(JSON.stringify(cases)));
    await agent.close();
  });

  it('offers what its scopes allow, and is gone with its node', async () => {
    await deploy({ enabled: true, ask: false, credentials: { token } });
    const agent = await connect();
    assert.deepEqual(await agent.tools(), ['list_metrics', 'describe_metric', 'query_metric']);
    await agent.close();
    await deploy({ d: true, enabled: true });
    await assert.rejects(connectAgent(url(), token), /404|Cannot POST/);
  });
});
