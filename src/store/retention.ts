import { MillwrightError } from '../kernel/index.ts';
import { appendEntry } from './audit-log.ts';
import type { Session } from './session.ts';
import { refreshStatistics } from './statistics.ts';

const minute = 60_000;
const day = 1_440 * minute;

/** Aggregates that one run forgets at most. */
const aggregatesPerRun = 100_000;

/**
 * Condenses samples past their retention into aggregates of ten minutes, forgets aggregates past theirs, and tells
 * the audit log how many samples. A run does a bounded part: the next follows after an hour, or after a minute where
 * something was left. A run that fails (while a backup reads, say) is told there too, and leaves what was written alone.
 */
export function expireSamples(session: Session): void {
  const { db, historian, now, retentionDays, aggregateDays, expiry } = session;
  if (Math.abs(now - expiry.at) < (expiry.left ? minute : 60 * minute)) return;
  const before = now - retentionDays * day;
  const note = (data: Record<string, unknown>) =>
    appendEntry(db, now, { id: 'store' }, { action: 'samples.expire', subject: 'tag_sample', data });
  try {
    const left = db.transaction(() => {
      const { count, more } = historian.expire(before);
      const forgotten = db.run(
        `DELETE FROM tag_aggregate WHERE (tag_id, start_ms) IN
         (SELECT tag_id, start_ms FROM tag_aggregate WHERE start_ms < ? LIMIT ${aggregatesPerRun})`,
        now - aggregateDays * day,
      );
      if (count > 0) note({ count, before });
      return more || forgotten === aggregatesPerRun;
    });
    refreshStatistics(db);
    session.expiry = { at: now, left };
  } catch (thrown) {
    if (!(thrown instanceof MillwrightError)) throw thrown;
    session.expiry = { at: now, left: false };
    if (thrown.code !== 'MW_STORE_LOST') db.transaction(() => note({ failed: thrown.code, before }));
  }
}
