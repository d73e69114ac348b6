import type { PostgresSettings } from './postgres.ts';
import type { Store } from './store.ts';

/** Methods that the store's worker carries out. */
export type StoreMethod = Exclude<keyof Store, 'file' | 'dialect' | 'query' | 'close'>;

/** One call on its way to the worker. */
export interface StoreCall {
  method: StoreMethod;
  /** The caller's clock, milliseconds since 1970 UTC. */
  now: number;
  args: unknown[];
}

/** What the worker is started with. */
export interface StoreWorkerData {
  /** SQLite's file; with PostgreSQL only the audit key lies beside it. */
  file: string;
  postgres: PostgresSettings | undefined;
  auditKey: string | undefined;
  retentionDays: number;
  aggregateDays: number;
  now: number;
}
