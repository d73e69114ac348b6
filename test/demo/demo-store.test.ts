import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../src/store/index.ts';

const script = join(import.meta.dirname, '../../src/tooling/demo-store.ts');

describe('npm run demo-store', () => {
  let folder: string;
  const run = (...args: string[]) => spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mw-demo-store-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('writes a history to a file and tells what is in it', async () => {
    const file = join(folder, 'demo.sqlite');
    const { status, stdout, stderr } = run(
      '--seed',
      '4',
      '--days',
      '1',
      '--until',
      '2026-11-24T09:00:00+01:00',
      '--out',
      file,
    );
    assert.equal(status, 0, stderr);
    assert.match(stdout, /2026-11-23T05:00:00\.000Z to 2026-11-24T08:00:00\.000Z/);
    assert.match(stderr, /day 1 of 2/);
    const written = Number(/samples (\d+)/.exec(stdout)?.[1]);
    assert.ok(written > 10_000);
    const store = await openStore({ file });
    assert.equal((await store.loadPlantModel())?.site, 'northfield');
    await store.close();
  });

  it('tells what it wants where arguments are wrong, ends with 2 and writes nothing', () => {
    const file = join(folder, 'none.sqlite');
    for (const [args, complaint] of [
      [[], '--out FILE is missing'],
      [['--out', file, '--days', '0'], '--days 0'],
      [['--out', file, '--seed', '1.5'], '--seed 1.5'],
      [['--out', file, '--until', '2026-11-24T08:00:00'], '--until'],
      [['--out', file, '--speed', '2'], '--speed'],
      [['--out', script], 'exists already'],
    ] as const) {
      const { status, stderr } = run(...args);
      assert.equal(status, 2, args.join(' '));
      assert.ok(stderr.includes(complaint), stderr);
      assert.ok(stderr.includes('npm run demo-store --'));
    }
    assert.ok(!existsSync(file));
    const help = run('--help');
    assert.equal(help.status, 0);
    assert.match(help.stdout, /--until ISO/);
  });
});
