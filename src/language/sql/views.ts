/** What a question may be grouped or filtered by. */
export const dimensions = [
  'area',
  'line',
  'machine',
  'product',
  'order',
  'order_state',
  'customer',
  'shift',
  'reason',
  'machine_state',
  'duration_min',
  'defect',
  'hour',
  'day',
  'week',
  'month',
] as const;

/** A dimension of the KPI catalogue. */
export type Dimension = (typeof dimensions)[number];

/** A piece of time that a period can be cut into. */
export type Grain = 'hour' | 'day' | 'week' | 'month';

/** Grains, finest first. */
export const grains: readonly Grain[] = ['hour', 'day', 'week', 'month'];

/**
 * Dimensions that only narrow: how long a stop lasted, in minutes. A query compares them with a bound and never groups
 * by them.
 */
export const boundDimensions: readonly Dimension[] = ['duration_min'];

/** Whether a dimension is a grain. */
export function isGrain(dimension: Dimension): dimension is Grain {
  return (grains as readonly Dimension[]).includes(dimension);
}

/** Dimensions that are stretches of time; they come from the calendar, not from a column. */
export const timeDimensions: readonly Dimension[] = ['shift', ...grains];

/** How a view's rows lie in time. A window is half-open: [start, end). */
export type RowTime =
  /** The row belongs to the window in which it ends: start < end_ms <= end. */
  | { kind: 'ends'; column: string }
  /** The row belongs to the window that holds its instant: start <= at < end. */
  | { kind: 'at'; column: string }
  /** The row is an interval that is clipped to the window; an empty end means that it goes on. */
  | { kind: 'overlaps'; start: string; end: string };

/** One KPI view of the plant's database. */
export interface KpiView {
  /** The database view that is read; two entries may read the same one by another time. */
  table: string;
  time: RowTime;
  /** Column of each dimension that the view can be filtered and grouped by. */
  columns: Partial<Record<Dimension, string>>;
  /** Number columns that may be summed. */
  sums: readonly string[];
  /** Text columns that a part's condition may name. */
  texts: readonly string[];
  /** When a record was due and when it was done (empty while it is not), where it has such times. */
  deadline?: { due: string; done: string };
  /** Columns that are shown where records themselves are asked for: name in the answer → column. */
  list?: Readonly<Record<string, string>>;
  /** Time columns whose newest value says up to when the view is filled; absent where age says nothing. */
  latest: readonly string[];
}

const equipment = { machine: 'equipment_id', line: 'line_id', area: 'area_id' } as const;

/**
 * The views that questions are answered from: nothing else of the database is ever named in a query. A plant's own
 * MES is mapped by views of these names and columns. Columns ending in `_ms` are milliseconds since 1970 UTC, ids are
 * texts of master data (`line_id` and `area_id` are equipment ids of the levels ProductionLine and Area).
 *
 * - kpi_state: equipment_id, line_id, area_id, state (PackML), reason, start_ms, end_ms (NULL while it lasts)
 * - kpi_count: equipment_id, line_id, area_id, material_id, work_request_id, customer, good, scrap, rework,
 *   seconds_per_unit (run time of one part on this machine by the routing of the count's job order; NULL without
 *   one), start_ms, end_ms
 * - kpi_inspection: equipment_id, line_id, area_id, material_id, verdict (pass, fail, review), defect, at_ms
 * - kpi_energy: equipment_id, line_id, area_id, kwh, start_ms, end_ms
 * - kpi_order: work_request_id, material_id, customer, quantity, request_state, due_ms, completed_ms (end of the last
 *   operation; NULL while not all are done)
 * - kpi_job: job_order_id, work_request_id, customer, material_id, equipment_id, line_id, area_id, quantity,
 *   dispatch_status, planned_end_ms (in the live plan; NULL if not planned), started_ms, ended_ms
 */
export const kpiViews = {
  kpi_state: {
    table: 'kpi_state',
    time: { kind: 'overlaps', start: 'start_ms', end: 'end_ms' },
    columns: { ...equipment, reason: 'reason', machine_state: 'state' },
    sums: [],
    texts: ['state', 'reason'],
    list: { machine: 'equipment_id', state: 'state', reason: 'reason', start_ms: 'start_ms', end_ms: 'end_ms' },
    latest: ['start_ms', 'end_ms'],
  },
  kpi_count: {
    table: 'kpi_count',
    time: { kind: 'ends', column: 'end_ms' },
    columns: { ...equipment, product: 'material_id', order: 'work_request_id', customer: 'customer' },
    sums: ['good', 'scrap', 'rework'],
    texts: [],
    latest: ['end_ms'],
  },
  kpi_inspection: {
    table: 'kpi_inspection',
    time: { kind: 'at', column: 'at_ms' },
    columns: { ...equipment, product: 'material_id', defect: 'defect' },
    sums: [],
    texts: ['verdict', 'defect'],
    list: { machine: 'equipment_id', product: 'material_id', defect: 'defect', at_ms: 'at_ms' },
    latest: ['at_ms'],
  },
  kpi_energy: {
    table: 'kpi_energy',
    time: { kind: 'ends', column: 'end_ms' },
    columns: equipment,
    sums: ['kwh'],
    texts: [],
    latest: ['end_ms'],
  },
  kpi_order: {
    table: 'kpi_order',
    time: { kind: 'at', column: 'due_ms' },
    columns: {
      product: 'material_id',
      order: 'work_request_id',
      order_state: 'request_state',
      customer: 'customer',
    },
    sums: ['quantity'],
    texts: ['request_state'],
    deadline: { due: 'due_ms', done: 'completed_ms' },
    list: {
      order: 'work_request_id',
      product: 'material_id',
      customer: 'customer',
      quantity: 'quantity',
      order_state: 'request_state',
      due_ms: 'due_ms',
      completed_ms: 'completed_ms',
    },
    latest: [],
  },
  kpi_job: {
    table: 'kpi_job',
    time: { kind: 'overlaps', start: 'started_ms', end: 'ended_ms' },
    columns: { ...equipment, product: 'material_id', order: 'work_request_id', customer: 'customer' },
    sums: ['quantity'],
    texts: ['dispatch_status'],
    list: { job: 'job_order_id', machine: 'equipment_id', product: 'material_id', started_ms: 'started_ms' },
    latest: [],
  },
  kpi_plan: {
    table: 'kpi_job',
    time: { kind: 'at', column: 'planned_end_ms' },
    columns: { ...equipment, product: 'material_id', order: 'work_request_id', customer: 'customer' },
    sums: ['quantity'],
    texts: ['dispatch_status'],
    deadline: { due: 'planned_end_ms', done: 'ended_ms' },
    latest: [],
  },
} as const satisfies Record<string, KpiView>;

/** Name of a KPI view. */
export type KpiViewName = keyof typeof kpiViews;

/** A view by name, seen as data. */
export function kpiView(name: KpiViewName): KpiView {
  return kpiViews[name];
}
