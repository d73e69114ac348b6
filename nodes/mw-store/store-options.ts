import { isAbsolute, join } from 'node:path';
import type { ConfigOf, storeNode } from '../../src/contracts/index.ts';
import { MillwrightError } from '../../src/kernel/index.ts';
import type { MariadbSettings, PostgresSettings, StoreOptions } from '../../src/store/index.ts';

type StoreConfig = ConfigOf<typeof storeNode>;

/** What the node's settings mean for the store; `MW_CONFIG_MISSING` where PostgreSQL has no user or no role for questions. */
export function storeOptions(
  config: StoreConfig,
  credentials: Record<string, string | undefined>,
  userDir: string,
): StoreOptions {
  const { retentionDays, aggregateDays } = config;
  const inUserDir = (path: string) => (isAbsolute(path) ? path : join(userDir, path));
  return {
    file: inUserDir(config.file),
    retentionDays,
    aggregateDays,
    ...(config.engine === 'postgres' ? { postgres: postgresSettings(config, credentials, inUserDir) } : {}),
    ...(credentials['auditKey'] ? { auditKey: credentials['auditKey'] } : {}),
  };
}

function postgresSettings(
  { host, port, database, schema, tls, caFile }: StoreConfig,
  { user, password, readerUser, readerPassword }: Record<string, string | undefined>,
  inUserDir: (path: string) => string,
): PostgresSettings {
  if (!user) throw new MillwrightError('MW_CONFIG_MISSING', { property: 'user' });
  if (!readerUser) throw new MillwrightError('MW_CONFIG_MISSING', { property: 'readerUser' });
  return {
    ...{ host, port, database, schema, tls, user },
    ...(password ? { password } : {}),
    ...(caFile ? { caFile: inUserDir(caFile) } : {}),
    reader: { user: readerUser, ...(readerPassword ? { password: readerPassword } : {}) },
  };
}

/** The database whose views answer questions, where that is not the store itself; `MW_CONFIG_MISSING` without a user. */
export function viewsSource(
  config: StoreConfig,
  { viewsUser: user, viewsPassword: password }: Record<string, string | undefined>,
  userDir: string,
): { postgres: PostgresSettings } | { mariadb: MariadbSettings } | undefined {
  const {
    questionsFrom,
    viewsHost: host,
    viewsPort: port,
    viewsDatabase: database,
    viewsTls: tls,
    viewsCaFile,
  } = config;
  if (questionsFrom === 'store') return undefined;
  if (!user) throw new MillwrightError('MW_CONFIG_MISSING', { property: 'viewsUser' });
  const caFile = viewsCaFile && !isAbsolute(viewsCaFile) ? join(userDir, viewsCaFile) : viewsCaFile;
  const login = { user, ...(password ? { password } : {}) };
  const server = { host, port, database, tls, ...login, ...(caFile ? { caFile } : {}) };
  if (questionsFrom === 'mariadb') return { mariadb: server };
  return { postgres: { ...server, schema: config.viewsSchema, reader: login } };
}
