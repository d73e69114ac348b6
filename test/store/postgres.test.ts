import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import type { TagSample } from '../../src/plant/index.ts';
import { openStore, type PostgresSettings, type Store, type StoreOptions } from '../../src/store/index.ts';
import { startProxy } from './dropping-proxy.ts';
import { actor, hour, machineDown, model, now, schedule } from './plant.ts';
import { postgresIsInstalled, startPostgres, type PostgresServer } from './postgres-server.ts';

const day = 24 * hour;

(postgresIsInstalled ? describe : describe.skip)('store: PostgreSQL itself', () => {
  let server: PostgresServer;
  let folder = '';
  before(async () => {
    server = await startPostgres();
    folder = await mkdtemp(join(tmpdir(), 'mw-pg-'));
  });
  after(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });

  const open = (postgres: PostgresSettings, options: Partial<StoreOptions> = {}) =>
    openStore({ file: join(folder, 'plant'), postgres, ...options });

  /** Works on a store in a database of its own. */
  async function use<T>(work: (store: Store, settings: PostgresSettings) => Promise<T>, options = {}): Promise<T> {
    const settings = await server.database();
    const store = await open(settings, options);
    try {
      return await work(store, settings);
    } finally {
      await store.close();
    }
  }

  /** A plain client beside the store. */
  async function as<T>(settings: PostgresSettings, user: 'plant' | 'reader', sql: string): Promise<T[]> {
    const client = new pg.Client({ ...settings, user, password: `${user}-secret` });
    await client.connect();
    try {
      return ((await client.query(`SET search_path TO millwright; ${sql}`)) as unknown as pg.QueryResult[]).at(-1)!
        .rows as T[];
    } finally {
      await client.end();
    }
  }

  describe('questions', () => {
    let store: Store;
    let settings: PostgresSettings;
    before(async () => {
      settings = await server.database();
      store = await open(settings);
      await store.savePlantModel(model, actor);
      const counts = Array.from({ length: 500 }, (_, i) => ({
        ...{ equipmentId: 'CNC-22', good: 2, scrap: 1, rework: 0, startMs: now + i, endMs: now + i + 1 },
      }));
      await store.appendHistory({ counts }, actor);
    });
    after(() => store.close());

    it('reads the views with bound values, as numbers', async () => {
      const sql = 'SELECT sum(good) AS good, count(*) AS n, min(start_ms) AS first FROM kpi_count WHERE scrap >= ?';
      assert.deepEqual(await store.query(sql, [1]), [{ good: 1000, n: 500, first: now }]);
      assert.deepEqual(await store.query('SELECT name FROM kpi_equipment WHERE equipment_id = $1;', ['CNC-22']), [
        { name: model.equipment.find(({ equipmentId }) => equipmentId === 'CNC-22')?.name },
      ]);
    });

    const attacks = [
      'DELETE FROM kpi_count',
      'DELETE FROM material_actual',
      'WITH gone AS (DELETE FROM material_actual RETURNING 1) SELECT * FROM gone',
      'SELECT * FROM approval',
      'SELECT * FROM millwright.audit_entry',
      `SELECT pg_read_file('/etc/passwd')`,
      'SELECT pg_sleep(10)',
      `COPY kpi_count TO '/tmp/stolen'`,
      'COPY (SELECT 1) TO PROGRAM $$id$$',
      'SELECT 1; DROP VIEW kpi_count',
      `SELECT E'\\'; DROP VIEW kpi_count; --'`,
      'CREATE TABLE t (x int)',
      `SELECT lo_import('/etc/passwd')`,
      'SELECT * FROM pg_shadow',
      'SELECT * FROM information_schema.tables',
      `SELECT query_to_xml('SELECT 1', true, true, '')`,
      `SELECT set_config('default_transaction_read_only', 'off', false)`,
      'SELECT * INTO t FROM kpi_count',
      'SELECT * FROM kpi_count FOR UPDATE',
      'SET ROLE plant',
      'WITH RECURSIVE r AS (SELECT 1 UNION ALL SELECT 1 FROM r) SELECT * FROM r',
    ];
    for (const sql of attacks)
      it(`refuses to run ${sql}`, () => assert.rejects(store.query(sql, []), { code: 'MW_QUERY_REFUSED' }));

    it('is refused by the role itself wherever a statement would get past the first lock', async () => {
      for (const sql of [
        'DELETE FROM kpi_count',
        'DELETE FROM material_actual',
        'SELECT * FROM approval',
        'SELECT * FROM tag_sample',
        'UPDATE plant SET site = site',
        `SELECT pg_read_file('/etc/passwd')`,
        `COPY kpi_count TO '/tmp/stolen'`,
        `COPY (SELECT 1) TO PROGRAM 'id'`,
        'CREATE TABLE millwright.t (x int)',
        `SELECT lo_import('/etc/passwd')`,
        'SET ROLE plant',
      ])
        await assert.rejects(as(settings, 'reader', sql), /permission denied|privileges of|cannot delete/, sql);
      assert.equal((await as(settings, 'reader', 'SELECT * FROM kpi_count LIMIT 1')).length, 1);
    });

    it('ends at its deadline, on the server too, and refuses more rows than were asked for', async () => {
      const endless = `SELECT count(*) FROM ${Array.from({ length: 6 }, (_, i) => `kpi_count c${i}`).join(', ')}`;
      const begun = performance.now();
      await assert.rejects(store.query(endless, [], { limitMs: 300 }), { code: 'MW_DEADLINE' });
      assert.ok(performance.now() - begun < 5_000);
      const busy = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE state = 'active' AND usename = 'reader'`;
      for (let tries = 0; (await server.admin(busy)).rows[0]?.['n'] !== 0; tries++) assert.ok(tries < 100);
      await assert.rejects(store.query('SELECT * FROM kpi_count', [], { rows: 499 }), { code: 'MW_QUERY_REFUSED' });
      assert.equal((await store.query('SELECT * FROM kpi_count', [], { rows: 500 })).length, 500);
    });

    it('are answered by no role that may do more, and by none at all where none is given', async () => {
      const { reader, ...without } = settings;
      assert.ok(reader);
      await server.admin('GRANT SELECT ON millwright.approval TO reader', settings.database);
      const second = await open({ ...settings, host: 'localhost' });
      await assert.rejects(second.query('SELECT 1', []), { code: 'MW_QUERY_REFUSED' });
      await second.close();
      await server.admin('REVOKE SELECT ON millwright.approval FROM reader', settings.database);
      const third = await open({ ...without, database: (await server.database()).database });
      await assert.rejects(third.query('SELECT 1', []), /read-only role/);
      await third.close();
      await assert.rejects(open({ ...settings, user: 'plant', reader: { user: 'plant' }, host: 'localhost' }), {
        code: 'MW_STORE_SERVER',
      });
    });
  });

  describe('what the database itself holds', () => {
    it('lets nobody change the audit log, decisions and mode entries, the owner included', () =>
      use(async (store, settings) => {
        await store.saveEvent(machineDown('E-1'), actor);
        await store.setMode({ useCase: 'u', field: 'f', mode: 'advise', reason: 'r' }, actor);
        for (const sql of [
          'UPDATE audit_entry SET at_ms = 0',
          'DELETE FROM audit_entry',
          'TRUNCATE audit_entry',
          'DELETE FROM approval',
          `UPDATE mode_entry SET mode = 'write'`,
          'TRUNCATE audit_checkpoint',
        ])
          await assert.rejects(as(settings, 'plant', sql), /append-only|permission denied/, sql);
        const rights = 'GRANT ALL ON audit_entry, mode_entry TO plant;';
        await assert.rejects(as(settings, 'plant', `${rights} DELETE FROM mode_entry`), /append-only/);
        await assert.rejects(as(settings, 'plant', `${rights} DELETE FROM audit_entry`), /append-only/);
        const past =
          'INSERT INTO audit_entry (seq, at_ms, subject, entry, leaf_hash) SELECT 9, 0, subject, entry, leaf_hash FROM audit_entry LIMIT 1';
        await assert.rejects(as(settings, 'plant', past), /end of the log/);
        assert.equal((await store.verifyAudit()).verified, true);
      }));

    it('refuses an overlap in a published plan also by its own triggers', () =>
      use(async (store, settings) => {
        await store.savePlantModel(model, actor);
        await store.saveSchedule(schedule('P', { status: 'published' }), actor);
        const entries = await as<{ start: string; end: string; machine: string }>(
          settings,
          'plant',
          'SELECT start_ms AS start, end_ms AS end, equipment_id AS machine FROM schedule_entry ORDER BY position LIMIT 1',
        );
        const { start, end, machine } = entries[0]!;
        const insert = (position: number, from: number, to: number) =>
          `INSERT INTO schedule_entry VALUES (1, ${position}, 'J', '${machine}', NULL, ${from}, ${to}, 0, 0)`;
        await assert.rejects(as(settings, 'plant', insert(90, Number(start), Number(end))), /same time/);
        await assert.rejects(as(settings, 'plant', insert(91, 30, 30)), /check/);
        await as(settings, 'plant', insert(92, 10, 20));
        await assert.rejects(
          as(settings, 'plant', 'UPDATE schedule_entry SET end_ms = 99999999999999 WHERE position = 92'),
          /same time/,
        );
        await assert.rejects(
          as(
            settings,
            'plant',
            `INSERT INTO work_schedule (schedule_id, status, created_ms, from_ms, frozen_until_ms, label,
            seed, input_digest, row_version) VALUES ('Q', 'published', 0, 0, 0, '', 0, '', 1)`,
          ),
          /after it was written/,
        );
      }));

    it('is opened again as it was, refused when newer or foreign, and takes two Node-REDs at once', async () => {
      const settings = await server.database();
      // Two addresses of one server: the stores do not share a worker.
      const stores = await Promise.all([open(settings), open({ ...settings, host: 'localhost' })]);
      await Promise.all(Array.from({ length: 20 }, (_, i) => stores[i % 2]!.saveEvent(machineDown(`E-${i}`), actor)));
      const { verified, size } = await stores[0].verifyAudit();
      assert.deepEqual([verified, size], [true, 20]);
      await Promise.all(stores.map((store) => store.close()));
      await as(settings, 'plant', `INSERT INTO schema_migration VALUES (9999, 'later', 0)`);
      await assert.rejects(open(settings), { code: 'MW_STORE_NEWER' });
      const foreign = await server.database();
      await as(foreign, 'plant', 'CREATE SCHEMA millwright; CREATE TABLE millwright.equipment (x int)');
      await assert.rejects(open(foreign), { code: 'MW_STORE_DAMAGED' });
    });
  });

  describe('the way to it', () => {
    it('is tried again after a crash of the server: nothing is lost, nothing written twice', () =>
      use(async (store) => {
        const written: string[] = [];
        const write = async (i: number) => {
          await store.saveEvent(machineDown(`E-${i}`), actor);
          written.push(`E-${i}`);
        };
        for (let i = 0; i < 5; i++) await write(i);
        const restart = server.crash();
        await Promise.all([restart, ...Array.from({ length: 30 }, (_, i) => write(5 + i))]);
        assert.equal(written.length, 35);
        assert.equal((await store.openEvents()).length, 35);
        const { verified, size } = await store.verifyAudit();
        assert.deepEqual([verified, size], [true, 35]);
        assert.deepEqual(await store.query('SELECT count(*) AS n FROM kpi_state', []), [{ n: 0 }]);
      }));

    it('may break at a commit, before or after it came about: the change is there once', async () => {
      const proxy = await startProxy(server.port);
      try {
        const settings = { ...(await server.database()), port: proxy.port };
        const store = await open(settings);
        for (const when of ['after', 'before'] as const) {
          proxy.cutAt('COMMIT', when);
          await store.noteAction({ action: 'test.note', subject: when, data: {} }, actor);
          assert.equal((await store.auditRows({ subject: when })).length, 1, when);
        }
        proxy.cutAt('INSERT', 'after');
        await store.noteAction({ action: 'test.note', subject: 'within', data: {} }, actor);
        assert.deepEqual([(await store.verifyAudit()).verified, (await store.verifyAudit()).size], [true, 3]);
        await store.close();
      } finally {
        await proxy.close();
      }
    });

    it('is told when it stays away, within a bounded time, and comes back by itself', () =>
      use(async (store) => {
        await store.saveEvent(machineDown('E-1'), actor);
        await server.crash(async () => {
          const begun = performance.now();
          await assert.rejects(store.saveEvent(machineDown('E-2'), actor), { code: 'MW_STORE_LOST' });
          assert.ok(performance.now() - begun < 30_000);
          const again = performance.now();
          await assert.rejects(store.saveEvent(machineDown('E-2'), actor), { code: 'MW_STORE_LOST' });
          assert.ok(performance.now() - again < 1_000);
        });
        for (;;)
          try {
            await store.saveEvent(machineDown('E-2'), actor);
            break;
          } catch (thrown) {
            assert.equal((thrown as { code: string }).code, 'MW_STORE_LOST');
          }
        assert.equal((await store.openEvents()).length, 2);
      }));

    it('is refused with its reason: password, database, a certificate that nobody signed', async () => {
      const settings = await server.database();
      for (const wrong of [
        { password: 'wrong' },
        { database: 'nothing' },
        { schema: 'Drop; --' },
        { tls: 'verify' as const },
      ])
        await assert.rejects(open({ ...settings, ...wrong }), (error: { code: string; message: string }) => {
          assert.equal(error.code, 'MW_STORE_SERVER', JSON.stringify(wrong));
          assert.ok(!error.message.includes('secret'));
          return true;
        });
      await assert.rejects(open({ ...settings, port: 1 }), { code: 'MW_STORE_LOST' });
      const missing = join(folder, 'no-such-authority.pem');
      await assert.rejects(open({ ...settings, tls: 'verify', caFile: missing }), { code: 'MW_STORE_SERVER' });
    });

    it('is encrypted, with the authority that is given checked', async () => {
      const settings: PostgresSettings = { ...(await server.database()), tls: 'verify', caFile: server.caFile };
      const store = await open(settings);
      const encrypted = `SELECT count(*)::int AS n FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
        WHERE ssl AND datname = '${settings.database}'`;
      assert.equal((await server.admin(encrypted)).rows[0]?.['n'], 1);
      await store.close();
    });

    it('needs pg and says which command installs it where it is missing', async () => {
      const hooks = join(folder, 'without-pg.mjs');
      await writeFile(
        hooks,
        `import { registerHooks } from 'node:module';
         registerHooks({ resolve(name, context, next) {
           if (name === 'pg') throw Object.assign(new Error('not found'), { code: 'ERR_MODULE_NOT_FOUND' });
           return next(name, context);
         } });`,
      );
      const script = join(folder, 'open.mjs');
      const options = { file: join(folder, 'none'), postgres: await server.database() };
      await writeFile(
        script,
        `import { openStore } from ${JSON.stringify(new URL('../../src/store/index.ts', import.meta.url).href)};
         await openStore(${JSON.stringify(options)}).catch((error) => console.log(error.code, error.params.command));`,
      );
      const { stdout } = await promisify(execFile)(process.execPath, ['--import', hooks, script]);
      assert.equal(stdout.trim(), 'MW_PACKAGE_MISSING npm install pg pg-copy-streams');
    });
  });

  describe('samples', () => {
    const tag = 'LINE-2/CNC-22/load';
    const at = (ms: number, value: TagSample['value']): TagSample => ({ tag, value, quality: 'good', sourceMs: ms });
    const partitionNames = async (settings: PostgresSettings) => {
      const rows = await as<{ name: string }>(
        settings,
        'plant',
        `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'tag_sample'::regclass ORDER BY 1`,
      );
      return rows.map(({ name }) => name.replace('tag_sample_', ''));
    };

    it('lie in partitions made ahead; what a wrong clock sends lies beside them until its time comes', () => {
      const clock = { at: Date.UTC(2026, 10, 20) };
      return use(
        async (store, settings) => {
          const future = Date.UTC(2027, 0, 15);
          await store.appendHistory({ samples: [at(clock.at, 1), at(future, 2), at(0, 3)] }, actor);
          assert.deepEqual(await partitionNames(settings), ['2026_11', '2026_12', 'rest']);
          const { n } = (await as<{ n: string }>(settings, 'plant', 'SELECT count(*) AS n FROM tag_sample_rest'))[0]!;
          assert.equal(Number(n), 1, 'the oldest one is past its time already and became an aggregate');
          clock.at = Date.UTC(2026, 11, 10);
          await store.appendHistory({ samples: [at(clock.at, 4), at(future, 2)] }, actor);
          assert.deepEqual(await partitionNames(settings), ['2026_11', '2026_12', '2027_01', 'rest']);
          assert.deepEqual(
            (await store.samples(tag, 0, future + 1, 10)).map(({ value }) => value),
            [1, 4, 2],
          );
          assert.equal((await store.lastSamples([tag]))[0]?.value, 2);
        },
        { clock: { now: () => clock.at } },
      );
    });

    it('are dropped by partition and live on as aggregates', () => {
      const clock = { at: Date.UTC(2026, 10, 20) };
      const begin = clock.at;
      return use(
        async (store, settings) => {
          const samples = [0, 1, 2, 600].map((seconds) => at(begin + seconds * 1000, seconds));
          await store.appendHistory({ samples }, actor);
          assert.deepEqual(await partitionNames(settings), ['2026_11_20', '2026_11_21', 'rest']);
          const expected = [
            { start: begin, count: 3, mean: 1, min: 0, max: 2, last: 2 },
            { start: begin + 600_000, count: 1, mean: 600, min: 600, max: 600, last: 600 },
          ];
          assert.deepEqual(await store.aggregates(tag, begin, begin + day, 10), expected);
          clock.at += 20 * day;
          await store.appendHistory({ samples: [at(clock.at, 5)] }, actor);
          assert.ok(!(await partitionNames(settings)).includes('2026_11_20'));
          assert.deepEqual(await store.samples(tag, begin, begin + day, 10), []);
          assert.deepEqual(await store.aggregates(tag, begin, begin + day, 10), expected);
        },
        { clock: { now: () => clock.at }, retentionDays: 10 },
      );
    });

    it('are written while somebody reads what has to go, which goes later', () => {
      const clock = { at: Date.UTC(2026, 10, 20) };
      return use(
        async (store, settings) => {
          await store.appendHistory({ samples: [at(clock.at, 1)] }, actor);
          clock.at += 20 * day;
          const reader = new pg.Client({ ...settings, user: 'plant', password: 'plant-secret' });
          await reader.connect();
          await reader.query('BEGIN; SELECT count(*) FROM millwright.tag_sample');
          const samples = [at(clock.at, 2)];
          assert.deepEqual(await store.appendHistory({ samples }, actor), { written: 1, duplicates: 0 });
          const [entry] = await store.auditRows({ subject: 'tag_sample' });
          assert.equal((entry?.data as Record<string, unknown>)['failed'], 'MW_STORE_LOCKED');
          await reader.end();
          assert.deepEqual(await partitionNames(settings), ['2026_11_20', '2026_11_21', 'rest']);
          clock.at += 2 * hour;
          assert.deepEqual(await store.appendHistory({ samples }, actor), { written: 0, duplicates: 1 });
          assert.deepEqual(await partitionNames(settings), ['2026_11_21', '2026_12_10', '2026_12_11', 'rest']);
          assert.equal((await store.samples(tag, clock.at - day, clock.at + 1, 9)).length, 1);
        },
        { clock: { now: () => clock.at }, retentionDays: 10 },
      );
    });

    it('become aggregates once where chunks of a day are dropped whole, as TimescaleDB does', async () => {
      const clock = { at: Date.UTC(2026, 10, 20, 6) };
      const settings = await server.database();
      await (await open(settings)).close();
      await as(
        settings,
        'plant',
        `CREATE TABLE plain (LIKE tag_sample INCLUDING ALL); DROP TABLE tag_sample; ALTER TABLE plain RENAME TO tag_sample;
         CREATE FUNCTION drop_chunks(relation regclass, older_than bigint) RETURNS void LANGUAGE sql AS
           'DELETE FROM tag_sample WHERE source_ms < older_than - older_than % 86400000'`,
      );
      const store = await open(settings, { clock: { now: () => clock.at }, retentionDays: 1 });
      const begin = Date.UTC(2026, 10, 20);
      await store.appendHistory({ samples: [0, 1, 2].map((value) => at(begin + value, value)) }, actor);
      for (let hours = 0; hours < 50; hours += 5) {
        clock.at += 5 * hour;
        await store.appendHistory({ samples: [at(clock.at, 9)] }, actor);
        assert.deepEqual(await store.aggregates(tag, begin, begin + 1, 1), [
          { start: begin, count: 3, mean: 1, min: 0, max: 2, last: 2 },
        ]);
      }
      assert.deepEqual(await store.samples(tag, begin, begin + 3, 9), []);
      await store.close();
    });

    it('come through a way that breaks while they are copied', async () => {
      const proxy = await startProxy(server.port);
      try {
        const store = await open({ ...(await server.database()), port: proxy.port });
        for (const [i, when] of (['after', 'before'] as const).entries()) {
          proxy.cutAt('COPY sample_batch', when);
          assert.equal((await store.appendHistory({ samples: [at(now + i, i)] }, actor)).written, 1);
        }
        assert.equal((await store.samples(tag, now, now + 9, 9)).length, 2);
        await store.close();
      } finally {
        await proxy.close();
      }
    });

    it('keep every text that a device can send', () =>
      use(async (store) => {
        const texts = ['a\tb', 'a\\nb', 'line\r\nbreak', '\\N', 'ü€😀', '', "'; DROP TABLE tag; --", 'zero\0'];
        const samples = texts.map((value, i) => at(now + i, value));
        assert.equal((await store.appendHistory({ samples }, actor)).written, texts.length);
        assert.deepEqual(
          (await store.samples(tag, now, now + 100, 100)).map(({ value }) => value),
          [...texts.slice(0, -1), 'zero\uFFFD'],
        );
        assert.equal((await store.appendHistory({ samples }, actor)).duplicates, texts.length);
      }));
  });
});
