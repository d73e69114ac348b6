import assert from 'node:assert/strict';
import { silentLogger } from '../../src/kernel/index.ts';
import { acceptCalibration, readPlantHistory, type CalibrationReport } from '../../src/scenarios/calibration.ts';
import { readRejects, readTwinParameters } from '../../src/scenarios/parameters.ts';
import type { EquipmentStateEvent, ProductionCount } from '../../src/plant/index.ts';
import { defaultTwinParameters, subjectKey } from '../../src/twin/index.ts';
import { testNow } from '../planning/northfield.ts';
import { fillSite, openSite } from './site.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const person = { id: 'anna', role: 'process-engineer', authenticated: true };

/** MILL-33 runs 100 minutes and is down 10 or 40, twelve times in the last 20 days; SAW-11 broke down long ago. */
function broken(): { states: EquipmentStateEvent[]; counts: ProductionCount[] } {
  const old = testNow - 60 * day;
  const states: EquipmentStateEvent[] = [
    { equipmentId: 'SAW-11', state: 'Aborted', reason: 'breakdown', start: old, end: old + minute },
  ];
  const counts: ProductionCount[] = [];
  const equipmentId = 'MILL-33';
  for (let i = 0; i < 12; i++) {
    const start = testNow - 20 * day + i * 600 * minute;
    const [down, up] = [start + 100 * minute, start + 100 * minute + (i % 2 === 0 ? 10 : 40) * minute];
    states.push({ equipmentId, state: 'Execute', start, end: down });
    states.push({ equipmentId, state: 'Aborted', reason: 'breakdown', start: down, end: up });
    states.push({ equipmentId, state: 'Idle', start: up, end: start + 600 * minute });
    counts.push({ equipmentId, good: 90, scrap: 6, rework: 4, startMs: start, endMs: down });
  }
  return { states, counts };
}

describe('how the plant varies, from its history', () => {
  it('counts with shares of rejects of the last 30 days; none and a warning where they cannot be read', async () => {
    const warnings: string[] = [];
    const logger = { ...silentLogger, warn: (text: string) => void warnings.push(text) };
    assert.deepEqual(await readRejects({ query: () => Promise.reject(new Error('gone')) }, testNow, logger), {});
    assert.equal(warnings.length, 1);
    const site = await openSite();
    try {
      await fillSite(site.store, 5);
      await site.store.appendHistory(broken(), { id: 'test' });
      assert.deepEqual(await readRejects(site.store, testNow, silentLogger), {
        'MILL-33': { scrap: 0.06, rework: 0.04 },
      });
    } finally {
      await site.close();
    }
  });

  it('proposes what the history says; the standard stays until a person accepts, and comes back when taken back', async () => {
    const site = await openSite();
    const { store, service } = site;
    try {
      const { model } = await fillSite(store, 5);
      await store.appendHistory(broken(), { id: 'test' });
      const report = await service.calibrate({ days: 30, driftDays: 30, seed: 1 });
      const between = report.proposals.find(({ subject }) => subject.kind === 'time-between-stops')!;
      const key = subjectKey(between.subject);
      assert.equal(key, 'time-between-stops/MILL-33/breakdown');
      assert.deepEqual([between.current, between.count, between.verdict], [80 * 3600, 11, 'differs']);
      assert.ok(Math.abs(between.fitted!.mean.value / 6000 - 1) < 1e-6);
      const law = async () => (await readTwinParameters(store, model, {})).stops['MILL-33']![0]!;
      assert.deepEqual(await readTwinParameters(store, model, {}), {
        ...defaultTwinParameters(model),
        runFactors: {},
        changeoverFactors: {},
      });

      const choice = { accept: report.proposals.map(({ subject }) => subjectKey(subject)), withdraw: [] };
      await service.accept(report, choice, person);
      assert.ok(Math.abs((await law()).meanRunSecondsBetween - 6000) < 1e-3);
      assert.ok(Math.abs((await law()).medianSeconds - 20 * 60) < 1e-3, 'geometric mean of 10 and 40 minutes');
      assert.ok(Math.abs((await law()).sigma - Math.log(2)) < 1e-5);
      const [entry] = await store.auditRows({ subject: 'twin' });
      assert.deepEqual([entry?.actor, entry?.action], ['anna', 'twin.accept']);
      const { changes, evidence } = entry!.data as {
        changes: { subject: string; before: unknown }[];
        evidence: { proposals: { subject: string; count: number; current: number }[] };
      };
      assert.deepEqual(
        changes.map(({ before }) => before),
        [null, null],
      );
      assert.deepEqual(
        evidence.proposals.map(({ count }) => count),
        [11, 12],
      );
      assert.deepEqual(
        (await store.twinParameters()).map(({ subject, personId }) => [subject, personId]),
        choice.accept.sort().map((subject) => [subject, 'anna']),
      );
      const again = await service.calibrate({ days: 30, driftDays: 30, seed: 1 });
      assert.deepEqual(
        again.proposals.map(({ verdict }) => verdict),
        ['agrees', 'agrees'],
      );
      assert.deepEqual([report.drift.drifts[0]?.measure, again.drift.drifts], ['stops', []]);

      await service.accept(again, { accept: [], withdraw: [key] }, person);
      assert.equal((await law()).meanRunSecondsBetween, 80 * 3600);
      assert.ok((await store.verifyAudit()).verified);
    } finally {
      await site.close();
    }
  });

  it('accepts nothing where one of the choices is unknown', async () => {
    const site = await openSite();
    try {
      const report = { proposals: [] } as unknown as CalibrationReport;
      const choice = { accept: ['repair-time/CNC-99/breakdown'], withdraw: [] };
      await assert.rejects(acceptCalibration(site.store, report, choice, person), { code: 'MW_RECORD_UNKNOWN' });
      assert.deepEqual(await site.store.twinParameters(), []);
    } finally {
      await site.close();
    }
  });

  it('reads states that reach into the window and jobs that began in it', async () => {
    const site = await openSite();
    try {
      await fillSite(site.store, 5);
      await site.store.appendHistory(broken(), { id: 'test' });
      const history = await readPlantHistory(site.store, testNow - 20 * day + 50 * minute, testNow);
      assert.equal(history.states.length, 24);
      assert.ok(history.states.every(({ state }) => state !== 'Idle'));
    } finally {
      await site.close();
    }
  });
});
