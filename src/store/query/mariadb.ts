import { MillwrightError } from '../../kernel/index.ts';
import { connectMariadb, type MariadbConnection, type MariadbSettings } from '../mariadb.ts';
import type { QueryRow } from '../store.ts';
import { checkQuery } from './guard.ts';
import type { QueryCall } from './worker.ts';

/** Names that a question has no business with: the server's own, waiting, locks, files, texts without end, writing. */
const forbidden =
  /^(information_schema|performance_schema|mysql|sys|sleep|benchmark|load_file|(get|release|is_free|is_used)_lock|release_all_locks|master_\w+|into|procedure|repeat|space|lpad|rpad|replace|insert|group_concat|json_\w+|nextval|lastval|setval)$/;

/**
 * Answers questions as a user who may read views and nothing else, each in a read-only transaction that the server
 * ends at its deadline. A user who may do more is refused, whatever the question.
 */
export function mariadbQuestions(settings: MariadbSettings): (call: QueryCall) => Promise<QueryRow[]> {
  let open: MariadbConnection | undefined;
  const link = async (limitMs: number) => {
    if (open && !open.lost) return open;
    const connection = await connectMariadb(settings);
    try {
      await checkUser(connection, limitMs);
      return (open = connection);
    } catch (thrown) {
      connection.end();
      throw thrown;
    }
  };
  return async ({ sql, parameters, rows: limit, limitMs }) => {
    checkComments(sql);
    checkQuery(sql, new Set(), forbidden);
    const connection = await link(limitMs);
    try {
      const rows = await connection.query(sql.replace(/;\s*$/, ''), parameters, { rows: limit, limitMs });
      if (rows.length > limit) throw refused(`it gives more than ${limit} rows`);
      return rows;
    } catch (thrown) {
      const isAnswer = thrown instanceof MillwrightError && thrown.code === 'MW_STORE_SERVER';
      throw isAnswer ? refused(String(thrown.params['reason']), thrown) : thrown;
    }
  };
}

/** What is a comment elsewhere may be read here: an executable comment, and `--` without a blank. */
function checkComments(sql: string): void {
  if (/--|\/\*|#|\\/.test(sql.replaceAll(/'[^']*'|"[^"]*"/g, ' '))) throw refused('it holds a comment');
}

/** Refuses a user who may read tables or do anything but read. */
async function checkUser(connection: MariadbConnection, limitMs: number): Promise<void> {
  const [more] = await connection.query(
    `SELECT what FROM (
       SELECT privilege_type AS what FROM information_schema.user_privileges WHERE privilege_type <> 'USAGE'
       UNION ALL SELECT concat(privilege_type, ' in ', table_schema) FROM information_schema.schema_privileges
         WHERE privilege_type NOT IN ('SELECT', 'SHOW VIEW')
       UNION ALL SELECT concat(privilege_type, ' on ', table_name) FROM information_schema.table_privileges
         WHERE privilege_type NOT IN ('SELECT', 'SHOW VIEW')
       UNION ALL SELECT concat('SELECT on ', table_name) FROM information_schema.tables
         WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('information_schema', 'performance_schema', 'sys')) AS p`,
    [],
    { rows: 1_000_000, limitMs },
  );
  if (more) throw refused(`its user may do more than read views: ${String(more['what'])}`);
}

function refused(reason: string, cause?: unknown): MillwrightError {
  return new MillwrightError('MW_QUERY_REFUSED', { reason }, cause);
}
