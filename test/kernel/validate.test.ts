import assert from 'node:assert/strict';
import { Type } from 'typebox';
import { compileCheck } from '../../src/kernel/index.ts';

describe('checks of a schema', () => {
  it('take no number that JSON cannot carry', () => {
    const check = compileCheck(Type.Object({ low: Type.Number() }));
    assert.equal(check({ low: 0 }), undefined);
    for (const low of [NaN, Infinity, -Infinity, '0']) assert.equal(check({ low })?.pointer, '/low', String(low));
  });
});
