import { MillwrightError } from '../../kernel/index.ts';
import { withNumbers } from '../postgres/placeholders.ts';
import { connectPostgres, type PostgresConnection, type PostgresSettings } from '../postgres.ts';
import type { QueryRow } from '../store.ts';
import { checkQuery } from './guard.ts';
import type { QueryCall } from './worker.ts';

/** Names that a question has no business with: the server's own, other databases, settings, texts without end. */
const forbidden =
  /^(pg_|lo_|dblink|information_schema$|set_config$|current_setting$|(query|table|schema|database|cursor)_to_|xpath|repeat$|lpad$|rpad$|format$|replace$|overlay$|array_fill$|generate_series$)/;

/**
 * Answers questions as the role that may read the KPI views and nothing else, each in a read-only transaction that
 * the server ends at its deadline. A role that may do more is refused, whatever the question.
 */
export function postgresQuestions(settings: PostgresSettings): (call: QueryCall) => Promise<QueryRow[]> {
  const { reader, schema } = settings;
  let open: { connection: PostgresConnection; tables: ReadonlySet<string> } | undefined;
  const link = async () => {
    if (open && !open.connection.lost) return open;
    if (!reader) throw refused('the store has no read-only role for questions');
    const connection = await connectPostgres({ ...settings, ...reader }, { statementMs: 10_000, readOnly: true });
    try {
      await checkRole(connection, schema);
      return (open = { connection, tables: await tablesOf(connection, schema) });
    } catch (thrown) {
      await connection.end();
      throw thrown;
    }
  };
  return async ({ sql, parameters, rows: limit, limitMs }) => {
    const { connection, tables } = await link();
    checkQuery(sql, tables, forbidden);
    const statement = withNumbers(sql).replace(/;\s*$/, '');
    await connection.query(`BEGIN READ ONLY; SET LOCAL statement_timeout = ${Math.ceil(limitMs)}`);
    try {
      await connection.query(`DECLARE answer NO SCROLL CURSOR FOR ${statement}`, parameters, { limitMs });
      const { rows } = await connection.query(`FETCH ${limit + 1} FROM answer`, [], { limitMs });
      if (rows.length > limit) throw refused(`it gives more than ${limit} rows`);
      return rows;
    } catch (thrown) {
      throw asRefusal(thrown, limitMs);
    } finally {
      if (!connection.lost) await connection.query('ROLLBACK');
    }
  };
}

/** What the server itself says of a statement is a refusal of the question, not a fault of the server. */
function asRefusal(thrown: unknown, limitMs: number): unknown {
  if (!(thrown instanceof MillwrightError)) return thrown;
  if (thrown.code === 'MW_DEADLINE') return new MillwrightError('MW_DEADLINE', { what: 'query', limitMs }, thrown);
  const reason = thrown.params['reason'];
  return thrown.code === 'MW_STORE_SERVER' ||
    thrown.code === 'MW_STORE_CONFLICT' ||
    thrown.code === 'MW_STORE_READ_ONLY'
    ? refused(String(reason ?? thrown.message), thrown)
    : thrown;
}

/** Refuses a role that may read tables or the server's files. */
async function checkRole(connection: PostgresConnection, schema: string): Promise<void> {
  const { rows } = await connection.query(
    `SELECT c.relname AS name FROM pg_class c WHERE c.relnamespace = $1::regnamespace AND c.relkind IN ('r', 'p')
       AND has_any_column_privilege(c.oid, 'SELECT, INSERT, UPDATE')
     UNION ALL SELECT 'files of the server' WHERE has_function_privilege('pg_read_file(text)', 'EXECUTE') LIMIT 1`,
    [schema],
  );
  const more = rows[0]?.['name'] as string | undefined;
  if (more !== undefined) throw refused(`its role may do more than read the KPI views: ${more}`);
}

async function tablesOf(connection: PostgresConnection, schema: string): Promise<ReadonlySet<string>> {
  const { rows } = await connection.query(
    "SELECT lower(relname) AS name FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind IN ('r', 'p')",
    [schema],
  );
  return new Set(rows.map(({ name }) => String(name)));
}

function refused(reason: string, cause?: unknown): MillwrightError {
  return new MillwrightError('MW_QUERY_REFUSED', { reason }, cause);
}
