import { readFileSync } from 'node:fs';
import type { Connection, ConnectionOptions } from 'mysql2';
import { lazyImport, MillwrightError } from '../kernel/index.ts';

/** Where a MariaDB database is whose views answer questions, and how it is entered. */
export interface MariadbSettings {
  /** Name or address, or the path of a Unix socket. */
  host: string;
  port: number;
  /** The database that holds the views. */
  database: string;
  /** A user who may read those views and nothing else. */
  user: string;
  password?: string;
  /** `verify`: encrypted, the server's certificate checked; `encrypt`: not checked; `off`: in the clear. */
  tls: 'verify' | 'encrypt' | 'off';
  /** PEM file of the authority that signed the server's certificate; the system's authorities without one. */
  caFile?: string;
}

/** A read-only connection. Its errors are `MillwrightError`s; after `MW_STORE_LOST` it is of no further use. */
export interface MariadbConnection {
  /** Rows of one SELECT, in a read-only transaction that the server ends at the limit; more rows than `rows` end it too. */
  query(
    sql: string,
    values: readonly (string | number | null)[],
    limits: { rows: number; limitMs: number },
  ): Promise<Record<string, unknown>[]>;
  readonly lost: boolean;
  end(): void;
}

/** Milliseconds that a connection may take to come up. */
const connectMs = 10_000;

/**
 * How the server is to read and reckon: names in double quotes, no escapes in texts (so that the guard reads them as
 * the server does), divisions with sixteen more places instead of four, texts compared as `utf8mb4`.
 */
const session = `SET SESSION sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO',
  div_precision_increment = 16, time_zone = '+00:00', lock_wait_timeout = 5`;

/** The server's address as errors and logs name it: no secrets. */
export function mariadbAddress({ host, port, database }: MariadbSettings): string {
  return `mariadb://${host}:${port}/${database}`;
}

/**
 * Connects with `mysql2`, which is imported here alone and on first use (`MW_PACKAGE_MISSING` where it is not installed).
 * Rejects with `MW_STORE_SERVER` where the server refuses and `MW_STORE_LOST` where there is none.
 */
export async function connectMariadb(settings: MariadbSettings): Promise<MariadbConnection> {
  const mysql = await lazyImport('mysql2', () => import('mysql2'));
  const server = mariadbAddress(settings);
  const connection = mysql.createConnection(optionsOf(settings));
  let lost = false;
  connection.on('error', () => (lost = true));
  connection.on('end', () => (lost = true));
  const run = (sql: string) =>
    new Promise<void>((resolve, reject) => {
      connection.query(sql, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  const end = () => {
    lost = true;
    connection.destroy();
  };
  const told = (thrown: unknown, limitMs: number) => {
    const error = mariadbError(thrown, server, limitMs);
    if (error instanceof MillwrightError && error.code === 'MW_STORE_LOST') end();
    return error;
  };
  try {
    await run(session);
    await run('SET SESSION TRANSACTION READ ONLY');
  } catch (thrown) {
    end();
    throw mariadbError(thrown, server, connectMs);
  }
  return {
    query: async (sql, values, { rows, limitMs }) => {
      try {
        await run(`SET SESSION max_statement_time = ${(limitMs / 1000).toFixed(3)}`);
        await run('START TRANSACTION READ ONLY');
        const found = await firstRows(connection, sql, values, rows);
        if (found.length > rows) end();
        else await run('ROLLBACK');
        return found;
      } catch (thrown) {
        if (!lost) await run('ROLLBACK').catch(end);
        throw told(thrown, limitMs);
      }
    },
    get lost() {
      return lost;
    },
    end,
  };
}

/** At most one row more than is wanted: what there is beyond is never fetched. */
async function firstRows(
  connection: Connection,
  sql: string,
  values: readonly (string | number | null)[],
  most: number,
): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  const stream = connection.execute(sql, [...values]).stream({ highWaterMark: 100 });
  for await (const row of stream as AsyncIterable<Record<string, unknown>>) {
    found.push({ ...row });
    if (found.length > most) break;
  }
  return found;
}

function optionsOf({ host, port, database, user, password, tls, caFile }: MariadbSettings): ConnectionOptions {
  return {
    ...(host.startsWith('/') ? { socketPath: host } : { host, port }),
    database,
    user,
    password: password ?? '',
    ...(tls === 'off' || host.startsWith('/') ? {} : { ssl: secured(tls, caFile, host) }),
    connectTimeout: connectMs,
    charset: 'utf8mb4',
    timezone: 'Z',
    dateStrings: true,
    decimalNumbers: true,
    multipleStatements: false,
    // A server could ask for any file of this machine otherwise.
    flags: ['-LOCAL_FILES'],
  };
}

function secured(
  tls: 'verify' | 'encrypt',
  caFile: string | undefined,
  host: string,
): NonNullable<ConnectionOptions['ssl']> {
  try {
    return {
      rejectUnauthorized: tls === 'verify',
      verifyIdentity: tls === 'verify',
      ...(caFile ? { ca: readFileSync(caFile, 'utf8') } : {}),
    };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MillwrightError('MW_STORE_SERVER', { server: host, reason }, cause);
  }
}

/** Turns what mysql2 throws into the store's error codes, by the server's error numbers. */
function mariadbError(thrown: unknown, server: string, limitMs: number): unknown {
  if (thrown instanceof MillwrightError || !(thrown instanceof Error)) return thrown;
  const { message, code, errno, fatal } = thrown as Error & { code?: string; errno?: number; fatal?: boolean };
  const reason = message || (code ?? 'no answer');
  // ER_STATEMENT_TIMEOUT of MariaDB.
  if (errno === 1969) return new MillwrightError('MW_DEADLINE', { what: 'query', limitMs }, thrown);
  // ER_CON_COUNT_ERROR, ER_SERVER_SHUTDOWN, ER_CONNECTION_KILLED, and everything that is no answer of the server.
  const isLost =
    [1040, 1053, 1927].includes(errno ?? 0) ||
    /^(PROTOCOL_|E[A-Z]+$|HANDSHAKE)/.test(code ?? '') ||
    (fatal === true && !code?.startsWith('ER_'));
  return new MillwrightError(isLost ? 'MW_STORE_LOST' : 'MW_STORE_SERVER', { server, reason }, thrown);
}
