import { mariadbAddress, type MariadbSettings } from '../mariadb.ts';
import { addressOf, type PostgresSettings } from '../postgres.ts';
import type { Store } from '../store.ts';
import { startQueries } from './service.ts';

/** What questions are asked of: the store itself, or another database that has views named like its own. */
export interface Questions {
  /** As `Store.query`. */
  query: Store['query'];
  /** What the statements are written in. */
  readonly dialect: 'sqlite' | 'postgres' | 'mariadb';
  close(): Promise<void>;
}

/**
 * Opens another database's views for questions; it is connected with the first. They reject with `MW_PACKAGE_MISSING`,
 * `MW_STORE_SERVER` or `MW_STORE_LOST`, with `MW_QUERY_REFUSED` where the user may do more than read views, and as those of
 * a store.
 */
export function openQuestions(source: { mariadb: MariadbSettings } | { postgres: PostgresSettings }): Questions {
  if ('postgres' in source)
    return { ...startQueries({ file: addressOf(source.postgres), ...source }), dialect: 'postgres' };
  const { mariadb } = source;
  return { ...startQueries({ file: mariadbAddress(mariadb), postgres: undefined, mariadb }), dialect: 'mariadb' };
}
