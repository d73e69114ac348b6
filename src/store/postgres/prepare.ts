import { MillwrightError } from '../../kernel/index.ts';
import { migrations } from '../migrations/index.ts';
import type { PostgresSettings } from '../postgres.ts';
import type { PostgresDatabase } from './database.ts';
import { postgresDdl } from './ddl.ts';

/** The oldest server whose SQL the schema needs (13), as PostgreSQL numbers itself. */
const oldestServer = 130_000;

/**
 * Makes the schema where there is none and brings it up to date, each step in one transaction; opens the KPI views,
 * and nothing else, to the role that answers questions. What is no schema of ours is refused untouched:
 * `MW_STORE_DAMAGED`, `MW_STORE_NEWER`.
 */
export function preparePostgres(db: PostgresDatabase, { schema, user, reader }: PostgresSettings, now: number): void {
  const server = db.get<{ version: number }>("SELECT current_setting('server_version_num')::int AS version");
  if ((server?.version ?? 0) < oldestServer)
    throw new MillwrightError('MW_STORE_SERVER', { server: db.file, reason: 'PostgreSQL 13 or newer is needed' });
  migrate(db, schema, now);
  if (reader) openViews(db, schema, user, reader.user);
}

function migrate(db: PostgresDatabase, schema: string, now: number): void {
  const exists = (name: string) =>
    db.get<{ at: string | null }>('SELECT to_regclass(?)::text AS at', `${schema}.${name}`)?.at;
  // Within a transaction, as each step: one writer at a time, for two Node-REDs may start at once.
  db.transaction(() => {
    if (!db.get('SELECT 1 FROM pg_namespace WHERE nspname = ?', schema)) db.exec(`CREATE SCHEMA ${schema}`);
    if (!exists('schema_migration') && (exists('equipment') ?? exists('work_request')))
      throw new MillwrightError('MW_STORE_DAMAGED', { file: db.file, reason: 'it belongs to another program' });
    db.exec(`CREATE TABLE IF NOT EXISTS schema_migration
      (version BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_ms BIGINT NOT NULL)`);
  });
  const latest = migrations.at(-1)?.version ?? 0;
  const present = () =>
    db.get<{ version: number }>('SELECT coalesce(max(version), 0) AS version FROM schema_migration')?.version ?? 0;
  if (present() > latest) throw new MillwrightError('MW_STORE_NEWER', { file: db.file, version: present() });
  for (const step of migrations)
    db.transaction(() => {
      // Asked within the transaction: another Node-RED may have made the step meanwhile.
      if (step.version <= present()) return;
      db.exec(postgresDdl(step.sql) + (step.postgres ?? ''));
      db.run('INSERT INTO schema_migration VALUES (?, ?, ?)', step.version, step.name, now);
    });
}

/** Lets a role that is not the store's own read the KPI views. */
function openViews(db: PostgresDatabase, schema: string, owner: string, reader: string): void {
  if (reader === owner)
    throw new MillwrightError('MW_STORE_SERVER', { server: db.file, reason: 'questions need a role of their own' });
  const views = db.all<{ name: string }>(
    "SELECT viewname AS name FROM pg_views WHERE schemaname = ? AND viewname LIKE 'kpi\\_%'",
    schema,
  );
  const role = `"${reader.replaceAll('"', '""')}"`;
  db.transaction(() => {
    db.exec(`GRANT USAGE ON SCHEMA ${schema} TO ${role};
      GRANT SELECT ON ${views.map(({ name }) => `${schema}.${name}`).join(', ')} TO ${role}`);
  });
}
