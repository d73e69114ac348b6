import { mariadbAddress, type MariadbSettings } from '../mariadb.ts';
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
 * Opens the views of a MariaDB database for questions; it is connected with the first. They reject with
 * `MW_PACKAGE_MISSING`, `MW_STORE_SERVER` or `MW_STORE_LOST`, with `MW_QUERY_REFUSED` where the user may do more than
 * read views, and as those of a store.
 */
export function openMariadbQuestions(settings: MariadbSettings): Questions {
  const service = startQueries({ file: mariadbAddress(settings), postgres: undefined, mariadb: settings });
  return { ...service, dialect: 'mariadb' };
}
