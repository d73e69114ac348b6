import type { PlantModel, WorkCalendar } from '../plant/index.ts';

/** A value that a query binds. */
export type SqlParameter = string | number | null;

/** One row as the database gives it, by column name. */
export type SqlRow = Record<string, unknown>;

/**
 * Runs one read-only SELECT (SQLite dialect, `?` placeholders) over the KPI views and gives its rows.
 * Deadline, row limit and read-only rights are the caller's to keep.
 */
export type QueryPort = (sql: string, parameters: readonly SqlParameter[]) => Promise<SqlRow[]>;

/** What questions are answered from; the plant's store satisfies it by shape. */
export interface AskPorts {
  readonly query: QueryPort;
  /** Master data; undefined in an empty store. */
  readonly model: () => Promise<PlantModel | undefined>;
  /** The site's calendar where it is not the model's. */
  readonly calendar?: WorkCalendar;
}
