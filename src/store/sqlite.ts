import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { MillwrightError } from '../kernel/index.ts';
import type { Database, SqlValue } from './database.ts';

/** An open SQLite file. */
export interface SqliteDatabase extends Database {
  /** The connection itself, for what only one file needs (functions, authorizer). */
  readonly connection: DatabaseSync;
}

/**
 * Opens a file with node:sqlite, which is imported here alone and on first use.
 * Throws `MW_STORE_UNSUPPORTED` where this Node.js has none, else as every call does.
 */
export async function openSqlite(file: string, options: { readOnly?: boolean } = {}): Promise<SqliteDatabase> {
  const { DatabaseSync } = await importSqlite();
  const guard = <T>(work: () => T): T => {
    try {
      return work();
    } catch (thrown) {
      throw storeError(thrown, file);
    }
  };
  const connection = guard(
    () => new DatabaseSync(file, { readOnly: options.readOnly ?? false, enableForeignKeyConstraints: true }),
  );
  let open = true;
  const statements = new Map<string, StatementSync>();
  const prepare = (sql: string) => {
    let statement = statements.get(sql);
    if (!statement) statements.set(sql, (statement = connection.prepare(sql)));
    return statement;
  };
  return {
    dialect: 'sqlite',
    file,
    connection,
    exec: (sql) => guard(() => connection.exec(sql)),
    run: (sql, ...values) => guard(() => Number(prepare(sql).run(...(values as SQLInputValue[])).changes)),
    get: <T>(sql: string, ...values: SqlValue[]) =>
      guard(() => prepare(sql).get(...(values as SQLInputValue[])) as T | undefined),
    all: <T>(sql: string, ...values: SqlValue[]) =>
      guard(() => prepare(sql).all(...(values as SQLInputValue[])) as T[]),
    *iterate<T>(sql: string, ...values: SqlValue[]) {
      const rows = guard(() => connection.prepare(sql).iterate(...(values as SQLInputValue[])));
      for (;;) {
        const row = guard(() => rows.next());
        if (row.done) return;
        yield row.value as T;
      }
    },
    insertNew: (table, columns, rows) =>
      guard(() => {
        const places = columns.map(() => '?').join(', ');
        const statement = prepare(
          `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places}) ON CONFLICT DO NOTHING`,
        );
        let written = 0;
        for (const row of rows) written += Number(statement.run(...(row as SQLInputValue[])).changes);
        return written;
      }),
    attempt(work) {
      guard(() => connection.exec('SAVEPOINT attempt'));
      try {
        const result = work();
        guard(() => connection.exec('RELEASE attempt'));
        return result;
      } catch (thrown) {
        rollBack(connection, 'ROLLBACK TO attempt; RELEASE attempt');
        throw thrown;
      }
    },
    transaction(work) {
      guard(() => connection.exec('BEGIN IMMEDIATE'));
      try {
        const result = work();
        guard(() => connection.exec('COMMIT'));
        return result;
      } catch (thrown) {
        rollBack(connection);
        throw thrown;
      }
    },
    close: () => {
      if (!open) return;
      open = false;
      statements.clear();
      connection.close();
    },
  };
}

function rollBack(connection: DatabaseSync, sql = 'ROLLBACK'): void {
  try {
    connection.exec(sql);
  } catch {
    // A full disk or a damaged file has ended the transaction already: there is nothing left to undo.
  }
}

async function importSqlite(): Promise<typeof import('node:sqlite')> {
  try {
    return await import('node:sqlite');
  } catch (cause) {
    throw new MillwrightError('MW_STORE_UNSUPPORTED', { node: process.versions.node }, cause);
  }
}

/** SQLite's primary result codes, as in sqlite3.h. */
const SQLITE = {
  BUSY: 5,
  LOCKED: 6,
  READONLY: 8,
  IOERR: 10,
  CORRUPT: 11,
  FULL: 13,
  CANTOPEN: 14,
  CONSTRAINT: 19,
  NOTADB: 26,
} as const;

/** Turns what node:sqlite throws into the store's error codes; other errors stay what they are. */
function storeError(thrown: unknown, file: string): unknown {
  if (!(thrown instanceof Error) || !('errcode' in thrown) || typeof thrown.errcode !== 'number') return thrown;
  const reason = thrown.message;
  switch (thrown.errcode & 0xff) {
    case SQLITE.BUSY:
    case SQLITE.LOCKED:
      return new MillwrightError('MW_STORE_LOCKED', { file }, thrown);
    case SQLITE.READONLY:
      return new MillwrightError('MW_STORE_READ_ONLY', { file }, thrown);
    case SQLITE.FULL:
      return new MillwrightError('MW_STORE_FULL', { file }, thrown);
    case SQLITE.CORRUPT:
    case SQLITE.NOTADB:
      return new MillwrightError('MW_STORE_DAMAGED', { file, reason }, thrown);
    case SQLITE.IOERR:
    case SQLITE.CANTOPEN:
      return new MillwrightError('MW_STORE_UNAVAILABLE', { file, reason }, thrown);
    case SQLITE.CONSTRAINT:
      return new MillwrightError('MW_STORE_CONFLICT', { subject: 'data', reason }, thrown);
    default:
      return thrown;
  }
}
