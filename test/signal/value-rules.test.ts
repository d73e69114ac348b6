import assert from 'node:assert/strict';
import { seededRandom } from '../../src/kernel/index.ts';
import {
  individualsLimits,
  shewhartRule,
  thresholdRule,
  type Reading,
  type SignalEvent,
} from '../../src/signal/index.ts';

const reading = (sourceMs: number, value: unknown, quality: Reading['quality'] = 'good'): Reading => ({
  tag: 'Line 1/CNC-12/Temperature',
  value,
  quality,
  sourceMs,
});
const brief = (events: SignalEvent[]) =>
  events.map(({ start, endedAt }) => (endedAt === undefined ? [start] : [start, endedAt]));

describe('threshold rule', () => {
  it('waits out the delay by source time, and the hysteresis before it calls a value back', () => {
    const rule = thresholdRule({ limit: 80, direction: 'above', hysteresis: 5, delayMs: 100 });
    const found: SignalEvent[] = [];
    const values = [70, 81, 79, 82, 90, 80, 76, 75, 81, 74];
    for (const [at, value] of values.entries()) found.push(...rule.observe(reading(at * 50, value)));
    assert.deepEqual(brief(found), [[50], [50, 350]]);
    assert.equal(found[1]?.evidence.find(({ name }) => name === 'extreme')?.value, 90);
    assert.deepEqual(rule.tick(10_000), []);
  });

  it('notices with the clock alone that a value stays beyond, below as above', () => {
    const rule = thresholdRule({ limit: 2, direction: 'below', delayMs: 1_000 });
    assert.deepEqual(rule.observe(reading(0, 1.5)), []);
    assert.deepEqual(rule.tick(999), []);
    assert.deepEqual(brief(rule.tick(1_000)), [[0]]);
    assert.deepEqual(rule.tick(2_000), []);
    assert.deepEqual(brief(rule.observe(reading(2_500, 2))), [[0, 2_500]]);
  });

  it('leaves out bad quality, text, what is no number, and readings out of order', () => {
    const rule = thresholdRule({ limit: 10, direction: 'above' });
    const dull = [
      reading(10, 99, 'bad'),
      reading(11, 'hot'),
      reading(12, NaN),
      reading(13, null),
      reading(14, 5),
      reading(14, 50),
      reading(9, 50),
    ];
    assert.deepEqual(
      dull.flatMap((one) => rule.observe(one)),
      [],
    );
    assert.deepEqual(brief(rule.observe(reading(15, 11, 'uncertain'))), [[15]]);
  });
});

describe('Shewhart individuals chart', () => {
  it('gives the limits of the NIST e-Handbook example (6.3.2.2, flow rates)', () => {
    const limits = individualsLimits([49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]);
    assert.ok(limits);
    assert.equal(limits.mean.toFixed(2), '50.81');
    assert.equal(limits.upper.toFixed(4), '55.8041');
    assert.equal(limits.lower.toFixed(4), '45.8159');
  });

  it("gives the limits of Montgomery's example (viscosity of aircraft primer paint)", () => {
    const limits = individualsLimits([
      33.75, 33.05, 34.0, 33.81, 33.46, 34.02, 33.68, 33.27, 33.49, 33.2, 33.62, 33.0, 33.54, 33.12, 33.84,
    ]);
    assert.ok(limits);
    assert.equal(limits.mean.toFixed(2), '33.52');
    assert.equal(limits.upper.toFixed(2), '34.80');
    assert.equal(limits.lower.toFixed(2), '32.24');
  });

  it('signals a point beyond three sigma and nine in a row, each once, with its end', () => {
    const rule = shewhartRule({ baselineCount: 4 });
    const found: SignalEvent[] = [];
    let at = 0;
    const feed = (...values: number[]) => {
      for (const value of values) found.push(...rule.observe(reading(at++, value)));
    };
    feed(10, 11, 10, 11);
    const { mean, upper } = rule.limits('Line 1/CNC-12/Temperature')!;
    assert.equal(mean, 10.5);
    assert.equal(upper.toFixed(4), (10.5 + 3 / 1.128).toFixed(4));
    feed(14, 15, 10);
    assert.deepEqual(brief(found), [[4], [4, 6]]);
    feed(11, 11, 11, 11, 11, 11, 11, 11);
    assert.equal(found.length, 2);
    feed(11, 11, 10);
    assert.deepEqual(brief(found.slice(2)), [[7], [7, 17]]);
    assert.deepEqual(found[2]?.evidence[0], { name: 'rule', value: 'run-on-one-side' });
  });

  it('has no limits for a signal that stands still', () => {
    const rule = shewhartRule({ baselineCount: 2 });
    for (let at = 0; at < 50; at++) assert.deepEqual(rule.observe(reading(at, 7)), []);
    assert.equal(rule.limits('Line 1/CNC-12/Temperature'), undefined);
    rule.observe(reading(50, 8));
    assert.ok(rule.limits('Line 1/CNC-12/Temperature'));
  });

  /** Mean run length of both rules by a Markov chain over the run so far; for 8 in a row 152.73 (Champ and Woodall, 1987). */
  function meanRunLength(run: number): number {
    const beyond = 0.0026997960632602;
    const inside = (1 - beyond) / 2;
    let [constant, factor] = [0, 0];
    for (let k = run - 1; k >= 1; k--) [constant, factor] = [1 + inside * constant, inside * factor + inside];
    return 1 + 2 * inside * (constant / (1 - factor));
  }

  it('raises false alarms as often as theory says', () => {
    assert.equal(meanRunLength(8).toFixed(2), '152.73');
    for (const runLength of [8, 9] as const) {
      const random = seededRandom(7, `mean run length ${runLength}`);
      const runs = 4_000;
      let at = 0;
      for (let run = 0; run < runs; run++) {
        const rule = shewhartRule({ baselineCount: 4, runLength });
        for (const value of [-0.564, 0.564, -0.564, 0.564]) rule.observe(reading(at++, value));
        while (rule.observe(reading(at++, random.normal())).length === 0);
      }
      const mean = at / runs - 4;
      const expected = meanRunLength(runLength);
      assert.ok(Math.abs(mean / expected - 1) < 0.05, `${mean} against ${expected}`);
    }
  });
});
