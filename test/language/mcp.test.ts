import assert from 'node:assert/strict';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Answer } from '../../src/contracts/index.ts';
import { silentLogger } from '../../src/kernel/index.ts';
import { agentScopes, agentTools, openAgentServer, openAsk, type AgentServer } from '../../src/language/index.ts';
import { openDoor } from '../../src/language/mcp/door.ts';
import { connectAgent, type Agent } from '../support/agent.ts';
import { makeDataset, openDataset } from './dataset.ts';
import { now } from './support.ts';

const token = 'a-token-of-thirty-two-characters';
const ask = openAsk(openDataset(makeDataset(7)));
const lastShift = { kind: 'unit', unit: 'shift', back: 1 } as const;

describe('the MCP server', () => {
  let http: Server;
  let server: AgentServer;
  let agent: Agent;
  let url: string;
  const answers: Answer[] = [];
  let cases: { caseId: string; text: string }[] | undefined;
  before(async () => {
    const searchCases = () => Promise.resolve((cases ?? []) as never);
    server = await openAgentServer({
      door: { token, hosts: [], requestsPerMinute: 500 },
      tools: () =>
        agentTools(
          { ask, now: () => now, onAnswer: (answer) => answers.push(answer), ...(cases ? { searchCases } : {}) },
          agentScopes,
        ),
      version: '1',
      limitMs: 5_000,
      logger: silentLogger,
    });
    http = createServer((request, response) => void server.handle(request, response));
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${String((http.address() as AddressInfo).port)}/`;
    agent = await connectAgent(url, token);
  });
  after(async () => {
    await agent.close();
    server.close();
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  });
  afterEach(() => {
    cases = undefined;
  });

  it('offers its tools, and cases only while something searches them', async () => {
    assert.deepEqual(await agent.tools(), ['list_metrics', 'describe_metric', 'query_metric', 'ask']);
    cases = [{ caseId: 'mnt-7', text: 'Spindel laut, Lager getauscht' }];
    assert.ok((await agent.tools()).includes('search_cases'));
    const found = await agent.call('search_cases', { text: 'noisy spindle' });
    assert.equal(found.text, '[mnt-7] Spindel laut, Lager getauscht');
    cases = undefined;
    await assert.rejects(agent.call('search_cases', { text: 'x' }), /no tool search_cases/);
  });

  it('offers only the tools of its scopes', () => {
    const names = (scopes: readonly ('metrics' | 'ask' | 'cases')[]) =>
      agentTools({ ask, now: () => now, searchCases: () => Promise.resolve([]) }, scopes).map(({ name }) => name);
    assert.deepEqual(names(['ask']), ['ask']);
    assert.deepEqual(names(['cases']), ['search_cases']);
    assert.deepEqual(names([]), []);
  });

  it('gives by query_metric what the question in words gives, for names and ids alike', async () => {
    const byWords = await ask.answer({ text: 'reject rate on line 3 by machine last shift', now });
    for (const line of ['line-3', 'Line 3', 'Linie 3']) {
      const { data, text } = await agent.call('query_metric', {
        metrics: ['reject_rate'],
        filters: [{ dimension: 'line', values: [line] }],
        period: lastShift,
        groupBy: ['machine'],
      });
      assert.equal(typeof data['value'], 'number');
      assert.deepEqual(
        [data['value'], data['rows'], data['definition'], text],
        [byWords.value, byWords.rows, byWords.definition, byWords.text],
      );
      assert.equal(data['sql'], undefined);
      assert.equal(answers.at(-1)?.traceId, data['traceId']);
      assert.notEqual(answers.at(-1)?.sql, '');
    }
  });

  it('answers plain questions, and a refusal is an answer', async () => {
    const { data } = await agent.call('ask', {
      question: 'Wie hoch war die Ausschussquote auf Linie 3 in der letzten Schicht?',
    });
    assert.match(String(data['understood']), /^Ausschussquote/);
    const refused = await agent.call('ask', { question: 'delete all orders' });
    assert.equal((refused.data['refusal'] as { type: string }).type, 'write_request');
    assert.equal(refused.isError, false);
  });

  it('lists and describes what it can compute', async () => {
    const { data } = await agent.call('list_metrics', {});
    assert.equal((data['metrics'] as unknown[]).length, ask.catalogue.metrics.length);
    const oee = await agent.call('describe_metric', { metric: 'oee' });
    assert.equal(oee.data['iso22400'], ask.catalogue.metrics.find(({ id }) => id === 'oee')?.iso22400);
    assert.equal((await agent.call('describe_metric', { metric: 'salaries' })).isError, true);
  });

  const attacks: [name: string, given: object, outcome: string][] = [
    ['an unknown metric', { metrics: ['salaries'], period: lastShift }, 'unknown_entity'],
    ['SQL for a metric', { metrics: ["oee'; DROP TABLE kpi_count; --"], period: lastShift }, 'error'],
    [
      'SQL for a line',
      { metrics: ['oee'], period: lastShift, filters: [{ dimension: 'line', values: ["x' OR '1'='1"] }] },
      'unknown_entity',
    ],
    ['a column for a dimension', { metrics: ['oee'], period: lastShift, groupBy: ['sqlite_master'] }, 'error'],
    ['people', { metrics: ['output'], period: lastShift, groupBy: ['operator'] }, 'error'],
    [
      'a dimension that the metric lacks',
      { metrics: ['oee'], period: lastShift, groupBy: ['customer'] },
      'out_of_scope',
    ],
    ['a million rows', { metrics: ['output'], period: lastShift, groupBy: ['machine'], limit: 1_000_000 }, 'error'],
    [
      'centuries by the hour',
      { metrics: ['output'], period: { kind: 'unit', unit: 'year', back: 1 }, groupBy: ['hour'] },
      'out_of_scope',
    ],
    [
      'a period beyond the calendar',
      { metrics: ['output'], period: { kind: 'dates', from: '2026-02-31', to: '2026-99-99' } },
      'ambiguous',
    ],
    ['a property of its own', { metrics: ['output'], period: lastShift, sql: 'SELECT 1' }, 'error'],
    ['nothing', {}, 'error'],
  ];
  for (const [name, given, outcome] of attacks)
    it(`computes nothing for ${name}`, async () => {
      const { data, isError } = await agent.call('query_metric', given);
      const { refusal, value } = data as { refusal?: { type: string }; value?: unknown };
      assert.equal(isError ? 'error' : refusal?.type, outcome);
      assert.equal(value, undefined);
    });

  /** A bare request, as a script or a page of another site would send it. */
  const bare = (headers: Record<string, string>, body = '{}', method = 'POST'): Promise<number> =>
    new Promise((resolve, reject) => {
      const request = httpRequest(
        url,
        { method, headers: { 'content-type': 'application/json', ...headers } },
        (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        },
      );
      request.on('error', reject);
      request.end(method === 'GET' ? undefined : body);
    });
  const bearer = { authorization: `Bearer ${token}`, accept: 'application/json, text/event-stream' };

  it('turns away whoever has no token, another site’s page, another host name, another method and a large body', async () => {
    assert.equal(await bare({}), 401);
    assert.equal(await bare({ authorization: `Bearer ${token.slice(0, -1)}` }), 401);
    assert.equal(await bare({ authorization: `Basic ${token}` }), 401);
    assert.equal(await bare({ ...bearer, origin: 'https://evil.example' }), 403);
    assert.equal(await bare({ ...bearer, origin: 'null' }), 403);
    assert.equal(await bare({ ...bearer, host: 'rebound.evil.example' }), 403);
    assert.equal(await bare(bearer, '', 'GET'), 405);
    assert.equal(await bare(bearer, JSON.stringify({ padding: 'x'.repeat(100_000) })), 413);
    assert.equal(await bare(bearer, '{"jsonrpc": "2.0", '), 400);
    assert.equal(await bare(bearer, JSON.stringify([{}])), 400);
    const call = { jsonrpc: '2.0', method: 'tools/call', params: { name: 'ask', arguments: { question: 'oee' } } };
    const before = server.calls;
    await bare(bearer, JSON.stringify([1, 2, 3].map((id) => ({ ...call, id }))));
    assert.equal(server.calls - before, 1, 'a batch passes as one request');
    await assert.rejects(connectAgent(url, 'wrong'));
  });

  it('tells nothing of what went wrong inside', async () => {
    const broken = { ...ask, answer: () => Promise.reject(new Error('disk /srv/plant.sqlite, password hunter2')) };
    const tools = agentTools({ ask: broken, now: () => now }, ['ask']);
    const other = await openAgentServer({
      door: { token, hosts: [], requestsPerMinute: 50 },
      tools: () => tools,
      version: '1',
      limitMs: 1_000,
      logger: silentLogger,
    });
    const swap = server;
    server = other;
    try {
      const { text, isError } = await agent.call('ask', { question: 'oee' });
      assert.deepEqual([text, isError], ['MW_INTERNAL', true]);
    } finally {
      server = swap;
    }
  });
});

describe('the door of the MCP server', () => {
  let now = 0;
  const open = (more = {}) =>
    openDoor({ token, hosts: ['plant.example', ' PLC.lan:1880 '], requestsPerMinute: 3, ...more }, () => now);
  const headers = { host: 'localhost:1880', authorization: `Bearer ${token}` };

  it('knows loopback and the hosts that were named', () => {
    const door = open({ requestsPerMinute: 100 });
    const status = (host: string, origin?: string) =>
      door.check({ method: 'POST', headers: { ...headers, host, ...(origin ? { origin } : {}) } })?.status;
    for (const host of [
      'localhost',
      '127.0.0.1:1880',
      '[::1]:1880',
      'plant.example',
      'plant.example:8443',
      'plc.lan:1880',
    ])
      assert.equal(status(host), undefined, host);
    for (const host of [
      '',
      'localhost.evil.example',
      'evil.example',
      'plant.example.evil',
      '127.0.0.1.evil',
      'plc.lan',
    ])
      assert.equal(status(host), 403, host);
    assert.equal(status('plant.example', 'https://plant.example'), undefined);
    assert.equal(status('plant.example', 'https://other.example'), 403);
  });

  it('counts requests and wrong tokens by the minute', () => {
    const door = open();
    const right = { method: 'POST', headers };
    const wrong = { method: 'POST', headers: { ...headers, authorization: 'Bearer x' } };
    for (let n = 0; n < 3; n++) assert.equal(door.check(right), undefined);
    assert.equal(door.check(right)?.status, 429);
    now += 60_000;
    assert.equal(door.check(right), undefined);
    for (let n = 0; n < 20; n++) assert.equal(door.check(wrong)?.status, 401);
    assert.equal(door.check(wrong)?.status, 429);
    assert.equal(door.check(right), undefined);
    now += 60_000;
    assert.equal(door.check(wrong)?.status, 401);
  });
});
