import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import registerAsk from '../../nodes/mw-ask/mw-ask.ts';
import registerLlm from '../../nodes/mw-llm/mw-llm.ts';
import registerSite from '../../nodes/mw-site/mw-site.ts';
import registerStore from '../../nodes/mw-store/mw-store.ts';
import type { Answer } from '../../src/contracts/index.ts';
import { openStore } from '../../src/store/index.ts';
import { northfieldModel } from '../../src/demo/index.ts';
import { coreNodes, nextMessage, withNodeRed } from '../support/helper.ts';
import { startModelServer, type ModelServer } from '../support/model-server.ts';

const question = 'how much junk did line 3 turn out yesterday';
const choice = {
  ...{ answerable: 'yes', metrics: ['reject_rate'], things: ['⟨line1⟩'], period: '⟨time1⟩', compareTo: 'nothing' },
  ...{ groupBy: [], ranking: 'none', form: 'value' },
};

describe('mw-ask with a language model', function () {
  this.timeout(30_000);
  const helper = withNodeRed();
  const folder = mkdtempSync(join(tmpdir(), 'mw-ask-'));
  const file = join(folder, 'plant.sqlite');
  let server: ModelServer;
  before(async () => {
    const store = await openStore({ file });
    await store.savePlantModel(northfieldModel(), { id: 'test' });
    await store.close();
    server = await startModelServer({ answer: () => choice });
  });
  after(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const ask = async (llm: object[], reference: string): Promise<Answer> => {
    const flow = [
      { id: 'f', type: 'tab' },
      { id: 'site', type: 'mw-site', version: 1, enterprise: 'Test', site: 'Works' },
      { id: 'store', type: 'mw-store', version: 1, site: 'site', file },
      ...llm,
      { id: 'ask', z: 'f', type: 'mw-ask', version: 1, store: 'store', llm: reference, wires: [['out']] },
      { id: 'out', z: 'f', type: 'helper' },
    ];
    await helper.load([...coreNodes, registerSite, registerStore, registerLlm, registerAsk], flow);
    const next = nextMessage('out');
    helper.getNode('ask').receive({ payload: question });
    return (await next).payload as Answer;
  };
  const llmAt = (baseUrl: string) => [{ id: 'llm', type: 'mw-llm', version: 1, model: 'test-model', baseUrl }];

  it('answers what it would not have understood', async () => {
    const answer = await ask(llmAt(server.url), 'llm');
    assert.match(answer.understood, /^Reject rate; Line 3; yesterday/);
    assert.equal(answer.refusal?.type, 'no_data');
  });

  it('answers without it where it does not answer, and says so', async () => {
    const alone = await ask([], '');
    assert.notEqual(alone.refusal?.type, 'no_data');
    assert.ok(!JSON.stringify(alone.warnings ?? []).includes('MW_LLM'));
    await helper.unload();
    const gone = await startModelServer();
    await gone.close();
    const answer = await ask(llmAt(gone.url), 'llm');
    assert.deepEqual(answer.refusal, alone.refusal);
    assert.ok(
      answer.warnings?.some((warning) => warning.includes('MW_LLM_UNREACHABLE')),
      JSON.stringify(answer.warnings),
    );
  });
});
