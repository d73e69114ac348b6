import { MillwrightError, serveWorker, toMillwrightError } from '../../kernel/index.ts';
import type { MariadbSettings } from '../mariadb.ts';
import type { PostgresSettings } from '../postgres.ts';
import type { QueryRow } from '../store.ts';
import { openForQuestions } from './connection.ts';
import { checkQuery } from './guard.ts';
import { mariadbQuestions } from './mariadb.ts';
import { postgresQuestions } from './postgres.ts';

/** The database that is asked. */
export interface QuestionSource {
  file: string;
  postgres: PostgresSettings | undefined;
  /** Asked in place of the store. */
  mariadb?: MariadbSettings;
}

/** One question on its way to its worker. */
export interface QueryCall {
  sql: string;
  parameters: readonly (string | number | null)[];
  /** Refused beyond so many rows. */
  rows: number;
  /** Milliseconds that it may take. */
  limitMs: number;
}

serveWorker(async (source: QuestionSource) => {
  const ask = await questionsOf(source);
  return {
    query: async (call: QueryCall): Promise<QueryRow[]> => {
      try {
        return await ask(call);
      } catch (thrown) {
        const error = toMillwrightError(thrown);
        throw error.code === 'MW_INTERNAL' ? refused(String(error.params['reason']), thrown) : error;
      }
    },
  };
});

async function questionsOf({ file, postgres, mariadb }: QuestionSource) {
  if (mariadb) return mariadbQuestions(mariadb);
  return postgres ? postgresQuestions(postgres) : sqliteQuestions(file);
}

async function sqliteQuestions(file: string) {
  const { db, tables } = await openForQuestions(file);
  return ({ sql, parameters, rows: limit }: QueryCall): QueryRow[] => {
    checkQuery(sql, tables);
    const rows: QueryRow[] = [];
    for (const row of db.iterate<QueryRow>(sql, ...parameters)) {
      if (rows.length === limit) throw refused(`it gives more than ${limit} rows`);
      rows.push({ ...row });
    }
    return rows;
  };
}

function refused(reason: string, cause?: unknown): MillwrightError {
  return new MillwrightError('MW_QUERY_REFUSED', { reason }, cause);
}
