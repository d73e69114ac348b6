import assert from 'node:assert/strict';
import { seededRandom } from '../../src/kernel/index.ts';
import type { PlanKpis } from '../../src/plant/index.ts';
import { isDominated, rangesOf, warningsOf, type Judgeable } from '../../src/scenarios/judgement.ts';
import { costsOf } from '../../src/scenarios/ranking.ts';

const kpis: PlanKpis = {
  weightedTardinessSeconds: 36_000,
  lateOrders: 5,
  onTimeShare: 0.9,
  makespanSeconds: 360_000,
  changeovers: 40,
  setupSeconds: 40_000,
  stability: 1,
  workloadImbalance: 0.5,
  expectedScrap: 20,
  oee: 0.6,
};
const calm = {
  bottleneck: 'M-1',
  activePeriodSeconds: { 'M-1': 7200, 'M-2': 3600 },
  missed: {},
  missedMaximumLags: {},
};

/** A plan of thirty replications that share what chance does to them. */
function plan(change: (common: number, own: number) => Partial<PlanKpis>, seen: Judgeable['seen'] = calm): Judgeable {
  const common = seededRandom(1, 'common');
  const own = seededRandom(2, 'own');
  const runs = Array.from({ length: 30 }, () => {
    const shift = common.normal();
    const late = { weightedTardinessSeconds: 36_000 + 9000 * shift };
    return { ...kpis, ...late, ...change(shift, own.normal()) };
  });
  return { costs: costsOf(runs), seen };
}
const nothing = plan(() => ({}));
const late = (seconds: number) => (shift: number) => ({ weightedTardinessSeconds: 36_000 + 9000 * shift + seconds });
/** Far from all others, so that every criterion has a range. */
const far = plan(() => ({
  weightedTardinessSeconds: 150_000,
  changeovers: 60,
  stability: 0.2,
  makespanSeconds: 500_000,
  workloadImbalance: 0.9,
  expectedScrap: 40,
}));
const dominated = (one: Judgeable) => isDominated(one, nothing, rangesOf([nothing, one, far]));

describe('judgement of simulated plans', () => {
  it('drops a plan that is a little later in every replication and better in nothing', () => {
    assert.equal(dominated(far), true);
    assert.equal(dominated(plan(late(300))), true, 'five minutes of ten hours, but in every pair');
    assert.equal(dominated(plan((shift) => ({ ...late(0)(shift), stability: 0.8 }))), true, 'moves for nothing');
  });

  it('offers what is better in something, what is the same, and what only chance makes look worse', () => {
    assert.equal(dominated(nothing), false);
    assert.equal(dominated(plan((shift) => ({ ...late(3600)(shift), changeovers: 30 }))), false);
    const noisy = plan((shift, own) => ({
      weightedTardinessSeconds: 36_000 + 9000 * shift + 20_000 * own + 3000,
      stability: 0.8,
    }));
    assert.equal(dominated(noisy), false);
  });

  it('is sure of nothing after one replication', () => {
    const one = ({ costs, seen }: Judgeable) => ({ costs: costs.map((list) => list.slice(0, 1)), seen });
    assert.equal(isDominated(one(far), one(nothing), rangesOf([one(nothing), one(far)])), false);
  });

  it('rarely drops a plan that is as good on average', () => {
    let dropped = 0;
    for (let seed = 0; seed < 400; seed++) {
      const random = seededRandom(seed, 'equal');
      const equal = plan((shift) => ({ ...late(3000 * random.normal())(shift) }));
      if (dominated(equal)) dropped++;
    }
    assert.ok(dropped <= 400 * 0.1, `${String(dropped)} of 400`);
  });

  it('warns of a machine that becomes the bottleneck, not of one that only comes close', () => {
    const seen = (active: number) => ({
      ...calm,
      bottleneck: 'M-2',
      activePeriodSeconds: { 'M-1': 5000, 'M-2': active },
    });
    const of = (active: number) =>
      warningsOf(
        plan(() => ({}), seen(active)),
        nothing,
        new Map(),
      );
    assert.deepEqual(of(7200), [
      {
        key: 'new-bottleneck',
        params: { machine: 'M-2', hours: 2, hoursBefore: 1 },
        text: 'M-2 becomes the bottleneck: 2 h at a time without a wait, 1 h when doing nothing',
      },
    ]);
    assert.deepEqual(of(5100), []);
    assert.deepEqual(warningsOf(nothing, nothing, new Map()), []);
  });

  it('warns of more scrap where it is sure and worth a word', () => {
    const of = (parts: number, spread: number) =>
      warningsOf(
        plan((_, own) => ({ expectedScrap: 20 + parts + spread * own })),
        nothing,
        new Map(),
      );
    assert.deepEqual(
      of(5, 1).map(({ key }) => key),
      ['more-scrap'],
    );
    assert.match(of(5, 1)[0]!.text, /^5 more parts of scrap than when doing nothing, 25 in all$/);
    assert.deepEqual(of(0.5, 0), [], 'half a part');
    assert.deepEqual(of(3, 30), [], 'may be chance');
  });

  it('warns once of operations that come too late for their maximum lags, clearly more often than when doing nothing', () => {
    const of = (own: Record<string, number>, before: Record<string, number>) =>
      warningsOf(
        plan(() => ({}), { ...calm, missedMaximumLags: own }),
        plan(() => ({}), { ...calm, missedMaximumLags: before }),
        new Map(),
      );
    const before = { 'WO-1/20': 0.3, 'WO-2/20': 0, 'WO-3/20': 1 };
    assert.deepEqual(of({ 'WO-1/20': 0.4, 'WO-2/20': 0.1, 'WO-3/20': 1 }, before), []);
    assert.deepEqual(of({ 'WO-1/20': 0.56, 'WO-2/20': 0.2, 'WO-3/20': 1 }, before), [
      {
        key: 'maximum-lag-missed',
        params: { subject: 'WO-1/20', percent: 56, percentBefore: 30, mean: 1.8 },
        text: 'WO-1/20 comes too late for its maximum lag in 56 % of the simulated runs (30 % when doing nothing); operations too late in a run: 1.8 on average',
      },
    ]);
  });

  it('warns of promises that more than one of ten replications breaks, if the plan makes them', () => {
    const seen = { ...calm, missed: { 'WO-1': 0.34, 'WO-2': 0.1, 'WO-3/10': 0.4, 'WO-3/20': 0.5, 'WO-4': 1 } };
    const before = { ...calm, missed: { 'WO-1': 0.3, 'WO-2': 0, 'WO-3/10': 0.2, 'WO-3/20': 0.45, 'WO-4': 0 } };
    const promises = [
      ['WO-1', 'must-be-on-time'],
      ['WO-2', 'must-be-on-time'],
      ['WO-3/10', 'lock'],
      ['WO-3/20', 'lock'],
    ] as const;
    const warnings = warningsOf(
      plan(() => ({}), seen),
      plan(() => ({}), before),
      new Map(promises),
    );
    assert.deepEqual(
      warnings.map(({ text }) => text),
      [
        'WO-1 must be on time, but ends late in 34 % of the simulated runs (30 % when doing nothing)',
        'WO-3/10 is locked, but starts late in 40 % of the simulated runs (20 % when doing nothing)',
      ],
    );
  });
});
