import { change, type Session } from './session.ts';

const hour = 3_600_000;

/** Removes samples past their retention, at most once an hour, and tells the audit log how many. */
export function expireSamples(session: Session): void {
  const { db, now, retentionDays } = session;
  if (Math.abs(now - session.expiredAt) < hour) return;
  session.expiredAt = now;
  const before = now - retentionDays * 24 * hour;
  const expired = db
    .all<{ id: number }>('SELECT tag_id AS id FROM tag')
    .filter(({ id }) => db.get('SELECT 1 FROM tag_sample WHERE tag_id = ? AND source_ms < ? LIMIT 1', id, before));
  if (expired.length === 0) return;
  const note = (count: number) => ({ action: 'samples.expire', subject: 'tag_sample', data: { count, before } });
  change(session, { id: 'store' }, note, () =>
    expired.reduce(
      (count, { id }) => count + db.run('DELETE FROM tag_sample WHERE tag_id = ? AND source_ms < ?', id, before),
      0,
    ),
  );
}
