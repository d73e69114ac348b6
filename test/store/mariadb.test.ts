import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { openQuestions, type MariadbSettings, type Questions } from '../../src/store/index.ts';
import { temporaryFolder } from '../support/opcua.ts';
import { mariadbIsInstalled, startMariadb, type MariadbServer } from './mariadb-server.ts';

(mariadbIsInstalled ? describe : describe.skip)('questions on MariaDB: their connection', function () {
  this.timeout(60_000);
  const folder = temporaryFolder('mariadb-tls');
  let server: MariadbServer;
  let settings: MariadbSettings;
  let questions: Questions;
  const caFile = join(folder.path, 'server.pem');
  before(async () => {
    const key = join(folder.path, 'server.key');
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-keyout', key],
        ...['-out', caFile, '-addext', 'subjectAltName=IP:127.0.0.1'],
      ],
      // Another test's library leaves OPENSSL_CONF=undefined in the environment.
      { stdio: 'ignore', env: { ...process.env, OPENSSL_CONF: '/dev/null' } },
    );
    server = await startMariadb([`--ssl-cert=${caFile}`, `--ssl-key=${key}`]);
    settings = await server.database();
    await server.admin(`CREATE DATABASE mes; CREATE TABLE mes.orders (id varchar(20), due bigint, priority decimal(4, 2));
      INSERT INTO mes.orders VALUES ('WO-1', 1764000000000, 1.5), ('wo-1', NULL, NULL);
      CREATE VIEW ${settings.database}.kpi_order AS SELECT id AS work_request_id, due AS due_ms, priority FROM mes.orders;
      GRANT SELECT, SHOW VIEW ON ${settings.database}.* TO ${settings.user}`);
    questions = openQuestions({ mariadb: settings });
  });
  after(async () => {
    await questions.close();
    await server.stop();
    folder.remove();
  });
  const refusal = (pattern: RegExp) => (thrown: { code: string; params: { reason: string } }) => {
    assert.equal(thrown.code, 'MW_QUERY_REFUSED', JSON.stringify(thrown.params));
    assert.match(thrown.params.reason, pattern);
    return true;
  };

  it('reads views with bound values; numbers come as numbers, and divisions keep their places', async () => {
    const sql =
      'SELECT "work_request_id", "due_ms", "priority", 1.0 * ? * 1 / 7 AS "value" FROM "kpi_order" WHERE "work_request_id" = ? ORDER BY 2 DESC';
    assert.deepEqual(await questions.query(sql, [3, 'WO-1']), [
      { work_request_id: 'WO-1', due_ms: 1_764_000_000_000, priority: 1.5, value: 3 / 7 },
      { work_request_id: 'wo-1', due_ms: null, priority: null, value: 3 / 7 },
    ]);
    const [exact] = await questions.query(`SELECT sum(1) / 7000 AS "v", 'a\\b' AS "t"`, []);
    assert.equal(exact!['t'], 'a\\b');
    assert.ok(Math.abs(Number(exact!['v']) - 1 / 7000) < 1e-15);
  });

  it('takes one SELECT over views and nothing else', async () => {
    const kpi = 'SELECT * FROM kpi_order';
    for (const sql of [
      'DELETE FROM kpi_order',
      `${kpi}; DROP VIEW kpi_order`,
      `${kpi} INTO OUTFILE '/tmp/x'`,
      `${kpi} WHERE sleep(5) = 0`,
      `${kpi} WHERE 1 --sleep(5)`,
      `${kpi} /*! WHERE sleep(5) */`,
      `${kpi} # x`,
      "SELECT load_file('/etc/passwd')",
      'SELECT * FROM information_schema.tables',
      "SELECT repeat('a', 1000000000)",
    ])
      await assert.rejects(questions.query(sql, []), refusal(/./), sql);
    await assert.rejects(questions.query('SELECT * FROM mes.orders', []), refusal(/denied/));
    await assert.rejects(questions.query('SELECT * FROM kpi_nothing', []), refusal(/doesn't exist/));
    assert.equal((await questions.query(kpi, [])).length, 2);
  });

  it('ends at its limits of rows and time, and goes on', async () => {
    const many = Array.from({ length: 12 }, (_, i) => `kpi_order AS "t${i}"`).join(' CROSS JOIN ');
    await assert.rejects(
      questions.query(`SELECT "t0"."due_ms" FROM ${many}`, [], { rows: 100 }),
      refusal(/more than 100 rows/),
    );
    const start = performance.now();
    const slow = `SELECT count(*) FROM ${many} CROSS JOIN ${many.replaceAll('"t', '"u')} WHERE "t1"."due_ms" <> 5`;
    await assert.rejects(questions.query(slow, [], { limitMs: 800 }), { code: 'MW_DEADLINE' });
    assert.ok(performance.now() - start < 5_000);
    assert.equal((await questions.query('SELECT 1 AS x', []))[0]!['x'], 1);
    const running = (await server.admin('SHOW PROCESSLIST')) as { Info: string | null }[];
    assert.equal(running.filter(({ Info }) => Info?.includes('CROSS JOIN')).length, 0);
  });

  it('refuses a user who may do more than read views, and a server that refuses', async () => {
    const rights = [`SELECT ON mes.*`, `INSERT ON ${settings.database}.*`, 'FILE ON *.*', 'SELECT ON mes.orders'];
    for (const [i, right] of rights.entries()) {
      const user = `more_${i}`;
      await server.admin(
        `CREATE USER ${user} IDENTIFIED BY 'x'; GRANT SELECT ON ${settings.database}.* TO ${user}; GRANT ${right} TO ${user}`,
      );
      const more = openQuestions({ mariadb: { ...settings, user, password: 'x' } });
      await assert.rejects(more.query('SELECT 1', []), refusal(/may do more than read views/), right);
      await more.close();
    }
    const wrong = openQuestions({ mariadb: { ...settings, password: 'no' } });
    await assert.rejects(wrong.query('SELECT 1', []), { code: 'MW_STORE_SERVER' });
    await wrong.close();
    const nobody = openQuestions({ mariadb: { ...settings, port: 1 } });
    await assert.rejects(nobody.query('SELECT 1', []), { code: 'MW_STORE_LOST' });
    await nobody.close();
  });

  it('is encrypted, the certificate checked, where the settings say so', async () => {
    const secret = await server.database();
    await server.admin(
      `GRANT SELECT ON ${settings.database}.* TO ${secret.user}; ALTER USER ${secret.user} REQUIRE SSL`,
    );
    const as = (more: Partial<MariadbSettings>) =>
      openQuestions({ mariadb: { ...secret, database: settings.database, ...more } });
    for (const [more, code] of [
      [{ tls: 'verify', caFile }, undefined],
      [{ tls: 'encrypt' }, undefined],
      [{ tls: 'verify' }, 'MW_STORE_LOST'],
      [{ tls: 'off' }, 'MW_STORE_SERVER'],
      [{ tls: 'verify', caFile: join(folder.path, 'none.pem') }, 'MW_STORE_SERVER'],
    ] as [Partial<MariadbSettings>, string | undefined][]) {
      const link = as(more);
      const answer = link.query('SELECT 1 AS x', []);
      if (code) await assert.rejects(answer, { code }, JSON.stringify(more));
      else assert.deepEqual(await answer, [{ x: 1 }]);
      await link.close();
    }
  });
});
