import fc from 'fast-check';
import assert from 'node:assert/strict';
import { contracts, Envelope, nodeDefinitions } from '../../src/contracts/index.ts';
import { compileCheck } from '../../src/kernel/index.ts';

/** The one fuzz harness: every schema, payload and configuration, joins by standing in its registry. */
const schemas: [string, object][] = [
  ...Object.entries(contracts),
  ['envelope', Envelope],
  ...nodeDefinitions.map((d): [string, object] => [`${d.type} config`, d.config]),
];

describe('every schema under fuzz', () => {
  for (const [name, schema] of schemas)
    it(`${name}: any value gets an answer, a bad one a place, a finding and an expectation`, () => {
      const check = compileCheck(schema);
      fc.assert(
        fc.property(fc.anything({ withNullPrototype: false }), (value) => {
          const problem = check(value);
          if (!problem) return;
          assert.ok(problem.pointer.startsWith('/') || problem.pointer === '');
          assert.ok(problem.found.length > 0 && problem.found.length <= 70, problem.found);
          assert.ok(problem.expected.length > 0);
        }),
        { numRuns: 200 },
      );
      assert.ok(check(undefined) && check('text') && check([]), `${name} takes what is no object`);
    });
});
