import { sql, type RawBuilder } from 'kysely';
import type { Part } from './metric.ts';
import type { SemanticQuery } from './semantic-query.ts';
import { kpiView, timeDimensions, type Dimension, type KpiView } from './views.ts';

/** A piece of SQL with its bound values. */
export type Sql = RawBuilder<unknown>;

/** A column of the view's rows (alias `r`), or of another alias. */
export function column(name: string, alias = 'r'): Sql {
  return sql.ref(`${alias}.${name}`);
}

/** All conditions at once; none is true. */
export function allOf(conditions: readonly Sql[]): Sql {
  return conditions.length === 0 ? sql`1 = 1` : sql.join(conditions, sql` and `);
}

/** How a view's rows belong to the windows (alias `w`), or to one from an instant to another. */
export function inWindow(view: KpiView, start: Sql = sql.ref('w.s'), end: Sql = sql.ref('w.e')): Sql {
  switch (view.time.kind) {
    case 'ends':
      return sql`${column(view.time.column)} > ${start} and ${column(view.time.column)} <= ${end}`;
    case 'at':
      return sql`${column(view.time.column)} >= ${start} and ${column(view.time.column)} < ${end}`;
    case 'overlaps':
      return sql`${column(view.time.start)} < ${end} and (${column(view.time.end)} is null or ${column(view.time.end)} > ${start})`;
  }
}

/** The query's filters on columns; those on shifts are in the windows. */
export function filterConditions(query: SemanticQuery, view: KpiView, only?: readonly Dimension[]): Sql[] {
  return query.filters
    .filter(({ dimension }) => !timeDimensions.includes(dimension) && (only?.includes(dimension) ?? true))
    .flatMap(({ dimension, op, values }) => {
      const name = view.columns[dimension];
      if (name === undefined) return [];
      const list = sql.join(values);
      if (op === 'in') return [sql`${column(name)} in (${list})`];
      return [sql`(${column(name)} is null or ${column(name)} not in (${list}))`];
    });
}

/** A part's own condition on a record of the given alias. */
export function partCondition(part: Part, alias = 'r'): Sql | undefined {
  if (!part.where) return undefined;
  const any = part.where.map((all) =>
    allOf(Object.entries(all).map(([name, values]) => oneOf(column(name, alias), values))),
  );
  return sql`(${sql.join(any, sql` or `)})`;
}

function oneOf(name: Sql, values: readonly (string | null)[]): Sql {
  const texts = values.filter((value) => value !== null);
  const empty = values.length > texts.length ? [sql`${name} is null`] : [];
  const any = [...empty, ...(texts.length > 0 ? [sql`${name} in (${sql.join(texts)})`] : [])];
  return any.length === 1 ? any[0]! : sql`(${sql.join(any, sql` or `)})`;
}

/** Whether a record met its deadline. */
export function dueCondition(part: Part): Sql | undefined {
  const { deadline } = kpiView(part.view);
  if (!part.due || !deadline) return undefined;
  const [due, done] = [column(deadline.due), column(deadline.done)];
  switch (part.due) {
    case 'met':
      return sql`(${done} is not null and ${done} <= ${due})`;
    case 'missed':
      return sql`(${done} is null or ${done} > ${due})`;
    case 'attained':
      return sql`(${done} is not null and ${done} <= ${sql.ref('w.e')})`;
  }
}

/** What one record adds to a part's sum, its condition aside. */
export function amountOf(part: Part, now: number): Sql {
  const view = kpiView(part.view);
  const columns = sql.join(
    (part.columns ?? []).map((name) => column(name)),
    sql` + `,
  );
  switch (part.measure) {
    case 'sum':
      return columns;
    case 'ideal':
      return sql`(${columns}) * ${column('seconds_per_unit')}`;
    case 'seconds':
      return clippedSeconds(view, now);
    default:
      return sql`1`;
  }
}

/** What must hold, beside the part's own condition, for a record to count. */
export function measureConditions(part: Part): Sql[] {
  const view = kpiView(part.view);
  const due = dueCondition(part);
  const conditions = due ? [due] : [];
  if (view.time.kind !== 'overlaps') return conditions;
  const { start, end } = view.time;
  if (part.measure === 'open') conditions.push(sql`(${column(end)} is null or ${column(end)} > ${sql.ref('w.e')})`);
  if (part.measure === 'starts')
    conditions.push(sql`${column(start)} >= ${sql.ref('w.s')}`, isFirst(part, view.table, start, end));
  return conditions;
}

/** The record does not go on from one of the same machine and reason. */
function isFirst(part: Part, table: string, start: string, end: string): Sql {
  const own = partCondition(part, 'p');
  const conditions = [
    sql`${column('equipment_id', 'p')} = ${column('equipment_id')}`,
    sql`${column(end, 'p')} = ${column(start)}`,
    same(column('reason', 'p'), column('reason')),
    ...(own ? [own] : []),
  ];
  return sql`not exists (select 1 from ${sql.table(table)} as "p" where ${allOf(conditions)})`;
}

/** Equal, or both empty. */
function same(a: Sql, b: Sql): Sql {
  return sql`(${a} = ${b} or (${a} is null and ${b} is null))`;
}

function clippedSeconds(view: KpiView, now: number): Sql {
  if (view.time.kind !== 'overlaps') return sql`0`;
  const [start, end] = [column(view.time.start), sql`coalesce(${column(view.time.end)}, ${now})`];
  const [from, to] = [sql.ref('w.s'), sql.ref('w.e')];
  const last = sql`case when ${end} < ${to} then ${end} else ${to} end`;
  return sql`(${last} - case when ${start} > ${from} then ${start} else ${from} end) / 1000.0`;
}
