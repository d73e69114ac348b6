import assert from 'node:assert/strict';
import type { Store } from '../../src/store/index.ts';
import { openForQuestions } from '../../src/store/query/connection.ts';
import { checkQuery } from '../../src/store/query/guard.ts';
import { embeddedStore } from './contract/open-for-test.ts';
import { actor, hour, jobOrder, now, schedule, workRequest } from './plant.ts';

describe('store: questions', () => {
  const held = embeddedStore();
  const query = (sql: string, limits?: Parameters<Store['query']>[2]) => held.store.query(sql, [], limits);

  before(async () => {
    const done = {
      dispatchStatus: 'Completed',
      equipmentId: 'CNC-22',
      startedAt: now - 3 * hour,
      endedAt: now - hour,
    } as const;
    await held.store.saveOrders(
      {
        workRequests: [workRequest('WO-0'), workRequest('WO-1', { requestState: 'Completed' })],
        jobOrders: [jobOrder('WO-0', 10, done), jobOrder('WO-0', 20), jobOrder('WO-1', 10, done)],
      },
      actor,
    );
    await held.store.saveSchedule(schedule('LIVE', { status: 'published' }), actor);
    const counts = Array.from({ length: 2000 }, (_, i) => ({
      equipmentId: 'CNC-22',
      jobOrderId: 'WO-0/10',
      good: 2,
      scrap: 1,
      rework: 0,
      startMs: now + i,
      endMs: now + i + 1,
    }));
    await held.store.appendHistory(
      { counts, states: [{ equipmentId: 'CNC-22', state: 'Execute', start: now }] },
      actor,
    );
  });

  it('reads the views as the KPI catalogue needs them', async () => {
    assert.deepEqual(await query('SELECT * FROM kpi_count LIMIT 1;'), [
      {
        equipment_id: 'CNC-22',
        line_id: 'LINE-2',
        area_id: 'MACHINING',
        material_id: 'SH-20',
        job_order_id: 'WO-0/10',
        work_request_id: 'WO-0',
        customer: 'C-1',
        good: 2,
        scrap: 1,
        rework: 0,
        seconds_per_unit: 61.5,
        start_ms: now,
        end_ms: now + 1,
      },
    ]);
    assert.deepEqual(await query('SELECT work_request_id, completed_ms FROM kpi_order ORDER BY 1'), [
      { work_request_id: 'WO-0', completed_ms: null },
      { work_request_id: 'WO-1', completed_ms: now - hour },
    ]);
    assert.deepEqual(
      await query(
        'SELECT job_order_id, line_id, customer, planned_end_ms, ended_ms FROM kpi_job ORDER BY job_order_id',
      ),
      [
        {
          job_order_id: 'WO-0/10',
          line_id: 'LINE-2',
          customer: 'C-1',
          planned_end_ms: now + hour,
          ended_ms: now - hour,
        },
        { job_order_id: 'WO-0/20', line_id: null, customer: 'C-1', planned_end_ms: now + 2 * hour, ended_ms: null },
        {
          job_order_id: 'WO-1/10',
          line_id: 'LINE-2',
          customer: 'C-1',
          planned_end_ms: now + 3 * hour,
          ended_ms: now - hour,
        },
      ],
    );
    const places = "SELECT name, line_id FROM kpi_equipment WHERE level = 'WorkUnit' ORDER BY name";
    assert.equal((await query(places)).length, 3);
    assert.deepEqual(await query("SELECT setup_family FROM kpi_material WHERE material_id = 'SH-20'"), [
      { setup_family: 'shaft' },
    ]);
  });

  it('takes bound values, groups, joins, common tables, windows and functions', async () => {
    const sql = `WITH bucket(name, start_ms, end_ms) AS (VALUES ('a', ?1, ?1 + 1000), ('b', ?1 + 1000, ?1 + 2000))
      SELECT b.name, sum(c.scrap) * 1.0 / nullif(sum(c.good + c.scrap), 0) AS rate, count(*) AS n,
        row_number() OVER (ORDER BY b.name) AS place
      FROM bucket b JOIN kpi_count c ON c.end_ms > b.start_ms AND c.end_ms <= b.end_ms
      WHERE c.line_id = ?2 GROUP BY b.name ORDER BY b.name -- a comment; with a semicolon`;
    assert.deepEqual(await held.store.query(sql, [now, 'LINE-2']), [
      { name: 'a', rate: 1 / 3, n: 1000, place: 1 },
      { name: 'b', rate: 1 / 3, n: 1000, place: 2 },
    ]);
  });

  const forbidden = [
    "ATTACH 'x.sqlite' AS x",
    'PRAGMA user_version',
    "SELECT * FROM pragma_table_info('audit_entry')",
    'DELETE FROM kpi_count',
    "INSERT INTO material_actual VALUES ('a', 1, 2, NULL, NULL, 1, 1, 1)",
    'UPDATE equipment SET name = 1',
    'DROP VIEW kpi_count',
    'CREATE TEMP TABLE x (y)',
    "VACUUM INTO 'copy.sqlite'",
    'SELECT * FROM audit_entry',
    'SELECT count(*) FROM mode_entry',
    'SELECT * FROM "AUDIT_ENTRY"',
    'SELECT * FROM [audit_entry]',
    'SELECT * FROM `audit_entry`',
    "SELECT * FROM 'audit_entry'",
    'SELECT * FROM audit_entry/**/',
    'SELECT (SELECT entry FROM audit_entry LIMIT 1) FROM kpi_count',
    'WITH kpi_count AS (SELECT * FROM audit_entry) SELECT * FROM kpi_count',
    'WITH kpi_count(a) AS MATERIALIZED (SELECT 1) SELECT * FROM kpi_count',
    'SELECT * FROM sqlite_master',
    'SELECT * FROM sqlite_schema',
    'SELECT * FROM temp.sqlite_temp_master',
    'SELECT * FROM main.kpi_count',
    'SELECT 1; SELECT 2',
    "SELECT ';'; DELETE FROM audit_entry",
    'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c',
    'WITH c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM "c") SELECT count(*) FROM c',
    'WITH a AS (SELECT 1 AS x), c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c',
    "SELECT load_extension('x')",
    'SELECT randomblob(100000000)',
    'SELECT * FROM kpi_nothing',
    'EXPLAIN SELECT 1',
    "SELECT 'open",
    'SELECT nothing FROM kpi_count',
    '',
  ];
  for (const sql of forbidden)
    it(`refuses ${sql || 'an empty text'}`, async () => {
      await assert.rejects(query(sql), { code: 'MW_QUERY_REFUSED' });
    });

  it('refuses by text alone what the authorizer would, for versions of Node.js without one', () => {
    const tables = new Set(['audit_entry', 'mode_entry', 'equipment', 'material_actual']);
    for (const sql of forbidden.filter((text) => /audit_entry|sqlite_|main\.|pragma|;|AS.*AS \(|^[^SW]/i.test(text)))
      assert.throws(() => checkQuery(sql, tables), { code: 'MW_QUERY_REFUSED' }, sql);
  });

  it('refuses by the connection alone what the text check would, but for what the text check is there for', async () => {
    const { db } = await openForQuestions(held.store.file);
    const gaps = /^WITH kpi_count|;|^$|^EXPLAIN SELECT 1$/;
    try {
      for (const sql of forbidden.filter((text) => !gaps.test(text)))
        assert.throws(() => db.all(sql), /not authorized|prohibited|no such|error|readonly|unrecognized/i, sql);
      assert.equal(db.all('SELECT good FROM kpi_count').length, 2000);
    } finally {
      db.close();
    }
  });

  it('refuses more rows than allowed and gives that many', async () => {
    assert.equal((await query('SELECT good FROM kpi_count', { rows: 2000 })).length, 2000);
    await assert.rejects(query('SELECT good FROM kpi_count', { rows: 1999 }), { code: 'MW_QUERY_REFUSED' });
  });

  it('ends a question at its deadline, and answers the others', async () => {
    const endless = 'SELECT count(*) FROM kpi_count a, kpi_count b, kpi_count c WHERE a.good + b.good + c.good > 7';
    const cpu = process.cpuUsage();
    const started = performance.now();
    const [runaway, next] = await Promise.allSettled([query(endless, { limitMs: 400 }), query('SELECT 1 AS one')]);
    assert.equal(((runaway as PromiseRejectedResult).reason as { code: string }).code, 'MW_DEADLINE');
    assert.deepEqual((next as PromiseFulfilledResult<unknown>).value, [{ one: 1 }]);
    assert.ok(performance.now() - started < 30_000);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const before = process.cpuUsage(cpu).user;
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const spent = (process.cpuUsage(cpu).user - before) / 1000;
    assert.ok(spent < 600, `the ended question still takes ${spent} ms of CPU a second`);
  });
});
