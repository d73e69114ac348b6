import { MillwrightError } from '../../kernel/index.ts';
import { connectMariadb, mariadbAddress, type MariadbSettings } from '../mariadb.ts';
import { addressOf, connectPostgres, type PostgresSettings } from '../postgres.ts';
import { openSqlite } from '../sqlite.ts';
import type { FoundColumn, FoundView } from './check.ts';

/** The engines whose views can be compared. */
export type MappedEngine = 'sqlite' | 'postgres' | 'mariadb';

/** The database whose views are compared. */
export type MappingSource = { file: string } | { postgres: PostgresSettings } | { mariadb: MariadbSettings };

/** A database under comparison. */
export interface OpenSource {
  engine: MappedEngine;
  /** The file, or the server's address without secrets. */
  address: string;
  /** A view as it is there; nothing where it is not, `cause` where it cannot be read. */
  view(name: string): Promise<FoundView | { cause: string } | undefined>;
  close(): Promise<void>;
}

/** Rows of each view that are looked at. */
const rowsLookedAt = 2_000;
const limitMs = 10_000;

/** Opens a database read-only, as the role that answers questions. Rejects as `connectPostgres` and its siblings. */
export async function openSource(source: MappingSource): Promise<OpenSource> {
  if ('file' in source) return openFile(source.file);
  return 'postgres' in source ? openPostgres(source.postgres) : openMariadb(source.mariadb);
}

async function openFile(file: string): Promise<OpenSource> {
  const db = await openSqlite(file, { readOnly: true });
  const named = `SELECT sql, type FROM sqlite_schema WHERE type IN ('view', 'table') AND lower(name) = ?`;
  return {
    engine: 'sqlite',
    address: file,
    view: (name) =>
      readable(() => {
        const row = db.get<{ sql: string; type: string }>(named, name);
        if (!row) return Promise.resolve(undefined);
        const columns = db.all<{ name: string; type: string }>('SELECT name, type FROM pragma_table_info(?)', name);
        return Promise.resolve({
          columns: columns.map((column) => ({ ...column, declared: declaredAs(column.type) })),
          rows: db
            .all<Record<string, unknown>>(`SELECT * FROM ${name} LIMIT ${rowsLookedAt}`)
            .map((each) => ({ ...each })),
          ...(row.type === 'view' ? { select: row.sql.replace(/^[^]*?\bAS\b\s*/i, '') } : {}),
        });
      }),
    close: () => {
      db.close();
      return Promise.resolve();
    },
  };
}

async function openPostgres(settings: PostgresSettings): Promise<OpenSource> {
  const { reader, schema } = settings;
  const connection = await connectPostgres({ ...settings, ...reader }, { statementMs: limitMs, readOnly: true });
  return {
    engine: 'postgres',
    address: addressOf(settings),
    view: (name) =>
      readable(async () => {
        const { rows: columns } = await connection.query(
          `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type FROM pg_attribute a
           JOIN pg_class c ON c.oid = a.attrelid WHERE c.relnamespace = to_regnamespace($1) AND lower(c.relname) = $2
             AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
          [schema, name],
        );
        if (columns.length === 0) return undefined;
        const { rows } = await connection.query(`SELECT * FROM "${name}" LIMIT ${rowsLookedAt}`, []);
        return { columns: columns.map(columnOf), rows };
      }),
    close: () => connection.end(),
  };
}

async function openMariadb(settings: MariadbSettings): Promise<OpenSource> {
  const connection = await connectMariadb(settings);
  const query = (sql: string, values: string[]) => connection.query(sql, values, { rows: 10_000, limitMs });
  return {
    engine: 'mariadb',
    address: mariadbAddress(settings),
    view: (name) =>
      readable(async () => {
        const columns = await query(
          `SELECT column_name AS name, column_type AS type FROM information_schema.columns
           WHERE table_schema = ? AND lower(table_name) = ? ORDER BY ordinal_position`,
          [settings.database, name],
        );
        if (columns.length === 0) return undefined;
        return {
          columns: columns.map(columnOf),
          rows: await query(`SELECT * FROM "${name}" LIMIT ${rowsLookedAt}`, []),
        };
      }),
    close: () => {
      connection.end();
      return Promise.resolve();
    },
  };
}

function columnOf(row: Record<string, unknown>): FoundColumn {
  const type = String(row['type']);
  return { name: String(row['name']), type, declared: declaredAs(type) };
}

/** What a declared type holds, in the words of the three engines. */
function declaredAs(type: string): FoundColumn['declared'] {
  const word = type.trim().toLowerCase();
  if (word === '' || word === 'any') return 'unknown';
  if (/^(timestamp|datetime|date\b)/.test(word)) return 'time';
  if (/^(text|varchar|char|character|nchar|nvarchar|uuid|enum|tinytext|mediumtext|longtext|citext|name)/.test(word))
    return 'text';
  if (/^(int|integer|bigint|smallint|tinyint|mediumint|numeric|decimal|real|double|float|num)/.test(word))
    return 'number';
  return 'other';
}

/** What the database says of one view is told of that view; a lost connection ends the comparison. */
async function readable(
  read: () => Promise<FoundView | undefined>,
): Promise<FoundView | { cause: string } | undefined> {
  try {
    return await read();
  } catch (thrown) {
    if (thrown instanceof MillwrightError && thrown.code === 'MW_STORE_LOST') throw thrown;
    const reason = thrown instanceof MillwrightError ? thrown.params['reason'] : undefined;
    return { cause: String(reason ?? (thrown instanceof Error ? thrown.message : thrown)) };
  }
}
