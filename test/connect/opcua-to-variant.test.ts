import fc from 'fast-check';
import * as ua from 'node-opcua-client';
import { BinaryStream } from 'node-opcua';
import assert from 'node:assert/strict';
import { plainValue } from '../../src/connect/opcua/samples.ts';
import type { SessionLink } from '../../src/connect/opcua/session-link.ts';
import { toVariant } from '../../src/connect/opcua/to-variant.ts';
import type { ValueType } from '../../src/connect/opcua/value-type.ts';

const link = { ua, namespaces: ['http://opcfoundation.org/UA/', 'urn:test'] } as unknown as SessionLink;
const typeOf = (name: keyof typeof ua.DataType): ValueType => ({ builtIn: ua.DataType[name] });
const convert = (name: keyof typeof ua.DataType, value: unknown, rank = -1) =>
  toVariant(link, { type: typeOf(name), rank }, value);

/** What a server would hand back: encoded as the standard says, decoded again, made plain. */
async function roundTrip(name: keyof typeof ua.DataType, value: unknown, rank = -1): Promise<unknown> {
  const converted = await convert(name, value, rank);
  if (typeof converted === 'string') return converted;
  const variant = new ua.Variant(converted.variant);
  const stream = new BinaryStream(1_000_000);
  variant.encode(stream);
  stream.rewind();
  const decoded = new ua.Variant();
  decoded.decode(stream);
  return plainValue(decoded);
}
const integer = (bits: number, signed: boolean) =>
  signed
    ? fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 })
    : fc.integer({ min: 0, max: 2 ** bits - 1 });
const wide = (min: bigint, max: bigint) => fc.bigInt({ min, max }).map(String);
const finite = { noNaN: true, noDefaultInfinity: true };
const notMinusZero = (value: number) => (Object.is(value, -0) ? 0 : value);
const guid = fc.uuid().map((text) => text.toUpperCase());
const instant = fc
  .integer({ min: Date.UTC(1601, 0, 2), max: Date.UTC(9999, 0, 1) })
  .map((ms) => new Date(ms).toISOString());
const text = fc.string({ unit: 'grapheme' });

/** Values that must survive a round trip unchanged, by built-in type. */
const values: Partial<Record<keyof typeof ua.DataType, fc.Arbitrary<unknown>>> = {
  Boolean: fc.boolean(),
  SByte: integer(8, true),
  Byte: integer(8, false),
  Int16: integer(16, true),
  UInt16: integer(16, false),
  Int32: integer(32, true),
  UInt32: integer(32, false),
  Int64: wide(-(2n ** 63n), 2n ** 63n - 1n),
  UInt64: wide(0n, 2n ** 64n - 1n),
  Float: fc.float(finite).map(notMinusZero),
  Double: fc.double(finite).map(notMinusZero),
  String: text,
  DateTime: instant,
  Guid: guid,
  ByteString: fc.uint8Array({ minLength: 1 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  XmlElement: fc.constantFrom('<a/>', '<a b="c">ä</a>'),
  NodeId: fc.constantFrom('ns=1;i=5', 'ns=1;s=Line 1/CNC-12', 'ns=0;i=85'),
  ExpandedNodeId: fc.constantFrom('ns=1;i=5', 'ns=0;i=85'),
  StatusCode: fc.constantFrom('Good', 'BadNodeIdUnknown', 'UncertainLastUsableValue'),
  QualifiedName: fc.constantFrom('Speed', '1:Speed', '7:a:b'),
  LocalizedText: text.filter((value) => value !== ''),
};

describe('values for an OPC UA server', () => {
  for (const [name, arbitrary] of Object.entries(values) as [keyof typeof ua.DataType, fc.Arbitrary<unknown>][])
    it(`${name} comes back as it was sent, alone and in an array`, async () => {
      await fc.assert(
        fc.asyncProperty(arbitrary, fc.array(arbitrary, { maxLength: 5 }), async (one, many) => {
          assert.deepEqual(await roundTrip(name, one), one);
          assert.deepEqual(await roundTrip(name, many, 1), many);
        }),
        { numRuns: 60 },
      );
    });

  it('any value is converted or refused with a status, for every type, never thrown at', async () => {
    const names = Object.keys(values) as (keyof typeof ua.DataType)[];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.anything(), fc.integer({ min: -3, max: 3 }), async (...args) => {
        const [name, value, rank] = args;
        const converted = await convert(name, value, rank);
        if (typeof converted === 'string') assert.match(converted, /^Bad(TypeMismatch|OutOfRange)$/);
        else assert.ok(new ua.Variant(converted.variant).isValid());
      }),
      { numRuns: 1_000 },
    );
  });
  it('what does not fit is refused: range, fraction, kind, precision', async () => {
    const refused: [keyof typeof ua.DataType, unknown, string, number?][] = [
      ['Byte', 256, 'BadOutOfRange'],
      ['Byte', -1, 'BadOutOfRange'],
      ['Int16', 1.5, 'BadTypeMismatch'],
      ['Int32', '5', 'BadTypeMismatch'],
      ['Int32', true, 'BadTypeMismatch'],
      ['Int32', 2 ** 31, 'BadOutOfRange'],
      ['Int64', 2 ** 53, 'BadTypeMismatch'],
      ['Int64', '9223372036854775808', 'BadOutOfRange'],
      ['Int64', '1e3', 'BadTypeMismatch'],
      ['UInt64', '-1', 'BadOutOfRange'],
      ['UInt64', 18446744073709551616n, 'BadOutOfRange'],
      ['Float', 1e39, 'BadOutOfRange'],
      ['Double', NaN, 'BadTypeMismatch'],
      ['Double', Infinity, 'BadTypeMismatch'],
      ['Double', null, 'BadTypeMismatch'],
      ['Boolean', 1, 'BadTypeMismatch'],
      ['Boolean', 'true', 'BadTypeMismatch'],
      ['String', 5, 'BadTypeMismatch'],
      ['String', undefined, 'BadTypeMismatch'],
      ['DateTime', '2026-11-24', 'BadTypeMismatch'],
      ['DateTime', '2026-11-24T08:00:00', 'BadTypeMismatch'],
      ['DateTime', '2026-11-24T08:00:00.1234567Z', 'BadTypeMismatch'],
      ['DateTime', '1500-01-01T00:00:00Z', 'BadOutOfRange'],
      ['Guid', 'x', 'BadTypeMismatch'],
      ['ByteString', 'no base 64!', 'BadTypeMismatch'],
      ['NodeId', 'nonsense', 'BadTypeMismatch'],
      ['StatusCode', 'constructor', 'BadTypeMismatch'],
      ['Variant', 5, 'BadTypeMismatch'],
      ['Double', [1], 'BadTypeMismatch'],
      ['Double', 1, 'BadTypeMismatch', 1],
      ['Double', [[1], [2, 3]], 'BadTypeMismatch', 2],
      ['Double', [1, 2], 'BadTypeMismatch', 2],
      ['Double', [[1]], 'BadTypeMismatch', -3],
      ['Double', new Array(100_001).fill(0), 'BadOutOfRange', 1],
    ];
    for (const [name, value, status, rank] of refused)
      assert.equal(await convert(name, value, rank), status, `${name} ${String(value).slice(0, 40)}`);
  });
  it('numbers of every depth are collected for the range; a matrix keeps its dimensions', async () => {
    const grid = await convert('Int16', [[1, 2, 3], [4, 5, 6]], 2); // prettier-ignore
    assert.ok(typeof grid !== 'string');
    assert.deepEqual(grid.numbers, [1, 2, 3, 4, 5, 6]);
    assert.deepEqual(grid.variant.dimensions, [2, 3]);
    const big = await convert('Int64', '9007199254740993');
    assert.ok(typeof big !== 'string');
    assert.deepEqual([big.numbers, big.hasOther], [[9007199254740993n], false]);
    const word = await convert('String', 'x');
    assert.ok(typeof word !== 'string' && word.hasOther);
    assert.deepEqual(await roundTrip('Int64', 42n), '42');
    assert.deepEqual(await roundTrip('Double', Float64Array.of(1, 2), 1), [1, 2]);
  });
  it('an enumeration takes numbers that it has, or their text', async () => {
    const type: ValueType = { builtIn: 6, enumeration: new Map([['Off', 0], ['Running', 2]]) }; // prettier-ignore
    const of = async (value: unknown) => {
      const converted = await toVariant(link, { type, rank: -1 }, value);
      return typeof converted === 'string' ? converted : (converted.variant.value as unknown);
    };
    assert.deepEqual(
      [await of('Running'), await of(0), await of(1), await of('Stopped')],
      [2, 0, 'BadOutOfRange', 'BadTypeMismatch'],
    );
  });
});
