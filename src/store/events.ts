import type { ExpectedEnd, PlantEventRecord } from '../plant/index.ts';
import { unknownRecord, upsert } from './rows.ts';
import { change, type Session } from './session.ts';
import type { Actor } from './store.ts';

/** Writes an event; ends the one that it replaces, and for a machine-up the machine-down of the same subject. */
export function saveEvent(session: Session, event: PlantEventRecord, actor: Actor): void {
  change(session, actor, { action: `event.${event.kind}`, subject: event.subject, data: { ...event } }, () => {
    writeEvent(session, event);
    const end = `UPDATE work_alert SET ended_ms = CASE WHEN start_ms > ? THEN start_ms ELSE ? END, row_version = row_version + 1
      WHERE ended_ms IS NULL AND event_id <> ?`;
    if (event.supersedes !== undefined)
      session.db.run(`${end} AND event_id = ?`, event.start, event.start, event.eventId, event.supersedes);
    if (event.kind === 'machine-up')
      session.db.run(
        `${end} AND kind = 'machine-down' AND subject = ?`,
        event.start,
        event.start,
        event.eventId,
        event.subject,
      );
  });
}

/** Changes when an open event is expected to end; `MW_RECORD_UNKNOWN` where there is none. */
export function correctExpectedEnd(
  session: Session,
  eventId: string,
  expectedEnd: ExpectedEnd,
  actor: Actor,
): PlantEventRecord {
  const event = loadEvent(session, eventId);
  if (!event || event.endedAt !== undefined) throw unknownRecord('open event', eventId);
  const data = { eventId, before: event.expectedEnd ?? null, after: expectedEnd };
  return change(session, actor, { action: 'event.correct-expected-end', subject: event.subject, data }, () => {
    const corrected = { ...event, expectedEnd };
    writeEvent(session, corrected);
    return corrected;
  });
}

/** One event. */
export function loadEvent({ db }: Session, eventId: string): PlantEventRecord | undefined {
  const row = db.get<EventRow>(`${select} WHERE event_id = ?`, eventId);
  return row && toEvent(row);
}

/** Events that go on, oldest first; a machine-up is over at once. */
export function openEvents({ db }: Session): PlantEventRecord[] {
  return db
    .all<EventRow>(`${select} WHERE ended_ms IS NULL AND kind <> 'machine-up' ORDER BY start_ms, event_id`)
    .map(toEvent);
}

function writeEvent({ db }: Session, event: PlantEventRecord): void {
  upsert(
    db,
    'work_alert',
    { event_id: event.eventId },
    {
      kind: event.kind,
      severity: event.severity,
      subject: event.subject,
      start_ms: event.start,
      expected_p50_ms: event.expectedEnd?.p50,
      expected_p90_ms: event.expectedEnd?.p90,
      expected_basis: event.expectedEnd?.basis,
      ended_ms: event.endedAt,
      supersedes: event.supersedes,
      reason: event.reason,
      evidence: JSON.stringify(event.evidence),
    },
  );
}

const select = `SELECT event_id AS "eventId", kind, severity, subject, start_ms AS start, expected_p50_ms AS p50,
  expected_p90_ms AS p90, expected_basis AS basis, ended_ms AS "endedAt", supersedes, reason, evidence FROM work_alert`;

interface EventRow {
  eventId: string;
  kind: PlantEventRecord['kind'];
  severity: number;
  subject: string;
  start: number;
  p50: number | null;
  p90: number | null;
  basis: ExpectedEnd['basis'] | null;
  endedAt: number | null;
  supersedes: string | null;
  reason: string | null;
  evidence: string;
}

function toEvent({ p50, p90, basis, endedAt, supersedes, reason, evidence, ...event }: EventRow): PlantEventRecord {
  return {
    ...event,
    ...(p50 === null || p90 === null || basis === null ? {} : { expectedEnd: { p50, p90, basis } }),
    ...(endedAt === null ? {} : { endedAt }),
    ...(supersedes === null ? {} : { supersedes }),
    ...(reason === null ? {} : { reason }),
    evidence: JSON.parse(evidence) as PlantEventRecord['evidence'],
  };
}
