import assert from 'node:assert/strict';
import { silentLogger } from '../../src/kernel/index.ts';
import type { EquipmentStateEvent, ProductionCount } from '../../src/plant/index.ts';
import { readTwinParameters } from '../../src/scenarios/parameters.ts';
import { defaultTwinParameters } from '../../src/twin/index.ts';
import { northfieldModel, testNow } from '../planning/northfield.ts';
import { fillSite, openSite } from './site.ts';

const minute = 60_000;

describe('how the plant varies, from its history', () => {
  it('reads laws of stops and shares of rejects of the last 30 days; the rest is assumed', async () => {
    const site = await openSite();
    try {
      const { model } = await fillSite(site.store, 5);
      const states: EquipmentStateEvent[] = [];
      const counts: ProductionCount[] = [];
      const begin = testNow - 20 * 24 * 60 * minute;
      for (let i = 0; i < 10; i++) {
        const start = begin + i * 600 * minute;
        const [down, up] = [start + 100 * minute, start + 100 * minute + (i % 2 === 0 ? 10 : 40) * minute];
        states.push({ equipmentId: 'MILL-33', state: 'Execute', start, end: down });
        states.push({ equipmentId: 'MILL-33', state: 'Aborted', reason: 'breakdown', start: down, end: up });
        states.push({ equipmentId: 'MILL-33', state: 'Held', reason: 'setup', start: up, end: start + 600 * minute });
        counts.push({ equipmentId: 'MILL-33', good: 90, scrap: 6, rework: 4, startMs: start, endMs: down });
      }
      const old = testNow - 60 * 24 * 60 * minute;
      states.unshift({ equipmentId: 'SAW-11', state: 'Aborted', reason: 'breakdown', start: old, end: old + minute });
      await site.store.appendHistory({ states, counts }, { id: 'test' });
      const { stops, rejects } = await readTwinParameters(site.store, model, testNow, silentLogger);
      const [law] = stops['MILL-33']!;
      assert.equal(law!.meanRunSecondsBetween, 100 * 60);
      assert.ok(Math.abs(law!.medianSeconds - 20 * 60) < 1e-6, 'geometric mean of 10 and 40 minutes');
      assert.ok(Math.abs(law!.sigma - Math.log(2)) < 1e-9);
      assert.deepEqual(rejects, { 'MILL-33': { scrap: 0.06, rework: 0.04 } });
      assert.deepEqual(stops['SAW-11'], defaultTwinParameters(model).stops['SAW-11']);
    } finally {
      await site.close();
    }
  });

  it('assumes everything where the history cannot be read, and says so', async () => {
    const model = northfieldModel();
    const warnings: string[] = [];
    const logger = { ...silentLogger, warn: (text: string) => void warnings.push(text) };
    const broken = { query: () => Promise.reject(new Error('gone')) };
    assert.deepEqual(await readTwinParameters(broken, model, testNow, logger), defaultTwinParameters(model));
    assert.equal(warnings.length, 1);
  });
});
