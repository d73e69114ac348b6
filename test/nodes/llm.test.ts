import assert from 'node:assert/strict';
import type { LlmService } from '../../nodes/mw-llm/mw-llm.ts';
import registerLlm from '../../nodes/mw-llm/mw-llm.ts';
import { addProbeRoutes } from '../../nodes/mw-llm/probe-routes.ts';
import { coreNodes, withNodeRed } from '../support/helper.ts';
import { startModelServer, type ModelServer, type ModelServerOptions } from '../support/model-server.ts';
import { metricTask } from '../llm/support.ts';

const key = 'k-very-secret-0123456789';

interface Shown {
  fill?: string;
  text?: string;
}

describe('mw-llm', function () {
  this.timeout(30_000);
  const helper = withNodeRed();
  const servers: ModelServer[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });
  const start = async (options: ModelServerOptions = {}) => {
    const server = await startModelServer({ answer: () => ({ metric: 'output', colour: 'blue' }), ...options });
    servers.push(server);
    return server;
  };
  const deploy = async (settings: object, credentials: Record<string, string> = { apiKey: key }) => {
    const flow = [{ id: 'llm', type: 'mw-llm', version: 1, model: 'test-model', ...settings }];
    await helper.load([...coreNodes, registerLlm], flow, { llm: credentials });
    const node = helper.getNode('llm') as unknown as { mwService: Promise<LlmService> };
    return (await node.mwService).model;
  };
  /** Waits for a status of the node. */
  const status = async (isIt: (shown: Shown) => boolean): Promise<void> => {
    const { status: spy } = helper.getNode('llm') as unknown as { status: { args: [Shown][] } };
    for (let n = 0; n < 200; n++) {
      if (spy.args.some(([shown]) => isIt(shown))) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    assert.fail(JSON.stringify(spy.args));
  };
  const probe = async (body: object, expected = 200) => {
    const response = await helper.request().post('/millwright/llm/probe').send(body);
    assert.equal(response.status, expected);
    return response.body as {
      egress?: string;
      code?: string;
      capabilities?: { schema: string };
      problem?: { code: string; params: Record<string, string> };
    };
  };

  it('asks its endpoint what it can do, answers nodes, and goes on counting after a new deployment', async () => {
    const { url } = await start({ key });
    const model = await deploy({ baseUrl: url });
    await status(({ fill }) => fill === 'green');
    assert.deepEqual((await model.fill(metricTask)).value, { metric: 'output' });
    const { spent } = model.counters;
    assert.equal(spent.tokens, 3 * 120);
    const response = await helper.request().get('/millwright/llm/llm/counters');
    assert.deepEqual((response.body as { spent: object }).spent, spent);
    await helper.unload();
    const again = await deploy({ baseUrl: url, egress: 'nothing' });
    assert.equal(again.counters.spent.tokens, spent.tokens);
  });

  it('says that its endpoint does not answer, and works as soon as it does', async () => {
    const server = await start({ quirks: ['error-500', 'error-500', 'error-500', 'none'] });
    const model = await deploy({ baseUrl: server.url });
    await status(({ fill }) => fill === 'red');
    const { warn } = helper.getNode('llm') as unknown as { warn: { args: unknown[][] } };
    assert.equal(warn.args.length, 1);
    assert.deepEqual((await model.fill(metricTask)).value, { metric: 'output' });
    await status(({ fill }) => fill === 'green');
  });

  it('asks nothing where it may be told nothing', async () => {
    const server = await start();
    const model = await deploy({ baseUrl: server.url, egress: 'nothing' });
    await status(({ fill }) => fill === 'grey');
    await assert.rejects(model.fill(metricTask), { code: 'MW_LLM_EGRESS' });
    assert.equal(server.chats.length, 0);
  });

  it('lets go of a call when it is closed', async () => {
    const { url } = await start({ quirks: ['hang'] });
    const model = await deploy({ baseUrl: url, limitSeconds: 20 });
    const waiting = assert.rejects(model.fill(metricTask), { code: 'MW_ABORTED' });
    const begun = performance.now();
    await helper.unload();
    await waiting;
    assert.ok(performance.now() - begun < 2_000);
  });

  it('tries settings that are not deployed, and offers the address with /v1', async () => {
    const { origin, url } = await start({ style: 'vllm' });
    await deploy({ baseUrl: url, egress: 'nothing' }, {});
    const settings = { kind: 'openai', model: 'test-model', egress: 'auto', maxTokens: '300' };
    const found = await probe({ ...settings, baseUrl: url });
    assert.equal(found.egress, 'full');
    assert.equal(found.capabilities?.schema, 'enforced');
    const wrong = await probe({ ...settings, baseUrl: origin });
    assert.deepEqual([wrong.problem?.code, wrong.problem?.params['suggestion']], ['MW_LLM_ADDRESS', url]);
    assert.equal((await probe({ ...settings, egress: 'nothing', baseUrl: url })).problem?.code, 'MW_LLM_EGRESS');
    assert.equal((await probe({ ...settings, baseUrl: 'file:///etc/passwd' }, 400)).code, 'MW_CONFIG_INVALID');
    assert.equal((await probe({ ...settings, baseUrl: url, model: '' }, 400)).code, 'MW_CONFIG_MISSING');
  });

  it('sends a stored key to no other address than its own, and shows it nowhere', async () => {
    const [own, other] = [await start({ key }), await start()];
    await deploy({ baseUrl: own.url });
    await status(({ fill }) => fill === 'green');
    const settings = { kind: 'openai', model: 'test-model', egress: 'auto', id: 'llm' };
    assert.ok((await probe({ ...settings, baseUrl: own.url })).capabilities);
    assert.equal((await probe({ ...settings, baseUrl: other.url }, 400)).code, 'MW_LLM_KEY_ELSEWHERE');
    assert.equal(other.chats.length, 0);
    const typed = await probe({ ...settings, baseUrl: own.url, apiKey: 'wrong' });
    assert.equal(typed.problem?.code, 'MW_LLM_LOGIN_REFUSED');
    const node = helper.getNode('llm') as unknown as Record<'status' | 'warn' | 'error' | 'log', { args: unknown[][] }>;
    const said = JSON.stringify([node.status.args, node.warn.args, node.error.args, node.log.args, typed]);
    assert.ok(!said.includes('secret') && !said.includes('wrong'));
  });

  it('lets only those try who may write, and only those look who may read', () => {
    const routes: string[] = [];
    const note = (method: string) => (path: string, permission: string) =>
      routes.push(`${method} ${path} ${permission}`);
    addProbeRoutes({
      httpAdmin: { get: note('get'), post: note('post') },
      auth: { needsPermission: (permission: string) => permission },
    } as never);
    assert.deepEqual(routes, [
      'post /millwright/llm/probe mw.llm.write',
      'get /millwright/llm/:id/counters mw.llm.read',
    ]);
  });
});
