import type { PlantModel, WorkCalendar } from '../plant/index.ts';
import type { QuestionDialect } from './sql/dialects.ts';
import type { ReadContext, Reading } from './read/parse.ts';
import type { VerifiedQuestion } from './verified.ts';

/** A value that a query binds. */
export type SqlParameter = string | number | null;

/** One row as the database gives it, by column name. */
export type SqlRow = Record<string, unknown>;

/**
 * Runs one read-only SELECT over the KPI views and gives its rows, numbers as numbers. Deadline, row limit and read-only
 * rights are the caller's to keep.
 */
export interface QueryPort {
  (sql: string, parameters: readonly SqlParameter[]): Promise<SqlRow[]>;
  /** What it understands; SQLite's dialect where it does not say. */
  readonly dialect?: QuestionDialect;
}

/**
 * A language model's reading of a question, asked only where the deterministic reading and the second judge do not
 * agree. It chooses within the same schema: a reading with a query that is checked and names only ids that the plant
 * has, or with a typed refusal; undefined where the model has nothing usable to say (not reachable, budget spent,
 * invalid twice). Never rejects but for an aborted signal.
 */
export interface ModelReader {
  read(question: string, context: ReadContext, signal?: AbortSignal): Promise<Reading | undefined>;
}

/** Questions whose reading a person has verified, as the store keeps them. */
export type VerifiedPort = () => Promise<readonly VerifiedQuestion[]>;

/** What questions are answered from; the plant's store satisfies it by shape. */
export interface AskPorts {
  readonly query: QueryPort;
  /** Master data; undefined in an empty store. */
  readonly model: () => Promise<PlantModel | undefined>;
  /** The site's calendar where it is not the model's. */
  readonly calendar?: WorkCalendar;
  /** Asked where the package's own two readings disagree. */
  readonly modelReader?: ModelReader;
  readonly verified?: VerifiedPort;
}
