import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { tagFilter } from '../../nodes/mw-monitor/tag-filter.ts';

/** Runs a module in a process of its own, because what hangs there cannot be ended here. */
function runsWithin(ms: number, source: string): boolean {
  const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', source], { timeout: ms });
  return status === 0;
}

describe('settings of mw-monitor', () => {
  it('match tags as the same pattern with an asterisk for any text would', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.', '*'), maxLength: 8 });
    const tags = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.'), maxLength: 12 });
    fc.assert(
      fc.property(letters, tags, (pattern, tag) => {
        fc.pre(pattern !== '');
        const escaped = pattern.split('*').map((part) => part.replace(/[./]/g, '\\$&'));
        assert.equal(tagFilter(pattern)(tag), new RegExp(`^${escaped.join('.*')}$`).test(tag));
      }),
      { numRuns: 2_000 },
    );
    const both = tagFilter(' Line 1/* , */State');
    assert.deepEqual(['Line 1/A/B', 'x/State', 'Line 2/A/B'].map(both), [true, true, false]);
  });

  it('cannot stop Node-RED by a pattern that is hard to match', () => {
    const filter = new URL('../../nodes/mw-monitor/tag-filter.ts', import.meta.url).href;
    const contracts = new URL('../../src/contracts/index.ts', import.meta.url).href;
    assert.ok(
      runsWithin(
        20_000,
        `import { tagFilter } from ${JSON.stringify(filter)};
         if (tagFilter('*a'.repeat(40) + 'b')('a'.repeat(200))) process.exitCode = 1;`,
      ),
    );
    assert.ok(
      runsWithin(
        20_000,
        `import { monitorNode } from ${JSON.stringify(contracts)};
         const pattern = new RegExp(monitorNode.config.properties.delays.pattern);
         if (pattern.test('   a=1 ,'.repeat(200) + 'x') || !pattern.test('CNC-22=60, WASH-14=600')) process.exitCode = 1;`,
      ),
    );
  });
});
