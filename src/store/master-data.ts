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
  const given = new Set(rows.map((row) => row[key]));
  for (const { id } of db.all<{ id: string }>(`SELECT ${key} AS id FROM ${table} WHERE valid_to_ms IS NULL`))
    if (!given.has(id))
      db.run(`UPDATE ${table} SET valid_to_ms = ?, row_version = row_version + 1 WHERE ${key} = ?`, now, id);
}
