import { MillwrightError, serveBlocking, sleep } from '../../kernel/index.ts';
import type { SqlValue } from '../database.ts';
import { addressOf, connectPostgres, type PostgresConnection, type PostgresSettings } from '../postgres.ts';

/** Milliseconds after which the server ends an ordinary statement. */
const statementMs = 30_000;

/** How often, and after how many milliseconds each, a lost commit is asked after. */
const askAfterMs = [100, 300, 1_000, 3_000];

/** A statement on its way to the server. */
export interface StatementCall {
  sql: string;
  /** Without them `sql` may be several statements. */
  values?: readonly SqlValue[];
  name?: string;
  limitMs?: number;
}

serveBlocking((settings: PostgresSettings) => {
  let connection: PostgresConnection | undefined;
  let inTransaction = false;

  /** The connection; where it has gone a new one, unless a transaction has gone with it. */
  async function link(): Promise<PostgresConnection> {
    if (connection && !connection.lost) return connection;
    if (inTransaction) {
      inTransaction = false;
      throw new MillwrightError('MW_STORE_LOST', { server: addressOf(settings), reason: 'within a transaction' });
    }
    await connection?.end();
    return (connection = await connectPostgres(settings, { statementMs }));
  }

  /** Whether a transaction whose commit was not answered has come about all the same. */
  async function committed(transaction: string): Promise<boolean> {
    for (const delay of askAfterMs) {
      await sleep(delay);
      try {
        const { rows } = await (await link()).query('SELECT txid_status($1) AS status', [transaction]);
        if (rows[0]?.['status'] !== 'in progress') return rows[0]?.['status'] === 'committed';
      } catch (thrown) {
        if (!(thrown instanceof MillwrightError) || thrown.code !== 'MW_STORE_LOST') throw thrown;
      }
    }
    return false;
  }

  return {
    query: async ({ sql, values, ...options }: StatementCall) => (await link()).query(sql, values, options),
    /** One writer at a time, as SQLite has it: the log's end is read, then moved on. */
    begin: async () => {
      const open = await link();
      inTransaction = true;
      try {
        await open.query(`BEGIN; SELECT pg_advisory_xact_lock(hashtext('millwright'), hashtext('${settings.schema}'))`);
      } catch (thrown) {
        inTransaction = false;
        await open.query('ROLLBACK').catch(() => undefined);
        throw thrown;
      }
    },
    commit: async () => {
      const open = await link();
      const { rows } = await open.query('SELECT txid_current_if_assigned()::text AS transaction');
      const transaction = rows[0]?.['transaction'] as string | null | undefined;
      inTransaction = false;
      try {
        await open.query('COMMIT');
      } catch (thrown) {
        const lost = thrown instanceof MillwrightError && thrown.code === 'MW_STORE_LOST';
        if (!lost || typeof transaction !== 'string' || !(await committed(transaction))) throw thrown;
      }
    },
    rollback: async () => {
      inTransaction = false;
      if (connection && !connection.lost) await connection.query('ROLLBACK');
    },
    copy: async ({ sql, text }: { sql: string; text: string }) => (await link()).copyIn(sql, text),
    close: async () => connection?.end(),
  };
});
