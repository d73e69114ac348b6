import { digestOf } from '../audit/index.ts';
import type { JobOrder, MaterialLot, WorkRequest } from '../plant/index.ts';
import { upsert, withoutNulls } from './rows.ts';
import { change, type Session } from './session.ts';
import type { Actor } from './store.ts';

/** What one call may change of demand and stock. */
export interface Orders {
  workRequests?: WorkRequest[];
  jobOrders?: JobOrder[];
  lots?: MaterialLot[];
}

/** Inserts or changes orders, operations and lots. The plan's machine and times of an operation stay as they are. */
export function saveOrders(session: Session, orders: Orders, actor: Actor): void {
  const { workRequests = [], jobOrders = [], lots = [] } = orders;
  const ids = [
    ...workRequests.map((order) => order.workRequestId),
    ...jobOrders.map((order) => order.jobOrderId),
    ...lots.map((lot) => lot.lotId),
  ];
  const first = ids[0];
  if (first === undefined) return;
  const subject = ids.length === 1 ? first : `${first} and ${ids.length - 1} more`;
  const data = { count: ids.length, ids: ids.slice(0, 100), digest: digestOf(orders) };
  change(session, actor, { action: 'orders.save', subject, data }, () => {
    writeOrders(session, orders);
  });
}

/** Writes orders, operations and lots within the caller's transaction. */
export function writeOrders(session: Session, { workRequests = [], jobOrders = [], lots = [] }: Orders): void {
  for (const order of workRequests) saveWorkRequest(session, order);
  for (const order of jobOrders) saveJobOrder(session, order);
  for (const lot of lots) saveLot(session, lot);
}

function saveWorkRequest({ db }: Session, order: WorkRequest): void {
  upsert(
    db,
    'work_request',
    { work_request_id: order.workRequestId },
    {
      customer: order.customer,
      material_id: order.materialId,
      quantity: order.quantity,
      released_ms: order.releasedAt,
      due_ms: order.dueAt,
      priority: order.priority,
      request_state: order.requestState,
    },
  );
}

function saveJobOrder({ db }: Session, order: JobOrder): void {
  upsert(
    db,
    'job_order',
    { job_order_id: order.jobOrderId },
    {
      work_request_id: order.workRequestId,
      work_master_id: order.workMasterId,
      work_master_version: order.workMasterVersion,
      segment_id: order.segmentId,
      lot: order.lot,
      quantity: order.quantity,
      dispatch_status: order.dispatchStatus,
      good_quantity: order.goodQuantity,
      equipment_id: order.equipmentId,
      started_ms: order.startedAt,
      ended_ms: order.endedAt,
    },
  );
}

function saveLot({ db }: Session, lot: MaterialLot): void {
  upsert(
    db,
    'material_lot',
    { lot_id: lot.lotId },
    {
      material_id: lot.materialId,
      quantity: lot.quantity,
      unit: lot.unit,
      available_ms: lot.availableAt,
      promised_ms: lot.promisedAt,
      location_id: lot.locationId,
    },
  );
}

const open = `request_state NOT IN ('Completed', 'Closed', 'Cancelled', 'Aborted')`;

const requestColumns = `work_request_id AS "workRequestId", customer, material_id AS "materialId", quantity,
  released_ms AS "releasedAt", due_ms AS "dueAt", priority, request_state AS "requestState"`;

/** Work requests that still have to be made, in the order in which they came. */
export function openWorkRequests({ db }: Session): WorkRequest[] {
  return db.all<WorkRequest>(`SELECT ${requestColumns} FROM work_request WHERE ${open} ORDER BY rowid`);
}

/** Work requests that are open, or were completed after an instant. */
export function workRequestsSince({ db }: Session, asOf: number): WorkRequest[] {
  return db.all<WorkRequest>(
    `SELECT ${requestColumns} FROM work_request WHERE ${open} OR (request_state IN ('Completed', 'Closed') AND
       (SELECT max(ended_ms) FROM job_order j WHERE j.work_request_id = work_request.work_request_id) > ?)`,
    asOf,
  );
}

interface JobOrderRow extends Omit<JobOrder, 'lot' | 'equipmentId' | 'startedAt' | 'endedAt'> {
  lot: number | null;
  equipmentId: string | null;
  startedAt: number | null;
  endedAt: number | null;
}

/** All operations of the open work requests, those done included. */
export function jobOrdersOfOpenRequests({ db }: Session): JobOrder[] {
  const rows = db.all<JobOrderRow>(
    `SELECT job_order_id AS "jobOrderId", work_request_id AS "workRequestId", work_master_id AS "workMasterId",
       work_master_version AS "workMasterVersion", segment_id AS "segmentId", lot, quantity, dispatch_status AS "dispatchStatus",
       good_quantity AS "goodQuantity", equipment_id AS "equipmentId", started_ms AS "startedAt", ended_ms AS "endedAt"
     FROM job_order WHERE work_request_id IN (SELECT work_request_id FROM work_request WHERE ${open}) ORDER BY rowid`,
  );
  return rows.map(withoutNulls);
}

const lotColumns = `lot_id AS "lotId", material_id AS "materialId", quantity, unit, available_ms AS "availableAt",
  promised_ms AS "promisedAt", location_id AS "locationId"`;

type LotRow = Omit<MaterialLot, 'promisedAt'> & { promisedAt: number | null };

/** Lots with something left in them, those on their way included. */
export function lotsInStock({ db }: Session): MaterialLot[] {
  return db.all<LotRow>(`SELECT ${lotColumns} FROM material_lot WHERE quantity > 0 ORDER BY rowid`).map(withoutNulls);
}

/** Lots that arrive, or arrived, after an instant, used up or not, and those announced that are not there. */
export function lotsSince({ db }: Session, asOf: number): MaterialLot[] {
  const since = 'available_ms > ? OR promised_ms IS NOT NULL';
  return db.all<LotRow>(`SELECT ${lotColumns} FROM material_lot WHERE ${since}`, asOf).map(withoutNulls);
}
