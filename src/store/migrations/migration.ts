/** One step of the schema. Steps only go forward and never change once released. */
export interface Migration {
  version: number;
  name: string;
  sql: string;
}
