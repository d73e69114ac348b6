import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import registerAdvise from '../../nodes/mw-advise/mw-advise.ts';
import registerSite from '../../nodes/mw-site/mw-site.ts';
import registerStore from '../../nodes/mw-store/mw-store.ts';
import { Advice, BackTest } from '../../src/contracts/index.ts';
import { compileCheck, systemClock } from '../../src/kernel/index.ts';
import { openStore } from '../../src/store/index.ts';
import { coreNodes, nextMessage, withNodeRed } from '../support/helper.ts';
import { smallLog, table, now as logNow } from '../language/advice/small-knowledge.ts';
import { actor, model } from '../store/plant.ts';

interface Caught {
  error: { code: string };
}

describe('mw-advise', function () {
  this.timeout(60_000);
  const helper = withNodeRed();
  const folder = mkdtempSync(join(tmpdir(), 'mw-advise-'));
  const file = join(folder, 'plant.sqlite');
  before(async () => {
    const store = await openStore({ file, clock: systemClock });
    await store.savePlantModel(model, actor);
    const shift = systemClock.now() - logNow;
    await store.appendHistory(
      { maintenance: smallLog.map(({ at, ...entry }) => ({ ...entry, atMs: at + shift, author: 'OP-01' })) },
      actor,
    );
    await store.close();
    writeFileSync(join(folder, 'modes.csv'), table);
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  const load = (more: object = {}) =>
    helper.load(
      [...coreNodes, registerSite, registerStore, registerAdvise],
      [
        { id: 'f', type: 'tab' },
        { id: 'c', z: 'f', type: 'catch', scope: null, wires: [['caught']] },
        { id: 'caught', z: 'f', type: 'helper' },
        { id: 'out', z: 'f', type: 'helper' },
        { id: 'progress', z: 'f', type: 'helper' },
        { id: 'site', type: 'mw-site', version: 1, enterprise: 'Test', site: 'Works' },
        { id: 'store', type: 'mw-store', version: 1, site: 'site', file },
        {
          ...{ id: 'n', z: 'f', type: 'mw-advise', version: 1, store: 'store', wires: [['out'], ['progress']] },
          failureModes: join(folder, 'modes.csv'),
          ...more,
        },
      ],
    );
  const send = (message: object) => {
    helper.getNode('n').receive(message);
  };
  const event = (kind: string) => ({
    payload: {
      kind,
      severity: 700,
      subject: 'CNC-22',
      start: '2026-11-24T08:00:00.000Z',
      evidence: [{ name: 'alarm', value: 'spindle humming' }],
    },
    mw: { id: 'm', type: 'mw.event.v1', source: 'test', time: '2026-11-24T08:00:00.000Z', correlationId: 'chain' },
  });

  it('an alarm becomes advice of the contract, in its chain; other events pass by', async () => {
    await load();
    const answered = nextMessage('out');
    send(event('material-late'));
    send(event('machine-down'));
    const { payload, mw } = (await answered) as { payload: Advice; mw: { correlationId: string; type: string } };
    assert.equal(compileCheck(Advice)(payload), undefined);
    assert.deepEqual([payload.candidateModes[0]?.code, payload.urgency.level], ['BRG', 'now']);
    assert.deepEqual([mw.type, mw.correlationId], ['mw.advice.v1', 'chain']);
  });
  it('a question names its machine, or the topic does; its language is the answer’s', async () => {
    await load({ locale: 'en' });
    for (const [payload, topic, name] of [
      ['An cnc22 brummt die Spindel', undefined, 'Spindellager: Verschlissen'],
      ['the spindle is humming', 'line-2/CNC-22', 'Spindle bearing: Worn'],
    ] as const) {
      const answered = nextMessage('out');
      send({ payload, topic });
      const { payload: advice } = (await answered) as { payload: Advice };
      assert.deepEqual([advice.asset, advice.candidateModes[0]?.name.text], ['CNC-22', name]);
    }
    const caught = nextMessage('caught');
    send({ payload: 'something hums' });
    assert.equal(((await caught) as unknown as Caught).error.code, 'MW_MACHINE_UNNAMED');
  });
  it('a table that is not there is an error by code, and the next one is read', async () => {
    await load({ failureModes: join(folder, 'later.csv') });
    // The start reports it too, without a message.
    const answeredWithError = new Promise<Caught>((resolve) => {
      helper.getNode('caught').on('input', (message: { payload?: unknown }) => {
        if (typeof message.payload === 'string') resolve(message as unknown as Caught);
      });
    });
    send({ payload: 'CNC-22 is humming' });
    assert.equal((await answeredWithError).error.code, 'MW_TABLE_INVALID');
    writeFileSync(join(folder, 'later.csv'), table);
    const answered = nextMessage('out');
    send({ payload: 'CNC-22 is humming' });
    assert.equal(((await answered) as { payload: Advice }).payload.candidateModes[0]?.code, 'BRG');
  });
  it('a back-test tells its progress and its rates; cancelled, it ends with its code', async () => {
    await load();
    const [answered, told] = [nextMessage('out'), nextMessage('progress')];
    send({ payload: 'back-test' });
    const { payload } = (await answered) as { payload: BackTest };
    assert.equal(compileCheck(BackTest)(payload), undefined);
    assert.equal(payload.cases, 6);
    assert.equal(((await told) as { payload: { total: number } }).payload.total, 6);
    const caught = nextMessage('caught');
    const mw = (type: string) => ({ id: 'm', type, source: 't', time: '2026-11-24T08:00:00.000Z', correlationId: 'c' });
    send({ payload: { requestId: 'B', cases: 6 }, mw: mw('mw.back-test-request.v1') });
    send({ payload: { requestId: 'B' }, mw: mw('mw.cancel.v1') });
    assert.equal(((await caught) as unknown as Caught).error.code, 'MW_ABORTED');
  });
});
