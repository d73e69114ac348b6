import type { FoundView } from './check.ts';
import type { ColumnKind, ExpectedColumn, ExpectedView } from './expected.ts';
import type { MappedEngine } from './sources.ts';

/** What an instant is, where it is not milliseconds since 1970. */
export type TimeUnit = 'seconds' | 'microseconds' | 'nanoseconds' | 'timestamp' | 'text';

/** How an engine writes what a mended view needs. */
interface MendDialect {
  quote: (name: string) => string;
  types: Record<ColumnKind, string>;
  /** Milliseconds of a point in time, and of a text that says one. */
  milliseconds: (column: string) => string;
  fromText: (column: string) => string;
  /** Puts the present view aside under another name. @param select what SQLite's is made of; empty for a table */
  aside: (view: string, name: string, select: string) => string[];
}

const doubleQuoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
const backQuoted = (name: string) => `\`${name.replaceAll('`', '``')}\``;

const mendDialects: Record<MappedEngine, MendDialect> = {
  sqlite: {
    quote: doubleQuoted,
    types: { text: 'TEXT', number: 'REAL', instant: 'INTEGER' },
    milliseconds: (column) => `CAST(round((julianday(${column}) - 2440587.5) * 86400000) AS INTEGER)`,
    fromText: (column) => `CAST(round((julianday(${column}) - 2440587.5) * 86400000) AS INTEGER)`,
    aside: (view, name, select) =>
      select === ''
        ? [`ALTER TABLE ${doubleQuoted(view)} RENAME TO ${doubleQuoted(name)};`]
        : [`DROP VIEW ${doubleQuoted(view)};`, `CREATE VIEW ${doubleQuoted(name)} AS ${select};`],
  },
  postgres: {
    quote: doubleQuoted,
    types: { text: 'text', number: 'double precision', instant: 'bigint' },
    milliseconds: (column) => `CAST(round(EXTRACT(EPOCH FROM ${column}) * 1000) AS bigint)`,
    fromText: (column) => `CAST(round(EXTRACT(EPOCH FROM CAST(${column} AS timestamptz)) * 1000) AS bigint)`,
    aside: (view, name) => [`ALTER VIEW ${doubleQuoted(view)} RENAME TO ${doubleQuoted(name)};`],
  },
  mariadb: {
    quote: backQuoted,
    types: { text: 'char', number: 'double', instant: 'signed' },
    milliseconds: (column) => `TIMESTAMPDIFF(MICROSECOND, TIMESTAMP'1970-01-01 00:00:00', ${column}) DIV 1000`,
    fromText: (column) =>
      `TIMESTAMPDIFF(MICROSECOND, TIMESTAMP'1970-01-01 00:00:00', CAST(replace(replace(${column}, 'T', ' '), 'Z', '') AS datetime(6))) DIV 1000`,
    aside: (view, name) => [`RENAME TABLE ${backQuoted(view)} TO ${backQuoted(name)};`],
  },
};

/** What numbers of other units are divided or multiplied by to be milliseconds. */
const factors: Partial<Record<TimeUnit, string>> = {
  seconds: '* 1000',
  microseconds: '/ 1000',
  nanoseconds: '/ 1000000',
};

/**
 * Statements that would give a view the columns that questions need. A view that is there is kept beside as
 * `<view>_source` and read by the new one, so that they run as they are; only what it lacks is left to fill in. One that
 * is missing is a draft over a table to be named.
 */
export function mendView(
  { view, columns }: ExpectedView,
  found: FoundView | undefined,
  units: ReadonlyMap<string, TimeUnit>,
  engine: MappedEngine,
): string {
  const dialect = mendDialects[engine];
  const source = found ? `${view}_source` : 'YOUR_TABLE';
  const lines = columns.map((column) => {
    const there = found?.columns.find(({ name }) => name.toLowerCase() === column.name);
    const isMissing = found !== undefined && there === undefined;
    const value = isMissing
      ? castOf('NULL', column, dialect)
      : valueOf(
          `t.${dialect.quote(there?.name ?? column.name)}`,
          column,
          units.get(column.name),
          dialect,
          found === undefined,
        );
    return { sql: `  ${value} AS ${dialect.quote(column.name)}`, note: noteOf(column, isMissing) };
  });
  const list = lines.map(({ sql, note }, i) => `${sql}${i < lines.length - 1 ? ',' : ''}${note}`);
  return [
    ...(found
      ? dialect.aside(view, source, found.select ?? '')
      : [`-- YOUR_TABLE is the table or query that holds this; name its columns in place of these.`]),
    `CREATE VIEW ${dialect.quote(view)} AS`,
    'SELECT',
    ...list,
    `FROM ${dialect.quote(source)} AS t;`,
  ].join('\n');
}

function castOf(value: string, { kind }: ExpectedColumn, { types }: MendDialect): string {
  return `CAST(${value} AS ${types[kind]})`;
}

/** A column of the source as what it must be: a fitting one as it is, an instant in its unit, all else cast. */
function valueOf(
  name: string,
  column: ExpectedColumn,
  unit: TimeUnit | undefined,
  dialect: MendDialect,
  isDraft: boolean,
): string {
  if (column.kind !== 'instant') return castOf(name, column, dialect);
  if (unit === 'timestamp') return dialect.milliseconds(name);
  if (unit === 'text') return dialect.fromText(name);
  if (unit !== undefined) return castOf(`${name} ${factors[unit] ?? ''}`, column, dialect);
  return isDraft ? castOf(name, column, dialect) : name;
}

function noteOf({ kind, required }: ExpectedColumn, isMissing: boolean): string {
  const what = kind === 'instant' ? 'milliseconds since 1970 UTC' : '';
  const need = isMissing ? (required ? 'missing: needed in every row' : 'missing: empty where nothing is known') : '';
  const note = [what, need].filter((part) => part !== '').join('; ');
  return note === '' || (!isMissing && !required) ? '' : ` -- ${note}`;
}
