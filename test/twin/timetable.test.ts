import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Timetable } from '../../src/twin/timetable.ts';

describe('timetable', () => {
  it('always knows which entry comes first, the lower one at one instant', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.tuple(fc.nat(19), fc.oneof(fc.nat(6), fc.constant(Infinity))), { maxLength: 200 }),
        (entries, changes) => {
          const table = new Timetable(entries);
          const times = new Array<number>(entries).fill(Infinity);
          for (const [at, time] of changes) {
            const entry = at % entries;
            table.set(entry, time);
            times[entry] = time;
            const first = Math.min(...times);
            assert.equal(table.time, first);
            if (first < Infinity) assert.equal(table.entry, times.indexOf(first));
          }
          table.clear();
          assert.equal(table.time, Infinity);
        },
      ),
    );
  });
});
