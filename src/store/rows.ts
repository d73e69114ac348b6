import { MillwrightError } from '../kernel/index.ts';
import type { Database, SqlValue } from './database.ts';

/** Values of a row by column; undefined becomes null, booleans become 0 or 1. */
export type Columns = Record<string, string | number | boolean | null | undefined>;

type WithoutNulls<T> = { [K in keyof T as null extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as null extends T[K] ? K : never]?: Exclude<T[K], null>;
};

/** A row as a record: columns that are null become absent properties. */
export function withoutNulls<T extends object>(row: T): WithoutNulls<T> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as WithoutNulls<T>;
}

/** Inserts one row. */
export function insert(db: Database, table: string, columns: Columns): void {
  const names = Object.keys(columns);
  const sql = `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
  about(table, columns, () => db.run(sql, ...names.map((name) => toSql(columns[name]))));
}

/**
 * Inserts a mutable row with version 1, or changes it where a column differs and counts its `row_version` up.
 * Returns whether anything changed.
 * @param where the target of a partial unique index, if the keys are one
 */
export function upsert(db: Database, table: string, keys: Columns, columns: Columns, where = ''): boolean {
  const values = { ...keys, ...columns };
  const names = Object.keys(values);
  const changeable = Object.keys(columns);
  const sql = `INSERT INTO ${table} (${names.join(', ')}, row_version) VALUES (${names.map(() => '?').join(', ')}, 1)
    ON CONFLICT (${Object.keys(keys).join(', ')}) ${where} DO UPDATE SET
    ${changeable.map((name) => `${name} = excluded.${name}`).join(', ')}, row_version = ${table}.row_version + 1
    WHERE ${changeable.map((name) => `${table}.${name} IS DISTINCT FROM excluded.${name}`).join(' OR ')}`;
  return about(table, keys, () => db.run(sql, ...names.map((name) => toSql(values[name])))) > 0;
}

/** Names the row in an error about a constraint. */
function about<T>(table: string, keys: Columns, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    if (!(thrown instanceof MillwrightError) || thrown.code !== 'MW_STORE_CONFLICT') throw thrown;
    const subject = `${table} ${String(Object.values(keys)[0])}`;
    throw new MillwrightError('MW_STORE_CONFLICT', { ...thrown.params, subject }, thrown.cause);
  }
}

function toSql(value: Columns[string]): SqlValue {
  return typeof value === 'boolean' ? Number(value) : (value ?? null);
}

/** The error for an id that nothing in the store has. */
export function unknownRecord(kind: string, id: string): MillwrightError {
  return new MillwrightError('MW_RECORD_UNKNOWN', { kind, id });
}
