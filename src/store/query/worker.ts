import { MillwrightError, serveWorker, toMillwrightError } from '../../kernel/index.ts';
import { openForQuestions } from './connection.ts';
import { checkQuery } from './guard.ts';
import type { QueryRow } from '../store.ts';

/** One question on its way to its worker. */
export interface QueryCall {
  sql: string;
  parameters: readonly (string | number | null)[];
  /** Refused beyond so many rows. */
  rows: number;
}

serveWorker(async ({ file }: { file: string }) => {
  const { db, tables } = await openForQuestions(file);
  return {
    query: ({ sql, parameters, rows: limit }: QueryCall): QueryRow[] => {
      checkQuery(sql, tables);
      const rows: QueryRow[] = [];
      try {
        for (const row of db.iterate<QueryRow>(sql, ...parameters)) {
          if (rows.length === limit) throw refused(`it gives more than ${limit} rows`);
          rows.push({ ...row });
        }
      } catch (thrown) {
        const error = toMillwrightError(thrown);
        throw error.code === 'MW_INTERNAL' ? refused(String(error.params['reason']), thrown) : error;
      }
      return rows;
    },
  };
});

function refused(reason: string, cause?: unknown): MillwrightError {
  return new MillwrightError('MW_QUERY_REFUSED', { reason }, cause);
}
