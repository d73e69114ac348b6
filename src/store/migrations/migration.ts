/**
 * One step of the schema. Steps only go forward and never change once released. Tables and views are written once, in
 * SQLite's STRICT types, which `postgresDdl` turns into PostgreSQL's; what has no common words (triggers) stands per
 * engine and comes after them.
 */
export interface Migration {
  version: number;
  name: string;
  sql: string;
  sqlite?: string;
  postgres?: string;
}
