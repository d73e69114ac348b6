import { upsert, type Columns } from './rows.ts';
import type { Session } from './session.ts';

/**
 * Brings a list of master data up to date: given rows are inserted or changed and valid, all others end now.
 * @param key column that identifies a row; each row must have it
 */
export function replaceList({ db, now }: Session, table: string, key: string, rows: readonly Columns[]): void {
  rows.forEach((row, position) => {
    const { [key]: id, ...columns } = row;
    upsert(db, table, { [key]: id }, { ...columns, position, valid_to_ms: null });
  });
  const given = JSON.stringify(rows.map((row) => row[key]));
  db.run(
    `UPDATE ${table} SET valid_to_ms = ?, row_version = row_version + 1
     WHERE valid_to_ms IS NULL AND ${key} NOT IN (SELECT value FROM json_each(?))`,
    now,
    given,
  );
}
