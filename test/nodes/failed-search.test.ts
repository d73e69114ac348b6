import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import registerSchedule from '../../nodes/mw-schedule/mw-schedule.ts';
import registerSite from '../../nodes/mw-site/mw-site.ts';
import registerStore from '../../nodes/mw-store/mw-store.ts';
import { contracts, type Progress } from '../../src/contracts/index.ts';
import { compileCheck } from '../../src/kernel/index.ts';
import { openStore } from '../../src/store/index.ts';
import { northfieldEvent } from '../planning/northfield.ts';
import { coreNodes, nextMessage, withNodeRed } from '../support/helper.ts';

const actor = { id: 'test' };

describe('a search that finds no plan', function () {
  this.timeout(60_000);
  const helper = withNodeRed();
  const folder = mkdtempSync(join(tmpdir(), 'mw-failed-search-'));
  const file = join(folder, 'plant.sqlite');
  before(async () => {
    const { model, state } = northfieldEvent(1, 20);
    const store = await openStore({ file });
    const persons = model.persons.filter(({ qualificationIds }) => !qualificationIds.includes('grinding'));
    await store.savePlantModel({ ...model, persons }, actor);
    const { workRequests, jobOrders, lots } = state;
    await store.saveOrders({ workRequests, jobOrders, lots }, actor);
    await store.close();
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('reaches whoever waits: as an error in words, and as the end of its progress with the conflicting set', async () => {
    await helper.load(
      [...coreNodes, registerSite, registerStore, registerSchedule],
      [
        { id: 'f', type: 'tab' },
        { id: 'site', type: 'mw-site', version: 1, enterprise: 'Test', site: 'Works' },
        { id: 'store', type: 'mw-store', version: 1, site: 'site', file },
        { id: 'schedule', z: 'f', type: 'mw-schedule', version: 1, store: 'store', wires: [[], ['progress']] },
        { id: 'progress', z: 'f', type: 'helper' },
        { id: 'catch', z: 'f', x: 1, y: 1, type: 'catch', scope: ['schedule'], wires: [['caught']] },
        { id: 'caught', z: 'f', type: 'helper' },
      ],
    );
    const ended = new Promise<Progress>((resolve) => {
      helper.getNode('progress').on('input', ({ payload }) => {
        assert.equal(compileCheck(contracts['mw.progress.v1'])(payload), undefined);
        const progress = payload as Progress;
        if (progress.done === progress.total) resolve(progress);
      });
    });
    const caught = nextMessage('caught');
    helper.getNode('schedule').receive({ payload: { constraints: [] } });
    const { error } = (await caught) as unknown as { error: { code: string; message: string } };
    assert.equal(error.code, 'MW_PLAN_INFEASIBLE');
    const { failed } = await ended;
    assert.equal(failed?.code, 'MW_PLAN_INFEASIBLE');
    const [{ jobOrderId, causes }] = failed.conflicts as [(typeof failed.conflicts)[number]];
    assert.deepEqual(causes, [{ kind: 'qualification', subject: 'grinding' }]);
    assert.ok(error.message.includes(jobOrderId) && error.message.includes('grinding'), error.message);
  });
});
