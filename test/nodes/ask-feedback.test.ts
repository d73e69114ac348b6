import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import registerAsk from '../../nodes/mw-ask/mw-ask.ts';
import registerLlm from '../../nodes/mw-llm/mw-llm.ts';
import registerSite from '../../nodes/mw-site/mw-site.ts';
import registerStore from '../../nodes/mw-store/mw-store.ts';
import { contracts, type Answer, type ContractType, type VerifiedQuestions } from '../../src/contracts/index.ts';
import { compileCheck, uuidv7, isoInstant } from '../../src/kernel/index.ts';
import { openStore } from '../../src/store/index.ts';
import { northfieldModel } from '../../src/demo/index.ts';
import { coreNodes, nextMessage, withNodeRed } from '../support/helper.ts';

describe('mw-ask: asking back, marks and verified questions', function () {
  this.timeout(30_000);
  const helper = withNodeRed();
  const folder = mkdtempSync(join(tmpdir(), 'mw-ask-'));
  const file = join(folder, 'plant.sqlite');
  const now = Date.now();
  const hour = 3_600_000;
  before(async () => {
    const store = await openStore({ file });
    await store.savePlantModel(northfieldModel(), { id: 'test' });
    const counts = ['CNC-31', 'CNC-12'].flatMap((equipmentId, machine) =>
      Array.from({ length: 40 }, (_, i) => ({
        equipmentId,
        materialId: 'PH-100',
        good: 10,
        scrap: 1 + machine,
        rework: 2,
        startMs: now - (i + 1) * hour,
        endMs: now - i * hour - 1000,
      })),
    );
    const states = [{ equipmentId: 'CNC-31', state: 'Execute' as const, start: now - 50 * hour }];
    await store.appendHistory({ counts, states }, { id: 'test' });
    await store.close();
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const load = () =>
    helper.load(
      [...coreNodes, registerSite, registerStore, registerLlm, registerAsk],
      [
        { id: 'f', type: 'tab' },
        { id: 'site', type: 'mw-site', version: 1, enterprise: 'Test', site: 'Works' },
        { id: 'store', type: 'mw-store', version: 1, site: 'site', file },
        { id: 'ask', z: 'f', type: 'mw-ask', version: 1, store: 'store', wires: [['out']] },
        { id: 'out', z: 'f', type: 'helper' },
      ],
    );
  async function send<T = Answer>(payload: unknown, type?: ContractType): Promise<T> {
    const mw = type && { id: uuidv7(), type, source: 'test', time: isoInstant(now), correlationId: 'c' };
    const next = nextMessage('out');
    helper.getNode('ask').receive({ payload, ...(mw ? { mw } : {}) });
    const message = (await next) as unknown as { payload: T; mw: { type: ContractType } };
    assert.equal(compileCheck(contracts[message.mw.type])(message.payload), undefined, message.mw.type);
    return message.payload;
  }

  it('lets a person choose, verify, mark as wrong and forget', async () => {
    await load();
    const vague = await send('How was Line 3 in the last 24 hours?');
    assert.equal(vague.refusal?.type, 'ambiguous');
    const chosen = await send({ text: '2', replyTo: vague.traceId });
    assert.deepEqual([chosen.source, chosen.unit], ['chosen', 'parts']);
    assert.ok(typeof chosen.value === 'number' && chosen.value > 0);

    const unknown = await send('How many wobblies on Line 3 in the last 24 hours?');
    assert.ok(unknown.refusal);
    const mark = { verdict: 'disagree', reason: 'wobblies are our rejects', personId: 'SUP-1' };
    const readAs = 'Rejects on Line 3 in the last 24 hours';
    await send({ ...mark, subjectId: unknown.traceId, verify: true, readAs });
    const known = await send('how many wobblies on line 1 in the last 24 hours');
    const direct = await send('rejects on line 1 in the last 24 hours');
    assert.deepEqual([known.source, known.value], ['verified', direct.value]);
    await send({ ...mark, verdict: 'agree', subjectId: direct.traceId });

    const list = () => send<VerifiedQuestions>({ operation: 'list' }, 'mw.verified-request.v1');
    const saved = await list();
    assert.deepEqual(
      saved.questions.map(({ question, personId }) => [question, personId]),
      [['How many wobblies on Line 3 in the last 24 hours?', 'SUP-1']],
    );
    assert.deepEqual([saved.agreement.marked, saved.agreement.agreed], [2, 1]);
    assert.ok(saved.agreement.lowerBound > 0.05 && saved.agreement.lowerBound < 0.5);

    await helper.unload();
    await load();
    const later = await send('how many wobblies on line 3 in the last 24 hours');
    assert.equal(later.source, 'verified', 'after a restart');
    await send({ ...mark, subjectId: later.traceId, correctedValue: 5 });
    assert.deepEqual((await list()).questions, [], 'one marked as wrong is no longer verified');
    assert.ok((await send('how many wobblies on line 3 in the last 24 hours')).refusal);
  });

  it('says what cannot be verified, and loses neither the message nor the other questions', async () => {
    await load();
    const node = helper.getNode('ask');
    const failed = new Promise<{ code: string }>((resolve) => {
      node.once('call:error', (call: { firstArg: { code: string } }) => {
        resolve(call.firstArg);
      });
    });
    node.receive({
      payload: { verdict: 'agree', reason: 'x', personId: 'P', subjectId: 'no-such-answer', verify: true },
    });
    assert.equal((await failed).code, 'MW_ANSWER_FORGOTTEN');
    const other = await send('rejects on line 1 in the last 24 hours');
    assert.deepEqual([other.refusal, typeof other.value], [undefined, 'number']);
  });
});
