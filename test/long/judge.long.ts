import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { JudgeWeights } from '../../src/language/index.ts';
import { unpackLinear } from '../../src/learning/index.ts';
import { trainJudge } from '../../src/tooling/judge/train.ts';

describe('second judge of questions', function () {
  this.timeout(600_000);
  it('is trained again to the weights that are shipped', () => {
    const file = new URL('../../src/language/second/weights.json', import.meta.url);
    const shipped = JSON.parse(readFileSync(file, 'utf8')) as JudgeWeights;
    const trained = trainJudge();
    assert.equal(trained.words, shipped.words);
    const [a, b] = [unpackLinear(trained.model).weights, unpackLinear(shipped.model).weights];
    // Exponentials may differ in the last bit between machines: at most one weight in ten thousand by one step.
    const different = a.reduce((sum, weight, i) => sum + (weight === b[i] ? 0 : 1), 0);
    assert.ok(different <= a.length / 10_000, `${different} of ${a.length} weights differ`);
  });
});
