import assert from 'node:assert/strict';
import fc from 'fast-check';
import { refusalOf } from '../../src/connect/uns/sparkplug/bounds.ts';
import { loadCodec, type PayloadCodec } from '../../src/connect/uns/sparkplug/codec.ts';
import { datatypeFor, datatypeNamed, datatypes } from '../../src/connect/uns/sparkplug/datatypes.ts';
import { instantOf, readValue, writeValue, type PlainValue } from '../../src/connect/uns/sparkplug/values.ts';
import { numberOf, wideOf, wideOfNumber, type WireMetric } from '../../src/connect/uns/sparkplug/wire.ts';

/** An encoder of its own, by hand from the field numbers of the specification. */
function varint(value: bigint | number): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return bytes;
}
const number = (field: number, value: bigint | number): number[] => [...varint(field * 8), ...varint(value)];
const bytes = (field: number, content: readonly number[]): number[] => [
  ...varint(field * 8 + 2),
  ...varint(content.length),
  ...content,
];
const text = (field: number, content: string): number[] => bytes(field, [...Buffer.from(content, 'utf8')]);
const single = (field: number, content: Buffer): number[] => [field * 8 + (content.length === 8 ? 1 : 5), ...content];
function float(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeFloatLE(value);
  return buffer;
}
function double(value: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeDoubleLE(value);
  return buffer;
}

/** Values in the form of our samples, by datatype. */
const instant = fc.integer({ min: -8.64e14, max: 8.64e14 }).map((ms) => new Date(ms).toISOString());
const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const singleFloat = fc.float({ noNaN: true, noDefaultInfinity: true });
const uuid = fc.uuid();
const base64 = fc.uint8Array({ maxLength: 40 }).map((data) => Buffer.from(data).toString('base64'));
const utf8 = fc.string({ unit: 'grapheme', maxLength: 30 });
const scalarValues: Record<string, fc.Arbitrary<unknown>> = {
  Int8: fc.integer({ min: -128, max: 127 }),
  Int16: fc.integer({ min: -32_768, max: 32_767 }),
  Int32: fc.integer({ min: -2_147_483_648, max: 2_147_483_647 }),
  Int64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  UInt8: fc.integer({ min: 0, max: 255 }),
  UInt16: fc.integer({ min: 0, max: 65_535 }),
  UInt32: fc.integer({ min: 0, max: 4_294_967_295 }),
  UInt64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
  Float: singleFloat,
  Double: finite,
  Boolean: fc.boolean(),
  String: utf8,
  DateTime: instant,
  Text: utf8,
  UUID: uuid,
  Bytes: base64,
  File: base64,
};
const members = fc.array(
  fc
    .constantFrom('Int8', 'Int64', 'UInt32', 'Float', 'Boolean', 'String', 'DateTime')
    .chain((type) => fc.record({ name: utf8, type: fc.constant(type), value: scalarValues[type]! })),
  { maxLength: 4 },
);
const properties = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 8 }).filter((key) => key !== '__proto__'),
  fc
    .constantFrom('Int32', 'UInt64', 'Double', 'String')
    .chain((type) => fc.record({ type: fc.constant(type), value: fc.oneof(scalarValues[type]!, fc.constant(null)) })),
  { maxKeys: 4 },
);
const values: Record<string, fc.Arbitrary<unknown>> = {
  ...scalarValues,
  DataSet: fc
    .array(fc.constantFrom('Int8', 'Int64', 'UInt64', 'Double', 'Boolean', 'String', 'DateTime'), {
      minLength: 1,
      maxLength: 4,
    })
    .chain((types) =>
      fc.record({
        columns: fc.constant(types.map((_, index) => `column ${index}`)),
        types: fc.constant(types),
        rows: fc.array(fc.tuple(...types.map((type) => fc.oneof(scalarValues[type]!, fc.constant(null)))), {
          maxLength: 4,
        }),
      }),
    ),
  Template: fc.record(
    { version: utf8, templateRef: utf8, isDefinition: fc.boolean(), members, parameters: members },
    { requiredKeys: ['isDefinition', 'members', 'parameters'] },
  ),
  PropertySet: properties,
  PropertySetList: fc.array(properties, { maxLength: 3 }),
};
for (const { name, array } of datatypes) {
  if (!array) continue;
  const element = scalarValues[name.slice(0, -'Array'.length)]!;
  const clean = name === 'StringArray' ? utf8.filter((content) => !content.includes('\0')) : element;
  values[name] = fc.array(clean, { maxLength: 20 });
}

/** A property's type may be a set of properties; a metric's may not. */
function throughTheWire(codec: PayloadCodec, name: string, value: PlainValue): PlainValue | undefined {
  const type = datatypeNamed(name)!;
  const wire = writeValue(type, value);
  assert.ok(wire, `${name} takes ${JSON.stringify(value)}`);
  const asProperty = name.startsWith('PropertySet');
  const metric: WireMetric = asProperty
    ? { name: 'm', properties: { keys: ['p'], values: [{ type: type.code, ...wire }] } }
    : { name: 'm', datatype: type.code, ...wire };
  const [back] = codec.decode(codec.encode({ metrics: [metric] }), 'test').metrics;
  return readValue(type, asProperty ? back!.properties!.values[0]! : back!);
}

/** Objects without prototype and `-0` compare as their plain forms. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('Sparkplug B payloads', () => {
  let codec: PayloadCodec;
  before(async () => {
    codec = await loadCodec();
  });

  it('every datatype comes back as it was sent', () => {
    assert.deepEqual(
      datatypes.map(({ code }) => code),
      Array.from({ length: 34 }, (_, index) => index + 1),
    );
    for (const { name } of datatypes) {
      fc.assert(
        fc.property(values[name]!, (value) => {
          assert.deepEqual(plain(throughTheWire(codec, name, value as PlainValue)), plain(value));
        }),
        { numRuns: 60 },
      );
    }
  });

  it('a payload has the bytes that the field numbers ask for', () => {
    const timestamp = 1_700_000_000_123;
    const metrics: [WireMetric, number[]][] = [
      [
        { name: 'bdSeq', timestamp: wideOfNumber(timestamp), datatype: 4, longValue: wideOfNumber(0) },
        [...text(1, 'bdSeq'), ...number(3, timestamp), ...number(4, 4), ...number(11, 0)],
      ],
      [
        { name: 'a', alias: wideOf(2n ** 64n - 1n), datatype: 1, isHistorical: true, ...written('Int8', -23) },
        [...text(1, 'a'), ...number(2, 2n ** 64n - 1n), ...number(4, 1), ...number(5, 1), ...number(10, 0xffffffe9)],
      ],
      [
        { name: 'i', datatype: 4, ...written('Int64', '-9007199254740993') },
        [...text(1, 'i'), ...number(4, 4), ...number(11, -9_007_199_254_740_993n)],
      ],
      [
        { name: 'u', datatype: 7, ...written('UInt32', 4_294_967_295) },
        [...text(1, 'u'), ...number(4, 7), ...number(10, 4_294_967_295)],
      ],
      [
        { name: 'f', datatype: 9, isTransient: true, ...written('Float', 1.5) },
        [...text(1, 'f'), ...number(4, 9), ...number(6, 1), ...single(12, float(1.5))],
      ],
      [
        { name: 'd', datatype: 10, ...written('Double', 1e-300) },
        [...text(1, 'd'), ...number(4, 10), ...single(13, double(1e-300))],
      ],
      [
        { name: 'b', datatype: 11, ...written('Boolean', false) },
        [...text(1, 'b'), ...number(4, 11), ...number(14, 0)],
      ],
      [
        { name: 's', datatype: 12, isNull: true, ...written('String', 'Öl') },
        [...text(1, 's'), ...number(4, 12), ...number(7, 1), ...text(15, 'Öl')],
      ],
      [
        { name: 'x', datatype: 17, ...written('Bytes', Buffer.from([1, 2]).toString('base64')) },
        [...text(1, 'x'), ...number(4, 17), ...bytes(16, [1, 2])],
      ],
      [
        {
          name: 't',
          datatype: 16,
          ...written('DataSet', { columns: ['c', 'e'], types: ['Int8', 'String'], rows: [[-1, 'y']] }),
        },
        [
          ...text(1, 't'),
          ...number(4, 16),
          ...bytes(17, [
            ...number(1, 2),
            ...text(2, 'c'),
            ...text(2, 'e'),
            ...number(3, 1),
            ...number(3, 12),
            ...bytes(4, [...bytes(1, number(1, 0xffffffff)), ...bytes(1, text(6, 'y'))]),
          ]),
        ],
      ],
      [
        {
          name: 'p',
          datatype: 19,
          properties: { keys: ['Quality'], values: [{ type: 3, ...written('Int32', 500) }] },
          ...written('Template', {
            version: 'v1',
            templateRef: 'pump',
            isDefinition: false,
            members: [{ name: 'n', type: 'Boolean', value: true }],
            parameters: [{ name: 'q', type: 'UInt64', value: '18446744073709551615' }],
          }),
        },
        [
          ...text(1, 'p'),
          ...number(4, 19),
          ...bytes(9, [...text(1, 'Quality'), ...bytes(2, [...number(1, 3), ...number(3, 500)])]),
          ...bytes(18, [
            ...text(1, 'v1'),
            ...bytes(2, [...text(1, 'n'), ...number(4, 11), ...number(14, 1)]),
            ...bytes(3, [...text(1, 'q'), ...number(2, 8), ...number(4, 2n ** 64n - 1n)]),
            ...text(4, 'pump'),
            ...number(5, 0),
          ]),
        ],
      ],
    ];
    const golden = Buffer.from([
      ...number(1, timestamp),
      ...metrics.flatMap(([, content]) => bytes(2, content)),
      ...number(3, 0),
      ...text(4, 'u'),
      ...bytes(5, [9]),
    ]);
    const encoded = codec.encode({
      timestamp: wideOfNumber(timestamp),
      metrics: metrics.map(([metric]) => metric),
      seq: wideOfNumber(0),
      uuid: 'u',
      body: Uint8Array.of(9),
    });
    assert.equal(Buffer.from(encoded).toString('hex'), golden.toString('hex'));
    const decoded = codec.decode(golden, 'test');
    assert.equal(instantOf(decoded.timestamp), timestamp);
    assert.equal(numberOf(decoded.seq!), 0);
    assert.equal(readValue(datatypeNamed('Int8')!, decoded.metrics[1]!), -23);
    assert.equal(readValue(datatypeNamed('Int64')!, decoded.metrics[2]!), '-9007199254740993');
  });

  it("arrays are packed as in the specification's examples", () => {
    const examples: [string, PlainValue, number[]][] = [
      ['Int16Array', [-30_000, 30_000], [0xd0, 0x8a, 0x30, 0x75]],
      ['Int32Array', [-1, 315_338_746], [0xff, 0xff, 0xff, 0xff, 0xfa, 0xaf, 0xcb, 0x12]],
      [
        'Int64Array',
        ['-4270929666821191986', '-3601064768563266876'],
        [0xce, 0x06, 0x72, 0xac, 0x18, 0x9c, 0xba, 0xc4, 0xc4, 0xba, 0x9c, 0x18, 0xac, 0x72, 0x06, 0xce],
      ],
      ['UInt8Array', [23, 250], [0x17, 0xfa]],
      ['UInt16Array', [30, 52_360], [0x1e, 0x00, 0x88, 0xcc]],
      ['UInt32Array', [52, 3_293_969_225], [0x34, 0x00, 0x00, 0x00, 0x49, 0xfb, 0x55, 0xc4]],
      [
        'UInt64Array',
        ['52', '16444743074749521625'],
        [0x34, 0, 0, 0, 0, 0, 0, 0, 0xd9, 0x9e, 0x02, 0xd1, 0xb2, 0x76, 0x37, 0xe4],
      ],
      [
        'BooleanArray',
        [false, false, true, true, false, true, false, false, true, true, false, true],
        [0x0c, 0x00, 0x00, 0x00, 0x34, 0xd0],
      ],
      ['StringArray', ['ABC', 'hello'], [0x41, 0x42, 0x43, 0x00, 0x68, 0x65, 0x6c, 0x6c, 0x6f, 0x00]],
      ['FloatArray', [1.5], [...float(1.5)]],
      ['DoubleArray', [12.354213], [...double(12.354213)]],
      ['DateTimeArray', ['2009-10-21T05:27:55.335Z'], [0xc7, 0xd0, 0x90, 0x75, 0x24, 0x01, 0, 0]],
    ];
    for (const [name, value, packed] of examples) {
      const wire = writeValue(datatypeNamed(name)!, value);
      assert.deepEqual([...wire!.bytesValue!], packed, name);
      assert.deepEqual(readValue(datatypeNamed(name)!, wire!), value, name);
    }
  });

  it('an integer is read from either integer field and cut to its width', () => {
    const read = (name: string, wire: WireMetric): PlainValue | undefined => readValue(datatypeNamed(name)!, wire);
    assert.equal(read('Int8', { intValue: 0xe9 }), -23);
    assert.equal(read('Int8', { intValue: 0xffffffe9 }), -23);
    assert.equal(read('Int16', { longValue: wideOf(-2n) }), -2);
    assert.equal(read('UInt32', { longValue: wideOf(4_294_967_295n) }), 4_294_967_295);
    assert.equal(read('Int64', { intValue: 7 }), '7');
    assert.equal(read('UInt64', { longValue: wideOf(2n ** 64n - 1n) }), '18446744073709551615');
    assert.equal(read('Float', { doubleValue: Number.NaN }), null);
    assert.equal(read('Int32', { stringValue: '7' }), undefined);
  });

  it('a value that does not fit its datatype is not written', () => {
    for (const [name, value] of [
      ['Int8', 128],
      ['UInt8', -1],
      ['Int32', 1.5],
      ['UInt64', '18446744073709551616'],
      ['Int64', 'seven'],
      ['Boolean', 1],
      ['DateTime', 'yesterday'],
      ['Int8Array', [1, 300]],
      ['StringArray', ['a\0b']],
      ['DataSet', { columns: ['a'], types: [], rows: [] }],
    ] as const)
      assert.equal(writeValue(datatypeNamed(name)!, value as unknown as PlainValue), undefined, name);
  });

  it('array bytes that do not make whole elements are no value', () => {
    const read = (name: string, content: number[]): unknown =>
      readValue(datatypeNamed(name)!, { bytesValue: Uint8Array.from(content) });
    assert.equal(read('Int32Array', [1, 2, 3]), undefined);
    assert.equal(read('BooleanArray', [255, 255, 255, 255, 1]), undefined);
    assert.equal(read('BooleanArray', [1]), undefined);
    assert.equal(read('StringArray', [65]), undefined);
    assert.deepEqual(read('StringArray', []), []);
  });

  it('a sample has the datatype of its word, else that of its value', () => {
    const name = (word: string, value: unknown): string => datatypeFor(word, value).name;
    assert.equal(name('SByte', 1), 'Int8');
    assert.equal(name('String', 'x'), 'String');
    assert.equal(name('ByteString', ''), 'Bytes');
    assert.equal(name('Int32', [1]), 'Int32Array');
    assert.equal(name('NodeId', 'i=1'), 'String');
    assert.equal(name('ExtensionObject', { a: 1 }), 'String');
    assert.equal(name('Variant', 1.5), 'Double');
    assert.equal(name('Variant', [true]), 'BooleanArray');
    assert.equal(name('LocalizedText', ['a']), 'StringArray');
  });

  it('bytes of anybody never do harm: they are decoded or refused', () => {
    const whole = Buffer.from([...number(1, 5), ...bytes(2, [...text(1, 'name'), ...number(4, 3), ...number(10, 1)])]);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(fc.tuple(fc.nat(), fc.nat(255))), (noise, changes) => {
        const damaged = Buffer.from(whole);
        for (const [at, value] of changes) damaged[at % damaged.length] = value;
        for (const data of [noise, damaged]) {
          try {
            for (const metric of codec.decode(data, 'test').metrics)
              for (const type of datatypes) readValue(type, metric);
          } catch (thrown) {
            assert.equal((thrown as { code?: string }).code, 'MW_SPARKPLUG_PAYLOAD_INVALID');
          }
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('a payload that would take too much memory is refused before it is decoded', () => {
    let deep: number[] = text(1, 'inner');
    for (let level = 0; level < 20; level++) deep = bytes(2, bytes(18, deep));
    assert.match(refusalOf(Uint8Array.from(deep))!, /nested deeper/);
    const many = Buffer.alloc(600_000);
    for (let at = 0; at < many.length; at += 2) many[at] = 0x12;
    assert.match(refusalOf(many)!, /parts/);
    assert.match(refusalOf(Buffer.alloc(9 * 1024 * 1024))!, /bytes/);
    assert.equal(refusalOf(Uint8Array.from(bytes(2, number(10, 1)))), undefined);
  });

  function written(name: string, value: unknown): WireMetric {
    return writeValue(datatypeNamed(name)!, value as PlainValue)!;
  }
});
