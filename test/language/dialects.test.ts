import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  defaultCatalogue,
  openAsk,
  type QueryPort,
  type SemanticQuery,
  type SqlRow,
} from '../../src/language/index.ts';
import { compileQuery, coverageSql, extentSql, orderBookSql } from '../../src/language/sql/compile.ts';
import type { QuestionDialect } from '../../src/language/sql/dialects.ts';
import { queryWindows } from '../../src/language/sql/windows.ts';
import { openQuestions } from '../../src/store/index.ts';
import { mariadbIsInstalled, startMariadb } from '../store/mariadb-server.ts';
import { postgresIsInstalled, startPostgres } from '../store/postgres-server.ts';
import { makeDataset, openDataset, type Dataset } from './dataset.ts';
import { answerable } from './questions.ts';
import { model, now, read } from './support.ts';

/** Every statement that a question of the tests leads to, written for a dialect. */
function statementsOf(query: SemanticQuery, dialect: QuestionDialect) {
  const [first] = query.metrics;
  const metric = defaultCatalogue.metrics.find(({ id }) => id === first)!;
  const time = queryWindows(query, metric, model.calendar, now);
  if (typeof time === 'string') return [];
  const { view } = metric.numerator;
  return [
    compileQuery(query, metric, time, now, dialect),
    coverageSql(query, view, time, dialect),
    extentSql([view], dialect),
  ].filter((statement) => statement !== undefined);
}

const columns = (rows: readonly object[]) =>
  Object.keys(rows[0]!).map((name) => ({
    name,
    isText: rows.some((row) => typeof (row as SqlRow)[name] === 'string'),
    isInstant: name.endsWith('_ms'),
  }));
const literal = (value: string | number | null) =>
  typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : value === null ? 'NULL' : String(value);

/** Tables with a dataset, and over them the views that questions may read. */
function tablesSql(data: Dataset, types: { text: string; instant: string; number: string }): string[] {
  return Object.entries(data).flatMap(([view, rows]: [string, object[]]) => {
    const table = `${view}_rows`;
    const list = columns(rows).map(
      ({ name, isText, isInstant }) => `${name} ${isText ? types.text : isInstant ? types.instant : types.number}`,
    );
    const values = rows.map((row) => `(${(Object.values(row) as (string | number | null)[]).map(literal).join(', ')})`);
    const parts = Array.from({ length: Math.ceil(values.length / 1000) }, (_, i) =>
      values.slice(i * 1000, i * 1000 + 1000),
    );
    return [
      `CREATE TABLE ${table} (${list.join(', ')})`,
      ...parts.map((part) => `INSERT INTO ${table} VALUES ${part.join(', ')}`),
      ...(list.some((column) => column.startsWith('end_ms')) && list.some((column) => column.startsWith('equipment_id'))
        ? [`CREATE INDEX ${table}_end ON ${table} (equipment_id, end_ms)`]
        : []),
      `CREATE VIEW ${view} AS SELECT * FROM ${table}`,
    ];
  });
}

/** The same rows, numbers equal to twelve digits, whatever the engine made of integers and fractions. */
function assertSame(actual: readonly SqlRow[], expected: readonly SqlRow[], about: string) {
  const plain = (rows: readonly SqlRow[]) =>
    rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [
          name,
          typeof value === 'number' ? Number(value.toPrecision(12)) : value,
        ]),
      ),
    );
  assert.deepEqual(plain(actual), plain(expected), about);
}

const data = makeDataset(7);
const sqlite = openDataset(data);
/** What an engine gives for every question of the tests, beside what SQLite gives. */
async function compareAll(port: QueryPort, dialect: QuestionDialect): Promise<number> {
  const done = new Set<string>();
  for (const [text] of answerable) {
    const { query } = read(text);
    const theirs = query ? statementsOf(query, dialect) : [];
    const ours = query ? statementsOf(query, 'sqlite') : [];
    for (const [i, { sql, parameters }] of theirs.entries()) {
      const key = JSON.stringify([sql, parameters]);
      if (done.has(key)) continue;
      done.add(key);
      const rows = await port(sql, parameters).catch((thrown: unknown) => {
        throw new Error(`${text}: ${sql}`, { cause: thrown });
      });
      assertSame(rows, await sqlite.query(ours[i]!.sql, ours[i]!.parameters), text);
    }
  }
  const book = orderBookSql(dialect);
  assertSame(
    await port(book.sql, book.parameters),
    await sqlite.query(orderBookSql().sql, orderBookSql().parameters),
    'orders',
  );
  return done.size;
}

(postgresIsInstalled ? describe : describe.skip)('questions on PostgreSQL', function () {
  this.timeout(60_000);
  it('give the same rows as on SQLite, for every question of the tests', async () => {
    const server = await startPostgres();
    try {
      const settings = await server.database();
      const types = { text: 'text', instant: 'bigint', number: 'double precision' };
      const views = Object.keys(data).join(', ');
      const script = ['CREATE SCHEMA millwright', 'SET search_path TO millwright', ...tablesSql(data, types)];
      const grant = [`GRANT USAGE ON SCHEMA millwright TO reader`, `GRANT SELECT ON ${views} TO reader`];
      await server.admin([...script, ...grant].join(';\n'), settings.database);
      const service = openQuestions({ postgres: settings });
      try {
        const compared = await compareAll(service.query, 'postgres');
        assert.ok(compared > 300, String(compared));
      } finally {
        await service.close();
      }
    } finally {
      await server.stop();
    }
  });
});

(mariadbIsInstalled ? describe : describe.skip)('questions on MariaDB', function () {
  this.timeout(60_000);
  it('give the same rows as on SQLite, for every question of the tests', async () => {
    const server = await startMariadb();
    try {
      const settings = await server.database();
      const { database, user } = settings;
      const types = { text: 'varchar(200)', instant: 'bigint', number: 'double' };
      // The customer's tables lie elsewhere: the user may read the views alone.
      await server.admin('CREATE DATABASE mes_tables CHARACTER SET utf8mb4');
      const statements = tablesSql(data, types).map((sql) =>
        sql.startsWith('CREATE VIEW') ? sql.replace('CREATE VIEW ', `CREATE VIEW ${database}.`) : sql,
      );
      for (const statement of statements) await server.admin(statement, 'mes_tables');
      await server.admin(`GRANT SELECT, SHOW VIEW ON ${database}.* TO ${user}`);
      const questions = openQuestions({ mariadb: settings });
      try {
        const compared = await compareAll(questions.query, 'mariadb');
        assert.ok(compared > 300, String(compared));
        const query = Object.assign(questions.query.bind(questions), { dialect: questions.dialect });
        const [theirs, ours] = [openAsk({ model: sqlite.model, query }), openAsk(sqlite)];
        for (const [text] of answerable.filter((_, i) => i % 20 === 0)) {
          const [answer, expected] = await Promise.all([theirs.answer({ text, now }), ours.answer({ text, now })]);
          assert.deepEqual([answer.text, answer.refusal], [expected.text, expected.refusal], text);
        }
      } finally {
        await questions.close();
      }
    } finally {
      await server.stop();
    }
  });
});

describe('questions for SQL Server (compiled, not run)', () => {
  it('hold nothing that SQL Server does not know, and as many values as placeholders', () => {
    let compiled = 0;
    for (const [text] of answerable) {
      const { query } = read(text);
      for (const { sql, parameters } of query ? statementsOf(query, 'mssql') : []) {
        assert.doesNotMatch(
          sql,
          /\blimit\b|\?|\$\d|`|\b(min|max)\([^()]*,|\bis (?!not null|null)|\btrue\b|\bfalse\b/i,
          text,
        );
        assert.match(sql, /^(with "w" \([^)]*\) as \(select \* from \(values .*\) as "v" \([^)]*\)\) )?select /s, text);
        const numbers = [...sql.matchAll(/@(\d+)/g)].map(([, number]) => Number(number));
        assert.deepEqual(
          numbers,
          parameters.map((_, i) => i + 1),
          text,
        );
        let depth = 0;
        for (const [bracket] of sql.matchAll(/[()]/g)) assert.ok((depth += bracket === '(' ? 1 : -1) >= 0);
        assert.equal(depth, 0, text);
        compiled++;
      }
    }
    assert.ok(compiled > 400, String(compiled));
  });

  it('hold names of ours alone, whatever a filter says', () => {
    const query = read('output by machine of PH-100 last week').query!;
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (value) => {
        for (const dialect of ['postgres', 'mariadb', 'mssql'] as const) {
          const filters = [{ dimension: 'product' as const, op: 'in' as const, values: [value] }];
          const [statement] = statementsOf({ ...query, filters }, dialect);
          const [plain] = statementsOf({ ...query, filters: [{ ...filters[0]!, values: ['x'] }] }, dialect);
          assert.equal(statement!.sql, plain!.sql);
          assert.ok(statement!.parameters.includes(value));
        }
      }),
      { numRuns: 100 },
    );
  });
});
