import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { EquipmentStateEvent, HistoryBatch, TagSample } from '../../../src/plant/index.ts';
import { actor, hour, machineDown, minute, now } from '../plant.ts';
import type { StoreForTest } from './open-for-test.ts';

export function historyAndEvents(open: StoreForTest): void {
  describe('history', () => {
    const held = open();

    it('writes a batch once, however often it comes', async () => {
      const batch: HistoryBatch = {
        samples: [1, 2, 3].map((i) => ({ tag: 'LINE-2/CNC-22/load', value: i, quality: 'good', sourceMs: now + i })),
        counts: [
          { equipmentId: 'CNC-22', jobOrderId: 'WO-1/10', good: 5, scrap: 1, rework: 0, startMs: now, endMs: now + 1 },
          { equipmentId: 'CNC-22', good: 5, scrap: 1, rework: 0, startMs: now, endMs: now + 1 },
        ],
        inspections: [{ inspectionId: 'I-1', equipmentId: 'CNC-22', atMs: now, verdict: 'fail', defect: 'burr' }],
        energy: [{ equipmentId: 'CNC-22', startMs: now, endMs: now + hour, kWh: 4.2 }],
        maintenance: [
          { entryId: 'M-1', equipmentId: 'CNC-22', atMs: now, author: 'OP-01', language: 'de', text: 'Lager laut' },
        ],
        states: [{ equipmentId: 'CNC-21', state: 'Execute', start: now }],
      };
      assert.deepEqual(await held.store.appendHistory(batch, actor), { written: 9, duplicates: 0 });
      assert.deepEqual(await held.store.appendHistory(batch, actor), { written: 0, duplicates: 9 });
      assert.deepEqual(await held.store.appendHistory({}, actor), { written: 0, duplicates: 0 });
      assert.deepEqual(await held.store.query('SELECT good, scrap FROM kpi_count', []), [
        { good: 5, scrap: 1 },
        { good: 5, scrap: 1 },
      ]);
      assert.deepEqual(await held.store.query('SELECT verdict, defect FROM kpi_inspection', []), [
        { verdict: 'fail', defect: 'burr' },
      ]);
      assert.deepEqual(await held.store.query('SELECT equipment_id, line_id, area_id, kwh FROM kpi_energy', []), [
        { equipment_id: 'CNC-22', line_id: 'LINE-2', area_id: 'MACHINING', kwh: 4.2 },
      ]);
    });

    it('gives samples back with type, unit, quality and times, in order and within [from, to)', async () => {
      const tag = 'LINE-2/CNC-22/mixed';
      const given: TagSample[] = [
        { tag, value: 1, quality: 'good', sourceMs: now, unit: 'A' },
        { tag, value: 0.1, quality: 'uncertain', sourceMs: now + 1, serverMs: now + 4, unit: 'A' },
        { tag, value: true, quality: 'bad', sourceMs: now + 2, unit: 'A' },
        { tag, value: 'on', quality: 'good', sourceMs: now + 3, unit: 'A' },
        { tag, value: 'later', quality: 'good', sourceMs: now + 4, unit: 'A' },
      ];
      await held.store.appendHistory({ samples: given.toReversed() }, actor);
      assert.deepEqual(await held.store.samples(tag, now, now + 4, 10), given.slice(0, 4));
      assert.deepEqual(await held.store.samples(tag, now, now + 4, 2), given.slice(0, 2));
      assert.deepEqual(await held.store.samples('nothing', 0, now, 2), []);
      assert.deepEqual(await held.store.lastSamples(['nothing', tag]), given.slice(4));
    });

    it('closes a gap that was filled later, once, and never opens it again', async () => {
      const gap = { tag: 'LINE-2/CNC-22/load', fromMs: now, toMs: now + 5, reason: 'overflow' } as const;
      const append = (backfilled: boolean) => held.store.appendHistory({ gaps: [{ ...gap, backfilled }] }, actor);
      assert.deepEqual(await append(false), { written: 1, duplicates: 0 });
      assert.deepEqual(await append(false), { written: 0, duplicates: 1 });
      assert.deepEqual(await append(true), { written: 1, duplicates: 0 });
      assert.deepEqual(await append(true), { written: 0, duplicates: 1 });
      assert.deepEqual(await append(false), { written: 0, duplicates: 1 });
    });

    it('keeps a value that is no number instead of refusing its batch', async () => {
      const sample: TagSample = { tag: 'LINE-2/CNC-22/nan', value: NaN, quality: 'bad', sourceMs: now };
      assert.equal((await held.store.appendHistory({ samples: [sample] }, actor)).written, 1);
      assert.deepEqual(await held.store.samples(sample.tag, now, now + 1, 1), [{ ...sample, value: 'NaN' }]);
    });

    it('keeps the tag table in step and refuses a second source for a name', async () => {
      const tags = [{ tag: 'a/b/c', nodeId: 'ns=2;s=c', dataType: 'Double', unit: 'A', low: 0, high: 9 }];
      await held.store.putTags(tags, 'opcua-1');
      await held.store.putTags(tags, 'opcua-1');
      await assert.rejects(held.store.putTags(tags, 'opcua-2'), { code: 'MW_TAG_TAKEN' });
      await held.store.putTags([{ tag: 'LINE-2/CNC-22/load', unit: '%' }], 'opcua-2');
      const entries = await held.store.auditRows({});
      assert.deepEqual(
        entries.filter(({ subject }) => subject.startsWith('opcua')).map(({ action, subject }) => [action, subject]),
        [
          ['tags.put', 'opcua-2'],
          ['tags.put', 'opcua-1'],
        ],
      );
    });

    it('ends a state where the next begins, in whatever order they come', async () => {
      let machine = 0;
      const start = fc.integer({ min: 0, max: 40 });
      const given = fc.uniqueArray(fc.tuple(start, fc.option(fc.integer({ min: 0, max: 12 }))), {
        selector: ([at]) => at,
        minLength: 1,
        maxLength: 12,
      });
      await fc.assert(
        fc.asyncProperty(given, async (list) => {
          const equipmentId = `M-${machine++}`;
          const states = list.map(([at, length]): EquipmentStateEvent => {
            const begin = now + at * minute;
            return {
              equipmentId,
              state: 'Execute',
              start: begin,
              ...(length === null ? {} : { end: begin + length * minute }),
            };
          });
          await held.store.appendHistory({ states }, actor);
          const rows = (await held.store.query(
            'SELECT start_ms, end_ms FROM kpi_state WHERE equipment_id = ? ORDER BY start_ms',
            [equipmentId],
          )) as { start_ms: number; end_ms: number | null }[];
          const expected = states
            .toSorted((a, b) => a.start - b.start)
            .map((state, i, all) => {
              const end = Math.min(state.end ?? Infinity, all[i + 1]?.start ?? Infinity);
              return { start_ms: state.start, end_ms: end === Infinity ? null : end };
            });
          assert.deepEqual(rows, expected);
          const present = (await held.store.currentStates()).filter((state) => state.equipmentId === equipmentId);
          assert.equal(present.length, expected.at(-1)?.end_ms === null ? 1 : 0);
        }),
        { numRuns: 60 },
      );
    });

    it('tells past stops of a machine, of its class where it has too few', async () => {
      const stops = (equipmentId: string, lengths: number[]): EquipmentStateEvent[] =>
        lengths.map((seconds, i) => {
          const start = now - (50 - i) * hour;
          return { equipmentId, state: 'Aborted', reason: 'breakdown', start, end: start + seconds * 1000 };
        });
      await held.store.appendHistory({ states: stops('CNC-22', [60, 61, 62, 63]) }, actor);
      await held.store.appendHistory({ states: stops('CNC-21', [10, 11, 12, 13, 14]) }, actor);
      await held.store.appendHistory({ states: stops('WASH-24', [90]) }, actor);
      const { store } = held;
      assert.deepEqual(await store.stopDurations('CNC-21', 'breakdown'), [14, 13, 12, 11, 10]);
      assert.deepEqual(
        (await store.stopDurations('CNC-22', 'breakdown')).toSorted(),
        [10, 11, 12, 13, 14, 60, 61, 62, 63],
      );
      assert.deepEqual(await store.stopDurations('WASH-24', 'breakdown'), [90]);
      assert.deepEqual(await store.stopDurations('WASH-24', 'setup'), []);
    });

    it('lets samples expire after their retention and says so in the log', async () => {
      const tag = 'LINE-2/CNC-22/old';
      const day = 24 * hour;
      held.clock.at = now + 10 * day;
      // More than a month past it: PostgreSQL drops whole partitions.
      const samples = [-460, -389, 0].map((days): TagSample => ({
        tag,
        value: days,
        quality: 'good',
        sourceMs: now + days * day,
      }));
      await held.store.appendHistory({ samples }, actor);
      assert.deepEqual(
        (await held.store.samples(tag, 0, now + day, 10)).map(({ value }) => value),
        [-389, 0],
      );
      const [entry] = await held.store.auditRows({ subject: 'tag_sample' });
      assert.deepEqual(entry?.data, { count: 1, before: now + 10 * day - 400 * day });
    });

    it('condenses samples past their retention to ten minutes each, also what comes late', async () => {
      const tag = 'LINE-2/CNC-22/condensed';
      const begin = Math.ceil((now - 470 * 24 * hour) / (10 * minute)) * 10 * minute;
      const at = (ms: number, value: TagSample['value'], quality: TagSample['quality'] = 'good'): TagSample => ({
        ...{ tag, value, quality, sourceMs: begin + ms },
      });
      const append = async (samples: TagSample[]) => {
        held.clock.at += 2 * hour;
        await held.store.appendHistory({ samples }, actor);
      };
      const aggregates = () => held.store.aggregates(tag, begin, begin + hour, 10);
      await append([at(1, 2), at(2, 6), at(3, 1000, 'bad'), at(4, 'text'), at(10 * minute, true)]);
      assert.deepEqual(await held.store.samples(tag, begin, begin + hour, 10), []);
      const second = { start: begin + 10 * minute, count: 1, mean: 1, min: 1, max: 1, last: 1 };
      assert.deepEqual(await aggregates(), [{ start: begin, count: 2, mean: 4, min: 2, max: 6, last: 6 }, second]);
      await append([at(0, 10)]);
      assert.deepEqual(await aggregates(), [{ start: begin, count: 3, mean: 6, min: 2, max: 10, last: 6 }, second]);
      await append([at(9 * minute, -6)]);
      assert.deepEqual(await aggregates(), [{ start: begin, count: 4, mean: 3, min: -6, max: 10, last: -6 }, second]);
      assert.deepEqual(await held.store.aggregates(tag, begin, begin + hour, 1), (await aggregates()).slice(0, 1));
    });

    it('condenses beside values beyond all measure, which it leaves out', async () => {
      const tag = 'LINE-2/CNC-22/garbage';
      const garbage = [1e200, -1e200, Number.MAX_VALUE, -Number.MAX_VALUE, Infinity, -Infinity];
      for (const begin of [now - 480 * 24 * hour, held.clock.at].map((at) => Math.floor(at / hour) * hour)) {
        held.clock.at += 2 * hour;
        const samples = [4, ...garbage, 6].map((value, i): TagSample => ({
          ...{ tag, value, quality: 'good', sourceMs: begin + i },
        }));
        await held.store.appendHistory({ samples }, actor);
        assert.deepEqual(await held.store.aggregates(tag, begin, begin + hour, 10), [
          { start: begin, count: 2, mean: 5, min: 4, max: 6, last: 6 },
        ]);
      }
    });

    it('gives the same ten minutes of raw samples as a plain computation does', async () => {
      const tag = 'LINE-2/CNC-22/raw';
      const begin = Math.floor(held.clock.at / (10 * minute)) * 10 * minute;
      const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 });
      let step = 0;
      await fc.assert(
        fc.asyncProperty(values, async (given) => {
          const list = given.map((value) => value + 0);
          const start = begin + 10 * minute * step++;
          const samples = list.map((value, i): TagSample => ({
            tag,
            value,
            quality: 'good',
            sourceMs: start + i * 15_000,
          }));
          await held.store.appendHistory({ samples }, actor);
          const [found] = await held.store.aggregates(tag, start, start + 1, 1);
          const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
          assert.ok(Math.abs((found?.mean ?? NaN) - mean) <= 1e-6 * (1 + Math.abs(mean)));
          assert.deepEqual(
            { ...found, mean: 0 },
            { start, count: list.length, mean: 0, min: Math.min(...list), max: Math.max(...list), last: list.at(-1) },
          );
        }),
        { numRuns: 15 },
      );
    });
  });

  describe('events', () => {
    const held = open();

    it('keeps an event as it came until its machine is up again', async () => {
      const down = machineDown('E-1');
      const bare = {
        eventId: 'E-2',
        kind: 'quality-drift',
        severity: 3,
        subject: 'WASH-24',
        start: now,
        evidence: [],
      } as const;
      await held.store.saveEvent(down, actor);
      await held.store.saveEvent({ ...bare, evidence: [] }, actor);
      assert.deepEqual(await held.store.loadEvent('E-1'), down);
      assert.deepEqual(await held.store.openEvents(), [down, bare]);
      await held.store.saveEvent(
        { ...bare, eventId: 'E-3', kind: 'machine-up', subject: 'CNC-22', evidence: [] },
        actor,
      );
      assert.deepEqual(await held.store.loadEvent('E-1'), { ...down, endedAt: now });
      assert.deepEqual(await held.store.openEvents(), [bare]);
      assert.equal(await held.store.loadEvent('E-9'), undefined);
    });

    it('ends the event that another replaces', async () => {
      await held.store.saveEvent(machineDown('E-4', { subject: 'CNC-21' }), actor);
      await held.store.saveEvent(machineDown('E-5', { subject: 'CNC-21', start: now, supersedes: 'E-4' }), actor);
      assert.equal((await held.store.loadEvent('E-4'))?.endedAt, now);
      assert.equal((await held.store.loadEvent('E-5'))?.endedAt, undefined);
    });

    it('corrects the expected end of an open event only', async () => {
      const expectedEnd = { p50: now + 2 * hour, p90: now + 3 * hour, basis: 'person' } as const;
      const corrected = await held.store.correctExpectedEnd('E-5', expectedEnd, actor);
      assert.deepEqual(corrected.expectedEnd, expectedEnd);
      assert.deepEqual(await held.store.loadEvent('E-5'), corrected);
      for (const id of ['E-1', 'nothing'])
        await assert.rejects(held.store.correctExpectedEnd(id, expectedEnd, actor), { code: 'MW_RECORD_UNKNOWN' });
    });
  });
}
