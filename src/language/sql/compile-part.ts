import { sql, type RawBuilder } from 'kysely';
import type { Part } from '../metric.ts';
import type { SemanticQuery } from '../semantic-query.ts';
import { boundDimensions, kpiView, timeDimensions, type Dimension, type KpiView } from './views.ts';

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
    .filter(
      ({ dimension }) =>
        !timeDimensions.includes(dimension) &&
        !boundDimensions.includes(dimension) &&
        (only?.includes(dimension) ?? true),
    )
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
export function measureConditions(part: Part, ofWholeStops = false): Sql[] {
  const view = kpiView(part.view);
  const due = dueCondition(part);
  const conditions = due ? [due] : [];
  if (view.time.kind !== 'overlaps') return conditions;
  const { start, end } = view.time;
  if (part.measure === 'open') conditions.push(sql`(${column(end)} is null or ${column(end)} > ${sql.ref('w.e')})`);
  if (part.measure === 'starts')
    conditions.push(
      sql`${column(start)} >= ${sql.ref('w.s')}`,
      ...(ofWholeStops ? [] : [isFirst(part, view.table, start, end)]),
    );
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

/** The whole stops in place of their stretches: adjoining ones of one machine and reason are one. */
export function stopsSource(part: Part, filters: readonly Sql[], from: number, to: number, now: number): Sql {
  const keys = ['equipment_id', 'line_id', 'area_id', 'reason'].map((name) => column(name));
  const own = partCondition(part);
  const near = sql`${column('start_ms')} < ${to} and (${column('end_ms')} is null or ${column('end_ms')} > ${from})`;
  const conditions = allOf([near, ...filters, ...(own ? [own] : [])]);
  const alone = sql`case when lag(${column('end_ms')}) over (partition by ${sql.join([...keys])} order by ${column('start_ms')}) = ${column('start_ms')} then 0 else 1 end as "first"`;
  const names = ['equipment_id', 'line_id', 'area_id', 'reason'].map((name) => sql.ref(name));
  const stretches = sql`select ${sql.join([...keys, column('state'), column('start_ms'), column('end_ms'), alone])} from ${sql.table(kpiView(part.view).table)} as "r" where ${conditions}`;
  const numbered = sql`select ${sql.join([...names, sql.ref('state'), sql.ref('start_ms'), sql.ref('end_ms')])}, sum("first") over (partition by ${sql.join(names)} order by "start_ms") as "stop" from (${stretches}) as "p"`;
  const columns = sql.join([
    ...names,
    sql`min("state") as "state"`,
    sql`min("start_ms") as "start_ms"`,
    sql`case when count(*) = count("end_ms") then max("end_ms") end as "end_ms"`,
    sql`(max(coalesce("end_ms", ${now})) - min("start_ms")) / 60000.0 as "duration_min"`,
  ]);
  return sql`(select ${columns} from (${numbered}) as "q" group by ${sql.join([...names, sql.ref('stop')])})`;
}

/** The query's bounds on how long a stop lasted. */
export function durationConditions({ filters }: SemanticQuery): Sql[] {
  return filters
    .filter(({ dimension }) => boundDimensions.includes(dimension))
    .map(
      ({ op, values }) =>
        sql`${column('duration_min')} ${sql.raw(bounds[op as keyof typeof bounds])} ${Number(values[0])}`,
    );
}

/** Signs of bounds: the only ones that ever stand in a query. */
const bounds = { '>': '>', '>=': '>=', '<': '<', '<=': '<=' } as const;

function clippedSeconds(view: KpiView, now: number): Sql {
  if (view.time.kind !== 'overlaps') return sql`0`;
  const [start, end] = [column(view.time.start), sql`coalesce(${column(view.time.end)}, ${now})`];
  const [from, to] = [sql.ref('w.s'), sql.ref('w.e')];
  const last = sql`case when ${end} < ${to} then ${end} else ${to} end`;
  return sql`(${last} - case when ${start} > ${from} then ${start} else ${from} end) / 1000.0`;
}
