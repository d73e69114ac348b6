import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readCsv, writeCsv } from '../../src/kernel/index.ts';

const cellsOf = (text: string) => readCsv(text).records.map(({ cells }) => cells);

describe('comma-separated values', () => {
  it('come back as they were written, whatever they hold', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'ä', '"', ',', ';', '\t', '\n', '\r', ' ', '1') });
    const record = fc.array(cell, { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 5 }), (records) => {
        // A heading says which separator there is; a record without any content is none.
        const text = writeCsv([['one', 'two'], ...records]);
        const expected = [['one', 'two'], ...records.filter((cells) => cells.some((c) => c !== ''))];
        assert.deepEqual(cellsOf(text), expected);
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  it('are parted by what the first line has most of', () => {
    assert.deepEqual(cellsOf('a;b;c\n1,5;2;3'), [
      ['a', 'b', 'c'],
      ['1,5', '2', '3'],
    ]);
    assert.deepEqual(cellsOf('a\tb\n1,2;3\t4'), [
      ['a', 'b'],
      ['1,2;3', '4'],
    ]);
    assert.deepEqual(cellsOf('"a;b;c",d\n1,2'), [
      ['a;b;c', 'd'],
      ['1', '2'],
    ]);
  });

  it('keep the line on which each record begins, through breaks within quotes', () => {
    const { records } = readCsv('\uFEFFa,b\r\n"x\r\ny",2\r\n\r\n3,4');
    assert.deepEqual(
      records.map(({ line, cells }) => [line, ...cells]),
      [
        [1, 'a', 'b'],
        [2, 'x\r\ny', '2'],
        [5, '3', '4'],
      ],
    );
  });

  it('say where a quote is left open and keep what stands before', () => {
    assert.deepEqual(readCsv('a,b\n1,2\n"3,4\n5,6'), {
      records: [
        { line: 1, cells: ['a', 'b'] },
        { line: 2, cells: ['1', '2'] },
      ],
      openQuote: 3,
    });
  });

  it('take blanks around cells away, unless quoted', () => {
    assert.deepEqual(cellsOf(' a , b\n" c " , d'), [
      ['a', 'b'],
      [' c ', 'd'],
    ]);
  });
});
