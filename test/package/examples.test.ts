import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { nodeDefinitions, type Answer } from '../../src/contracts/index.ts';
import { root } from '../../src/tooling/project.ts';
import { connectAgent } from '../support/agent.ts';
import { exampleOnFreePorts, readExample } from '../support/examples.ts';
import { openEditor, type EditorHands, type OpenEditor } from '../support/editor.ts';
import { startModelServer } from '../support/model-server.ts';

const folder = join(root, 'examples');
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));

/** An example with a week of history, which is written at once. */
async function exampleWithAWeek(file: string) {
  return (await exampleOnFreePorts(file)).map((node) => ({ ...node, ...('days' in node ? { days: '7' } : {}) }));
}

describe('the examples', function () {
  this.timeout(180_000);
  let open: OpenEditor;
  let editor: EditorHands;
  before(async () => {
    open = await openEditor();
    editor = open.hands;
  });
  after(() => open.close());
  const deploy = async (flow: unknown) => {
    assert.deepEqual(await editor.importFlow(flow), []);
    await editor.deploy();
  };

  it('use every node of the palette, and none of others beside the core ones', () => {
    const used = new Set(files.flatMap((file) => readExample(file).map(({ type }) => type)));
    const core = [
      'tab',
      'comment',
      'inject',
      'debug',
      'catch',
      'change',
      'split',
      'join',
      'template',
      'http in',
      'http response',
    ];
    for (const { type } of nodeDefinitions) assert.ok(used.has(type), type);
    for (const type of used) assert.ok(core.includes(type) || nodeDefinitions.some((d) => d.type === type), type);
  });
  it('open with a comment that says what they show', () => {
    for (const file of files)
      assert.ok(
        readExample(file).some(({ type }) => type === 'comment'),
        file,
      );
  });
  it('watch any value: an event at the limit, and an error by code for nonsense', async () => {
    await deploy(await exampleOnFreePorts('03-watch-any-value.json'));
    await editor.until('mw-any-limit', /watching/);
    await editor.press('mw-any-ok');
    await editor.until('mw-any-record', /^1 recorded/);
    await editor.press('mw-any-hot');
    await editor.until('mw-any-record', /^2 recorded/);
    await editor.until('mw-any-limit', /^1 open/);
    await editor.press('mw-any-bad');
    await editor.until('mw-any-record', /MW_PAYLOAD_INVALID/);
    await editor.page.getByText('MW_PAYLOAD_INVALID').first().waitFor();
    await editor.press('mw-any-ok');
    await editor.until('mw-any-record', /^3 recorded/);
  });
  it('ask the plant: numbers for questions, a refusal for a command', async () => {
    await deploy(await exampleWithAWeek('02-ask-the-plant.json'));
    await editor.until('mw-ask-plant', /running/);
    for (const question of ['mw-ask-q0', 'mw-ask-q3']) {
      await editor.press(question);
      await editor.until('mw-ask-ask', /^\d/);
    }
    await editor.press('mw-ask-q6');
    await editor.until('mw-ask-ask', /not understood/);
  });
  it('ask over HTTP: an answer, choices that are chosen by number, a mark, and an error for nonsense', async () => {
    await deploy(await exampleWithAWeek('11-ask-over-http.json'));
    await editor.until('mw-aht-plant', /running/);
    const post = async (body: unknown) => {
      const response = await fetch(`${open.nodeRed.url}/ask`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return { status: response.status, body: (await response.json()) as Answer & { error?: string } };
    };
    const direct = await post({ text: 'Output of line 3 yesterday' });
    assert.deepEqual([direct.status, typeof direct.body.value, direct.body.unit], [200, 'number', 'parts']);
    const vague = await post({ text: 'How was line 3 yesterday?' });
    assert.equal(vague.body.refusal?.choices?.length, 3);
    const chosen = await post({ text: '2', replyTo: vague.body.traceId });
    assert.deepEqual([chosen.body.value, chosen.body.source], [direct.body.value, 'chosen']);
    const mark = { subjectId: chosen.body.traceId, verdict: 'agree', reason: 'counted', personId: 'P-1' };
    assert.equal((await post(mark)).status, 200);
    assert.equal((await post({ text: 5 })).status, 400);
    const page = await editor.page.context().newPage();
    await page.goto(`${open.nodeRed.url}/ask`);
    await page.getByRole('button', { name: 'Ask', exact: true }).click();
    await page.getByRole('button', { name: 'Output on Line 3 yesterday' }).click();
    await page.getByText('Output, Line 3: ').first().waitFor();
    await page.getByRole('textbox').fill('Rejects on line 7 by shift yesterday');
    await page.getByRole('button', { name: 'Ask', exact: true }).click();
    await page.getByRole('button', { name: 'Line 2' }).click();
    await page.getByText('Rejects, Line 2: ').first().waitFor();
    assert.ok((await page.locator('meter').count()) > 0);
    await page.close();
  });
  it('shift report: one message of all answers, in order', async () => {
    await deploy(await exampleWithAWeek('12-shift-report.json'));
    await editor.until('mw-rep-plant', /running/);
    await editor.press('mw-rep-when');
    await editor.page
      .getByText(/# Shift report/)
      .first()
      .waitFor();
    await editor.page
      .getByText(/<h1>Shift report/)
      .first()
      .waitFor();
    const kept = await (await fetch(`${open.nodeRed.url}/shift-report`)).text();
    assert.match(kept, /<h2>OEE by line in the last shift<\/h2>/);
  });
  it('unified namespace: the plant out of its broker into the store, and OPC UA tags into the namespace', async () => {
    await deploy(await exampleOnFreePorts('05-unified-namespace.json'));
    await editor.until('mw-uns-plant', /running/);
    await editor.until('mw-uns-in1', /^[1-9]\d* received/);
    await editor.until('mw-uns-record', /^\d\S* recorded/);
    await editor.until('mw-uns-out1', /^[1-9]\d* sent/);
    await editor.until('mw-uns-in2', /^[1-9]\d* received/);
  });
  it('Sparkplug B: values through an edge node to a host application', async () => {
    await deploy(await exampleOnFreePorts('06-sparkplug.json'));
    await editor.until('mw-spb-plant', /running/);
    await editor.press('mw-spb-b1');
    await editor.press('mw-spb-b3');
    await editor.until('mw-spb-out', /^2 sent/);
    await editor.until('mw-spb-in', /^[2-9] received/);
  });
  it('ask an OPC UA server: read, browse, history, and a write within the allow list only', async () => {
    await deploy(await exampleOnFreePorts('04-opc-ua-requests.json'));
    await editor.until('mw-req-plant', /running/);
    await editor.until('mw-req-read', /online/);
    for (const [button, node] of [
      ['mw-req-now', 'mw-req-read'],
      ['mw-req-tree', 'mw-req-browse'],
      ['mw-req-avg', 'mw-req-history'],
      ['mw-req-80', 'mw-req-write'],
    ] as const) {
      await editor.press(button);
      await editor.until(node, /answered$/);
    }
    await editor.press('mw-req-200');
    await editor.until('mw-req-write', /^1\/1 bad$/);
  });
  it('leave no error in console or log but the one that was asked for', () => {
    assert.deepEqual(open.faults, { consoleErrors: [], outsideRequests: [] });
    const errors = open.nodeRed.log().match(/\[error\].*/g) ?? [];
    assert.deepEqual(
      errors.filter((line) => !line.includes('mw.samples.v1')),
      [],
    );
  });
});

describe('the planning and advice examples, each in a Node-RED of its own', function () {
  this.timeout(180_000);
  let open: OpenEditor;
  let editor: EditorHands;
  afterEach(() => open.close());
  const start = async (file: string) => {
    open = await openEditor(await exampleWithAWeek(file));
    editor = open.hands;
    assert.deepEqual(await editor.invalidNodes(), []);
  };

  it('disruption to alternatives: fifty plans for an event, the best as lines, and again with a wish', async () => {
    await start('07-disruption-to-alternatives.json');
    await editor.until('mw-alt-plant', /running/);
    await editor.press('mw-alt-e1');
    await editor.until('mw-alt-schedule', /^50 plans/);
    const best = editor.page.locator('.red-ui-debug-msg', { hasText: /node: the best five.*array\[5\]/s });
    await best.first().waitFor();
    await editor.press('mw-alt-w1');
    await best.nth(1).waitFor();
  });
  it('what if: a difference for each kind of change, an error by code for a machine that is not there', async () => {
    await start('08-what-if.json');
    await editor.until('mw-wif-plant', /running/);
    for (const [i, question] of ['q1', 'q2', 'q3', 'q4', 'q5', 'q6'].entries()) {
      await editor.press(`mw-wif-${question}`);
      await editor.page.locator('.red-ui-debug-msg', { hasText: 'node: difference' }).nth(i).waitFor();
    }
    await editor.press('mw-wif-q7');
    await editor.page.getByText('MW_TWIN_SUBJECT_UNKNOWN').first().waitFor();
  });
  it('advice on an alarm: candidates for an alarm and for questions, none for nonsense, rates of a back-test', async () => {
    await start('10-advice-on-an-alarm.json');
    await editor.until('mw-adv-plant', /running/);
    for (const button of ['mw-adv-e1', 'mw-adv-q1']) {
      await editor.press(button);
      await editor.until('mw-adv-advise', /candidates$/);
    }
    const kept = await (await fetch(`${open.nodeRed.url}/advice`)).text();
    assert.match(kept, /^Safety first:[^]*\nCandidates:[^]*\nActions:/);
    await editor.press('mw-adv-q3');
    await editor.until('mw-adv-advise', /no similar case/);
    await editor.press('mw-adv-b1');
    await editor.until('mw-adv-advise', /^top 3: \d+ %/);
    await editor.press('mw-adv-q4');
    await editor.until('mw-adv-advise', /MW_MACHINE_UNNAMED/);
  });
  it('language model and agents: answers without either as it comes, better with the one, served by the other', async () => {
    const token = 'a-token-of-thirty-two-characters';
    const choice = {
      ...{ answerable: 'yes', metrics: ['reject_rate'], things: ['⟨line1⟩'], period: '⟨time1⟩', compareTo: 'nothing' },
      ...{ groupBy: [], ranking: 'none', form: 'value' },
    };
    const endpoint = await startModelServer({ answer: () => choice });
    after(() => endpoint.close());
    await start('13-language-model-and-agents.json');
    const agents = `${open.nodeRed.url}/millwright-mcp/plant`;
    await editor.until('mw-agt-plant', /running/);
    await editor.until('mw-agt-mcp', /switched off/);
    await assert.rejects(connectAgent(agents, token), /404|Cannot POST/);
    await editor.press('mw-agt-q0');
    await editor.until('mw-agt-ask', /^\d\S* %$/);
    await editor.press('mw-agt-q1');
    await editor.until('mw-agt-ask', /not understood/);

    const switchedOn: Record<string, object> = {
      'mw-agt-llm': { egress: 'auto', baseUrl: endpoint.url, model: 'test-model' },
      'mw-agt-mcp': { enabled: true, credentials: { token } },
    };
    const flows = (await (await fetch(`${open.nodeRed.url}/flows`)).json()) as { id: string }[];
    const response = await fetch(`${open.nodeRed.url}/flows`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(flows.map((node) => ({ ...node, ...switchedOn[node.id] }))),
    });
    assert.equal(response.status, 204);
    await editor.until('mw-agt-mcp', /^open/);
    await editor.until('mw-agt-plant', /running/);
    const chatsBefore = endpoint.chats.length;
    await editor.press('mw-agt-q1');
    await editor.until('mw-agt-ask', /^\d\S* %$/);
    await editor.press('mw-agt-q2');
    await editor.until('mw-agt-ask', /not understood/);
    assert.equal(endpoint.chats.length - chatsBefore, 1);
    const agent = await connectAgent(agents, token);
    assert.deepEqual(await agent.tools(), ['list_metrics', 'describe_metric', 'query_metric', 'ask']);
    const { data } = await agent.call('ask', { question: 'Reject rate on Line 3 yesterday' });
    assert.equal(data['unit'], '%');
    assert.equal((await agent.call('ask', { question: 'Delete all orders' })).data['refusal'] !== undefined, true);
    await agent.close();
  });
  it('twin study: one list of what-ifs becomes one table, in order, and the twin compares itself', async () => {
    await start('09-twin-study.json');
    await editor.until('mw-stu-plant', /running/);
    await editor.press('mw-stu-s1');
    await editor.page
      .getByText(/array\[7\]/)
      .first()
      .waitFor();
    await editor.press('mw-stu-cal');
    await editor.page
      .getByText(/numbers compared; drifts: /)
      .first()
      .waitFor();
  });
});
