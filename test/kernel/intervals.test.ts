import fc from 'fast-check';
import assert from 'node:assert/strict';
import { intersectIntervals, mergeIntervals, subtractIntervals, totalLength } from '../../src/kernel/index.ts';

const list = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 12 }))
    .map(([start, length]) => ({ start, end: start + length })),
  { maxLength: 12 },
);
const points = Array.from({ length: 80 }, (_x, i) => i);
const covers = (intervals: { start: number; end: number }[], at: number) =>
  intervals.some((i) => i.start <= at && at < i.end);

describe('intervals', () => {
  it('merge, intersect and subtract agree with sets of points', () => {
    fc.assert(
      fc.property(list, list, (x, y) => {
        const [a, b] = [mergeIntervals(x), mergeIntervals(y)];
        for (const at of points) {
          assert.equal(covers(a, at), covers(x, at));
          assert.equal(covers(intersectIntervals(a, b), at), covers(x, at) && covers(y, at));
          assert.equal(covers(subtractIntervals(a, b), at), covers(x, at) && !covers(y, at));
        }
        assert.equal(totalLength(a), points.filter((at) => covers(x, at)).length);
      }),
    );
  });
});
