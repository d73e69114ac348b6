/** `?` as PostgreSQL has it: `$1`, `$2` …; question marks within quotes stay. */
export function withNumbers(sql: string): string {
  let count = 0;
  return sql.replaceAll(/'[^']*'|"[^"]*"|\?/g, (part) => (part === '?' ? `$${++count}` : part));
}
