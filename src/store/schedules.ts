import { digestOf } from '../audit/index.ts';
import type { ScheduleEntry, ScheduleStatus, WorkSchedule } from '../plant/index.ts';
import { insert, unknownRecord } from './rows.ts';
import { change, type Session } from './session.ts';
import type { Actor } from './store.ts';

/** Writes a plan outside any set, with its status as it is; one with that id must not exist. */
export function saveSchedule(session: Session, schedule: WorkSchedule, actor: Actor): void {
  const data = { status: schedule.status, entries: schedule.entries.length, digest: digestOf(schedule) };
  change(session, actor, { action: 'schedule.save', subject: schedule.scheduleId, data }, () => {
    if (schedule.status === 'published') supersedeLive(session);
    writeSchedule(session, schedule);
  });
}

/** Writes a plan's rows within the caller's transaction and gives its key. */
export function writeSchedule({ db }: Pick<Session, 'db'>, schedule: WorkSchedule): number {
  const published = schedule.status === 'published';
  insert(db, 'work_schedule', {
    schedule_id: schedule.scheduleId,
    base_schedule_id: schedule.baseScheduleId,
    status: published ? 'draft' : schedule.status,
    created_ms: schedule.createdAt,
    from_ms: schedule.from,
    frozen_until_ms: schedule.frozenUntil,
    label: schedule.label,
    seed: schedule.seed,
    input_digest: schedule.inputDigest,
    row_version: 1,
  });
  const key = scheduleKey({ db }, schedule.scheduleId) ?? 0;
  db.insertNew(
    'schedule_entry',
    [
      ...['work_schedule_key', 'position', 'job_order_id', 'equipment_id', 'person_id'],
      ...['start_ms', 'end_ms', 'setup_seconds', 'frozen'],
    ],
    schedule.entries.map((entry, position) => [
      ...[key, position, entry.jobOrderId, entry.equipmentId, entry.personId ?? null],
      ...[entry.start, entry.end, entry.setupSeconds, entry.frozen ? 1 : 0],
    ]),
  );
  if (published) {
    db.run(`UPDATE work_schedule SET status = 'published' WHERE work_schedule_key = ?`, key);
    notePlanned({ db }, key);
  }
  return key;
}

/** One plan with its entries. */
export function loadSchedule(session: Pick<Session, 'db'>, scheduleId: string): WorkSchedule | undefined {
  const { db } = session;
  const row = db.get<ScheduleRow>(
    `SELECT work_schedule_key AS key, schedule_id AS "scheduleId", base_schedule_id AS "baseScheduleId", status,
       created_ms AS "createdAt", from_ms AS "from", frozen_until_ms AS "frozenUntil", label, seed,
       input_digest AS "inputDigest"
     FROM work_schedule WHERE schedule_id = ?`,
    scheduleId,
  );
  if (!row) return undefined;
  const { key, baseScheduleId, ...schedule } = row;
  const entries = db.all<EntryRow>(
    `SELECT job_order_id AS "jobOrderId", equipment_id AS "equipmentId", person_id AS "personId", start_ms AS start,
       end_ms AS end, setup_seconds AS "setupSeconds", frozen
     FROM schedule_entry WHERE work_schedule_key = ? ORDER BY position`,
    key,
  );
  return { ...schedule, ...(baseScheduleId === null ? {} : { baseScheduleId }), entries: entries.map(toEntry) };
}

/** Id of the published plan. */
export function livePlanId({ db }: Session): string | undefined {
  return db.get<{ id: string }>(`SELECT schedule_id AS id FROM work_schedule WHERE status = 'published'`)?.id;
}

/** The published plan. */
export function livePlan(session: Session): WorkSchedule | undefined {
  const id = livePlanId(session);
  return id === undefined ? undefined : loadSchedule(session, id);
}

/** Makes a plan the live one; the former is superseded. Publishing the live plan again changes nothing. */
export function publishSchedule(
  session: Session,
  scheduleId: string,
  approvalId: string | undefined,
  actor: Actor,
  evidence?: Record<string, unknown>,
): void {
  const { db, now } = session;
  const key = scheduleKey(session, scheduleId);
  if (key === undefined) throw unknownRecord('plan', scheduleId);
  const before = livePlanId(session);
  if (before === scheduleId) return;
  const data = { approvalId: approvalId ?? null, supersedes: before ?? null, ...(evidence ? { evidence } : {}) };
  change(session, actor, { action: 'schedule.publish', subject: scheduleId, data }, () => {
    supersedeLive(session);
    db.run(
      `UPDATE work_schedule SET status = 'published', published_ms = ?, approval_id = ?, row_version = row_version + 1
       WHERE work_schedule_key = ?`,
      now,
      approvalId ?? null,
      key,
    );
    notePlanned(session, key);
  });
}

/** Keeps where the plan that is live now puts each of its operations. */
function notePlanned({ db }: Pick<Session, 'db'>, key: number): void {
  db.run(
    `INSERT INTO job_order_plan SELECT job_order_id, work_schedule_key, min(start_ms), max(end_ms) FROM schedule_entry
     WHERE work_schedule_key = ? GROUP BY job_order_id, work_schedule_key
     ON CONFLICT (job_order_id) DO UPDATE
     SET work_schedule_key = excluded.work_schedule_key, start_ms = excluded.start_ms, end_ms = excluded.end_ms`,
    key,
  );
}

function supersedeLive({ db }: Session): void {
  db.run(`UPDATE work_schedule SET status = 'superseded', row_version = row_version + 1 WHERE status = 'published'`);
}

/** Changes a proposed plan's status within the caller's transaction, as its approval says. */
export function decideSchedule({ db }: Session, scheduleId: string, status: 'approved' | 'rejected'): void {
  db.run(
    `UPDATE work_schedule SET status = ?, row_version = row_version + 1
     WHERE schedule_id = ? AND status IN ('draft', 'proposed', 'approved', 'rejected')`,
    status,
    scheduleId,
  );
}

function scheduleKey({ db }: Pick<Session, 'db'>, scheduleId: string): number | undefined {
  return db.get<{ key: number }>('SELECT work_schedule_key AS key FROM work_schedule WHERE schedule_id = ?', scheduleId)
    ?.key;
}

interface ScheduleRow extends Omit<WorkSchedule, 'baseScheduleId' | 'entries'> {
  key: number;
  baseScheduleId: string | null;
  status: ScheduleStatus;
}

interface EntryRow extends Omit<ScheduleEntry, 'personId' | 'frozen'> {
  personId: string | null;
  frozen: number;
}

function toEntry({ personId, frozen, ...entry }: EntryRow): ScheduleEntry {
  return { ...entry, ...(personId === null ? {} : { personId }), frozen: frozen === 1 };
}
