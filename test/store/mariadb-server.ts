import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import mysql from 'mysql2/promise';
import type { MariadbSettings } from '../../src/store/index.ts';
import { freePort } from '../support/ports.ts';

const server = '/usr/sbin/mariadbd';

/** Whether a MariaDB server can be started here; said aloud where it cannot. */
export const mariadbIsInstalled = existsSync(server);
if (!mariadbIsInstalled)
  console.warn('NOT RUN on MariaDB: the Debian package "mariadb-server" is missing (npm run setup:debian)');

/** A MariaDB server of the tests' own. */
export interface MariadbServer {
  port: number;
  /** Runs statements as the superuser, in ANSI_QUOTES mode. */
  admin(sql: string, database?: string): Promise<unknown>;
  /** A connection of the superuser. */
  connect(database?: string): Promise<mysql.Connection>;
  /** A new database for views, and the user that may read what is granted in it. */
  database(): Promise<MariadbSettings>;
  stop(): Promise<void>;
}

/** Starts a server in a temporary folder on a free loopback port, with options such as those of TLS. */
export async function startMariadb(more: readonly string[] = []): Promise<MariadbServer> {
  const folder = mkdtempSync(join(tmpdir(), 'mw-mariadb-'));
  const data = join(folder, 'data');
  const user = process.getuid?.() === 0 ? ['--user=root'] : [];
  const install = ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db'];
  execFileSync('/usr/bin/mariadb-install-db', [...install, ...user], { stdio: 'ignore' });
  const port = await freePort();
  const socketPath = join(folder, 'server.sock');
  const settings = ['--bind-address=127.0.0.1', `--port=${port}`, `--socket=${socketPath}`, `--pid-file=${folder}/pid`];
  const cheap = ['--innodb-buffer-pool-size=32M', '--innodb-flush-log-at-trx-commit=0', '--innodb-log-file-size=16M'];
  const child = spawn(server, ['--no-defaults', `--datadir=${data}`, ...user, ...settings, ...cheap, ...more], {
    stdio: 'ignore',
  });
  const connect = (database?: string) =>
    mysql.createConnection({
      ...{ socketPath, user: 'root', multipleStatements: true, charset: 'utf8mb4' },
      ...(database === undefined ? {} : { database }),
    });
  const admin: MariadbServer['admin'] = async (sql, database) => {
    const connection = await connect(database);
    try {
      await connection.query("SET sql_mode = 'ANSI_QUOTES,STRICT_TRANS_TABLES'");
      return (await connection.query(sql))[0];
    } finally {
      await connection.end();
    }
  };
  for (let tries = 0; ; tries++)
    try {
      await admin('SELECT 1');
      break;
    } catch (thrown) {
      if (tries > 300 || child.exitCode !== null) throw thrown;
      await pause(50);
    }
  let databases = 0;
  return {
    port,
    admin,
    connect,
    database: async () => {
      const database = `mes_${++databases}`;
      await admin(`CREATE DATABASE ${database} CHARACTER SET utf8mb4;
        CREATE OR REPLACE USER reader_${databases} IDENTIFIED BY 'reader-secret'`);
      return {
        ...{ host: '127.0.0.1', port, database, tls: 'off' },
        ...{ user: `reader_${databases}`, password: 'reader-secret' },
      };
    },
    stop: async () => {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
