import { sql } from 'kysely';
import {
  allOf,
  amountOf,
  column,
  dueCondition,
  durationConditions,
  stopsSource,
  filterConditions,
  inWindow,
  measureConditions,
  partCondition,
  type Sql,
} from './compile-part.ts';
import { dialects, type Dialect, type QuestionDialect } from './dialects.ts';
import { isOfStops, type Metric, type Part } from '../metric.ts';
import type { SqlParameter } from '../ports.ts';
import type { SemanticQuery } from '../semantic-query.ts';
import { kpiView, timeDimensions, type Dimension, type KpiView, type KpiViewName } from './views.ts';
import { numeratorOf, type QueryWindow, type QueryWindows } from './windows.ts';

/** A SELECT and the values that it binds. */
export interface BoundSql {
  sql: string;
  parameters: SqlParameter[];
}

/**
 * Compiles a query to one SELECT over the KPI views. Names come from the catalogue alone; every value (ids, instants,
 * labels, factors, limits) is bound. A row is: the groups' columns, `numerator`, `denominator` (of a ratio), `value`
 * in the metric's unit, `records` read, and the totals over all groups. Text of a question never reaches the SQL.
 */
export function compileQuery(
  query: SemanticQuery,
  metric: Metric,
  time: QueryWindows,
  now: number,
  as: QuestionDialect = 'sqlite',
): BoundSql {
  const dialect = dialects[as];
  if (query.shape === 'list') return bound(listSql(query, metric, time, now, dialect), dialect);
  const keys = [...time.columns, ...query.groupBy.filter((dimension) => !timeDimensions.includes(dimension))];
  const key = (name: string) => sql.ref(name);
  const names = keys.map(key);
  const branches = branchesOf(query, metric).map((parts) => branchSql(parts, query, metric, time, now));
  const groups = names.length === 0 ? sql`` : sql` group by ${sql.join(names)}`;
  const sums = sql`select ${listOf([
    ...names,
    sql`sum("n") as "numerator"`,
    ...(metric.denominator ? [sql`sum("d") as "denominator"`] : []),
    sql`sum("c") as "records"`,
  ])} from (${sql.join(branches, sql` union all `)}) as "b"${groups}`;
  const scaled = sql`1.0 * ${metric.scale} * "numerator"`;
  const value = metric.denominator ? sql`${scaled} / nullif("denominator", 0)` : scaled;
  const totals = names.length > 0 && !query.compareTo && numeratorOf(metric, query).measure !== 'open';
  const columns = [
    ...names,
    sql`"numerator"`,
    ...(metric.denominator ? [sql`"denominator"`] : []),
    sql`${value} as "value"`,
    sql`"records"`,
    ...(totals ? totalsOf(metric) : []),
  ];
  const order = orderSql(query, value, names.map(dialect.sorted));
  const { before, after } = dialect.first(query.limit);
  const rows = sql`select ${before}${listOf(columns)} from (${sums}) as "g"${order}${after}`;
  return bound(sql`${windowsSql(time, dialect)}${rows}`, dialect);
}

function bound(statement: Sql, dialect: Dialect): BoundSql {
  const { sql: text, parameters } = statement.compile(dialect.compiler);
  return { sql: text, parameters: parameters as SqlParameter[] };
}

function listOf(columns: readonly Sql[]): Sql {
  return sql.join(columns);
}

function windowsSql(time: { columns: readonly string[]; windows: readonly QueryWindow[] }, dialect: Dialect): Sql {
  const names = [...time.columns, 's', 'e'];
  return sql`with "w" (${sql.join(names.map((name) => sql.ref(name)))}) as (${dialect.values(names, time.windows)}) `;
}

/** Sums over one view are taken in one pass where both are; else each view has its own. */
function branchesOf(
  query: SemanticQuery,
  metric: Metric,
): { numerator?: Part; denominator?: Part; view: KpiViewName }[] {
  const numerator = numeratorOf(metric, query);
  const { denominator } = metric;
  if (!denominator) return [{ numerator, view: numerator.view }];
  if (denominator.view === numerator.view) return [{ numerator, denominator, view: numerator.view }];
  return [
    { numerator, view: numerator.view },
    { denominator, view: denominator.view },
  ];
}

function branchSql(
  parts: { numerator?: Part; denominator?: Part; view: KpiViewName },
  query: SemanticQuery,
  metric: Metric,
  time: QueryWindows,
  now: number,
): Sql {
  const view = kpiView(parts.view);
  const stops = parts.numerator && durationConditions(query).length > 0 ? parts.numerator : undefined;
  const groups = query.groupBy.filter((dimension) => !timeDimensions.includes(dimension));
  const keys = [
    ...time.columns.map((name) => sql`${sql.ref(`w.${name}`)} as ${sql.ref(name)}`),
    ...groups.map((dimension) => sql`${column(view.columns[dimension] ?? '')} as ${sql.ref(dimension)}`),
  ];
  const only =
    narrows(metric, groups) && parts.numerator ? countingConditions(parts.numerator, stops !== undefined) : [];
  const columns = [
    ...keys,
    sql`${sumSql(parts.numerator, only.length > 0, now, stops !== undefined)} as "n"`,
    ...(metric.denominator ? [sql`${sumSql(parts.denominator, false, now, false)} as "d"`] : []),
    sql`count(*) as "c"`,
  ];
  const by = [...time.columns.map((name) => sql.ref(`w.${name}`)), ...groups.map((d) => column(view.columns[d] ?? ''))];
  const grouped = by.length === 0 ? sql`` : sql` group by ${sql.join(by)}`;
  const rows = stops
    ? rowsInWindows(view, time, [...durationConditions(query), ...only], wholeStops(stops, query, time, now))
    : rowsInWindows(view, time, [...filterConditions(query, view), ...only]);
  return sql`select ${listOf(columns)} ${rows}${grouped}`;
}

/**
 * The rows of a view, or of what stands for it (`r`), beside the windows (`w`) that they lie in. Instants are sought
 * window by window; stretches of time are read once for all windows together, because an index tells of them only
 * where they begin or end.
 */
function rowsInWindows(view: KpiView, { windows }: QueryWindows, conditions: readonly Sql[], source?: Sql): Sql {
  const table = sql`${source ?? sql.table(view.table)} as "r"`;
  if (source !== undefined || view.time.kind !== 'overlaps')
    return sql`from "w" join ${table} on ${allOf([inWindow(view), ...conditions])}`;
  const first = sql`${Math.min(...windows.map(({ start }) => start))}`;
  const last = sql`${Math.max(...windows.map(({ end }) => end))}`;
  const own = [inWindow(view, first, last), ...conditions, inWindow(view)];
  return sql`from ${table} cross join "w" where ${allOf(own)}`;
}

/** A stop is looked at as a whole, however far it reaches over the windows; at most a month. */
const longestStopMs = 31 * 86_400_000;

function wholeStops(part: Part, query: SemanticQuery, { windows }: QueryWindows, now: number): Sql {
  const from = Math.min(...windows.map(({ start }) => start)) - longestStopMs;
  const to = Math.max(...windows.map(({ end }) => end)) + longestStopMs;
  return stopsSource(part, filterConditions(query, kpiView(part.view)), from, to, now);
}

/**
 * Whether only the records that count are read: where records are counted, or grouped by what only they have. Else a
 * machine without a single stop still has its row, with zero.
 */
function narrows(metric: Metric, groups: readonly Dimension[]): boolean {
  if (metric.denominator) return false;
  return /^(rows|open)$/.test(metric.numerator.measure) || groups.includes('reason') || groups.includes('defect');
}

function countingConditions(part: Part, ofWholeStops: boolean): Sql[] {
  const own = partCondition(part);
  return ofWholeStops ? measureConditions(part, true) : [...(own ? [own] : []), ...measureConditions(part)];
}

function sumSql(part: Part | undefined, isNarrowed: boolean, now: number, ofWholeStops: boolean): Sql {
  if (!part) return sql`0`;
  const conditions = isNarrowed ? [] : countingConditions(part, ofWholeStops);
  const amount = amountOf(part, now);
  if (conditions.length === 0) return sql`sum(${amount})`;
  return sql`sum(case when ${allOf(conditions)} then ${amount} else 0 end)`;
}

function totalsOf(metric: Metric): Sql[] {
  const total = (name: string) => sql`sum(${sql.ref(name)}) over () as ${sql.ref(`total_${name}`)}`;
  return [total('numerator'), ...(metric.denominator ? [total('denominator')] : []), total('records')];
}

function orderSql(query: SemanticQuery, value: Sql, names: readonly Sql[]): Sql {
  const direction = query.orderBy === 'asc' ? sql`asc` : sql`desc`;
  const nullsLast = sql`case when ${value} is null then 1 else 0 end`;
  const byValue = query.orderBy ? [nullsLast, sql`${value} ${direction}`] : [];
  const order = [...byValue, ...names];
  return order.length === 0 ? sql`` : sql` order by ${sql.join(order)}`;
}

/** The records themselves, oldest first; orders of any due date where the present state is asked for. */
function listSql(query: SemanticQuery, metric: Metric, time: QueryWindows, now: number, dialect: Dialect): Sql {
  const part = numeratorOf(metric, query);
  const view = kpiView(part.view);
  const ofStops = isOfStops(part);
  const listed = { ...view.list, ...(ofStops ? { duration_min: 'duration_min' } : {}) };
  const columns = Object.entries(listed).map(([name, from]) => sql`${column(from)} as ${sql.ref(name)}`);
  const own = partCondition(part);
  const due = dueCondition(part);
  const conditions = [...filterConditions(query, view), ...(own ? [own] : []), ...(due ? [due] : [])];
  const isPresent = query.period.kind === 'now' && !metric.presentNumerator && part.measure === 'status';
  const { time: rowTime } = view;
  const by = column(rowTime.kind === 'overlaps' ? rowTime.start : rowTime.column);
  const total = sql`count(*) over () as "total_records"`;
  const source = isPresent
    ? sql`from ${sql.table(view.table)} as "r" where ${allOf(conditions)}`
    : ofStops
      ? rowsInWindows(
          view,
          time,
          [...measureConditions(part, true), ...durationConditions(query)],
          wholeStops(part, query, time, now),
        )
      : rowsInWindows(view, time, [...measureConditions(part), ...conditions]);
  const { before, after } = dialect.first(query.limit);
  const rows = sql`select ${before}${listOf([...columns, total])} ${source} order by ${by}${after}`;
  return sql`${isPresent ? sql`` : windowsSql(time, dialect)}${rows}`;
}

/**
 * From when and up to when each of these views is filled: columns `<view>_from` and `<view>_to_<n>`, one for each of
 * its time columns, so that an index can tell each; NULL where it is empty.
 */
export function extentSql(views: readonly KpiViewName[], as: QuestionDialect = 'sqlite'): BoundSql | undefined {
  const columns = views.flatMap((name) => {
    const { latest, table } = kpiView(name);
    const [first] = latest;
    if (first === undefined) return [];
    return [
      sql`(select min(${sql.ref(first)}) from ${sql.table(table)}) as ${sql.ref(`${name}_from`)}`,
      ...latest.map(
        (time, n) => sql`(select max(${sql.ref(time)}) from ${sql.table(table)}) as ${sql.ref(`${name}_to_${n}`)}`,
      ),
    ];
  });
  return columns.length === 0 ? undefined : bound(sql`select ${listOf(columns)}`, dialects[as]);
}

/** Whether a view has any record in the windows for the query's machines: `covered` is 1 or 0. */
export function coverageSql(
  query: SemanticQuery,
  name: KpiViewName,
  time: QueryWindows,
  as: QuestionDialect = 'sqlite',
): BoundSql {
  const dialect = dialects[as];
  const view = kpiView(name);
  const any = sql`select 1 ${rowsInWindows(view, time, filterConditions(query, view, ['area', 'line', 'machine']))}`;
  const covered = sql`select case when exists (${any}) then 1 else 0 end as "covered"`;
  return bound(sql`${windowsSql(time, dialect)}${covered}`, dialect);
}

/** Most orders that are known by name. */
const mostOrders = 5000;

/** Orders and customers, the newest first. */
export function orderBookSql(as: QuestionDialect = 'sqlite'): BoundSql {
  const dialect = dialects[as];
  const { before, after } = dialect.first(mostOrders);
  const columns = sql`${sql.ref('work_request_id')} as "order", ${sql.ref('customer')}`;
  const newest = sql`from ${sql.table('kpi_order')} order by ${sql.ref('due_ms')} desc`;
  return bound(sql`select ${before}${columns} ${newest}${after}`, dialect);
}
