import assert from 'node:assert/strict';
import { seededRandom } from '../../src/kernel/index.ts';
import { estimate, fitLaw, fitLaws, meanOf, survival, type Distribution } from '../../src/statistics/index.ts';
import { ballBearings, bearingCages, drawn, remissions } from './samples.ts';

const near = (found: number, expected: number, tolerance: number) => {
  assert.ok(Math.abs(found - expected) <= tolerance, `${String(found)} is not ${String(expected)}`);
};

/** Log-likelihood from survival alone: the density is its derivative by a central difference. */
function plainLogLikelihood(law: Distribution, lifetimes: typeof remissions): number {
  const step = 1e-5;
  return lifetimes.reduce((sum, { time, ended }) => {
    const density = (survival(law, time * (1 - step)) - survival(law, time * (1 + step))) / (2 * step * time);
    return sum + Math.log(ended ? density : survival(law, time));
  }, 0);
}

describe('laws fitted by maximum likelihood', () => {
  it('gives the published fits of the ball bearings (Lawless 1982; Meeker & Escobar 1998)', () => {
    const weibull = fitLaw('weibull', ballBearings)!;
    near(weibull.distribution.shape, 2.102, 5e-4);
    near(weibull.distribution.scale, 81.88, 5e-3);
    near(weibull.logLikelihood, -113.691, 5e-4);
    const lognormal = fitLaw('lognormal', ballBearings)!;
    near(Math.log(lognormal.distribution.scale), 4.15, 5e-3);
    near(lognormal.distribution.shape, 0.522, 5e-4);
    const gamma = fitLaw('gamma', ballBearings)!;
    near(gamma.logLikelihood, -113.03, 5e-3);
    near(meanOf(gamma.distribution), 72.224, 1e-3);
    assert.equal(fitLaws(ballBearings).at(-1)?.distribution.family, 'exponential');
  });

  it('gives the published fit and likelihood interval of the bearing cages, 6 of 1,703 ended', () => {
    const fit = fitLaw('weibull', bearingCages)!;
    assert.deepEqual([fit.count, fit.ended], [1703, 6]);
    near(fit.distribution.shape, 2.035, 5e-4);
    near(fit.logLikelihood, -76.436896, 1e-6);
    const b10 = estimate(fit, bearingCages, 0.1);
    near(b10.value, 3903, 1);
    near(b10.low, 2093, 2);
    near(b10.high, 22_144, 2);
  });

  it('fits the exponential as ended over time at risk: 9 remissions of 359 weeks', () => {
    near(fitLaw('exponential', remissions)!.distribution.scale, 359 / 9, 1e-6);
  });

  it('agrees with a grid over a likelihood that is taken from survival alone', () => {
    for (const family of ['weibull', 'lognormal', 'gamma'] as const) {
      const fit = fitLaw(family, remissions)!;
      const { scale, shape } = fit.distribution;
      let best = { value: -Infinity, scale: NaN, shape: NaN };
      for (let i = -40; i <= 40; i++)
        for (let j = -40; j <= 40; j++) {
          const law = { family, scale: scale * 1.01 ** i, shape: shape * 1.01 ** j };
          const value = plainLogLikelihood(law, remissions);
          if (value > best.value) best = { value, scale: law.scale, shape: law.shape };
        }
      near(fit.logLikelihood, best.value, 1e-5);
      near(Math.log(best.scale / scale), 0, 0.0101);
      near(Math.log(best.shape / shape), 0, 0.0101);
    }
  });

  it('says nothing where the times say nothing, and refuses what is no time', () => {
    assert.equal(fitLaw('exponential', [{ time: 3, ended: false }]), undefined);
    assert.equal(fitLaw('weibull', [{ time: 3, ended: true }]), undefined);
    assert.equal(
      fitLaw(
        'gamma',
        Array.from({ length: 9 }, () => ({ time: 3, ended: true })),
      ),
      undefined,
    );
    assert.throws(() => fitLaw('weibull', [{ time: 0, ended: true }]), RangeError);
    assert.deepEqual(fitLaws([]), []);
  });

  it('fits the same law in any unit of time', () => {
    const seconds = ballBearings.map(({ time, ended }) => ({ time: time * 1e6, ended }));
    for (const fit of fitLaws(seconds)) {
      const same = fitLaw(fit.distribution.family, ballBearings)!;
      near(fit.distribution.scale / same.distribution.scale / 1e6, 1, 1e-5);
      near(fit.distribution.shape / same.distribution.shape, 1, 1e-5);
    }
  });
});

describe('95 % intervals cover the truth', () => {
  const laws: { law: Distribution; limit?: number }[] = [
    { law: { family: 'exponential', scale: 100, shape: 1 } },
    { law: { family: 'exponential', scale: 100, shape: 1 }, limit: 300 },
    { law: { family: 'weibull', scale: 100, shape: 1.7 } },
    { law: { family: 'weibull', scale: 100, shape: 1.7 }, limit: 250 },
    { law: { family: 'lognormal', scale: 100, shape: 0.7 } },
    { law: { family: 'lognormal', scale: 100, shape: 0.7 }, limit: 300 },
    { law: { family: 'gamma', scale: 50, shape: 2.5 } },
    { law: { family: 'gamma', scale: 50, shape: 2.5 }, limit: 400 },
  ];
  for (const { law, limit } of laws)
    it(`${law.family}, n = 200, ${limit === undefined ? 'all ended' : 'about a third censored'}: 93 to 97 %`, () => {
      const random = seededRandom(7, `${law.family}/${String(limit)}`);
      const samples = limit === undefined ? 600 : 200;
      const covered = { mean: 0, shape: 0 };
      for (let sample = 0; sample < samples; sample++) {
        const lifetimes = drawn(random, law, 200, limit);
        const fit = fitLaw(law.family, lifetimes)!;
        const mean = estimate(fit, lifetimes, 'mean');
        if (mean.low <= meanOf(law) && meanOf(law) <= mean.high) covered.mean++;
        if (law.family === 'exponential') continue;
        const shape = estimate(fit, lifetimes, 'shape');
        if (shape.low <= law.shape && law.shape <= shape.high) covered.shape++;
      }
      const within = (count: number, name: string) => {
        const share = count / samples;
        assert.ok(share >= 0.93 && share <= 0.97, `${name}: ${String(share)}`);
      };
      within(covered.mean, 'mean');
      if (law.family !== 'exponential') within(covered.shape, 'shape');
    });
});
