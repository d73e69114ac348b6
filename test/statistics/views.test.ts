import assert from 'node:assert/strict';
import { seededRandom } from '../../src/kernel/index.ts';
import {
  andersonDarling,
  countPValue,
  cumulative,
  fitLaw,
  goodnessOfFit,
  holm,
  kaplanMeier,
  meanLogOf,
  meanOf,
  meanPValue,
  quantile,
  type Distribution,
} from '../../src/statistics/index.ts';
import { ballBearings, drawn, remissions } from './samples.ts';

const near = (found: number, expected: number, tolerance: number) => {
  assert.ok(Math.abs(found - expected) <= tolerance, `${String(found)} is not ${String(expected)}`);
};

const laws: Distribution[] = [
  { family: 'exponential', scale: 3, shape: 1 },
  { family: 'weibull', scale: 3, shape: 0.8 },
  { family: 'lognormal', scale: 3, shape: 0.9 },
  { family: 'gamma', scale: 3, shape: 0.3 },
  { family: 'gamma', scale: 3, shape: 80 },
];

describe('laws', () => {
  it('quantile undoes the cumulative probability', () => {
    for (const law of laws)
      for (const p of [1e-6, 0.01, 0.3, 0.5, 0.9, 0.999]) near(cumulative(law, quantile(law, p)), p, 1e-12);
  });
  it('mean and mean logarithm are those of the quantiles', () => {
    const n = 200_000;
    for (const law of laws) {
      let [sum, logs] = [0, 0];
      for (let i = 0; i < n; i++) {
        const time = quantile(law, (i + 0.5) / n);
        sum += time / n;
        logs += Math.log(time) / n;
      }
      near(sum / meanOf(law), 1, 5e-4);
      near(logs, meanLogOf(law), 5e-4);
    }
  });
  it("knows the normal law's and the gamma law's printed quantiles", () => {
    near(Math.log(quantile({ family: 'lognormal', scale: 1, shape: 1 }, 0.975)), 1.959963984540054, 1e-12);
    near(quantile({ family: 'gamma', scale: 2, shape: 0.5 }, 0.95), 3.841458820694124, 1e-10);
    near(quantile({ family: 'gamma', scale: 2, shape: 5 }, 0.05), 3.940299136, 1e-8);
  });
});

describe('Kaplan–Meier', () => {
  it('gives the printed survival of the remissions', () => {
    const steps = kaplanMeier(remissions);
    assert.deepEqual(
      steps.map(({ time, survival, atRisk }) => [time, survival.toFixed(3), atRisk]),
      [
        [6, '0.857', 21],
        [7, '0.807', 17],
        [10, '0.753', 15],
        [13, '0.690', 12],
        [16, '0.627', 11],
        [22, '0.538', 7],
        [23, '0.448', 6],
      ],
    );
    for (const { survival, low, high } of steps) assert.ok(0 < low && low < survival && survival < high && high < 1);
  });
  it('without censoring is the share that lasts longer', () => {
    for (const { time, survival } of kaplanMeier(ballBearings))
      near(survival, ballBearings.filter((bearing) => bearing.time > time).length / 23, 1e-12);
  });
});

describe('goodness of fit', () => {
  it('is the usual A² where nothing is censored', () => {
    const { distribution } = fitLaw('weibull', ballBearings)!;
    const u = ballBearings.map(({ time }) => cumulative(distribution, time)).sort((a, b) => a - b);
    const n = u.length;
    const sum = u.reduce((s, x, i) => s + (2 * i + 1) * (Math.log(x) + Math.log(1 - u[n - 1 - i]!)), 0);
    near(andersonDarling(distribution, ballBearings), -n - sum / n, 1e-9);
  });

  it("its 5 % points with estimated parameters are Stephens's (D'Agostino & Stephens 1986, tables 4.7, 4.14, 4.17)", () => {
    const n = 100;
    const points = [
      { law: laws[0]!, printed: 1.321 / (1 + 0.6 / n) },
      { law: laws[1]!, printed: 0.757 / (1 + 0.2 / Math.sqrt(n)) },
      { law: laws[2]!, printed: 0.752 / (1 + 0.75 / n + 2.25 / n ** 2) },
    ];
    for (const { law, printed } of points) {
      const random = seededRandom(3, law.family);
      const distances = Array.from({ length: 2000 }, () => {
        const lifetimes = drawn(random, law, n);
        return andersonDarling(fitLaw(law.family, lifetimes)!.distribution, lifetimes);
      });
      near(distances.filter((distance) => distance > printed).length / 2000, 0.05, 0.0145);
    }
  });

  it('rejects a true law as often as it says, with and without censoring, and a wrong one nearly always', () => {
    for (const limit of [Infinity, 8]) {
      const random = seededRandom(5, String(limit));
      const pValues = Array.from({ length: 150 }, (_, i) => {
        const lifetimes = drawn(random, laws[1]!, 40, limit);
        return goodnessOfFit(fitLaw('weibull', lifetimes)!, lifetimes, { seed: i, samples: 39 }).pValue;
      });
      near(pValues.filter((p) => p <= 0.1).length / 150, 0.1, 0.075);
      near(pValues.filter((p) => p <= 0.5).length / 150, 0.5, 0.125);
    }
    const lognormal = drawn(seededRandom(6), { family: 'lognormal', scale: 10, shape: 0.4 }, 100);
    assert.ok(goodnessOfFit(fitLaw('exponential', lognormal)!, lognormal, { seed: 1 }).pValue <= 0.01);
  });

  it('is the same for the same seed', () => {
    const fit = fitLaw('gamma', ballBearings)!;
    const test = (seed: number) => goodnessOfFit(fit, ballBearings, { seed });
    assert.deepEqual(test(1), test(1));
    assert.ok(test(1).pValue > 0.3);
  });
});

describe('tests of a mean and of a count', () => {
  it('give the p values of printed tables', () => {
    near(meanPValue([1, 2, 3, 4, 5], 2), 0.2302, 5e-5);
    near(countPValue(3, 10), 2 * 0.010336, 2e-6);
    near(countPValue(0, 3), 2 * Math.exp(-3), 1e-12);
    assert.equal(countPValue(10, 10), 1);
    assert.equal(meanPValue([4], 2), 1);
  });
  it('Holm rejects step by step', () => {
    assert.deepEqual(holm([0.04, 0.001, 0.012, 0.3], 0.05), [false, true, true, false]);
    assert.deepEqual(holm([], 0.05), []);
  });
});
