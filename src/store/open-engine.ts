import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Database } from './database.ts';
import type { Historian } from './historian/historian.ts';
import { postgresHistorian } from './historian/postgres.ts';
import { sqliteHistorian } from './historian/sqlite.ts';
import { openDatabase } from './open-database.ts';
import { openPostgres } from './postgres/database.ts';
import { preparePostgres } from './postgres/prepare.ts';
import type { StoreWorkerData } from './wire.ts';

/** Opens the engine that the store is to lie in, its schema up to date. */
export async function openEngine({
  file,
  postgres,
  now,
}: StoreWorkerData): Promise<{ db: Database; historian: Historian }> {
  if (!postgres) {
    const db = await openDatabase(file, now);
    return { db, historian: sqliteHistorian(db) };
  }
  const db = openPostgres(postgres);
  try {
    mkdirSync(dirname(file), { recursive: true });
    preparePostgres(db, postgres, now);
    return { db, historian: postgresHistorian(db) };
  } catch (thrown) {
    db.close();
    throw thrown;
  }
}
