/** What a question may be grouped or filtered by. */
export const dimensions = [
  'area',
  'line',
  'machine',
  'product',
  'order',
  'customer',
  'shift',
  'reason',
  'defect',
  'hour',
  'day',
  'week',
  'month',
] as const;

/** A dimension of the KPI catalogue. */
export type Dimension = (typeof dimensions)[number];

/** Dimensions that are stretches of time; they come from the calendar, not from a column. */
export const timeDimensions: readonly Dimension[] = ['shift', 'hour', 'day', 'week', 'month'];

/** How a view's rows lie in time. A window is half-open: [start, end). */
export type RowTime =
  /** The row belongs to the window in which it ends: start < end_ms <= end. */
  | { kind: 'ends'; column: string }
  /** The row belongs to the window that holds its instant. */
  | { kind: 'at'; column: string }
  /** The row is an interval that is clipped to the window; an empty end means that it goes on. */
  | { kind: 'overlaps'; start: string; end: string };

/** One KPI view of the plant's database. */
export interface KpiView {
  time: RowTime;
  /** Column of each dimension that the view can be filtered and grouped by. */
  columns: Partial<Record<Dimension, string>>;
  /** Number columns that may be summed. */
  sums: readonly string[];
  /** Text columns that a part's condition may name. */
  texts: readonly string[];
  /** The last thing that the view knows of, as SQL over its own columns; absent where age says nothing. */
  latest?: string;
}

const equipment = { machine: 'equipment_id', line: 'line_id', area: 'area_id' } as const;

/** The views that questions are answered from: nothing else of the database is ever named in a query. */
export const kpiViews = {
  kpi_state: {
    time: { kind: 'overlaps', start: 'start_ms', end: 'end_ms' },
    columns: { ...equipment, reason: 'reason' },
    sums: [],
    texts: ['state', 'reason'],
    latest: 'coalesce(end_ms, start_ms)',
  },
  kpi_count: {
    time: { kind: 'ends', column: 'end_ms' },
    columns: { ...equipment, product: 'material_id', order: 'work_request_id', customer: 'customer' },
    sums: ['good', 'scrap', 'rework'],
    texts: [],
    latest: 'end_ms',
  },
  kpi_inspection: {
    time: { kind: 'at', column: 'at_ms' },
    columns: { ...equipment, product: 'material_id', defect: 'defect' },
    sums: [],
    texts: ['verdict', 'defect'],
    latest: 'at_ms',
  },
  kpi_energy: {
    time: { kind: 'ends', column: 'end_ms' },
    columns: equipment,
    sums: ['kwh'],
    texts: [],
    latest: 'end_ms',
  },
  kpi_order: {
    time: { kind: 'at', column: 'due_ms' },
    columns: { product: 'material_id', order: 'work_request_id', customer: 'customer' },
    sums: ['quantity'],
    texts: ['request_state'],
  },
  kpi_job: {
    time: { kind: 'overlaps', start: 'started_ms', end: 'ended_ms' },
    columns: { machine: 'equipment_id', line: 'line_id', product: 'material_id', order: 'work_request_id' },
    sums: ['quantity'],
    texts: ['dispatch_status'],
  },
} as const satisfies Record<string, KpiView>;

/** Name of a KPI view. */
export type KpiViewName = keyof typeof kpiViews;

/** A view by name, seen as data. */
export function kpiView(name: KpiViewName): KpiView {
  return kpiViews[name];
}
