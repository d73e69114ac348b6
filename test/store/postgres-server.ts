import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { PostgresSettings } from '../../src/store/index.ts';
import { freePort } from '../support/ports.ts';

const installed = '/usr/lib/postgresql';

/** Folder of the newest server that Debian has installed. */
const binaries = existsSync(installed)
  ? readdirSync(installed)
      .sort((a, b) => Number(b) - Number(a))
      .map((version) => join(installed, version, 'bin'))
      .find((folder) => existsSync(join(folder, 'initdb')))
  : undefined;

/** Whether a PostgreSQL server can be started here; said aloud where it cannot. */
export const postgresIsInstalled = binaries !== undefined;
if (!postgresIsInstalled)
  console.warn('NOT RUN on PostgreSQL: the Debian package "postgresql" is missing (npm run setup:debian)');

/** A PostgreSQL server of the tests' own. */
export interface PostgresServer {
  port: number;
  /** PEM file of the server's certificate, which nobody else has signed. */
  caFile: string;
  /** A new, empty database, its owner and the role that answers questions. */
  database(): Promise<PostgresSettings>;
  /** Runs statements as the superuser. */
  admin(sql: string, database?: string): Promise<pg.QueryResult<Record<string, unknown>>>;
  stop(): Promise<void>;
  /** Ends the server at once, its clients cut off, and starts it again. */
  crash(whileAway?: () => Promise<unknown>): Promise<void>;
}

/** The server refuses to run as root: then it runs as the user that Debian made for it. */
function serverUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** Starts a server in a temporary folder on a free loopback port. It does not wait for the disk. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'mw-postgres-'));
  const user = serverUser();
  if (user) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const options = { cwd: folder, env: { LC_ALL: 'C.UTF-8', TZ: 'UTC', PATH: '/usr/bin:/bin' }, ...user };
  execFileSync(
    join(binaries!, 'initdb'),
    ['-D', data, '-U', 'admin', '--auth-local=trust', '--auth-host=scram-sha-256', '--no-sync', '-E', 'UTF8'],
    { ...options, stdio: 'ignore' },
  );
  const ssl = { key: join(folder, 'server.key'), cert: join(folder, 'server.crt') };
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
      ...['-keyout', ssl.key, '-out', ssl.cert, '-subj', '/CN=localhost'],
      ...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
    ],
    { ...options, stdio: 'ignore' },
  );
  const port = await freePort();
  let server: ChildProcess;
  const admin: PostgresServer['admin'] = async (sql, database = 'postgres') => {
    const client = new pg.Client({ host: folder, port, user: 'admin', database });
    await client.connect();
    try {
      return await client.query(sql);
    } finally {
      await client.end();
    }
  };
  const run = async () => {
    const settings = {
      ...{ port, listen_addresses: '127.0.0.1', unix_socket_directories: folder, shared_buffers: '64MB' },
      ...{ fsync: 'off', full_page_writes: 'off', max_connections: 60 },
      ...{ ssl: 'on', ssl_cert_file: ssl.cert, ssl_key_file: ssl.key },
    };
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    server = spawn(join(binaries!, 'postgres'), ['-D', data, ...args], { ...options, stdio: 'ignore' });
    for (let tries = 0; ; tries++)
      try {
        await admin('SELECT 1');
        return;
      } catch (thrown) {
        if (tries > 200 || server.exitCode !== null) throw thrown;
        await pause(50);
      }
  };
  const end = async (signal: 'SIGINT' | 'SIGQUIT') => {
    const exited = once(server, 'exit');
    server.kill(signal);
    await exited;
  };
  await run();
  await admin(`CREATE ROLE plant LOGIN PASSWORD 'plant-secret'; CREATE ROLE reader LOGIN PASSWORD 'reader-secret'`);
  let databases = 0;
  return {
    port,
    caFile: ssl.cert,
    admin,
    database: async () => {
      const database = `plant_${++databases}`;
      await admin(`CREATE DATABASE ${database} OWNER plant`);
      return {
        ...{ host: '127.0.0.1', port, database, schema: 'millwright', tls: 'off' },
        ...{ user: 'plant', password: 'plant-secret', reader: { user: 'reader', password: 'reader-secret' } },
      };
    },
    stop: async () => {
      await end('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
    crash: async (whileAway) => {
      await end('SIGQUIT');
      await whileAway?.();
      await run();
    },
  };
}
