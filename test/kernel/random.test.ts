import assert from 'node:assert/strict';
import { seededRandom } from '../../src/kernel/index.ts';

describe('seeded random', () => {
  it('repeats by seed and stream, and differs between streams', () => {
    const draw = (seed: number, stream: string) => {
      const random = seededRandom(seed, stream);
      return Array.from({ length: 5 }, () => random.next());
    };
    assert.deepEqual(draw(1, 'a'), draw(1, 'a'));
    assert.notDeepEqual(draw(1, 'a'), draw(1, 'b'));
    assert.notDeepEqual(draw(1, 'a'), draw(2, 'a'));
  });
  it('has the moments of its distributions', () => {
    const random = seededRandom(7);
    const n = 200_000;
    const mean = (draw: () => number) => Array.from({ length: n }, draw).reduce((s, x) => s + x, 0) / n;
    assert.ok(Math.abs(mean(() => random.next()) - 0.5) < 0.005);
    assert.ok(Math.abs(mean(() => random.normal())) < 0.01);
    assert.ok(Math.abs(mean(() => random.normal() ** 2) - 1) < 0.02);
    assert.ok(Math.abs(mean(() => random.exponential(3)) - 3) < 0.04);
  });
  it('shuffles without losing anything', () => {
    const list = Array.from({ length: 50 }, (_x, i) => i);
    assert.deepEqual(
      seededRandom(3)
        .shuffle([...list])
        .sort((a, b) => a - b),
      list,
    );
  });
});
