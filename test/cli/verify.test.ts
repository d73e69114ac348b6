import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newAuditKey, publicPem, readAuditKey } from '../../src/audit/index.ts';
import { openStore } from '../../src/store/index.ts';

const main = new URL('../../src/cli/main.ts', import.meta.url).pathname;

function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
}

describe('cli: verify', () => {
  let dir = '';
  let file = '';
  let entries = 0;
  let rootHash = '';

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'mw-cli-'));
    file = join(dir, 'audit.jsonl');
    const store = await openStore({ file: join(dir, 'plant.sqlite') });
    for (let i = 0; i < 5; i++)
      await store.setWriteInhibit(i % 2 === 0 ? { reason: 'test', source: 'board' } : undefined, { id: 'OP-01' });
    ({ entries, rootHash } = await store.exportAudit(file));
    await store.close();
  });
  after(() => rm(dir, { recursive: true }));

  it("accepts a store's export and says what that covers", async () => {
    const { code, out } = await run('verify', file);
    assert.equal(code, 0);
    assert.match(out, /^VERIFIED\nentries: 5\nroot: [0-9a-f]{64}\n/);
    assert.match(out, new RegExp(rootHash));
    assert.match(out, /signature: valid by key [0-9a-f]{64}/);
    assert.match(out, /note: .*--checkpoint/);
  });

  it("accepts the store's own key and an earlier checkpoint, and refuses others", async () => {
    const key = join(dir, 'plant.sqlite.audit-key.pub.pem');
    const other = join(dir, 'other.pem');
    await writeFile(other, publicPem(readAuditKey(newAuditKey())));
    assert.equal((await run('verify', file, '--key', key, '--checkpoint', `${entries}:${rootHash}`)).code, 0);
    const foreign = await run('verify', file, '--key', other);
    assert.equal(foreign.code, 1);
    assert.match(foreign.out, /NOT VERIFIED: the signature/);
    const ahead = await run('verify', file, '--checkpoint', `9:${rootHash}`);
    assert.equal(ahead.code, 1);
    assert.match(ahead.out, /cut off/);
  });

  it('names the first bad entry of a changed export', async () => {
    const changed = join(dir, 'changed.jsonl');
    const text = await readFile(file, 'utf8');
    const lines = text.split('\n');
    await writeFile(changed, lines.with(3, lines[3]!.replace('OP-01', 'OP-02')).join('\n'));
    const { code, out } = await run('verify', changed);
    assert.equal(code, 1);
    assert.match(out, /^NOT VERIFIED: an entry was changed\nfirst bad entry: 3\n/);
  });

  it('calls bytes that are no text a failed verification', async () => {
    const broken = join(dir, 'broken.jsonl');
    await writeFile(broken, Buffer.concat([await readFile(file), Buffer.from([0xff])]));
    assert.equal((await run('verify', broken)).code, 1);
  });

  it('tells wrong usage and unreadable files from a failed verification', async () => {
    assert.equal((await run('--help')).code, 0);
    for (const args of [
      [],
      ['check', file],
      ['verify', join(dir, 'missing')],
      ['verify', file, '--key', file],
      ['verify', file, '--checkpoint', '5'],
      ['verify', file, '--loud'],
    ]) {
      const { code, err } = await run(...args);
      assert.equal(code, 2, args.join(' '));
      assert.notEqual(err, '');
    }
  });
});
