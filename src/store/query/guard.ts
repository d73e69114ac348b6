import { MillwrightError } from '../../kernel/index.ts';

/** One token of SQL text: names and texts without their quotes, in lower case. */
interface Token {
  kind: 'name' | 'text' | 'sign';
  value: string;
}

/** Longest query, in characters. */
const longestQuery = 100_000;

/**
 * Refuses with `MW_QUERY_REFUSED`, before the database sees it, what is not one SELECT over the KPI views. It is the first
 * of three locks (the connection is read-only, and SQLite's authorizer judges each access where Node.js has it), and
 * closes two gaps of the others: `prepare()` ignores everything after the first statement, and SQLite's authorizer
 * takes a common table expression that bears a view's name for that view.
 * On PostgreSQL the second lock is a role that may read the views alone.
 * @param tables names of all tables, lower case
 * @param forbidden further names that are not open to questions
 */
export function checkQuery(sql: string, tables: ReadonlySet<string>, forbidden = /^(sqlite_|pragma_)/): void {
  if (sql.length > longestQuery) throw refused(`it is longer than ${longestQuery} characters`);
  const tokens = tokenize(sql);
  if (tokens.at(-1)?.value === ';' && tokens.at(-1)?.kind === 'sign') tokens.pop();
  if (tokens.some(({ kind, value }) => kind === 'sign' && value === ';')) throw refused('only one statement is taken');
  const first = tokens[0];
  if (first?.kind !== 'name' || (first.value !== 'select' && first.value !== 'with'))
    throw refused('only a SELECT is taken');
  tokens.forEach(({ kind, value }, i) => {
    if (kind === 'sign') return;
    if (tables.has(value) || forbidden.test(value)) throw refused(`${value} is not open to questions`);
    if (kind === 'name' && (value === 'main' || value === 'temp') && tokens[i + 1]?.value === '.')
      throw refused('views are named without a schema');
    if (kind === 'name' && value === 'e' && tokens[i + 1]?.kind === 'text') throw refused('texts have no escapes');
    checkCommonTable(tokens, i, value);
  });
}

/** A common table expression may neither take a view's name nor read itself (recursion need not end). */
function checkCommonTable(tokens: readonly Token[], at: number, name: string): void {
  let next = at + 1;
  if (tokens[next]?.value === '(') next = closing(tokens, next) + 1;
  if (tokens[next]?.value !== 'as') return;
  while (['as', 'not', 'materialized'].includes(tokens[next]?.value ?? '')) next++;
  if (tokens[next]?.value !== '(') return;
  if (name.startsWith('kpi_')) throw refused(`${name} is the name of a view`);
  const body = tokens.slice(next + 1, closing(tokens, next));
  if (body.some((token) => token.kind !== 'sign' && token.value === name)) throw refused(`${name} reads itself`);
}

function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    const { kind, value } = tokens[i]!;
    if (kind !== 'sign') continue;
    if (value === '(') depth++;
    if (value === ')' && --depth === 0) return i;
  }
  throw refused('a bracket is not closed');
}

const pattern =
  /\s+|--[^\n]*|\/\*[\s\S]*?\*\/|(?<text>'(?:[^']|'')*')|(?<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])|(?<name>[\p{L}_$][\p{L}\p{N}_$]*)|(?<number>[\d.]*\d[\w.]*)|(?<sign>[^'"`[])/uy;

function tokenize(sql: string): Token[] {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  while (pattern.lastIndex < sql.length) {
    const groups = pattern.exec(sql)?.groups;
    if (!groups) throw refused('a quote is not closed');
    const { text, quoted, name, number, sign } = groups;
    if (text !== undefined) tokens.push({ kind: 'text', value: unquote(text) });
    else if (quoted !== undefined) tokens.push({ kind: 'name', value: unquote(quoted) });
    else if (name !== undefined) tokens.push({ kind: 'name', value: name.toLowerCase() });
    else if (number !== undefined || sign !== undefined) tokens.push({ kind: 'sign', value: number ?? sign ?? '' });
  }
  return tokens;
}

function unquote(text: string): string {
  const quote = text[0] ?? '';
  return text
    .slice(1, -1)
    .replaceAll(quote + quote, quote)
    .toLowerCase();
}

function refused(reason: string): MillwrightError {
  return new MillwrightError('MW_QUERY_REFUSED', { reason });
}
