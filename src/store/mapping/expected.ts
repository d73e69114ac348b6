import { packmlStates } from '../../plant/index.ts';

/** What a column of a view holds: a text, a number, or an instant in milliseconds since 1970 UTC. */
export type ColumnKind = 'text' | 'number' | 'instant';

/** One column that questions need. */
export interface ExpectedColumn {
  name: string;
  kind: ColumnKind;
  /** Whether a row means nothing without it. */
  required?: boolean;
  /** Where it may not be below 0. */
  counted?: boolean;
  /** Ids of machines of the plant. */
  machine?: boolean;
  /** The only values that mean something. */
  oneOf?: readonly string[];
}

/** A view that questions need. */
export interface ExpectedView {
  view: string;
  columns: readonly ExpectedColumn[];
  /** Columns of its begin and its end; the end is empty while it goes on. */
  stretch?: readonly [string, string];
}

const requestStates = 'Forecast Released Cancelled Ready Running Completed Aborted Held Paused Closed Other'.split(' ');
const dispatchStates =
  'Waiting Pending Cancelled Dispatched Ready Running Completed Aborted Held Suspended Closed Other'.split(' ');

const text = (name: string, more: Partial<ExpectedColumn> = {}): ExpectedColumn => ({ name, kind: 'text', ...more });
const count = (name: string, more: Partial<ExpectedColumn> = {}): ExpectedColumn => ({
  ...{ name, kind: 'number', required: true, counted: true },
  ...more,
});
const instant = (name: string, required = false): ExpectedColumn => ({ name, kind: 'instant', required });
const place = [text('equipment_id', { required: true, machine: true }), text('line_id'), text('area_id')] as const;

/**
 * The views that questions are answered from, as a plant's own tables have to be mapped: what the KPI catalogue's views
 * name (a test holds the two in step). Instants are milliseconds since 1970 UTC, energy is in kWh, run times in seconds.
 */
export const expectedViews: readonly ExpectedView[] = [
  {
    view: 'kpi_state',
    columns: [
      ...place,
      text('state', { required: true, oneOf: packmlStates }),
      text('reason'),
      instant('start_ms', true),
      instant('end_ms'),
    ],
    stretch: ['start_ms', 'end_ms'],
  },
  {
    view: 'kpi_count',
    columns: [
      ...place,
      ...['material_id', 'work_request_id', 'customer'].map((name) => text(name)),
      ...['good', 'scrap', 'rework'].map((name) => count(name)),
      count('seconds_per_unit', { required: false }),
      instant('start_ms', true),
      instant('end_ms', true),
    ],
    stretch: ['start_ms', 'end_ms'],
  },
  {
    view: 'kpi_inspection',
    columns: [
      ...place,
      text('material_id'),
      text('verdict', { required: true, oneOf: ['pass', 'fail', 'review'] }),
      text('defect'),
      instant('at_ms', true),
    ],
  },
  {
    view: 'kpi_energy',
    columns: [...place, count('kwh'), instant('start_ms', true), instant('end_ms', true)],
    stretch: ['start_ms', 'end_ms'],
  },
  {
    view: 'kpi_order',
    columns: [
      text('work_request_id', { required: true }),
      text('customer'),
      text('material_id', { required: true }),
      count('quantity'),
      text('request_state', { required: true, oneOf: requestStates }),
      instant('due_ms', true),
      instant('completed_ms'),
    ],
  },
  {
    view: 'kpi_job',
    columns: [
      text('job_order_id', { required: true }),
      text('work_request_id', { required: true }),
      ...['customer', 'material_id'].map((name) => text(name)),
      text('equipment_id', { machine: true }),
      text('line_id'),
      text('area_id'),
      count('quantity'),
      text('dispatch_status', { required: true, oneOf: dispatchStates }),
      ...['planned_end_ms', 'started_ms', 'ended_ms'].map((name) => instant(name)),
    ],
    stretch: ['started_ms', 'ended_ms'],
  },
];
