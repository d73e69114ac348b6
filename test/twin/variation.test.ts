import assert from 'node:assert/strict';
import { seededRandom } from '../../src/kernel/index.ts';
import type { EquipmentStateEvent } from '../../src/plant/index.ts';
import { defaultTwinParameters, openPlantProcess, type StopLaw } from '../../src/twin/index.ts';
import { Draws, keyOf } from '../../src/twin/draws.ts';
import { factorOf, prepareLaw, scrappedParts } from '../../src/twin/variation.ts';
import { northfieldEvent } from '../planning/northfield.ts';
import { exact, hour, monday, smallModel, smallPlan, smallState } from './small-plant.ts';

const law: StopLaw = { reason: 'breakdown', meanRunSecondsBetween: 7200, medianSeconds: 1200, sigma: 0.6 };
/** Mean of the lognormal repair time. */
const mttr = law.medianSeconds * Math.exp(law.sigma ** 2 / 2);

/** State events of M-1 which always has work, until an instant. */
function history(seed: number, days: number): EquipmentStateEvent[] {
  const state = smallState(1, 10_000_000);
  const plant = openPlantProcess(
    smallModel(),
    state,
    smallPlan(state),
    { ...exact, stops: { 'M-1': [law] } },
    { seed },
    { countEverySeconds: 86_400 },
  );
  const end = monday + days * 24 * hour;
  const changes = plant.advance(end).filter((e) => e.kind === 'state' && e.equipmentId === 'M-1');
  return changes.flatMap((e, i) =>
    e.kind !== 'state'
      ? []
      : [
          {
            equipmentId: 'M-1',
            state: e.state,
            start: e.at,
            end: changes[i + 1]?.at ?? end,
            ...(e.reason ? { reason: e.reason } : {}),
          },
        ],
  );
}

/** The standard normal distribution by its series; its terms are all positive, so nothing cancels. */
function normalProbability(x: number): number {
  let term = x;
  let sum = x;
  for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}

describe('variation', () => {
  it('a machine is available MTBF / (MTBF + MTTR) of the time', () => {
    const shares = Array.from({ length: 20 }, (_, i) => {
      const events = history(i + 1, 60);
      const run = events.filter((e) => e.state === 'Execute').reduce((sum, e) => sum + e.end! - e.start, 0);
      return run / (60 * 24 * hour);
    });
    const mean = shares.reduce((a, b) => a + b, 0) / shares.length;
    const sd = Math.sqrt(shares.reduce((a, b) => a + (b - mean) ** 2, 0) / 19);
    const half = (3.883 * sd) / Math.sqrt(20);
    const theory = law.meanRunSecondsBetween / (law.meanRunSecondsBetween + mttr);
    assert.ok(Math.abs(mean - theory) < half, `${String(mean)} ± ${String(half)} against ${String(theory)}`);
    assert.ok(half < 0.01);
  });

  for (const kind of ['lognormal', 'gamma', 'weibull'] as const)
    for (const variation of [0.3, 1, 1.4])
      it(`draws ${kind} factors with mean 1 and variation ${String(variation)}`, () => {
        const law = prepareLaw({ kind, variation });
        const values = Array.from({ length: 200_000 }, (_, i) =>
          factorOf(law, new Draws(1, i % 100), keyOf(`factor ${String(Math.floor(i / 100))}`), 0),
        );
        const mean = values.reduce((a, b) => a + b, 0) / values.length;
        const sd = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length);
        assert.ok(Math.abs(mean - 1) < (4 * variation) / Math.sqrt(values.length), String(mean));
        assert.ok(Math.abs(sd / variation - 1) < 0.03, String(sd));
        assert.equal(factorOf(prepareLaw({ kind, variation: 0 }), new Draws(1, 0), 1, 0), 1);
      });

  const laws: [string, (draws: Draws, key: number, n: number) => number, (x: number) => number][] = [
    ['uniform', (draws, key, n) => draws.uniform(key, n), (x) => x],
    ['exponential', (draws, key, n) => draws.exponential(key, n), (x) => 1 - Math.exp(-x)],
    ['normal', (draws, key, n) => draws.normal(key, n), normalProbability],
  ];
  for (const [name, draw, probability] of laws)
    for (const varied of ['replications', 'keys', 'numbers of a key'] as const)
      it(`draws ${name} numbers over ${varied}, in the body and far out (Kolmogorov and Smirnov, 99.9 %)`, () => {
        const count = 200_000;
        const one = new Draws(7, 3);
        const values = Float64Array.from({ length: count }, (_, i) => {
          if (varied === 'replications') return draw(new Draws(7, i), keyOf('one'), 0);
          return varied === 'keys' ? draw(one, keyOf(`key ${String(i)}`), 0) : draw(one, keyOf('one'), i);
        }).sort();
        const furthest = values.reduce((most, x, i) => {
          const p = probability(x);
          return Math.max(most, p - i / count, (i + 1) / count - p);
        }, 0);
        assert.ok(furthest * Math.sqrt(count) < 1.95, String(furthest));
        for (const tail of [1e-2, 1e-3, 1e-4]) {
          const beyond = values.filter((x) => 1 - probability(x) < tail).length;
          assert.ok(
            Math.abs(beyond - tail * count) < 3.3 * Math.sqrt(tail * count),
            `${String(tail)} ${String(beyond)}`,
          );
        }
      });

  it('draws numbers that say nothing of each other', () => {
    const count = 100_000;
    const draws = new Draws(7, 3);
    const other = new Draws(7, 4);
    const pairs: ((i: number) => [number, number])[] = [
      (i) => [draws.normal(keyOf(`a ${String(i)}`), 0), draws.normal(keyOf(`a ${String(i)}`), 1)],
      (i) => [draws.normal(keyOf(`a ${String(i)}`), 0), draws.normal(keyOf(`a ${String(i + 1)}`), 0)],
      (i) => [draws.normal(keyOf(`a ${String(i)}`), 0), other.normal(keyOf(`a ${String(i)}`), 0)],
      (i) => [draws.normal(i, 0), draws.normal(i + 1, 0)],
    ];
    for (const pair of pairs) {
      let sum = 0;
      let squares = 0;
      for (let i = 0; i < count; i++) {
        const [x, y] = pair(i);
        sum += x * y;
        squares += (x * x - 1) * (y * y - 1);
      }
      assert.ok(Math.abs(sum) < 3.3 * Math.sqrt(count), `correlation ${String(sum / count)}`);
      assert.ok(Math.abs(squares) < 3.3 * 2 * Math.sqrt(count), `of squares ${String(squares / count)}`);
    }
  });

  it('scraps as many parts as making them one by one would', () => {
    const uniform = seededRandom(2, 'quantile');
    const parts = seededRandom(2, 'parts');
    const byQuantile = Array.from({ length: 20_000 }, () => scrappedParts(40, 0.1, uniform.next()));
    const oneByOne = Array.from({ length: 20_000 }, () => {
      let scrap = 0;
      for (let usable = 0; usable < 40;)
        if (parts.next() < 0.1) scrap++;
        else usable++;
      return scrap;
    });
    const share = (list: number[], n: number) => list.filter((x) => x <= n).length / list.length;
    for (let n = 0; n < 15; n++) assert.ok(Math.abs(share(byQuantile, n) - share(oneByOne, n)) < 0.02, String(n));
    const many = Array.from({ length: 4000 }, () => scrappedParts(5000, 0.1, uniform.next()));
    assert.ok(Math.abs(many.reduce((a, b) => a + b, 0) / 4000 / (5000 / 9) - 1) < 0.01);
    assert.equal(scrappedParts(100, 0, 0.999), 0);
  });

  it('assumes stops for every machine', () => {
    const { model } = northfieldEvent(1, 5);
    assert.equal(Object.keys(defaultTwinParameters(model).stops).length, 16);
  });
});
