import assert from 'node:assert/strict';
import { missingIn, rangeOf, reachesEnd } from '../../src/connect/missing-values.ts';
import { edgeOf, toPending, type PendingTag } from '../../src/connect/pending-gaps.ts';
import type { Gap, Sample } from '../../src/contracts/index.ts';

const instant = (second: number) => new Date(Date.UTC(2026, 10, 26, 8, 0, second)).toISOString();
const sample = (second: number, value: number): Sample => ({
  ...{ tag: 'a', value, dataType: 'Double', quality: 'good', sourceTime: instant(second) },
});
const gap: Gap = { tags: ['a'], from: instant(10), to: instant(20), reason: 'overflow', backfilled: false };
const pendingOf = (edges: Parameters<typeof toPending>[1]): PendingTag => toPending(gap, edges, 0).tags[0]!;
const valuesOf = (samples: Sample[]) => samples.map(({ value }) => value);

describe('what a history has of a gap', () => {
  const history = [sample(9, 0), sample(10, 1), sample(10, 2), sample(10, 3), sample(15, 4), sample(20, 5)];
  history.push(sample(20, 6), sample(20, 7), sample(21, 8));

  it('is what lies between the values around it; at the same instant the order of the history counts', () => {
    const one = pendingOf(() => ({ before: sample(10, 2), after: sample(20, 6) }));
    assert.deepEqual(valuesOf(missingIn(one, history)), [3, 4, 5]);
  });
  it('is whole where the values around it are not in the history: rather one too many than one lost', () => {
    const one = pendingOf(() => ({ before: sample(10, 99), after: sample(20, 99) }));
    assert.deepEqual(valuesOf(missingIn(one, history)), [1, 2, 3, 4, 5, 6, 7]);
  });
  it('has both ends where those are the first and the last value that were refused', () => {
    const one = pendingOf(() => ({ since: instant(10), until: instant(20) }));
    assert.deepEqual(valuesOf(missingIn(one, history)), [1, 2, 3, 4, 5, 6, 7]);
  });
  it('is complete only once the history shows the value after it, or a later one', () => {
    const one = pendingOf(() => ({ before: sample(10, 3), after: sample(20, 6) }));
    assert.equal(reachesEnd(gap, one, history.slice(0, 6)), false);
    assert.equal(reachesEnd(gap, one, history.slice(0, 7)), true);
    assert.equal(reachesEnd(gap, one, [sample(21, 8)]), true);
    const open = pendingOf(() => ({ before: sample(10, 3) }));
    assert.equal(reachesEnd(gap, open, [sample(20, 6)]), false);
    assert.equal(reachesEnd(gap, open, [sample(21, 8)]), true);
  });
  it('is asked for past its end, since servers leave out what lies at the end', () => {
    const one = pendingOf(() => ({ before: sample(10, 3), after: sample(20, 6) }));
    assert.deepEqual(rangeOf(gap, one, { slackMs: 1_000, sinceMs: 0 }), { from: instant(10), to: instant(21) });
    assert.deepEqual(rangeOf(gap, one, { slackMs: 1_000, sinceMs: 30_000 }), { from: instant(10), to: instant(50) });
  });
  it('has no end that a value older than the one before it could give', () => {
    const back = pendingOf(() => ({ before: sample(10, 3), after: sample(5, 4) }));
    assert.deepEqual(back, { tag: 'a', before: edgeOf(sample(10, 3)), disordered: true });
  });
});
