import { interruptionModes } from '../../plant/index.ts';

/** The tables, in the order in which somebody fills them in. Names are those of the database. */
export const tableNames = [
  'plant',
  'shifts',
  'holidays',
  'equipment',
  'persons',
  'tools',
  'materials',
  'operations',
  'operation_equipment',
  'operation_materials',
  'operation_lags',
  'setup_times',
  'transport_times',
  'stock',
  'orders',
] as const;
export type TableName = (typeof tableNames)[number];

/** What a cell of a column may hold. Lists are parted by spaces, commas or semicolons. */
export type ColumnType =
  | 'id'
  | 'ids'
  | 'text'
  | 'number'
  | 'whole'
  | 'count'
  | 'yes-no'
  | 'instant'
  | 'time'
  | 'date'
  | 'weekdays'
  | readonly string[];

/** One column of a table. */
export interface Column {
  name: string;
  type: ColumnType;
  /** Whether a cell may be empty. */
  optional?: boolean;
  /** The table whose key its ids must be. */
  refersTo?: TableName;
}

/** One table of master data, stock or orders as people fill it in. */
export interface Template {
  columns: readonly Column[];
  /** Columns that together name a row. */
  key: readonly string[];
  /** Master data: the file is the whole table. Otherwise its rows are added to what is there, or change it. */
  whole: boolean;
}

const operation: readonly Column[] = [
  { name: 'work_master_id', type: 'id' },
  { name: 'version', type: 'id' },
  { name: 'segment_id', type: 'id' },
];
const operationKey = operation.map(({ name }) => name);
const equipmentLevels = ['Enterprise', 'Site', 'Area', 'ProductionLine', 'WorkUnit'] as const;

/** What each table looks like. */
export const templates: Record<TableName, Template> = {
  plant: {
    columns: [
      { name: 'enterprise', type: 'text' },
      { name: 'site', type: 'text' },
      { name: 'time_zone', type: 'text' },
      { name: 'transport_seconds', type: 'number' },
    ],
    key: [],
    whole: true,
  },
  shifts: {
    columns: [
      { name: 'shift_id', type: 'id' },
      { name: 'name', type: 'text', optional: true },
      { name: 'start_local', type: 'time' },
      { name: 'end_local', type: 'time' },
      { name: 'weekdays', type: 'weekdays' },
    ],
    key: ['shift_id'],
    whole: true,
  },
  holidays: { columns: [{ name: 'local_date', type: 'date' }], key: ['local_date'], whole: true },
  equipment: {
    columns: [
      { name: 'equipment_id', type: 'id' },
      { name: 'level', type: equipmentLevels },
      { name: 'parent_id', type: 'id', optional: true, refersTo: 'equipment' },
      { name: 'equipment_class_id', type: 'id', optional: true },
      { name: 'name', type: 'text', optional: true },
      { name: 'batch_capacity', type: 'count', optional: true },
    ],
    key: ['equipment_id'],
    whole: true,
  },
  persons: {
    columns: [
      { name: 'person_id', type: 'id' },
      { name: 'shift_id', type: 'id', optional: true, refersTo: 'shifts' },
      { name: 'qualification_ids', type: 'ids', optional: true },
      { name: 'most_hours_per_day', type: 'number', optional: true },
      { name: 'most_hours_per_week', type: 'number', optional: true },
    ],
    key: ['person_id'],
    whole: true,
  },
  tools: {
    columns: [
      { name: 'tool_id', type: 'id' },
      { name: 'name', type: 'text', optional: true },
      { name: 'copies', type: 'whole' },
    ],
    key: ['tool_id'],
    whole: true,
  },
  materials: {
    columns: [
      { name: 'material_id', type: 'id' },
      { name: 'name', type: 'text', optional: true },
      { name: 'unit', type: 'text', optional: true },
      { name: 'setup_family', type: 'id', optional: true },
    ],
    key: ['material_id'],
    whole: true,
  },
  operations: {
    columns: [
      ...operation,
      { name: 'material_id', type: 'id', refersTo: 'materials' },
      { name: 'sequence', type: 'count' },
      { name: 'name', type: 'text', optional: true },
      { name: 'predecessors', type: 'ids', optional: true },
      { name: 'qualification_id', type: 'id', optional: true },
      { name: 'tool_ids', type: 'ids', optional: true, refersTo: 'tools' },
      { name: 'interruptible', type: 'yes-no', optional: true },
      { name: 'after_interruption', type: interruptionModes, optional: true },
      { name: 'most_lots', type: 'count', optional: true },
      { name: 'least_lot_quantity', type: 'number', optional: true },
    ],
    key: operationKey,
    whole: true,
  },
  operation_equipment: {
    columns: [
      ...operation,
      { name: 'equipment_id', type: 'id', refersTo: 'equipment' },
      { name: 'seconds_per_unit', type: 'number' },
      { name: 'seconds_per_batch', type: 'number', optional: true },
    ],
    key: [...operationKey, 'equipment_id'],
    whole: true,
  },
  operation_materials: {
    columns: [
      ...operation,
      { name: 'material_id', type: 'id', refersTo: 'materials' },
      { name: 'quantity_per_unit', type: 'number' },
    ],
    key: [...operationKey, 'material_id'],
    whole: true,
  },
  operation_lags: {
    columns: [
      ...operation,
      { name: 'predecessor_id', type: 'id' },
      { name: 'min_seconds', type: 'number', optional: true },
      { name: 'max_seconds', type: 'number', optional: true },
      { name: 'transfer_quantity', type: 'number', optional: true },
    ],
    key: [...operationKey, 'predecessor_id'],
    whole: true,
  },
  setup_times: {
    columns: [
      { name: 'equipment_class_id', type: 'id' },
      { name: 'from_family', type: 'id' },
      { name: 'to_family', type: 'id' },
      { name: 'seconds', type: 'number' },
    ],
    key: ['equipment_class_id', 'from_family', 'to_family'],
    whole: true,
  },
  transport_times: {
    columns: [
      { name: 'from_line_id', type: 'id', refersTo: 'equipment' },
      { name: 'to_line_id', type: 'id', refersTo: 'equipment' },
      { name: 'seconds', type: 'number' },
    ],
    key: ['from_line_id', 'to_line_id'],
    whole: true,
  },
  stock: {
    columns: [
      { name: 'lot_id', type: 'id' },
      { name: 'material_id', type: 'id', refersTo: 'materials' },
      { name: 'quantity', type: 'number' },
      { name: 'unit', type: 'text', optional: true },
      { name: 'available_at', type: 'instant', optional: true },
      { name: 'location_id', type: 'id', optional: true },
    ],
    key: ['lot_id'],
    whole: false,
  },
  orders: {
    columns: [
      { name: 'work_request_id', type: 'id' },
      { name: 'customer', type: 'text', optional: true },
      { name: 'material_id', type: 'id', refersTo: 'materials' },
      { name: 'quantity', type: 'number' },
      { name: 'released_at', type: 'instant', optional: true },
      { name: 'due_at', type: 'instant' },
      { name: 'priority', type: 'count', optional: true },
    ],
    key: ['work_request_id'],
    whole: false,
  },
};
