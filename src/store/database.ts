/** What a statement binds. */
export type SqlValue = string | number | bigint | null | Uint8Array;

/** The engines that a store can lie in. */
export type Dialect = 'sqlite' | 'postgres';

/**
 * One open connection, used synchronously from the store's own thread: SQLite works in that thread, PostgreSQL behind
 * a second one that this one waits for. The store's SQL is what both engines understand, with `?` for values and
 * quoted names wherever a capital letter counts. All errors are `MillwrightError`s that name the database.
 */
export interface Database {
  readonly dialect: Dialect;
  /** The file, or the server's address without secrets: for errors. */
  readonly file: string;
  exec(sql: string): void;
  /** Runs a statement; returns the number of rows changed. */
  run(sql: string, ...values: SqlValue[]): number;
  get<T>(sql: string, ...values: SqlValue[]): T | undefined;
  all<T>(sql: string, ...values: SqlValue[]): T[];
  iterate<T>(sql: string, ...values: SqlValue[]): Generator<T, void>;
  /** Inserts many rows in one go, those left out that are there already; returns how many were written. */
  insertNew(table: string, columns: readonly string[], rows: readonly (readonly SqlValue[])[]): number;
  /** Runs work in one transaction that no other writer enters: all of it or, when it throws, nothing. */
  transaction<T>(work: () => T): T;
  /** Inside a transaction: work that may fail on its own, and is then taken back alone. */
  attempt<T>(work: () => T): T;
  close(): void;
}
