import {
  checkCalendar,
  jobOrdersOf,
  withQuantity,
  type JobOrder,
  type MaterialLot,
  type PlantModel,
  type WorkCalendar,
  type WorkRequest,
} from '../../plant/index.ts';
import { writeCsv } from '../../kernel/index.ts';
import { readTable, type ImportFault, type TableRow } from './read-table.ts';
import { tableNames, templates, type TableName, type Template } from './templates.ts';
import { toModel } from './to-model.ts';
import { toRecords, toTables, type Tables } from './to-tables.ts';

/** What is in the store before an import, and what the site says where the store is new. */
export interface ImportBase {
  model: PlantModel | undefined;
  workRequests: readonly WorkRequest[];
  /** Those of open requests. */
  jobOrders: readonly JobOrder[];
  lots: readonly MaterialLot[];
  site: { enterprise: string; site: string; calendar: WorkCalendar };
  /** Milliseconds since 1970 UTC. */
  now: number;
}

/** What an import would do to one table. */
export interface TableSummary {
  table: TableName;
  rows: number;
  added: number;
  changed: number;
  unchanged: number;
  /** Rows of master data that the file no longer has: they end, and are never deleted. */
  ended: number;
}

/** An import that was read: what it would do, or why it cannot be done. All or nothing. */
export interface ImportPlan {
  summaries: TableSummary[];
  faults: ImportFault[];
  /** Absent where there are faults. */
  model?: PlantModel;
  lots: MaterialLot[];
  workRequests: WorkRequest[];
  jobOrders: JobOrder[];
}

/**
 * Reads tables of CSV text against what is in the store. Master data: a file is its whole table, and tables that are
 * not given stay as they are. Stock and orders: rows are added, or change what has their id. The same import again
 * changes nothing.
 * @throws `MW_TIME_ZONE_UNKNOWN`
 */
export function planImport(base: ImportBase, files: readonly { table: TableName; text: string }[]): ImportPlan {
  const before = tablesOf(base);
  const faults: ImportFault[] = [];
  const read: Tables = {};
  for (const { table, text } of files) {
    const { rows, faults: found } = readTable(table, templates[table], text, zoneOf(files, base));
    faults.push(...found);
    read[table] = rows;
  }
  const none = { lots: [], workRequests: [], jobOrders: [] };
  if (faults.length > 0) return { summaries: [], faults, ...none };
  const after: Tables = { ...before, ...read };
  if (read.operations) keepRoutingsInUse(before, after, base.jobOrders);
  const { model, faults: broken } = toModel(after);
  if (!model) return { summaries: [], faults: broken, ...none };
  checkCalendar(model.calendar);
  const made = new Set(model.workMasters.map(({ materialId }) => materialId));
  const unmade = (read.orders ?? []).filter(({ values }) => !made.has(String(values.material_id)));
  if (unmade.length > 0) return { summaries: [], faults: unmade.map(withoutRouting), ...none };
  const summaries = Object.entries(read).map(([table, rows]) =>
    summarise(table as TableName, templates[table as TableName], before[table as TableName] ?? [], rows),
  );
  const workRequests = (read.orders ?? []).map((row) => requestOf(row, base));
  return {
    summaries,
    faults: [],
    model,
    lots: (read.stock ?? []).map((row) => lotOf(row, base)),
    workRequests,
    jobOrders: workRequests.flatMap((request) => jobOrdersFor(request, base, model)),
  };
}

/** The tables with how many rows are in the store. */
export function tableSizes(base: ImportBase): { table: TableName; rows: number }[] {
  const tables = tablesOf(base);
  return tableNames.map((table) => ({ table, rows: tables[table]?.length ?? 0 }));
}

/** A table as CSV: what is in the store, ready to be corrected and imported again; a new store's has a heading only. */
export function exportTable(base: ImportBase, table: TableName): string {
  return writeCsv(toRecords(table, tablesOf(base)[table] ?? []));
}

function tablesOf({ model, lots, workRequests, site }: ImportBase): Tables {
  const master = toTables(
    model ?? {
      ...site,
      equipment: [],
      persons: [],
      materials: [],
      workMasters: [],
      setupMatrices: [],
      transportSeconds: 0,
    },
  );
  return {
    ...master,
    stock: lots.map((lot) => ({
      line: 0,
      values: {
        lot_id: lot.lotId,
        material_id: lot.materialId,
        quantity: lot.quantity,
        unit: lot.unit,
        available_at: lot.availableAt,
        location_id: lot.locationId,
      },
    })),
    orders: workRequests.map((request) => ({
      line: 0,
      values: {
        work_request_id: request.workRequestId,
        ...(request.customer === '' ? {} : { customer: request.customer }),
        material_id: request.materialId,
        quantity: request.quantity,
        released_at: request.releasedAt,
        due_at: request.dueAt,
        priority: request.priority,
      },
    })),
  };
}

/** The zone of times without an offset: that of an imported plant table, the store's, or the site's. */
function zoneOf(files: readonly { table: TableName; text: string }[], { model, site }: ImportBase): string {
  const usual = model?.calendar.timeZone ?? site.calendar.timeZone;
  const plant = files.find(({ table }) => table === 'plant');
  if (!plant) return usual;
  const [row] = readTable('plant', templates.plant, plant.text, usual).rows;
  return typeof row?.values.time_zone === 'string' ? row.values.time_zone : usual;
}

/** Routings that open job orders follow stay although a file no longer has them. */
function keepRoutingsInUse(before: Tables, after: Tables, jobOrders: readonly JobOrder[]): void {
  const inUse = new Set(jobOrders.map((job) => `${job.workMasterId}\n${job.workMasterVersion}`));
  const keyOf = ({ values }: TableRow) => `${String(values.work_master_id)}\n${String(values.version)}`;
  const given = new Set((after.operations ?? []).map(keyOf));
  const kept = (row: TableRow) => inUse.has(keyOf(row)) && !given.has(keyOf(row));
  for (const table of ['operations', 'operation_equipment', 'operation_materials', 'operation_lags'] as const) {
    const own = after[table] ?? [];
    const same = own === before[table];
    after[table] = same
      ? own.filter((row) => given.has(keyOf(row)) || kept(row))
      : [...(before[table] ?? []).filter(kept), ...own];
  }
}

function summarise(
  table: TableName,
  { key, whole }: Template,
  before: readonly TableRow[],
  rows: readonly TableRow[],
): TableSummary {
  const keyOf = ({ values }: TableRow) => JSON.stringify(key.map((name) => values[name] ?? null));
  const textOf = ({ values }: TableRow) => JSON.stringify(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
  const known = new Map(before.map((row) => [keyOf(row), textOf(row)]));
  const summary: TableSummary = { table, rows: rows.length, added: 0, changed: 0, unchanged: 0, ended: 0 };
  for (const row of rows) {
    const there = known.get(keyOf(row));
    known.delete(keyOf(row));
    if (there === undefined) summary.added++;
    else if (there === textOf(row)) summary.unchanged++;
    else summary.changed++;
  }
  if (whole) summary.ended = known.size;
  return summary;
}

/** A request's own job orders with its quantity, or those of its routing's newest version. */
function jobOrdersFor(request: WorkRequest, { jobOrders }: ImportBase, { workMasters }: PlantModel): JobOrder[] {
  const own = jobOrders.filter(({ workRequestId }) => workRequestId === request.workRequestId);
  if (own.length > 0) return withQuantity(own, request.quantity);
  return jobOrdersOf(
    request,
    workMasters.findLast(({ materialId }) => materialId === request.materialId)!,
  );
}

function withoutRouting({ line, values }: TableRow): ImportFault {
  return { table: 'orders', line, column: 'material_id', kind: 'no-routing', found: String(values.material_id) };
}

function lotOf({ values }: TableRow, { lots, now }: ImportBase): MaterialLot {
  const known = lots.find(({ lotId }) => lotId === values.lot_id);
  return {
    lotId: String(values.lot_id),
    materialId: String(values.material_id),
    quantity: Number(values.quantity),
    unit: String(values.unit ?? known?.unit ?? 'pcs'),
    availableAt: Number(values.available_at ?? known?.availableAt ?? now),
    locationId: String(values.location_id ?? known?.locationId ?? 'STORE'),
  };
}

function requestOf({ values }: TableRow, { workRequests, now }: ImportBase): WorkRequest {
  const known = workRequests.find(({ workRequestId }) => workRequestId === values.work_request_id);
  return {
    workRequestId: String(values.work_request_id),
    customer: String(values.customer ?? known?.customer ?? ''),
    materialId: String(values.material_id),
    quantity: Number(values.quantity),
    releasedAt: Number(values.released_at ?? known?.releasedAt ?? now),
    dueAt: Number(values.due_at),
    priority: Number(values.priority ?? known?.priority ?? 3),
    requestState: known?.requestState ?? 'Released',
  };
}
