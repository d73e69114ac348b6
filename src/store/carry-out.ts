import { digestOf } from '../audit/index.ts';
import { insert, unknownRecord, upsert, withoutNulls } from './rows.ts';
import { change, type Session } from './session.ts';
import type { Actor, DocumentRecord, NotificationRecord, StagingRow } from './store.ts';

/** Writes material movements that a plan needs; those with a known id stay as they are. */
export function saveStaging(session: Session, rows: StagingRow[], actor: Actor): void {
  const { db } = session;
  const added = rows.filter(
    ({ stagingId }) => !db.get('SELECT 1 FROM material_movement WHERE staging_id = ?', stagingId),
  );
  const first = added[0];
  if (!first) return;
  const data = { stagingIds: added.map(({ stagingId }) => stagingId), digest: digestOf(added) };
  change(session, actor, { action: 'staging.save', subject: first.planId, data }, () => {
    for (const row of added)
      insert(db, 'material_movement', {
        staging_id: row.stagingId,
        plan_id: row.planId,
        job_order_id: row.jobOrderId,
        material_id: row.materialId,
        lot_id: row.lotId,
        quantity: row.quantity,
        unit: row.unit,
        from_location: row.from,
        to_location: row.to,
        need_ms: row.needAt,
        status: row.status,
        row_version: 1,
      });
  });
}

/** Material movements of a plan, the most urgent first. */
export function staging({ db }: Session, planId: string): StagingRow[] {
  return db
    .all<Omit<StagingRow, 'lotId'> & { lotId: string | null }>(
      `SELECT staging_id AS "stagingId", plan_id AS "planId", job_order_id AS "jobOrderId", material_id AS "materialId",
         lot_id AS "lotId", quantity, unit, from_location AS "from", to_location AS "to", need_ms AS "needAt", status
       FROM material_movement WHERE plan_id = ? ORDER BY need_ms, rowid`,
      planId,
    )
    .map(withoutNulls);
}

/** Writes a notification; one with a known id stays as it is. */
export function saveNotification(session: Session, notification: NotificationRecord, actor: Actor): void {
  const { notificationId, role, severity, templateId, params, createdAt, acknowledgedBy } = notification;
  if (session.db.get('SELECT 1 FROM notification WHERE notification_id = ?', notificationId)) return;
  const data = { role, severity, templateId, digest: digestOf(params) };
  change(session, actor, { action: 'notification.save', subject: notificationId, data }, () => {
    insert(session.db, 'notification', {
      notification_id: notificationId,
      role,
      severity,
      template_id: templateId,
      params: JSON.stringify(params),
      created_ms: createdAt,
      acknowledged_by: acknowledgedBy,
      row_version: 1,
    });
  });
}

/** Marks a notification as seen by the actor, once. */
export function acknowledgeNotification(session: Session, notificationId: string, actor: Actor): void {
  const { db } = session;
  const known = db.get<{ by: string | null }>(
    'SELECT acknowledged_by AS by FROM notification WHERE notification_id = ?',
    notificationId,
  );
  if (!known) throw unknownRecord('notification', notificationId);
  if (known.by !== null) return;
  change(session, actor, { action: 'notification.acknowledge', subject: notificationId, data: {} }, () => {
    db.run(
      'UPDATE notification SET acknowledged_by = ?, row_version = row_version + 1 WHERE notification_id = ?',
      actor.id,
      notificationId,
    );
  });
}

/** The newest notifications. */
export function notifications({ db }: Session, limit: number): NotificationRecord[] {
  return db
    .all<Omit<NotificationRecord, 'params' | 'acknowledgedBy'> & { params: string; acknowledgedBy: string | null }>(
      `SELECT notification_id AS "notificationId", role, severity, template_id AS "templateId", params,
         created_ms AS "createdAt", acknowledged_by AS "acknowledgedBy"
       FROM notification ORDER BY created_ms DESC, rowid DESC LIMIT ?`,
      limit,
    )
    .map((row) => withoutNulls({ ...row, params: JSON.parse(row.params) as Record<string, unknown> }));
}

/** Writes a document's revision, or the new status of one. */
export function saveDocument(session: Session, document: DocumentRecord, actor: Actor): void {
  const { documentId, revision, kind, jobOrderId, locale, status, body, sources, createdAt } = document;
  const data = { revision, kind, jobOrderId: jobOrderId ?? null, locale, status, digest: digestOf(body) };
  change(session, actor, { action: 'document.save', subject: documentId, data }, () => {
    upsert(
      session.db,
      'work_directive',
      { document_id: documentId, revision },
      {
        kind,
        job_order_id: jobOrderId,
        locale,
        status,
        body: JSON.stringify(body),
        sources: JSON.stringify(sources),
        created_ms: createdAt,
      },
    );
  });
}

/** A document's newest revision. */
export function loadDocument({ db }: Session, documentId: string): DocumentRecord | undefined {
  const row = db.get<DocumentRow>(`${select} WHERE document_id = ? ORDER BY revision DESC LIMIT 1`, documentId);
  return row && toDocument(row);
}

/** The newest revisions of all documents, the latest first. */
export function documents({ db }: Session, limit: number): DocumentRecord[] {
  return db.all<DocumentRow>(`${select} ORDER BY created_ms DESC, rowid DESC LIMIT ?`, limit).map(toDocument);
}

const select = `SELECT document_id AS "documentId", kind, job_order_id AS "jobOrderId", revision, locale, status, body,
  sources, created_ms AS "createdAt" FROM work_directive`;

interface DocumentRow extends Omit<DocumentRecord, 'jobOrderId' | 'body' | 'sources'> {
  jobOrderId: string | null;
  body: string;
  sources: string;
}

function toDocument({ body, sources, ...row }: DocumentRow): DocumentRecord {
  return {
    ...withoutNulls(row),
    body: JSON.parse(body) as DocumentRecord['body'],
    sources: JSON.parse(sources) as DocumentRecord['sources'],
  };
}
