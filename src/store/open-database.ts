import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { MillwrightError } from '../kernel/index.ts';
import { migrations } from './migrations/index.ts';
import type { Database } from './database.ts';
import { openSqlite } from './sqlite.ts';
import { refreshStatistics } from './statistics.ts';

/** SQLite's application id of a Millwright store: "MwSf". */
const applicationId = 0x4d775366;

/**
 * Opens a store's file for writing, made where there is none, and brings its schema up to date, each step in one
 * transaction. What is no store of ours is refused untouched: `MW_STORE_DAMAGED`, `MW_STORE_NEWER`.
 *
 * Write-ahead log with `synchronous = NORMAL`: a killed process loses nothing that was committed, and a power cut
 * never damages the file; at most the last commits before a power cut are lost, each whole together with its audit
 * entry. `FULL` would wait for the disk at each of the many small batches that a plant sends.
 */
export async function openDatabase(file: string, now: number): Promise<Database> {
  try {
    mkdirSync(dirname(file), { recursive: true });
    // A new file is its owner's alone; SQLite gives the files beside it the same rights.
    closeSync(openSync(file, 'a', 0o600));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MillwrightError('MW_STORE_UNAVAILABLE', { file, reason }, cause);
  }
  const db = await openSqlite(file);
  try {
    db.exec('PRAGMA busy_timeout = 5000');
    checkOwner(db);
    db.exec('PRAGMA journal_mode = WAL');
    db.exec('PRAGMA synchronous = NORMAL');
    db.exec('PRAGMA cache_size = -65536');
    db.exec('PRAGMA temp_store = MEMORY');
    migrate(db, now);
    refreshStatistics(db);
    return db;
  } catch (thrown) {
    db.close();
    throw thrown;
  }
}

function checkOwner(db: Database): void {
  const owner = pragma(db, 'application_id');
  const tables = db.get<{ count: number }>('SELECT count(*) AS count FROM sqlite_schema')?.count ?? 0;
  if (owner !== applicationId && tables > 0)
    throw new MillwrightError('MW_STORE_DAMAGED', { file: db.file, reason: 'it belongs to another program' });
  const sound = db.get<{ quick_check: string }>('PRAGMA quick_check(1)')?.quick_check;
  if (sound !== 'ok') throw new MillwrightError('MW_STORE_DAMAGED', { file: db.file, reason: sound ?? 'unreadable' });
}

function migrate(db: Database, now: number): void {
  const latest = migrations.at(-1)?.version ?? 0;
  const version = pragma(db, 'user_version');
  if (version > latest) throw new MillwrightError('MW_STORE_NEWER', { file: db.file, version });
  for (const step of migrations) {
    if (step.version <= version) continue;
    db.transaction(() => {
      if (step.version === 1)
        db.exec(`PRAGMA application_id = ${applicationId};
          CREATE TABLE schema_migration (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_ms INTEGER NOT NULL) STRICT`);
      db.exec(step.sql + (step.sqlite ?? ''));
      db.run('INSERT INTO schema_migration VALUES (?, ?, ?)', step.version, step.name, now);
      db.exec(`PRAGMA user_version = ${step.version}`);
    });
  }
}

function pragma(db: Database, name: 'application_id' | 'user_version'): number {
  return db.get<Record<string, number>>(`PRAGMA ${name}`)?.[name] ?? 0;
}
