import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { newAuditKey } from '../../src/audit/index.ts';
import { openStore, type Store } from '../../src/store/index.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { actor, machineDown, model } from './plant.ts';

describe('store: its file', () => {
  let folder = '';
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'mw-file-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const path = (name = 'plant.sqlite') => join(folder, name);
  const use = async <T>(work: (store: Store) => Promise<T>, options = {}) => {
    const store = await openStore({ file: path(), ...options });
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  };
  /** Changes the closed file past the store. */
  const tamper = (sql: string, file = path()) => {
    const db = new DatabaseSync(file);
    try {
      db.exec(sql);
    } finally {
      db.close();
    }
  };

  it('is made with its folder, and holds what was written when it is opened again', async () => {
    const file = path('deep/er/plant.sqlite');
    const first = await openStore({ file });
    await first.savePlantModel(model, actor);
    const { rootHash } = await first.verifyAudit();
    await first.close();
    const second = await openStore({ file });
    assert.deepEqual(await second.loadPlantModel(), model);
    assert.deepEqual(await second.verifyAudit(), { verified: true, size: 1, rootHash });
    await second.close();
  });

  it('is left as it is when it is no database, a damaged one, or that of another program', async () => {
    await writeFile(path(), 'This is a text of some length, and no database at all.'.repeat(40));
    await use((store) => store.savePlantModel(model, actor), { file: path('good.sqlite') });
    const whole = await readFile(path('good.sqlite'));
    await writeFile(path('cut.sqlite'), whole.subarray(0, whole.length / 2));
    const scratched = Buffer.from(whole);
    scratched.fill(0xaa, 4096, 4096 + 8192);
    await writeFile(path('scratched.sqlite'), scratched);
    tamper('CREATE TABLE other (x)', path('foreign.sqlite'));
    for (const name of ['plant.sqlite', 'cut.sqlite', 'scratched.sqlite', 'foreign.sqlite']) {
      const before = await readFile(path(name));
      await assert.rejects(openStore({ file: path(name) }), (error: { code: string; message: string }) => {
        assert.equal(error.code, 'MW_STORE_DAMAGED', name);
        assert.ok(error.message.includes(path(name)));
        return true;
      });
      assert.deepEqual(await readFile(path(name)), before, name);
    }
  });

  it('is refused when a newer version wrote it or it cannot be opened', async () => {
    await use(() => Promise.resolve());
    tamper('PRAGMA user_version = 9999');
    await assert.rejects(openStore({ file: path() }), { code: 'MW_STORE_NEWER' });
    await mkdir(path('folder'));
    await assert.rejects(openStore({ file: path('folder') }), { code: 'MW_STORE_UNAVAILABLE' });
    await assert.rejects(openStore({ file: path('plant.sqlite/under/a/file') }), { code: 'MW_STORE_UNAVAILABLE' });
  });

  it('needs node:sqlite and says so where this Node.js has none', async () => {
    const script = `import { openStore } from ${JSON.stringify(new URL('../../src/store/index.ts', import.meta.url).href)};
      await openStore({ file: ${JSON.stringify(path())} }).catch((error) => console.log(error.code));`;
    await writeFile(path('open.mjs'), script);
    const { stdout } = await promisify(execFile)(process.execPath, ['--no-experimental-sqlite', path('open.mjs')]);
    assert.equal(stdout.trim(), 'MW_STORE_UNSUPPORTED');
  });

  it('says when another program holds it, and goes on afterwards', async () => {
    await use(async (store) => {
      const other = new DatabaseSync(path());
      other.exec('BEGIN IMMEDIATE');
      await assert.rejects(store.saveEvent(machineDown('E-1'), actor), { code: 'MW_STORE_LOCKED' });
      other.exec('ROLLBACK');
      other.close();
      await store.saveEvent(machineDown('E-1'), actor);
      assert.equal((await store.verifyAudit()).size, 1);
    });
  });

  it('tells a full disk and a read-only file by code and takes the change back whole', async () => {
    const db = await openSqlite(path());
    db.exec('CREATE TABLE t (x)');
    db.exec('PRAGMA max_page_count = 10');
    const fill = () =>
      db.transaction(() => {
        for (let i = 0; i < 20; i++) db.run('INSERT INTO t VALUES (zeroblob(4000))');
      });
    assert.throws(fill, { code: 'MW_STORE_FULL' });
    assert.equal(db.get<{ n: number }>('SELECT count(*) AS n FROM t')?.n, 0);
    db.exec('PRAGMA max_page_count = 1000');
    fill();
    db.close();
    const reader = await openSqlite(path(), { readOnly: true });
    assert.throws(() => reader.run('DELETE FROM t'), { code: 'MW_STORE_READ_ONLY' });
    reader.close();
  });

  it('is shared by those who open it in one process, and closed by the last', async () => {
    const first = await openStore({ file: path() });
    const second = await openStore({ file: join(folder, '.', 'plant.sqlite') });
    await Promise.all(
      Array.from({ length: 40 }, (_, i) => (i % 2 ? first : second).saveEvent(machineDown(`E-${i}`), actor)),
    );
    await first.close();
    await first.close();
    await assert.rejects(first.openEvents(), { code: 'MW_STORE_CLOSED' });
    await assert.rejects(first.query('SELECT 1', []), { code: 'MW_STORE_CLOSED' });
    assert.equal((await second.openEvents()).length, 40);
    assert.equal((await second.verifyAudit()).size, 40);
    const pending = second.saveEvent(machineDown('last'), actor);
    const closing = second.close();
    const third = await openStore({ file: path() });
    await Promise.all([pending, closing]);
    assert.equal((await third.openEvents()).length, 41);
    await third.close();
    await assert.rejects(stat(`${path()}-wal`), { code: 'ENOENT' });
  });

  it('is read and written by its owner alone, as are the files beside it', async () => {
    await use(async (store) => {
      await store.saveEvent(machineDown('E-1'), actor);
      for (const file of [path(), `${path()}-wal`]) assert.equal((await stat(file)).mode & 0o777, 0o600, file);
    });
  });

  it('has a key of its own beside it that only the owner reads, or the one it is given', async () => {
    await use((store) => store.setMode({ useCase: 'u', field: 'f', mode: 'write', reason: 'r' }, actor));
    const key = `${path()}.audit-key.pem`;
    assert.equal((await stat(key)).mode & 0o777, 0o600);
    assert.match(await readFile(`${path()}.audit-key.pub.pem`, 'utf8'), /BEGIN PUBLIC KEY/);
    assert.equal(await use((store) => store.modeInForce('u', 'f')), 'write');
    const auditKey = newAuditKey();
    assert.equal(await use((store) => store.modeInForce('u', 'f'), { auditKey }), 'shadow');
    await assert.rejects(openStore({ file: path(), auditKey: 'nonsense' }), { code: 'MW_AUDIT_KEY_INVALID' });
    await writeFile(key, 'damaged');
    await assert.rejects(openStore({ file: path() }), { code: 'MW_AUDIT_KEY_INVALID' });
  });

  it('permits nothing by a mode that was written past the store', async () => {
    await use((store) => store.setMode({ useCase: 'u', field: 'f', mode: 'advise', reason: 'r' }, actor));
    tamper(`INSERT INTO mode_entry (use_case, field, mode, reason, actor, at_ms, signature)
      SELECT use_case, field, 'write', reason, actor, at_ms, signature FROM mode_entry`);
    assert.equal(await use((store) => store.modeInForce('u', 'f')), 'shadow');
  });

  it('permits nothing by an old mode entry that is put in once more', async () => {
    await use(async (store) => {
      for (const mode of ['write', 'shadow'] as const)
        await store.setMode({ useCase: 'u', field: 'f', mode, reason: 'r' }, actor);
    });
    tamper(`INSERT INTO mode_entry (use_case, field, mode, reason, actor, at_ms, signature)
      SELECT use_case, field, mode, reason, actor, at_ms, signature FROM mode_entry WHERE mode = 'write'`);
    assert.equal(await use((store) => store.modeInForce('u', 'f')), 'shadow');
    await use((store) => store.setMode({ useCase: 'u', field: 'f', mode: 'advise', reason: 'r' }, actor));
    assert.equal(await use((store) => store.modeInForce('u', 'f')), 'advise');
  });

  it('lets nobody change the audit log, decisions and mode entries, and finds it where somebody did', async () => {
    await use(async (store) => {
      for (let i = 0; i < 20; i++) await store.saveEvent(machineDown(`E-${i}`), actor);
      await store.setMode({ useCase: 'u', field: 'f', mode: 'advise', reason: 'r' }, actor);
    });
    for (const sql of [
      'UPDATE audit_entry SET at_ms = 0',
      'DELETE FROM audit_entry WHERE seq = 20',
      'INSERT OR REPLACE INTO audit_entry SELECT seq, 0, subject, entry, leaf_hash FROM audit_entry WHERE seq = 3',
      `UPDATE mode_entry SET mode = 'write'`,
      'DELETE FROM mode_entry',
    ])
      assert.throws(() => tamper(sql), /append-only|end of the log/, sql);
    const saved = await readFile(path());
    const attacks: [string, number | undefined][] = [
      [`UPDATE audit_entry SET entry = replace(entry, 'node-1', 'node-2') WHERE seq = 5`, 5],
      [`UPDATE audit_entry SET subject = 'x' WHERE seq = 6`, 6],
      ['UPDATE audit_entry SET at_ms = at_ms + 1 WHERE seq = 7', 7],
      ['DELETE FROM audit_entry WHERE seq = 8', 8],
      ['DELETE FROM audit_entry WHERE seq > 15', 16],
      ['UPDATE audit_head SET size = 10', 10],
      [`UPDATE audit_head SET root_hash = zeroblob(32)`, undefined],
      [
        'UPDATE audit_entry SET seq = CASE seq WHEN 3 THEN 104 ELSE 103 END WHERE seq IN (3, 4); UPDATE audit_entry SET seq = seq - 100 WHERE seq > 100',
        3,
      ],
    ];
    for (const [sql, firstBad] of attacks) {
      await writeFile(path(), saved);
      tamper(`DROP TRIGGER audit_entry_no_update; DROP TRIGGER audit_entry_no_delete; ${sql}`);
      const result = await use((store) => store.verifyAudit());
      assert.deepEqual([result.verified, result.firstBad], [false, firstBad], sql);
    }
  });

  it('refuses an overlap in a published plan also by its own triggers', async () => {
    await use((store) => store.savePlantModel(model, actor));
    const plan = `INSERT INTO work_schedule (schedule_id, status, created_ms, from_ms, frozen_until_ms, label, seed,
      input_digest, row_version) VALUES ('P', 'draft', 0, 0, 0, '', 0, '', 1)`;
    const entry = (position: number, start: number, end: number) =>
      `INSERT INTO schedule_entry VALUES (1, ${position}, 'J', 'CNC-22', NULL, ${start}, ${end}, 0, 0)`;
    tamper(`${plan}; ${entry(0, 0, 10)}; UPDATE work_schedule SET status = 'published'; ${entry(1, 10, 20)}`);
    assert.throws(() => tamper(entry(2, 19, 30)), /same time/);
    assert.throws(() => tamper('UPDATE schedule_entry SET end_ms = 11 WHERE position = 0'), /same time/);
    assert.throws(() => tamper(entry(2, 30, 30)), /CHECK/);
  });
});
