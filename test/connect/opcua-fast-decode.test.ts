import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as ua from 'node-opcua-client';
import { BinaryStream } from 'node-opcua';
import { hastenDecoding } from '../../src/connect/opcua/fast-decode.ts';

/** What a decoder makes of bytes, and where it ends; or that it throws. */
function outcome(bytes: Uint8Array, decode: (stream: BinaryStream) => object): unknown {
  const stream = new BinaryStream(Buffer.from(bytes));
  try {
    return { decoded: decode(stream), end: stream.length };
  } catch {
    return 'throws';
  }
}

describe('fast decoding of notifications', () => {
  before(() => {
    hastenDecoding(ua);
    hastenDecoding(ua);
  });

  /** The library's own decoder of data values stays as it is. */
  const byLibrary = (stream: BinaryStream) => {
    const notification = new ua.MonitoredItemNotification(null);
    notification.clientHandle = stream.readUInt32();
    notification.value.decode(stream);
    return notification;
  };
  const fast = (stream: BinaryStream) => {
    const notification = new ua.MonitoredItemNotification(null);
    notification.decode(stream);
    return notification;
  };

  it('gives what the library gives, whatever the bytes are', () => {
    // Of random status codes the library writes a line each.
    const withoutStatus = (bits: number) => bits & ~0b10;
    const mask = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(1, 5, 9, 13) }, fc.nat(255).map(withoutStatus));
    const type = fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 1, max: 12 }) }, fc.nat(255));
    const rest = fc.uint8Array({ maxLength: 40 });
    let taken = 0;
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 4 }), mask, type, rest, (handle, first, second, more) => {
        const bytes = Uint8Array.of(...handle, first, second, ...more);
        const found = outcome(bytes, fast);
        assert.deepEqual(found, outcome(bytes, byLibrary));
        if (found !== 'throws' && [1, 5, 9, 13].includes(first)) taken++;
      }),
      { numRuns: 5_000 },
    );
    assert.ok(taken > 500, `${taken} decoded`);
  });

  it('reads instants to the tick, from 1601 on', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (ticks) => {
        const bytes = Buffer.alloc(18);
        bytes.writeUInt8(0b101, 4);
        bytes.writeUInt8(3, 5);
        bytes.writeBigUInt64LE(ticks, 7);
        const { value } = fast(new BinaryStream(bytes));
        const ms = Number(ticks / 10_000n) - 11_644_473_600_000;
        assert.equal(value.sourceTimestamp?.getTime(), new Date(ms).getTime());
        assert.equal(value.sourcePicoseconds, Number(ticks % 10_000n) * 100_000);
      }),
    );
  });
});
