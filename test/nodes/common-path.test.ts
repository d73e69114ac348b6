import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Sample } from '../../src/contracts/index.ts';
import { commonPath } from '../../nodes/mw-opcua-in/common-path.ts';

const common = (...tags: string[]) => commonPath(tags.map((tag) => ({ tag }) as Sample));

describe('topic of a batch', () => {
  it('is the longest path that all tags share, whole parts only', () => {
    assert.equal(common('line/m1/speed'), 'line/m1/speed');
    assert.equal(common('line/m1/speed', 'line/m1/speed'), 'line/m1/speed');
    assert.equal(common('line/m1/speed', 'line/m1/state', 'line/m12/state'), 'line');
    assert.equal(common('line/m1', 'line/m1/speed'), 'line/m1');
    assert.equal(common('line/m1/speed', 'line/m1'), 'line/m1');
    assert.equal(common('a', 'b'), '');
    assert.equal(common(), '');
  });

  it('is what comparing part by part gives', () => {
    const tag = fc
      .array(fc.constantFrom('a', 'ab', 'b'), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join('/'));
    fc.assert(
      fc.property(fc.array(tag, { minLength: 1, maxLength: 5 }), (tags) => {
        const paths = tags.map((one) => one.split('/'));
        const [first = []] = paths;
        const differs = first.findIndex((part, at) => paths.some((path) => path[at] !== part));
        assert.equal(common(...tags), first.slice(0, differs < 0 ? first.length : differs).join('/'));
      }),
    );
  });
});
