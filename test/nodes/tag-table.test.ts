import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  parseTagTable,
  repeatedTags,
  tagNames,
  writeTagTable,
  type TagRow,
} from '../../nodes/mw-opcua-in/tag-table.ts';
import { opcuaInNode } from '../../src/contracts/index.ts';
import { compileCheck } from '../../src/kernel/index.ts';

describe('the tag table of mw-opcua-in', () => {
  it('reads back what it writes, whatever stands in the cells', () => {
    const text = fc
      .string({ unit: fc.constantFrom('a', 'Ä', ';', ',', '"', '/', ' ', '\t'), minLength: 1, maxLength: 12 })
      .map((cell) => `x${cell.trim()}x`);
    const row = fc.record(
      {
        tag: text,
        nodeId: text.map((id) => `nsu=urn:plant;s=${id}`),
        unit: text,
        intervalMs: fc.nat(86_400_000),
        deadband: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
      },
      { requiredKeys: ['tag', 'nodeId'], noNullPrototype: true },
    );
    fc.assert(
      fc.property(fc.array(row, { maxLength: 20 }), (rows) => {
        assert.deepEqual(parseTagTable(writeTagTable(rows as TagRow[])), { rows, faults: [] });
      }),
    );
  });

  it('reads tables of spreadsheets: separators, quotes, byte order mark, headings in any order', () => {
    const expected = [{ tag: 'Line 1/CNC-12/Power', nodeId: 'ns=2;s=A', unit: 'kW', intervalMs: 500 }];
    for (const table of [
      'Line 1/CNC-12/Power\tns=2;s=A\tkW\t500',
      'Line 1/CNC-12/Power,ns=2;s=A,kW,500\r\n',
      'Line 1/CNC-12/Power;ns=2;s=A;kW;500',
      '"Line 1/CNC-12/Power";"ns=2;s=A";"kW";"500"',
      '\uFEFFInterval ms;Address;Tag name;Unit;Comment\n500;"ns=2;s=A";Line 1/CNC-12/Power;kW;spindle',
    ])
      assert.deepEqual(parseTagTable(table), { rows: expected, faults: [] }, table);
    assert.deepEqual(parseTagTable('a;i=2258;;;0,5').rows, [{ tag: 'a', nodeId: 'i=2258', deadband: 0.5 }]);
    const percent = [{ tag: 'a', nodeId: 'i=2258', deadbandPercent: 2 }];
    assert.deepEqual(parseTagTable(writeTagTable(percent)).rows, percent);
  });

  it('leaves out bad lines and names each by number and reason', () => {
    const { rows, faults } = parseTagTable(
      ['good,ns=1;s=A', '', ',ns=1;s=B', 'x,nowhere', 'x,i=1,,soon', 'x,i=1,,1,-2', '"open,i=1'].join('\n'),
    );
    assert.deepEqual(rows, [{ tag: 'good', nodeId: 'ns=1;s=A' }]);
    assert.deepEqual(
      faults.map(({ line, reason }) => `${String(line)} ${reason}`),
      ['3 tag', '4 nodeId', '5 intervalMs', '6 deadband', '7 quote'],
    );
  });

  it("leaves out what the node's settings would refuse: one such row would stop all tags", () => {
    const properties = opcuaInNode.config.properties as Record<string, { default?: unknown }>;
    const defaults = Object.fromEntries(Object.entries(properties).map(([key, schema]) => [key, schema.default]));
    const check = compileCheck(opcuaInNode.config);
    const long = 'x'.repeat(1_000);
    const texts = [
      `${long},i=1`,
      `a,s=${long}`,
      `a,i=1,${long}`,
      'a,i=1,,1e8',
      'a,i=1,,1e999',
      'a,i=1,,,1e999',
      'a,i=1,,,101%',
    ];
    const edges = [`${'x'.repeat(200)},s=${'x'.repeat(498)},${'x'.repeat(40)},86400000,100%`, 'a,i=1,,0,0'];
    for (const text of texts) assert.equal(parseTagTable(text).faults.length, 1, text.slice(0, 40));
    for (const text of edges) {
      const tags = parseTagTable(text).rows;
      assert.equal(tags.length, 1);
      assert.equal(check({ ...defaults, endpoint: 'e', tags }), undefined);
    }
  });

  it('names variables by line, machine and signal, and with more where two would be the same', () => {
    const names = tagNames(
      [
        ['Objects', 'Hall 1', 'Line 1', 'CNC-1', 'Power'],
        ['Objects', 'Hall 2', 'Line 1', 'CNC-1', 'Power'],
        ['Speed'],
        ['Speed'],
        ['A/B', 'C'],
      ],
      new Set(['Speed']),
    );
    assert.deepEqual(names, ['Line 1/CNC-1/Power', 'Hall 2/Line 1/CNC-1/Power', 'Speed 2', 'Speed 3', 'A_B/C']);
    assert.deepEqual([...repeatedTags([...names, 'Speed 2'].map((tag) => ({ tag, nodeId: 'i=1' })))], ['Speed 2']);
  });
});
