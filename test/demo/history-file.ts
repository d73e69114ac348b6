import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { writeHistory, type HistorySummary } from '../../src/demo/index.ts';
import { openStore } from '../../src/store/index.ts';

/** Tuesday 2026-11-24, 09:17 in Berlin. */
export const until = Date.UTC(2026, 10, 24, 8, 17, 0);

/** A written history: its summary, and its rows by plain SQL. */
export interface WrittenHistory {
  folder: string;
  file: string;
  summary: HistorySummary;
  rows: <T>(sql: string, ...values: (string | number)[]) => T[];
  remove(): Promise<void>;
}

/** Writes a history to a file of its own, closes the store and opens the file for reading. */
export async function history(seed: number, days: number, end = until): Promise<WrittenHistory> {
  const folder = await mkdtemp(join(tmpdir(), 'mw-demo-'));
  const file = join(folder, 'demo.sqlite');
  const store = await openStore({ file });
  const summary = await writeHistory(store, { seed, days, until: end });
  await store.close();
  const db = new DatabaseSync(file, { readOnly: true });
  return {
    folder,
    file,
    summary,
    rows: <T>(sql: string, ...values: (string | number)[]) => db.prepare(sql).all(...values) as T[],
    async remove() {
      db.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
