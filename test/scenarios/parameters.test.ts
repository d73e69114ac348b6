import assert from 'node:assert/strict';
import { silentLogger } from '../../src/kernel/index.ts';
import { acceptCalibration, readPlantHistory, type CalibrationReport } from '../../src/scenarios/calibration.ts';
import { readRejects, readTwinParameters } from '../../src/scenarios/parameters.ts';
import { rejectShares, type EquipmentStateEvent, type ProductionCount } from '../../src/plant/index.ts';
import { defaultTwinParameters, subjectKey } from '../../src/twin/index.ts';
import { northfieldEvent, testNow } from '../planning/northfield.ts';
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
  it('counts with shares of rejects of the last 30 days, shrunk where parts are few; none and a warning where they cannot be read', async () => {
    const warnings: string[] = [];
    const logger = { ...silentLogger, warn: (text: string) => void warnings.push(text) };
    const { model } = northfieldEvent(1, 5);
    assert.deepEqual(await readRejects({ query: () => Promise.reject(new Error('gone')) }, model, testNow, logger), {});
    assert.equal(warnings.length, 1);
    const site = await openSite();
    try {
      await fillSite(site.store, 5);
      assert.deepEqual(await readRejects(site.store, model, testNow, silentLogger), {});
      const parts = (materialId: string, good: number, scrap: number): ProductionCount => {
        const equipmentId = 'CNC-12';
        return {
          equipmentId,
          materialId,
          good,
          scrap,
          rework: 0,
          startMs: testNow - day,
          endMs: testNow - day + minute,
        };
      };
      const history = broken();
      const old = { ...parts('SH-20', 0, 500), startMs: testNow - 40 * day, endMs: testNow - 40 * day + minute };
      const counts = [...history.counts, parts('SH-20', 80, 20), parts('PH-100', 891, 9), old];
      await site.store.appendHistory({ ...history, counts }, { id: 'test' });
      const rejects = await readRejects(site.store, model, testNow, silentLogger);
      const machines = model.equipment.filter(({ level }) => level === 'WorkUnit').map((e) => e.equipmentId);
      assert.deepEqual(Object.keys(rejects).sort(), machines.sort());
      // 72 of 1,200 parts of nobody knows what on MILL-33, 29 of 1,000 on CNC-12; nothing elsewhere.
      const plant = 101 / 2200;
      const mill = (72 + 100 * plant) / 1300;
      const cnc = (29 + 100 * plant) / 1100;
      const close = (actual: number | undefined, expected: number) => assert.ok(Math.abs(actual! - expected) < 1e-12);
      close(rejects['SAW-11']?.scrap, plant);
      close(rejects['MILL-33']?.scrap, mill);
      close(rejects['MILL-33']?.rework, (48 + (100 * 48) / 2200) / 1300);
      assert.deepEqual(rejects['MILL-33']?.byMaterial, {});
      close(rejects['CNC-12']?.scrap, cnc);
      close(rejects['CNC-12']?.byMaterial?.['SH-20']?.scrap, (20 + 100 * cnc) / 200);
      close(rejects['CNC-12']?.byMaterial?.['PH-100']?.scrap, (9 + 100 * cnc) / 1000);
      assert.equal(rejectShares(rejects, 'CNC-12', 'IM-50'), rejects['CNC-12']);
      assert.equal(rejectShares(rejects, 'NONE', 'IM-50').scrap, 0);
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
