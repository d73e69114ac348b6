import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { TagSample } from '../../src/plant/index.ts';
import { machineSignalMemory, samplesToHistory } from '../../src/signal/index.ts';

const sample = (signal: string, value: TagSample['value'], sourceMs: number, more: Partial<TagSample> = {}) =>
  ({ tag: `line-2/CNC-22/${signal}`, value, sourceMs, quality: 'good', ...more }) satisfies TagSample;

describe('samples to history', () => {
  it('makes one state of State and Reason at one instant, and none where nothing changed', () => {
    const memory = machineSignalMemory();
    const first = samplesToHistory([sample('State', 'Execute', 1000), sample('Reason', '', 1000)], memory);
    assert.deepEqual(first.states, [{ equipmentId: 'CNC-22', state: 'Execute', start: 1000 }]);
    const down = samplesToHistory([sample('Reason', 'breakdown', 5000), sample('State', 'Aborted', 5000)], memory);
    assert.deepEqual(down.states, [{ equipmentId: 'CNC-22', state: 'Aborted', reason: 'breakdown', start: 5000 }]);
    assert.deepEqual(samplesToHistory([sample('State', 'Aborted', 6000)], memory).states, []);
    const again = samplesToHistory([sample('State', 'Execute', 9000), sample('Reason', '', 9000)], memory);
    assert.deepEqual(again.states, [{ equipmentId: 'CNC-22', state: 'Execute', start: 9000 }]);
  });

  it('passes over bad values, unknown states, foreign tags and what is out of date', () => {
    const memory = machineSignalMemory();
    samplesToHistory([sample('State', 'Execute', 1000), sample('Good', 5, 1000)], memory);
    const nothing = samplesToHistory(
      [
        sample('State', 'Held', 2000, { quality: 'bad' }),
        sample('State', 'Broken', 3000),
        sample('State', 'Idle', 900),
        sample('Good', 9, 900),
        sample('Temperature', 40, 3000),
        { tag: 'State', value: 'Idle', sourceMs: 4000, quality: 'good' },
      ],
      memory,
    );
    assert.deepEqual(nothing, { states: [], counts: [], energy: [] });
  });

  it('gives parts counted at a change of job to the former job', () => {
    const memory = machineSignalMemory();
    samplesToHistory([sample('JobOrder', 'WO-1/10', 0), sample('Good', 0, 0), sample('Scrap', 0, 0)], memory);
    const { counts } = samplesToHistory(
      [sample('JobOrder', 'WO-2/10', 600), sample('Good', 3, 600), sample('Scrap', 1, 600), sample('Good', 4, 900)],
      memory,
    );
    assert.deepEqual(counts, [
      { equipmentId: 'CNC-22', jobOrderId: 'WO-1/10', good: 3, scrap: 1, rework: 0, startMs: 0, endMs: 600 },
      { equipmentId: 'CNC-22', jobOrderId: 'WO-2/10', good: 1, scrap: 0, rework: 0, startMs: 600, endMs: 900 },
    ]);
  });

  it('counts every part once, however samples are batched and whenever counters restart', () => {
    const run = fc.array(fc.record({ made: fc.nat(20), restart: fc.boolean(), split: fc.boolean() }), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(run, (steps) => {
        const memory = machineSignalMemory();
        let counter = 7;
        let expected = 0;
        let counted = 0;
        let energy = 0;
        let batch = [sample('Good', counter, 0), sample('Energy', counter, 0)];
        const flush = () => {
          const history = samplesToHistory(batch, memory);
          for (const { good } of history.counts) counted += good;
          for (const { kWh } of history.energy) energy += kWh;
          batch = [];
        };
        steps.forEach(({ made, restart, split }, i) => {
          const reset = restart && made < counter;
          counter = reset ? made : counter + made;
          expected += made;
          batch.push(sample('Good', counter, (i + 1) * 100), sample('Energy', counter, (i + 1) * 100));
          if (split) flush();
        });
        flush();
        assert.equal(counted, expected);
        assert.equal(energy, expected);
      }),
    );
  });

  it('holds no more machines than its limit', () => {
    const memory = machineSignalMemory(3);
    for (let i = 0; i < 10; i++)
      samplesToHistory([{ tag: `line-1/M-${String(i)}/Good`, value: 1, sourceMs: i, quality: 'good' }], memory);
    assert.deepEqual([...memory.machines.keys()], ['M-7', 'M-8', 'M-9']);
  });
});
