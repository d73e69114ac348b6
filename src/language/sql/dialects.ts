import {
  DummyDriver,
  Kysely,
  MssqlQueryCompiler,
  sql,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type QueryCompiler,
} from 'kysely';
import type { Sql } from './compile-part.ts';
import type { QueryWindow } from './windows.ts';

/**
 * The databases that questions are compiled for: SQLite, PostgreSQL, MariaDB (in its ANSI_QUOTES mode, with a
 * `div_precision_increment` of 16, so that a division keeps its places) and Microsoft SQL Server. The first three are
 * run against real servers in the tests; SQL Server's is compiled and looked at only.
 */
export type QuestionDialect = 'sqlite' | 'postgres' | 'mariadb' | 'mssql';

/** What differs between the dialects; all else that the compiler writes is SQL that each of them reads alike. */
export interface Dialect {
  /** Compiles only: no driver, no connection. Names stand in double quotes; placeholders are `?`, SQL Server's `@1`. */
  compiler: Kysely<Record<string, never>>;
  /** A table of constant rows, as the body of a common table expression: texts, then two instants. */
  values: (this: void, names: readonly string[], windows: readonly QueryWindow[]) => Sql;
  /** The first rows only: what follows `select`, and what stands at the end. */
  first: (this: void, rows: number) => { before: Sql; after: Sql };
  /** A text column as it is sorted: by its bytes, whatever the database's language. */
  sorted: (this: void, name: Sql) => Sql;
}

/** The dialects by name. */
export const dialects: Readonly<Record<QuestionDialect, Dialect>> = {
  sqlite: {
    compiler: compilerOf(() => new SqliteQueryCompiler()),
    values: (_, windows) => sql`values ${rowsOf(windows)}`,
    first: limit,
    sorted: (name) => name,
  },
  postgres: {
    compiler: compilerOf(() => new SqliteQueryCompiler()),
    values: (_, windows) => sql`values ${rowsOf(windows, (value) => castTo(value, 'text', 'bigint'))}`,
    first: limit,
    sorted: (name) => sql`${name} collate "C"`,
  },
  mariadb: {
    compiler: compilerOf(() => new SqliteQueryCompiler()),
    values: (_, windows) => {
      // `VALUES` takes the lengths of bound values from before they are there, and cuts them.
      const rows = cellsOf(windows, (value) => castTo(value, 'char(200)', 'signed'));
      return sql.join(
        rows.map((cells) => sql`select ${sql.join(cells)}`),
        sql` union all `,
      );
    },
    first: limit,
    sorted: (name) => sql`cast(${name} as binary)`,
  },
  mssql: {
    compiler: compilerOf(() => new MssqlQueryCompiler()),
    values: (names, windows) => {
      const rows = rowsOf(windows, (value) => castTo(value, 'nvarchar(200)', 'bigint'));
      return sql`select * from (values ${rows}) as "v" (${sql.join(names.map((name) => sql.ref(name)))})`;
    },
    first: (rows) => ({ before: sql`top (${rows}) `, after: sql`` }),
    sorted: (name) => sql`${name} collate Latin1_General_BIN2`,
  },
};

function compilerOf(createQueryCompiler: () => QueryCompiler): Dialect['compiler'] {
  return new Kysely({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler,
    },
  });
}

function limit(rows: number): { before: Sql; after: Sql } {
  return { before: sql``, after: sql` limit ${rows}` };
}

type Value = string | number;

function rowsOf(windows: readonly QueryWindow[], bound?: (value: Value) => Sql): Sql {
  return sql.join(cellsOf(windows, bound).map((cells) => sql`(${sql.join(cells)})`));
}

function cellsOf(windows: readonly QueryWindow[], bound = (value: Value): Sql => sql`${value}`): Sql[][] {
  return windows.map(({ keys, start, end }) => [...keys, start, end].map(bound));
}

/** A server cannot tell the type of a value that it is handed; instants are beyond its usual integer. */
function castTo(value: Value, text: string, integer: string): Sql {
  return sql`cast(${value} as ${sql.raw(typeof value === 'string' ? text : integer)})`;
}
