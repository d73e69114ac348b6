import type { GoldFilters, GoldRecords } from './question.ts';
import { isDown, type Order, type State, type Stop, type Tables } from './tables.ts';
import { common, merged, workedShifts, type Window } from './windows.ts';

const workedOnly = ['throughput', 'availability', 'performance', 'oee'];
const bindingStates = ['Released', 'Ready', 'Running', 'Completed', 'Held', 'Paused', 'Closed', 'Other'];
const openStates = ['Released', 'Ready', 'Running', 'Held', 'Paused', 'Other'];

/** What a metric is computed over. */
export interface Scope {
  tables: Tables;
  filters: GoldFilters;
  windows: readonly Window[];
  /** The state of things now is asked for, whatever the windows. */
  isNow: boolean;
  records?: GoldRecords;
}

/** Whether a row has one of a filter's values in each dimension; a row without a dimension fits none of its values. */
function fits(row: object, filters: GoldFilters, but: readonly string[] = []): boolean {
  return Object.entries(filters).every(
    ([dimension, values]) =>
      dimension === 'site' ||
      dimension === 'shift' ||
      but.includes(dimension) ||
      values.includes((row as Record<string, string>)[dimension] ?? ''),
  );
}

/**
 * The value of a metric in its unit, from its definition alone; null where there is nothing to divide by. Parts, energy
 * and planned ends belong to the window in which they end, orders to that of their due date.
 */
export function metricValue(id: string, scope: Scope): number | null {
  const { tables, filters, isNow } = scope;
  const windows = workedOnly.includes(id) ? inWorkedShifts(scope) : scope.windows;
  const ends = (time: number) => windows.some(([start, end]) => time > start && time <= end);
  const lies = (time: number) => windows.some(([start, end]) => time >= start && time < end);
  const sum = <T>(rows: readonly T[], amount: (row: T) => number) => rows.reduce((all, row) => all + amount(row), 0);
  const ratio = (whole: number, part: number, scale: number) => (whole === 0 ? null : (scale * part) / whole);

  const counts = () => tables.counts.filter((row) => ends(row.end) && fits(row, filters));
  const parts = (columns: readonly ('good' | 'scrap' | 'rework')[]) =>
    sum(counts(), (row) => sum(columns, (column) => row[column]));
  const standard = (columns: readonly ('good' | 'scrap' | 'rework')[]) =>
    sum(counts(), (row) => sum(columns, (column) => row[column]) * row.secondsPerUnit);
  const all = ['good', 'scrap', 'rework'] as const;

  const seconds = (test: (state: State) => boolean) => secondsOf(tables.states, test, scope, windows);
  const begun = (test: (stop: Stop) => boolean) => stopsBegun(scope, windows).filter(test).length;
  const executing = () => seconds((row) => row.state === 'Execute');
  const planned = () => seconds((row) => row.reason !== 'planned-maintenance');

  const due = () => tables.orders.filter((row) => binds(row) && lies(row.due) && fits(row, filters));
  const plans = () => tables.jobs.filter((row) => lies(row.plannedEnd) && fits(row, filters));

  switch (id) {
    case 'good_count':
      return parts(['good']);
    case 'scrap_count':
      return parts(['scrap']);
    case 'rework_count':
      return parts(['rework']);
    case 'reject_count':
      if ('defect' in filters) return tables.failures.filter((row) => lies(row.at) && fits(row, filters)).length;
      return parts(['scrap', 'rework']);
    case 'output':
      return parts(all);
    case 'reject_rate':
      return ratio(parts(all), parts(['scrap', 'rework']), 100);
    case 'first_pass_yield':
    case 'quality':
      return ratio(parts(all), parts(['good']), 100);
    case 'throughput':
      return ratio(
        seconds(() => true),
        parts(all),
        3600,
      );
    case 'cycle_time':
      return ratio(parts(all), executing(), 1);
    case 'downtime':
      return scope.records?.duration_min || scope.records?.machine_state
        ? secondsOf(matchingStops(scope), () => true, scope, windows) / 60
        : seconds(isDown) / 60;
    case 'stop_count':
      return begun(() => true);
    case 'mtbf':
      return ratio(
        begun((stop) => stop.reason === 'breakdown'),
        executing(),
        1 / 3600,
      );
    case 'mttr':
      return ratio(
        begun((stop) => stop.reason === 'breakdown'),
        seconds((row) => row.reason === 'breakdown'),
        1 / 60,
      );
    case 'setup_time':
      return seconds((row) => row.reason === 'setup') / 60;
    case 'changeover_count':
      return begun((stop) => stop.reason === 'setup');
    case 'availability':
      return ratio(planned(), executing(), 100);
    case 'performance':
      return ratio(executing(), standard(all), 100);
    case 'oee':
      return ratio(planned(), standard(['good']), 100);
    case 'energy':
      return sum(
        tables.energy.filter((row) => ends(row.end) && fits(row, filters)),
        (row) => row.kwh,
      );
    case 'on_time_delivery': {
      const orders = due();
      return ratio(orders.length, orders.filter((row) => row.completed <= row.due).length, 100);
    }
    case 'late_orders':
      return isNow ? lateNow(scope).length : due().filter((row) => row.completed > row.due).length;
    case 'plan_attainment': {
      const jobs = plans();
      const isDone = ({ plannedEnd, ended }: { plannedEnd: number; ended: number }) =>
        windows.some(([start, end]) => plannedEnd >= start && plannedEnd < end && ended <= end);
      return ratio(jobs.length, jobs.filter(isDone).length, 100);
    }
    case 'wip': {
      const end = Math.max(...windows.map(([, last]) => last));
      return tables.jobs.filter((row) => row.started < end && row.ended > end && fits(row, filters)).length;
    }
    case 'order_status':
      return matchingOrders(scope).length;
    default:
      throw new Error(`no metric ${id}`);
  }
}

/** Orders that an `order_status` or `late_orders` question is about. */
export function matchingOrders({ tables, filters, records, isNow, windows }: Scope): Order[] {
  const { from, to } = records?.due_date ?? {};
  const wanted = records?.order_state;
  const isWanted = (row: Order) =>
    !wanted ||
    wanted.includes(row.order_state) ||
    (wanted.includes('open') && isOpen(row)) ||
    (wanted.includes('late') && isOpen(row) && row.due < tables.now);
  return tables.orders.filter(
    (row) =>
      fits(row, filters) &&
      isWanted(row) &&
      (from === undefined || row.due >= Date.parse(from)) &&
      (to === undefined || row.due < Date.parse(to)) &&
      (isNow || windows.some(([start, end]) => row.due >= start && row.due < end)),
  );
}

/** Orders that still have to be made and whose due date is over. */
export function lateNow({ tables, filters }: Scope): Order[] {
  return tables.orders.filter((row) => isOpen(row) && row.due < tables.now && fits(row, filters));
}

/** Stops that began in the windows and pass the filters. */
export function stopsBegun(scope: Scope, windows = scope.windows): Stop[] {
  return matchingStops(scope).filter((stop) => windows.some(([start, end]) => stop.start >= start && stop.start < end));
}

function matchingStops({ tables, filters, records }: Scope): Stop[] {
  const { gt = -1, gte = 0, lt = Infinity } = records?.duration_min ?? {};
  const pool = records?.machine_state
    ? tables.states.filter((row) => records.machine_state?.includes(row.state))
    : tables.stops;
  return pool.filter((stop) => {
    const minutes = (stop.end - stop.start) / 60_000;
    return minutes > gt && minutes >= gte && minutes < lt && fits(stop, filters);
  });
}

/** Seconds of states in the windows; of a product, those within its job orders on the machine. */
function secondsOf(
  rows: readonly State[],
  test: (row: State) => boolean,
  { filters, tables }: Scope,
  windows: readonly Window[],
): number {
  const jobs =
    'product' in filters ? tables.jobs.filter((job) => fits(job, filters) && !Number.isNaN(job.started)) : [];
  let total = 0;
  for (const row of rows) {
    if (!test(row) || !fits(row, filters, ['product'])) continue;
    const stretches =
      'product' in filters
        ? common(
            jobs.filter((job) => job.machine === row.machine).map(({ started, ended }): Window => [started, ended]),
            windows,
          )
        : windows;
    for (const [start, end] of stretches) total += Math.max(0, Math.min(row.end, end) - Math.max(row.start, start));
  }
  return total / 1000;
}

function inWorkedShifts({ tables, windows }: Scope): Window[] {
  return windows.flatMap((window) => merged(workedShifts(tables, window).map((shift) => shift.window)));
}

function binds(row: Order): boolean {
  return bindingStates.includes(row.order_state);
}

function isOpen(row: Order): boolean {
  return openStates.includes(row.order_state);
}
