import { MillwrightError, startBlockingService, workerUrl } from '../../kernel/index.ts';
import type { Database, SqlValue } from '../database.ts';
import { addressOf, type PostgresResult, type PostgresSettings } from '../postgres.ts';
import { withNumbers } from './placeholders.ts';
import type { StatementCall } from './worker.ts';

/** Milliseconds that the store waits for one answer: beyond every limit of the connection itself. */
const waitMs = 60_000;

/** Rows fetched, or inserted, at a time. */
const rowsAtOnce = 5_000;

/** A PostgreSQL database behind a thread of its own. */
export interface PostgresDatabase extends Database {
  /** Hands rows, as COPY's text format has them, to a `COPY … FROM STDIN`. */
  copyIn(sql: string, text: string): void;
  /** Within a transaction: runs a long statement of the database's upkeep. */
  upkeep<T>(sql: string, limitMs: number): T[];
}

/** Opens a database; the connection comes up with the first statement, and again after it was lost. */
export function openPostgres(settings: PostgresSettings): PostgresDatabase {
  const service = startBlockingService('store-postgres', workerUrl(import.meta.url), settings);
  const statements = new Map<string, { sql: string; name: string }>();
  const statement = (sql: string) => {
    let known = statements.get(sql);
    if (!known) statements.set(sql, (known = { sql: withNumbers(sql), name: `mw${statements.size}` }));
    return known;
  };
  const send = (call: StatementCall) => service.call<PostgresResult>('query', call, (call.limitMs ?? 0) + waitMs);
  const query = (sql: string, values: readonly SqlValue[]) => send({ ...statement(sql), values });
  let savepoints = 0;
  const database: PostgresDatabase = {
    dialect: 'postgres',
    file: addressOf(settings),
    exec: (sql) => void send({ sql }),
    run: (sql, ...values) => query(sql, values).count,
    get: <T>(sql: string, ...values: SqlValue[]) => query(sql, values).rows[0] as T | undefined,
    all: <T>(sql: string, ...values: SqlValue[]) => query(sql, values).rows as T[],
    *iterate<T>(sql: string, ...values: SqlValue[]) {
      service.call('begin', {}, waitMs);
      try {
        send({ sql: `DECLARE rows_in_turn NO SCROLL CURSOR FOR ${withNumbers(sql)}`, values });
        for (;;) {
          const { rows } = send({ sql: `FETCH ${rowsAtOnce} FROM rows_in_turn` });
          yield* rows as T[];
          if (rows.length < rowsAtOnce) return;
        }
      } finally {
        service.call('rollback', {}, waitMs);
      }
    },
    insertNew(table, columns, rows) {
      if (rows.length === 0) return 0;
      const list = columns.join(', ');
      const sql = `INSERT INTO ${table} (${list}) SELECT ${list} FROM json_populate_recordset(NULL::${table}, ?)
        ON CONFLICT DO NOTHING`;
      let written = 0;
      for (let from = 0; from < rows.length; from += rowsAtOnce) {
        const part = rows
          .slice(from, from + rowsAtOnce)
          .map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i]])));
        written += query(sql, [JSON.stringify(part)]).count;
      }
      return written;
    },
    transaction(work) {
      service.call('begin', {}, waitMs);
      try {
        const result = work();
        service.call('commit', {}, waitMs);
        return result;
      } catch (thrown) {
        rollBack();
        throw thrown;
      }
    },
    attempt(work) {
      const name = `attempt${savepoints++}`;
      database.exec(`SAVEPOINT ${name}`);
      try {
        const result = work();
        database.exec(`RELEASE ${name}`);
        return result;
      } catch (thrown) {
        if (!(thrown instanceof MillwrightError) || thrown.code !== 'MW_STORE_LOST')
          database.exec(`ROLLBACK TO ${name}; RELEASE ${name}`);
        throw thrown;
      } finally {
        savepoints--;
      }
    },
    copyIn: (sql, text) => service.call('copy', { sql, text }, waitMs),
    upkeep<T>(sql: string, limitMs: number) {
      database.exec(`SET LOCAL statement_timeout = ${limitMs}`);
      return send({ sql, limitMs }).rows as T[];
    },
    close: () => {
      try {
        service.call('close', {}, waitMs);
      } catch {
        // A server that has gone keeps nobody from closing.
      }
      service.close();
    },
  };
  function rollBack(): void {
    try {
      service.call('rollback', {}, waitMs);
    } catch {
      // The server has ended the transaction with the connection already.
    }
  }
  return database;
}
