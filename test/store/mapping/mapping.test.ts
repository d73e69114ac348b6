import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { kpiViews, type KpiView } from '../../../src/language/index.ts';
import { checkMapping, openStore, type MappingReport, type MappingSource } from '../../../src/store/index.ts';
import { expectedViews } from '../../../src/store/mapping/expected.ts';
import { temporaryFolder } from '../../support/opcua.ts';
import { mariadbIsInstalled, startMariadb } from '../mariadb-server.ts';
import { actor, model, now } from '../plant.ts';
import { postgresIsInstalled, startPostgres } from '../postgres-server.ts';

const machines = model.equipment.filter(({ level }) => level === 'WorkUnit').map(({ equipmentId }) => equipmentId);
const brief = ({ views }: MappingReport) =>
  Object.fromEntries(
    views.map(({ view, findings }) => [
      view,
      findings.map(({ kind, column, found, rows }) =>
        [kind, column, found, rows].filter((part) => part !== undefined).join(' '),
      ),
    ]),
  );
const seconds = now / 1000;

/** A plant's own tables, and views over them as somebody may have written them at first. */
const tables = (types: { text: string; time: string }) => [
  `CREATE TABLE stops (machine ${types.text}, line ${types.text}, what ${types.text}, why ${types.text}, t0 bigint, t1 bigint)`,
  `INSERT INTO stops VALUES ('CNC-22', 'LINE-2', 'Execute', NULL, ${seconds - 60}, ${seconds}), ('CNC-22', 'LINE-2', 'Stopped', 'setup', ${seconds}, NULL)`,
  `CREATE TABLE parts (machine ${types.text}, good ${types.text}, scrap integer, rework integer, t0 ${types.time}, t1 ${types.time})`,
  `INSERT INTO parts VALUES ('CNC-22', '5', 1, 0, '2026-11-24 07:00:00', '2026-11-24 08:00:00.250')`,
  `CREATE TABLE energy (machine ${types.text}, kwh double precision, t0 bigint, t1 bigint)`,
  `INSERT INTO energy VALUES ('CNC-22', 3.5, ${now - 1000}, ${now}), ('ROBOT', -1, ${now}, ${now - 5}), (NULL, 1, ${now}, ${now + 1})`,
  `CREATE TABLE checks (machine ${types.text}, verdict ${types.text}, at_text ${types.text})`,
  `INSERT INTO checks VALUES ('CNC-22', 'OK', '2026-11-24T08:00:00Z')`,
];
const views = [
  `CREATE VIEW kpi_state AS SELECT machine AS equipment_id, line AS line_id, 'MACHINING' AS area_id, what AS state, why AS reason, t0 AS start_ms, t1 AS end_ms FROM stops`,
  `CREATE VIEW kpi_count AS SELECT machine AS equipment_id, good, scrap, rework, t0 AS start_ms, t1 AS end_ms FROM parts`,
  `CREATE VIEW kpi_energy AS SELECT machine AS equipment_id, 'LINE-2' AS line_id, 'MACHINING' AS area_id, kwh, t0 AS start_ms, t1 AS end_ms FROM energy`,
  `CREATE VIEW kpi_inspection AS SELECT machine AS equipment_id, 'LINE-2' AS line_id, 'MACHINING' AS area_id, 'SH-20' AS material_id, verdict, 'burr' AS defect, at_text AS at_ms FROM checks`,
];

/** What the check must say of them, whichever engine they lie in; types are told in its own words. */
async function findsAndMends(source: MappingSource, run: (sql: string) => Promise<unknown>): Promise<void> {
  const report = await checkMapping(source, machines);
  const found = brief(report);
  assert.deepEqual(found['kpi_state'], ['wrong-unit start_ms seconds', 'wrong-unit end_ms seconds']);
  assert.deepEqual(
    found['kpi_count']?.map((finding) => finding.replace(/ (character varying|varchar|TEXT).*/, ' text')),
    [
      ...['line_id', 'area_id', 'material_id', 'work_request_id', 'customer'].map((name) => `column-missing ${name}`),
      'wrong-type good text',
      'column-missing seconds_per_unit',
      ...['start_ms', 'end_ms'].map((name) => `wrong-unit ${name} ${'file' in source ? 'text' : 'timestamp'}`),
    ],
  );
  assert.deepEqual(found['kpi_energy'], [
    'empty equipment_id 1',
    'unknown-equipment equipment_id 1',
    'negative kwh 1',
    'end-before-start end_ms 1',
  ]);
  assert.deepEqual(found['kpi_inspection'], ['wrong-unit at_ms text']);
  assert.deepEqual([found['kpi_order'], found['kpi_job']], [['view-missing'], ['view-missing']]);
  const [negative] = report.views.flatMap(({ findings }) => findings).filter(({ kind }) => kind === 'negative');
  assert.equal(negative?.sample?.[0]?.['equipment_id'], 'ROBOT');
  for (const { mend } of report.views) if (mend && !mend.includes('YOUR_TABLE')) await run(mend);

  const after = await checkMapping(source, machines);
  const mended = brief(after);
  assert.deepEqual([mended['kpi_state'], mended['kpi_count']], [[], []]);
  assert.deepEqual(mended['kpi_inspection'], ['unknown-value verdict 1'], 'rules are judged once the structure fits');
  const drafts = after.views.filter(({ view }) => view === 'kpi_order' || view === 'kpi_job');
  for (const { view, mend } of drafts) {
    const quote = 'mariadb' in source ? '`' : '"';
    assert.match(mend!, new RegExp(`CREATE VIEW ${quote}${view}${quote} AS`));
    const expected = expectedViews.find((each) => each.view === view)!;
    for (const { name } of expected.columns) assert.ok(mend!.includes(` AS ${quote}${name}${quote}`), name);
  }
}
/** What the mended views hold: the same instants as before. */
const instants = `SELECT 'count', start_ms, end_ms, good FROM kpi_count UNION ALL SELECT state, start_ms, end_ms, 0 FROM kpi_state WHERE end_ms IS NOT NULL UNION ALL SELECT 'check', at_ms, at_ms, 0 FROM kpi_inspection`;
const expectedInstants = [
  ['count', now - 3_600_000, now + 250, 5],
  ['Execute', now - 60_000, now, 0],
  ['check', now, now, 0],
];

describe('mapping of existing tables', () => {
  const folder = temporaryFolder('mapping');
  after(() => {
    folder.remove();
  });

  it('compares exactly what the KPI views of questions name', () => {
    const views: readonly KpiView[] = Object.values(kpiViews);
    for (const { view, columns } of expectedViews) {
      const own = views.filter(({ table }) => table === view);
      const named = new Set(
        own.flatMap((each) => [
          ...Object.values(each.columns),
          ...each.sums,
          ...each.texts,
          ...Object.values(each.list ?? {}),
          ...Object.values(each.deadline ?? {}),
          ...Object.entries(each.time).flatMap(([key, name]) => (key === 'kind' ? [] : [name])),
          ...(each.table === 'kpi_count' ? ['seconds_per_unit'] : []),
          ...(each.time.kind === 'ends' ? ['start_ms'] : []),
        ]),
      );
      assert.deepEqual(columns.map(({ name }) => name).sort(), [...named].sort(), view);
    }
    assert.deepEqual(
      [...new Set(views.map(({ table }) => table))].sort(),
      expectedViews.map(({ view }) => view).sort(),
    );
  });

  it('finds nothing wrong with the package’s own store but that it is empty', async () => {
    const file = join(folder.path, 'own.sqlite');
    const store = await openStore({ file });
    await store.savePlantModel(model, actor);
    await store.appendHistory({ states: [{ equipmentId: 'CNC-22', state: 'Execute', start: now }] }, actor);
    try {
      const found = brief(await checkMapping({ file }, machines));
      assert.deepEqual(found['kpi_state'], []);
      for (const view of ['kpi_count', 'kpi_inspection', 'kpi_energy', 'kpi_order', 'kpi_job'])
        assert.deepEqual(found[view], ['no-rows'], view);
    } finally {
      await store.close();
    }
  });

  it('finds and mends in an SQLite file', async () => {
    const file = join(folder.path, 'mes.sqlite');
    const db = new DatabaseSync(file);
    for (const sql of [...tables({ text: 'TEXT', time: 'TEXT' }), ...views]) db.exec(sql);
    await findsAndMends({ file }, (sql) => {
      db.exec(sql);
      return Promise.resolve();
    });
    assert.deepEqual(
      db
        .prepare(instants)
        .all()
        .map((row) => Object.values(row)),
      expectedInstants,
    );
    db.exec('CREATE VIEW kpi_order AS SELECT * FROM nowhere');
    const broken = brief(await checkMapping({ file }, machines));
    assert.match(broken['kpi_order']!.join(), /^view-unreadable .*nowhere/);
    db.close();
  });

  (postgresIsInstalled ? it : it.skip)('finds and mends in PostgreSQL', async () => {
    const server = await startPostgres();
    try {
      const settings = { ...(await server.database()), schema: 'mes' };
      const run = (sql: string) => server.admin(`SET search_path TO mes; ${sql}`, settings.database);
      const rights =
        'ALTER DEFAULT PRIVILEGES IN SCHEMA mes GRANT SELECT ON TABLES TO reader; GRANT USAGE ON SCHEMA mes TO reader';
      await run(
        `CREATE SCHEMA mes; SET TIME ZONE 'UTC'; ${rights}; ${[...tables({ text: 'varchar(80)', time: 'timestamptz' }), ...views].join(';')}`,
      );
      await findsAndMends({ postgres: settings }, run);
      const { rows } = await server.admin(instants.replaceAll('FROM kpi_', 'FROM mes.kpi_'), settings.database);
      assert.deepEqual(
        rows.map((row) => Object.values(row).map((value) => (/^\d+$/.test(String(value)) ? Number(value) : value))),
        expectedInstants,
      );
    } finally {
      await server.stop();
    }
  });

  (mariadbIsInstalled ? it : it.skip)('finds and mends in MariaDB', async () => {
    const server = await startMariadb();
    try {
      const settings = await server.database();
      await server.admin(`GRANT SELECT, SHOW VIEW ON ${settings.database}.* TO ${settings.user}`);
      const run = (sql: string) => server.admin(sql, settings.database);
      for (const sql of [...tables({ text: 'varchar(80)', time: 'datetime(3)' }), ...views]) await run(sql);
      await findsAndMends({ mariadb: settings }, run);
      const rows = (await run(instants)) as Record<string, unknown>[];
      assert.deepEqual(
        rows.map((row) => Object.values(row)),
        expectedInstants,
      );
    } finally {
      await server.stop();
    }
  });
});
