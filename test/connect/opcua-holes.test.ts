import assert from 'node:assert/strict';
import type { Sample } from '../../src/contracts/index.ts';
import { openGapCollector } from '../../src/connect/opcua/gaps.ts';
import { openHoles } from '../../src/connect/opcua/holes.ts';

const noon = Date.parse('2026-11-26T12:00:00.000Z');
const at = (ms: number) => new Date(noon + ms).toISOString();

/** A value by its source time and its server's time, both in milliseconds after noon. */
function sample(sourceMs: number, serverMs = sourceMs): Sample {
  const times = { sourceTime: at(sourceMs), serverTime: at(serverMs) };
  return { tag: 'x', value: sourceMs, dataType: 'Double', quality: 'good', ...times };
}

interface Case {
  name: string;
  lapse: [fromMs: number, toMs: number];
  before?: Sample;
  after?: Sample;
  ordered?: boolean;
  overflow?: boolean;
  gap: [fromMs: number, toMs: number];
}

/** Lapses after all up to noon + 10 s had arrived, as far as the server's clock says. */
const cases: Case[] = [
  {
    name: 'begins at the last value, although the server was heard of later',
    ...{ lapse: [10_000, 20_000], before: sample(9_950), after: sample(15_000), gap: [9_950, 15_000] },
  },
  {
    name: 'of a tag that changes rarely is as long as the lapse, give or take 2 s',
    ...{ lapse: [10_000, 20_000], before: sample(-100_000), after: sample(90_000), gap: [8_000, 22_000] },
  },
  {
    name: 'goes on to the next value where the server dropped values right before that one',
    ...{ lapse: [10_000, 20_000], before: sample(9_950), after: sample(90_000), overflow: true, gap: [9_950, 90_000] },
  },
  {
    name: 'holds what a source that lags by a second measured before the lapse',
    ...{ lapse: [10_000, 20_000], before: sample(8_500, 9_500), after: sample(15_000, 16_000), gap: [8_500, 15_000] },
  },
  {
    name: 'lies between the values alone where the source has a clock of its own that is behind',
    ...{ lapse: [10_000, 20_000], before: sample(-50_000, 9_000), after: sample(-30_000, 29_000) },
    gap: [-50_000, -30_000],
  },
  {
    name: 'lies between the values alone where that clock is ahead',
    ...{ lapse: [10_000, 20_000], before: sample(14_000, 9_000), after: sample(34_000, 29_000), gap: [14_000, 34_000] },
  },
  {
    name: 'is the lapse where no value was known before',
    ...{ lapse: [10_000, 20_000], after: sample(15_000), gap: [8_000, 15_000] },
  },
  {
    name: 'is the lapse where the source went back',
    ...{ lapse: [10_000, 20_000], before: sample(9_000), after: sample(3_000), gap: [8_000, 22_000] },
  },
  {
    name: 'is the lapse where the server’s clock went back',
    ...{ lapse: [10_000, 20_000], before: sample(9_000), after: sample(15_000), ordered: false, gap: [8_000, 22_000] },
  },
  {
    name: 'ends with the lapse where no value follows',
    ...{ lapse: [10_000, 20_000], before: sample(9_000), gap: [9_000, 22_000] },
  },
];

describe('OPC UA holes: the gap of a tag', () => {
  for (const { name, lapse, before, after, ordered = true, overflow = false, gap } of cases)
    it(name, () => {
      const holes = openHoles();
      const missing = openGapCollector();
      const [fromMs, toMs] = [noon + lapse[0], noon + lapse[1]];
      holes.open(0, { fromMs, toMs, reason: 'resubscribed', ordered });
      if (after) assert.ok(holes.close(0, before, after, overflow, missing));
      else holes.expire(toMs + 1, () => ({ tag: 'x', ...(before ? { before } : {}) }), missing);
      assert.deepEqual(
        missing.gaps().map(({ gap: { tags, from, to } }) => ({ tags, from, to })),
        [{ tags: ['x'], from: at(gap[0]), to: at(gap[1]) }],
      );
    });

  it('is none where the first value after it is the last one before', () => {
    const holes = openHoles();
    const missing = openGapCollector();
    holes.open(0, { fromMs: noon, toMs: noon + 5_000, reason: 'restart', ordered: true });
    assert.ok(holes.close(0, sample(-1_000), sample(-1_000, 5_000), false, missing));
    assert.deepEqual(missing.gaps(), []);
  });
});
