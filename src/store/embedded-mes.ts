import { MillwrightError } from '../kernel/index.ts';
import type { Session } from './session.ts';
import type { SqlValue } from './database.ts';
import type { DispatchRow, OutboxCommand } from './store.ts';

/** The embedded MES's rows of these job orders; ids that it does not know are left out. */
export function dispatchRows(session: Session, jobOrderIds: string[]): DispatchRow[] {
  return jobOrderIds.flatMap((id) => dispatchRow(session, id) ?? []);
}

function dispatchRow({ db }: Session, jobOrderId: string): DispatchRow | undefined {
  const row = db.get<DispatchRow>(
    `SELECT job_order_id AS "jobOrderId", coalesce(planned_equipment_id, equipment_id) AS "equipmentId",
       planned_start_ms AS "plannedStart", planned_end_ms AS "plannedEnd", dispatch_status AS "dispatchStatus",
       row_version AS "rowVersion"
     FROM job_order WHERE job_order_id = ?`,
    jobOrderId,
  );
  return row && { ...row };
}

/** The columns that a command may change, by the names that commands use. */
const writable: Record<string, string> = {
  equipmentId: 'planned_equipment_id',
  plannedStart: 'planned_start_ms',
  plannedEnd: 'planned_end_ms',
  dispatchStatus: 'dispatch_status',
};

type Outcome = Pick<OutboxCommand, 'state' | 'readBack' | 'error'>;

/**
 * Changes one row where it still has the expected version, and reads it back. A row of another version is never
 * touched. `error` is a code: `job-order-unknown`, `field-unknown`, `version`, `value-refused`, `read-back-differs`.
 */
export function carryOut(session: Session, { jobOrderId, expectedVersion, after }: OutboxCommand): Outcome {
  const row = dispatchRow(session, jobOrderId);
  if (!row) return { state: 'rejected', error: 'job-order-unknown' };
  const fields = Object.keys(after);
  if (fields.length === 0 || fields.some((field) => !Object.hasOwn(writable, field)))
    return { state: 'rejected', readBack: { ...row }, error: 'field-unknown' };
  if (row.rowVersion !== expectedVersion) return { state: 'conflict', readBack: { ...row }, error: 'version' };
  try {
    session.db.attempt(() => write(session, jobOrderId, expectedVersion, after));
  } catch (thrown) {
    if (!(thrown instanceof MillwrightError) || thrown.code !== 'MW_STORE_CONFLICT') throw thrown;
    return { state: 'rejected', readBack: { ...row }, error: 'value-refused' };
  }
  const readBack: Record<string, unknown> = { ...dispatchRow(session, jobOrderId) };
  return fields.every((field) => readBack[field] === after[field])
    ? { state: 'acknowledged', readBack }
    : { state: 'rejected', readBack, error: 'read-back-differs' };
}

function write({ db }: Session, jobOrderId: string, version: number, after: Record<string, unknown>): void {
  const columns = Object.keys(after).map((field) => `${writable[field] ?? ''} = ?`);
  const values = Object.values(after).map((value): SqlValue => {
    if (value === null || typeof value === 'string' || typeof value === 'number') return value;
    throw new MillwrightError('MW_STORE_CONFLICT', { subject: jobOrderId, reason: `a value is a ${typeof value}` });
  });
  db.run(
    `UPDATE job_order SET ${columns.join(', ')}, row_version = row_version + 1
     WHERE job_order_id = ? AND row_version = ?`,
    ...values,
    jobOrderId,
    version,
  );
}
