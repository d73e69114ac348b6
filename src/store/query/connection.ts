import { openSqlite, type SqliteDatabase } from '../sqlite.ts';

/** A connection for questions. */
export interface QuestionConnection {
  db: SqliteDatabase;
  /** Names of all tables, lower case: none of them is open to questions. */
  tables: ReadonlySet<string>;
}

/** Opens a read-only connection that sees the KPI views alone and can be ended while it works. */
export async function openForQuestions(file: string): Promise<QuestionConnection> {
  const db = await openSqlite(file, { readOnly: true });
  try {
    const names = (type: string) =>
      db
        .all<{ name: string }>('SELECT lower(name) AS name FROM sqlite_schema WHERE type = ?', type)
        .map(({ name }) => name);
    const tables = new Set(names('table'));
    const views = names('view');
    makeInterruptible(db, views);
    restrict(db, views);
    return { db, tables };
  } catch (thrown) {
    db.close();
    throw thrown;
  }
}

/**
 * A thread inside SQLite cannot be ended, because it never comes back to JavaScript. So each view gets a temporary
 * one in front of it that calls into JavaScript at about every 256th row that it reads, where a termination is seen.
 */
function makeInterruptible(db: SqliteDatabase, views: readonly string[]): void {
  db.connection.function('mw_alive', { varargs: true }, () => 1);
  for (const view of views) {
    const column = db.get<{ name: string }>('SELECT name FROM pragma_table_info(?) LIMIT 1', view)?.name ?? '1';
    db.exec(`CREATE TEMP VIEW ${view} AS SELECT * FROM main.${view} WHERE (random() & 255) OR mw_alive(${column})`);
  }
}

/** What SQLite's authorizer is asked (sqlite3.h) and how it answers. */
const action = { READ: 20, SELECT: 21, FUNCTION: 31 } as const;
const answer = { ok: 0, deny: 1 } as const;

/** Functions that could fill the memory or reach out of the database. */
const forbiddenFunctions = new Set([
  'load_extension',
  'randomblob',
  'zeroblob',
  'printf',
  'format',
  'replace',
  'fts3_tokenizer',
]);

/** Lets SQLite itself refuse everything but SELECT on the views, where this Node.js has authorizers. */
function restrict(db: SqliteDatabase, views: readonly string[]): void {
  const { connection } = db;
  const open = new Set(views);
  if ('limits' in connection) Object.assign(connection.limits as object, { length: 10_000_000, compoundSelect: 500 });
  db.exec('PRAGMA query_only = 1');
  if (!('setAuthorizer' in connection)) return;
  connection.setAuthorizer((code, first, second, schema, accessor) => {
    switch (code) {
      case action.SELECT:
        return answer.ok;
      case action.FUNCTION:
        return forbiddenFunctions.has((second ?? '').toLowerCase()) ? answer.deny : answer.ok;
      case action.READ:
        // Directly a view that stands before its original, or anything on behalf of one.
        return open.has(accessor ?? '') || (schema === 'temp' && open.has(first ?? '')) ? answer.ok : answer.deny;
      default:
        return answer.deny;
    }
  });
}
