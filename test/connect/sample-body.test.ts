import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Sample } from '../../src/contracts/index.ts';
import { readBatch, writeBatch } from '../../src/connect/queue/sample-body.ts';

const text = fc.oneof(fc.constantFrom('line/m/a', 'Double', '°C', 'BadNoData'), fc.string());
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const value = fc.oneof(
  { weight: 4, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  fc.constantFrom(null, true, false, '', '18446744073709551615', [1, [2]], { a: { b: null } }),
  fc.string(),
);
const sample: fc.Arbitrary<Sample> = fc
  .record({
    ...{ tag: text, value, dataType: text, unit: optional(text), statusCode: optional(text), sourceTime: text },
    ...{ serverTime: optional(text), quality: fc.constantFrom('good' as const, 'uncertain' as const, 'bad' as const) },
  })
  .map((all) => Object.fromEntries(Object.entries(all).filter(([, one]) => one !== undefined)) as unknown as Sample);

describe('samples as a body of the queue', () => {
  it('come back as they were, wherever the bytes lie in memory', () => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 50 }), fc.boolean(), fc.nat(7), (samples, backfilled, shift) => {
        const body = writeBatch({ samples, backfilled });
        const moved = Buffer.alloc(body.length + shift).subarray(shift);
        moved.set(body);
        assert.deepEqual(readBatch(moved), backfilled ? { samples, backfilled } : { samples });
      }),
    );
  });

  it('may have more different texts than two bytes count', () => {
    const samples = Array.from({ length: 70_001 }, (_, at): Sample => ({
      tag: `tag ${at}`,
      value: at,
      dataType: 'Int32',
      quality: 'good',
      sourceTime: '',
    }));
    assert.deepEqual(readBatch(writeBatch({ samples })), { samples });
  });

  it('take less than half the bytes of their JSON', () => {
    const samples = Array.from({ length: 1_000 }, (_, at): Sample => ({
      ...{ tag: `line-1/machine-${at % 20}/signal-${at}`, value: Math.sin(at), dataType: 'Double', quality: 'good' },
      ...{ sourceTime: new Date(at % 500).toISOString(), serverTime: new Date(500).toISOString() },
    }));
    assert.ok(writeBatch({ samples }).length < JSON.stringify(samples).length / 2);
  });
});
