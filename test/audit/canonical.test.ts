import assert from 'node:assert/strict';
import { runInNewContext } from 'node:vm';
import { canonicalJson, digestOf } from '../../src/audit/index.ts';

describe('audit: canonical JSON (RFC 8785)', () => {
  it('writes the examples of section 3.2 as the RFC does', () => {
    const value = JSON.parse(`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
      "literals": [null, true, false]
    }`) as unknown;
    assert.equal(
      canonicalJson(value),
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('sorts properties by UTF-16 code units (section 3.2.3)', () => {
    const value = JSON.parse(`{
      "\\u20ac": "Euro Sign", "\\r": "Carriage Return", "\\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
      "\\ud83d\\ude00": "Emoji: Grinning Face", "\\u0080": "Control", "\\u00f6": "Latin Small Letter O With Diaeresis"
    }`) as unknown;
    assert.deepEqual(
      [...canonicalJson(value).matchAll(/:"([^":]+)/g)].map((m) => m[1]),
      [
        'Carriage Return',
        'One',
        'Control',
        'Latin Small Letter O With Diaeresis',
        'Euro Sign',
        'Emoji',
        'Hebrew Letter Dalet With Dagesh',
      ],
    );
  });

  it('writes the numbers of appendix B as the RFC does', () => {
    const samples: [string, string][] = [
      ['0000000000000000', '0'],
      ['8000000000000000', '0'],
      ['0000000000000001', '5e-324'],
      ['7fefffffffffffff', '1.7976931348623157e+308'],
      ['4340000000000000', '9007199254740992'],
      ['4430000000000000', '295147905179352830000'],
      ['44b52d02c7e14af5', '9.999999999999997e+22'],
      ['44b52d02c7e14af6', '1e+23'],
      ['444b1ae4d6e2ef4f', '999999999999999900000'],
      ['444b1ae4d6e2ef50', '1e+21'],
      ['3eb0c6f7a0b5ed8d', '0.000001'],
      ['41b3de4355555553', '333333333.3333332'],
      ['becbf647612f3696', '-0.0000033333333333333333'],
      ['43143ff3c1cb0959', '1424953923781206.2'],
    ];
    for (const [bits, text] of samples)
      assert.equal(canonicalJson(Buffer.from(bits, 'hex').readDoubleBE()), text, bits);
  });

  it('sorts each object of a list by itself, whatever stands before it', () => {
    const list = [
      { b: 1, a: 2 },
      { b: 3, a: 4 },
      { a: 5, b: { d: 6, c: 7 } },
      { b: 8, a: 9 },
      { c: 1, a: 2 },
      { a: 3 },
    ];
    assert.equal(
      canonicalJson(list),
      '[{"a":2,"b":1},{"a":4,"b":3},{"a":5,"b":{"c":7,"d":6}},{"a":9,"b":8},{"a":2,"c":1},{"a":3}]',
    );
  });

  it('leaves undefined properties out and hashes equal data equally', () => {
    assert.equal(canonicalJson({ b: 1, a: undefined }), '{"b":1}');
    assert.equal(digestOf({ b: 1, a: [2] }), digestOf({ a: [2], b: 1, c: undefined }));
    assert.equal(digestOf({}), '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
  });

  it('takes objects of another realm, as a function node makes them', () => {
    assert.equal(canonicalJson(runInNewContext('({ b: [{ c: 1 }], a: null })')), '{"a":null,"b":[{"c":1}]}');
  });

  it('refuses what JSON cannot hold, with its place', () => {
    const bad: [unknown, string][] = [
      [{ a: [1, NaN] }, '/a/1'],
      [{ 'x/y': Infinity }, '/x~1y'],
      [{ a: 1n }, '/a'],
      ['\ud800', '/'],
      [{ at: new Date(0) }, '/at'],
      [{ at: runInNewContext('new Date(0)') as unknown }, '/at'],
      [{ map: new Map() }, '/map'],
      [{ a: [undefined] }, '/a/0'],
    ];
    for (const [value, pointer] of bad)
      assert.throws(
        () => canonicalJson(value),
        (error: { code?: string; params?: Record<string, unknown> }) =>
          error.code === 'MW_VALUE_NOT_JSON' && error.params?.['pointer'] === pointer,
      );
  });
});
