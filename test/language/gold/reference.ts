import { lateNow, matchingOrders, metricValue, stopsBegun, type Scope } from './metrics.ts';
import type { GoldReading } from './question.ts';
import type { Tables } from './tables.ts';
import { common, pieces, workedShifts, type NamedWindow, type Window } from './windows.ts';

/** Values by metric; null where a ratio has nothing to divide by. */
export type Values = Record<string, number | null>;

/** What a right answer holds. */
export interface Expected {
  period: Window;
  comparedPeriod?: Window;
  /** Over the whole period and all groups. */
  values: Values;
  /** The same for the period that is compared with. */
  compared?: Values;
  /** By the groups' names joined with `|`; groups without anything are left out. */
  groups?: Map<string, Values>;
  /** Ids of the records asked for: an order's, or machine and start of a stop. */
  records?: Set<string>;
}

const grains = ['hour', 'day', 'week', 'month', 'quarter'];

/** The result of a reading, by plain loops over the tables. */
export function expectedOf(gold: GoldReading, tables: Tables): Expected {
  const isNow = gold.anyPeriod === true;
  const period: Window = isNow ? [0, tables.now] : [Date.parse(gold.from ?? ''), Date.parse(gold.to ?? '')];
  const scope = scopeOf(gold, tables, period, isNow);
  const expected: Expected = { period, values: valuesOf(gold, scope) };
  if (gold.compareFrom !== undefined) {
    expected.comparedPeriod = [Date.parse(gold.compareFrom), Date.parse(gold.compareTo ?? '')];
    expected.compared = valuesOf(gold, scopeOf(gold, tables, expected.comparedPeriod, false));
  }
  if (gold.groupBy.length > 0) expected.groups = groupsOf(gold, scope, period);
  if (gold.shape === 'list') expected.records = recordsOf(gold, scope);
  return expected;
}

function scopeOf(gold: GoldReading, tables: Tables, period: Window, isNow: boolean): Scope {
  const shifts = gold.filters['shift'];
  const windows = shifts ? shiftsWithin(tables, [period], shifts) : [period];
  return { tables, filters: gold.filters, windows, isNow, ...(gold.records ? { records: gold.records } : {}) };
}

function shiftsWithin(tables: Tables, windows: readonly Window[], shifts: readonly string[]): Window[] {
  return windows.flatMap((window) =>
    workedShifts(tables, window)
      .filter(({ key }) => shifts.includes(key))
      .map((shift) => shift.window),
  );
}

function valuesOf({ metrics }: GoldReading, scope: Scope): Values {
  return Object.fromEntries(metrics.map((id) => [id, metricValue(id, scope)]));
}

function groupsOf(gold: GoldReading, scope: Scope, period: Window): Map<string, Values> {
  let cells: { key: string[]; scope: Scope }[] = [{ key: [], scope }];
  for (const dimension of gold.groupBy)
    cells = cells.flatMap((cell) =>
      membersOf(dimension, cell.scope, period).map(({ name, narrowed }) => ({
        key: [...cell.key, name],
        scope: narrowed,
      })),
    );
  const groups = cells.map(({ key, scope: own }) => [key.join('|'), valuesOf(gold, own)] as const);
  return new Map(groups.filter(([, values]) => Object.values(values).some((value) => value !== null && value !== 0)));
}

function membersOf(dimension: string, scope: Scope, period: Window): { name: string; narrowed: Scope }[] {
  const { tables, filters } = scope;
  if (dimension === 'shift' || grains.includes(dimension)) {
    const named = dimension === 'shift' ? workedShifts(tables, period) : pieces(tables, period, dimension);
    return [...byKey(named)].map(([name, windows]) => ({
      name,
      narrowed: { ...scope, windows: common(scope.windows, windows) },
    }));
  }
  const column = (rows: readonly object[]) => rows.map((row) => (row as Record<string, string | null>)[dimension]);
  const all = column([...tables.machines, ...tables.orders, ...tables.stops, ...tables.failures]);
  const names = new Set(filters[dimension] ?? all.filter((name) => name !== undefined && name !== null));
  return [...names].map((name) => ({ name, narrowed: { ...scope, filters: { ...filters, [dimension]: [name] } } }));
}

function byKey(named: readonly NamedWindow[]): Map<string, Window[]> {
  const groups = new Map<string, Window[]>();
  for (const { key, window } of named) groups.set(key, [...(groups.get(key) ?? []), window]);
  return groups;
}

function recordsOf(gold: GoldReading, scope: Scope): Set<string> {
  const [metric] = gold.metrics;
  if (metric === 'order_status') return new Set(matchingOrders(scope).map(({ order }) => order));
  if (metric === 'late_orders') return new Set(lateNow(scope).map(({ order }) => order));
  return new Set(stopsBegun(scope).map(({ machine, start }) => `${machine}@${String(start)}`));
}
