import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../../src/tooling/project.ts';

/** Deliberately wrong imports, each with the rule that must fire. */
const wrong: [rule: string, file: string, source: string][] = [
  ['floor-0-kernel', 'src/kernel/wrong-import.ts', "import '../plant/index.ts';"],
  ['floor-1-plant', 'src/plant/wrong-import.ts', "import '../../nodes/shared/inbox.ts';"],
  ['through-the-index', 'nodes/shared/wrong-import.ts', "import '../../src/kernel/clock.ts';"],
  ['no-node-red-in-src', 'src/plant/wrong-import.ts', "import 'node-red';"],
  ['one-file-mqtt', 'src/plant/wrong-import.ts', "import 'mqtt';"],
];

describe('import rules', function () {
  this.timeout(60_000);
  const cruise = (path: string) =>
    spawnSync('depcruise', ['--config', 'src/tooling/checks/dependency-cruiser.cjs', '--output-type', 'err', path], {
      cwd: root,
      encoding: 'utf8',
    });

  for (const [rule, file, source] of wrong)
    it(`${rule} fires on a deliberately wrong import`, () => {
      const path = join(root, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `${source}\n`);
      try {
        const { stdout, status } = cruise(file);
        assert.notEqual(status, 0);
        assert.match(stdout, new RegExp(rule));
      } finally {
        rmSync(path);
      }
    });
  it('are run by a compiler that is really version 7', () => {
    assert.match(spawnSync('tsc', ['-v'], { encoding: 'utf8' }).stdout, /Version 7\./);
  });
});
