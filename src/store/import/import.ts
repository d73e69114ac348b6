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
import type { ImportFault, ImportHint } from './fault.ts';
import { nameHints } from './hints.ts';
import { readFiles, type ImportFile, type ReadTable } from './read-files.ts';
import type { TableRow } from './read-rows.ts';
import { keepRevisions } from './revisions.ts';
import { tableNames, templates, type TableName } from './templates.ts';
import { toModel } from './to-model.ts';
import { toTables, type Tables } from './to-tables.ts';

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
  /** What is taken as it is, although it may be a mistake. */
  hints: ImportHint[];
  /** Absent where there are faults. */
  model?: PlantModel;
  lots: MaterialLot[];
  workRequests: WorkRequest[];
  jobOrders: JobOrder[];
}

/**
 * Reads files against what is in the store. Master data of CSV and JSON: a file is its whole table, and tables that are
 * not given stay as they are. Stock and orders, and all of B2MML: rows are added, or change what has their id. The
 * same import again changes nothing.
 * @throws as `readFiles`; `MW_TIME_ZONE_UNKNOWN`
 */
export async function planImport(base: ImportBase, files: readonly ImportFile[]): Promise<ImportPlan> {
  const before = tablesOf(base);
  const usualZone = base.model?.calendar.timeZone ?? base.site.calendar.timeZone;
  const { tables, faults, hints } = await readFiles(files, before, usualZone);
  const refused = (found: ImportFault[]): ImportPlan => ({
    summaries: [],
    faults: found,
    hints,
    lots: [],
    workRequests: [],
    jobOrders: [],
  });
  if (faults.length > 0) return refused(faults);
  const after: Tables = { ...before };
  for (const [table, read] of tables) after[table] = read.whole ? read.rows : changed(table, before, read, tables);
  hints.push(...(tables.has('operations') ? keepRevisions(before, after, base.jobOrders) : []));
  const { model, faults: broken } = toModel(after);
  if (!model) return refused(broken);
  checkCalendar(model.calendar);
  const newOrders = read('orders');
  const made = new Set(model.workMasters.map(({ materialId }) => materialId));
  const unmade = newOrders.filter(({ values }) => !made.has(String(values.material_id)));
  if (unmade.length > 0) return refused(unmade.map(withoutRouting));
  const workRequests = newOrders.map((row) => requestOf(row, base));
  return {
    summaries: [...tables].map(([table, { rows, whole }]) =>
      summarise(table, whole && templates[table].whole, before[table] ?? [], whole ? rows : read(table)),
    ),
    faults: [],
    hints: [...hints, ...nameHints(after, (table) => tables.has(table))],
    model,
    lots: read('stock').map((row) => lotOf(row, base)),
    workRequests,
    jobOrders: workRequests.flatMap((request) => jobOrdersFor(request, base, model)),
  };

  /** The rows of a table that the files have, with the cells that they leave as they were. */
  function read(table: TableName): TableRow[] {
    return (after[table] ?? []).filter(({ line }) => line > 0);
  }
}

/**
 * A table with rows added or, where one has the same key, with its cells changed. A routing's version that is given
 * has the machines, materials and lags that are given, and no others.
 */
function changed(
  table: TableName,
  before: Tables,
  { rows }: ReadTable,
  tables: ReadonlyMap<TableName, ReadTable>,
): TableRow[] {
  const keyOf = keyIn(table);
  const versionOf = ({ values }: TableRow) => JSON.stringify([values.work_master_id, values.version]);
  const anew = new Set(table.startsWith('operation') ? (tables.get('operations')?.rows ?? []).map(versionOf) : []);
  const given = new Map(rows.map((row) => [keyOf(row), row]));
  const merged = (row: TableRow) => {
    const own = given.get(keyOf(row));
    given.delete(keyOf(row));
    return own ? { line: own.line, values: { ...row.values, ...own.values } } : row;
  };
  const kept = (before[table] ?? []).filter((row) => given.has(keyOf(row)) || !anew.has(versionOf(row))).map(merged);
  return [...kept, ...given.values()];
}

/** The tables with how many rows are in the store. */
export function tableSizes(base: ImportBase): { table: TableName; rows: number }[] {
  const tables = tablesOf(base);
  return tableNames.map((table) => ({ table, rows: tables[table]?.length ?? 0 }));
}

/** What is in the store, as tables. */
export function tablesOf({ model, lots, workRequests, site }: ImportBase): Tables {
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
        available_at: lot.overdueSince ?? lot.availableAt,
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

function keyIn(table: TableName): (row: TableRow) => string {
  return ({ values }) => JSON.stringify(templates[table].key.map((name) => values[name] ?? null));
}

function summarise(
  table: TableName,
  whole: boolean,
  before: readonly TableRow[],
  rows: readonly TableRow[],
): TableSummary {
  const keyOf = keyIn(table);
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

/** A lot that comes later was announced; one whose time has passed without a change is still on its way. */
function lotOf({ values }: TableRow, { lots, now }: ImportBase): MaterialLot {
  const known = lots.find(({ lotId }) => lotId === values.lot_id);
  const before = known?.overdueSince ?? known?.availableAt;
  const availableAt = Number(values.available_at ?? before ?? now);
  const isOnItsWay = availableAt > now || (known?.promisedAt !== undefined && before === availableAt);
  return {
    lotId: String(values.lot_id),
    materialId: String(values.material_id),
    quantity: Number(values.quantity),
    unit: String(values.unit ?? known?.unit ?? 'pcs'),
    availableAt,
    ...(isOnItsWay ? { promisedAt: known?.promisedAt ?? availableAt } : {}),
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
