import { readFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import type { Client, ClientConfig, QueryResult } from 'pg';
import { lazyImport, MillwrightError } from '../kernel/index.ts';
import type { SqlValue } from './database.ts';

/** Where a PostgreSQL database is and how it is entered. */
export interface PostgresSettings {
  /** Name or address, or the folder of a Unix socket. */
  host: string;
  port: number;
  database: string;
  /** Lower-case letters, digits and underscores. */
  schema: string;
  user: string;
  password?: string;
  /** `verify`: encrypted, the server's certificate checked; `encrypt`: not checked; `off`: in the clear. */
  tls: 'verify' | 'encrypt' | 'off';
  /** PEM file of the authority that signed the server's certificate; the system's authorities without one. */
  caFile?: string;
  /** The role that answers questions: it may read the KPI views and nothing else. Without it none is answered. */
  reader?: { user: string; password?: string };
}

/** How a connection behaves. */
export interface PostgresBehaviour {
  /** Milliseconds after which the server ends a statement. */
  statementMs: number;
  /** Every transaction is read-only. */
  readOnly?: boolean;
}

/** Rows of a statement, and how many it changed. */
export interface PostgresResult {
  rows: Record<string, unknown>[];
  count: number;
}

/** One connection. Its errors are `MillwrightError`s; after `MW_STORE_LOST` it is of no further use. */
export interface PostgresConnection {
  /** One statement with its values, or several without any. @param name keeps its plan for the next time */
  query(
    sql: string,
    values?: readonly SqlValue[],
    options?: { name?: string; limitMs?: number },
  ): Promise<PostgresResult>;
  /** Hands rows, as COPY's text format has them, to a `COPY … FROM STDIN`. */
  copyIn(sql: string, text: string): Promise<void>;
  /** Whether the server or the way to it has gone. */
  readonly lost: boolean;
  end(): Promise<void>;
}

/** Milliseconds that a connection may take to come up. */
const connectMs = 5_000;

/** Milliseconds beyond the server's own limit after which a silent server counts as lost. */
const graceMs = 5_000;

/** What a name may consist of that stands in SQL unquoted. */
const plainName = /^[a-z_][a-z0-9_]{0,62}$/;

/** The server's address as errors and logs name it: no secrets. */
export function addressOf({ host, port, database, schema }: PostgresSettings): string {
  return `postgresql://${host}:${port}/${database}/${schema}`;
}

/**
 * Connects with `pg`, which, with its COPY streams, is imported here alone and on first use (`MW_PACKAGE_MISSING` where it is not installed).
 * Rejects with `MW_STORE_SERVER` where the server refuses and `MW_STORE_LOST` where there is none.
 */
export async function connectPostgres(
  settings: PostgresSettings,
  { statementMs, readOnly = false }: PostgresBehaviour,
): Promise<PostgresConnection> {
  const { pg, copyFrom } = await lazyImport('pg pg-copy-streams', importPg);
  const server = addressOf(settings);
  // The one setting that stands in SQL itself.
  if (!plainName.test(settings.schema)) throw new MillwrightError('MW_STORE_SERVER', { server, reason: 'schema name' });
  const client: Client = new pg.Client({
    host: settings.host,
    port: settings.port,
    database: settings.database,
    user: settings.user,
    password: settings.password ?? '',
    ssl: tlsOf(settings),
    connectionTimeoutMillis: connectMs,
    keepAlive: true,
    application_name: 'millwright',
    types: { getTypeParser: (type: number) => parsers[type] ?? asText },
  });
  let lost = false;
  const lose = (reason: string, cause?: unknown) => {
    lost = true;
    return new MillwrightError('MW_STORE_LOST', { server, reason }, cause);
  };
  client.on('error', () => (lost = true));
  client.on('end', () => (lost = true));
  const told = (thrown: unknown, limitMs = statementMs) => {
    const error = postgresError(thrown, server, limitMs);
    if (error instanceof MillwrightError && error.code === 'MW_STORE_LOST') lost = true;
    return error;
  };
  const query: PostgresConnection['query'] = async (sql, values, { name, limitMs = statementMs } = {}) => {
    if (lost) throw lose('it has ended');
    const timer = setTimeout(() => {
      // The server did not even end the statement: the way to it is gone, and so is what was under way.
      lost = true;
      streamOf(client).destroy(new Error(`no answer within ${limitMs + graceMs} ms`));
    }, limitMs + graceMs);
    try {
      const result = (await (values === undefined
        ? client.query(sql)
        : client.query({ text: sql, values: [...values] as unknown[], ...(name === undefined ? {} : { name }) }))) as
        Rows | Rows[];
      const last = Array.isArray(result) ? result.at(-1) : result;
      return { rows: last?.rows ?? [], count: last?.rowCount ?? 0 };
    } catch (thrown) {
      throw told(thrown, limitMs);
    } finally {
      clearTimeout(timer);
    }
  };
  try {
    await client.connect();
    await query(`SET search_path TO ${settings.schema}; SET TIME ZONE 'UTC'; SET lock_timeout = 5000;
      SET statement_timeout = ${statementMs}; SET idle_in_transaction_session_timeout = 60000;
      SET default_transaction_read_only = ${readOnly ? 'on' : 'off'}`);
  } catch (thrown) {
    await client.end().catch(() => undefined);
    throw told(thrown);
  }
  return {
    query,
    copyIn: async (sql, text) => {
      try {
        await pipeline(Readable.from([text], { objectMode: false }), client.query(copyFrom(sql)));
      } catch (thrown) {
        throw told(thrown);
      }
    },
    get lost() {
      return lost;
    },
    end: () => client.end().catch(() => undefined),
  };
}

async function importPg() {
  const [{ default: pg }, { from: copyFrom }] = await Promise.all([import('pg'), import('pg-copy-streams')]);
  return { pg, copyFrom };
}

function tlsOf({ tls, caFile, host }: PostgresSettings): NonNullable<ClientConfig['ssl']> {
  if (tls === 'off' || host.startsWith('/')) return false;
  try {
    return { rejectUnauthorized: tls === 'verify', ...(caFile ? { ca: readFileSync(caFile, 'utf8') } : {}) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MillwrightError('MW_STORE_SERVER', { server: host, reason }, cause);
  }
}

function streamOf(client: Client): { destroy(error: Error): void } {
  return (client as unknown as { connection: { stream: { destroy(error: Error): void } } }).connection.stream;
}

type Rows = QueryResult<Record<string, unknown>>;

const asText = (value: string) => value;

/** PostgreSQL's types by their object ids: what the store keeps comes back as SQLite gives it. */
const parsers: Record<number, (value: string) => unknown> = {
  16: (value) => (value === 't' ? 1 : 0),
  17: (value) => new Uint8Array(Buffer.from(value.slice(2), 'hex')),
  20: Number,
  21: Number,
  23: Number,
  700: Number,
  701: Number,
  1700: Number,
};

/** Turns what pg throws into the store's error codes, by SQLSTATE (PostgreSQL's appendix A). */
function postgresError(thrown: unknown, server: string, limitMs: number): unknown {
  if (thrown instanceof MillwrightError || !(thrown instanceof Error)) return thrown;
  const reason = thrown.message;
  const state = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
  const as = (code: 'MW_STORE_LOST' | 'MW_STORE_SERVER') => new MillwrightError(code, { server, reason }, thrown);
  if (/^(08|57P0[1-4]|533|E(?!RR))/.test(state)) return as('MW_STORE_LOST');
  if (/^2[23]/.test(state)) return new MillwrightError('MW_STORE_CONFLICT', { subject: 'data', reason }, thrown);
  if (/^(55P03|40)/.test(state)) return new MillwrightError('MW_STORE_LOCKED', { file: server }, thrown);
  if (state === '25006') return new MillwrightError('MW_STORE_READ_ONLY', { file: server }, thrown);
  if (state === '53100') return new MillwrightError('MW_STORE_FULL', { file: server }, thrown);
  if (state === '57014') return new MillwrightError('MW_DEADLINE', { what: 'database statement', limitMs }, thrown);
  if (/^XX00[12]/.test(state)) return new MillwrightError('MW_STORE_DAMAGED', { file: server, reason }, thrown);
  if (state === '' && /terminated|timeout|no answer|ended|not queryable|closed/i.test(reason))
    return as('MW_STORE_LOST');
  return as('MW_STORE_SERVER');
}
