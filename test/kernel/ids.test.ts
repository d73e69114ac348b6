import assert from 'node:assert/strict';
import { parseInstant, uuidv7 } from '../../src/kernel/index.ts';

describe('ids and instants', () => {
  it('makes version 7 UUIDs that sort by time (RFC 9562, the date of its example)', () => {
    const id = uuidv7({ now: () => 0x017f22e279b0 });
    assert.match(id, /^017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.ok(uuidv7({ now: () => 1 }) < uuidv7({ now: () => 2 }));
  });
  it('reads instants that name their offset, and only those', () => {
    assert.equal(parseInstant('1970-01-01T01:00:00+01:00'), 0);
    assert.ok(Number.isNaN(parseInstant('1970-01-01T01:00:00')));
    assert.ok(Number.isNaN(parseInstant('yesterday')));
  });
});
