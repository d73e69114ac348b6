import type { KeyObject } from 'node:crypto';
import { appendEntry } from './audit-log.ts';
import type { Database } from './database.ts';
import type { Historian } from './historian/historian.ts';
import type { Actor } from './store.ts';

/** What every function of the store's worker works with. */
export interface Session {
  readonly db: Database;
  /** Signs checkpoints and mode entries. */
  readonly auditKey: KeyObject;
  /** The caller's clock at this call, milliseconds since 1970 UTC. */
  now: number;
  readonly historian: Historian;
  /** Keys of tags by name, as far as they were asked for; tags never go. */
  readonly tagIds: Map<string, number>;
  /** Days that samples are kept. */
  readonly retentionDays: number;
  /** Days that their aggregates are kept. */
  readonly aggregateDays: number;
  /** When samples past their time were last looked for, and whether some were left. */
  expiry: { at: number; left: boolean };
}

/** What the audit log says of a change. */
export interface AuditNote {
  /** `<noun>.<verb>`, for example `schedule.publish`. */
  action: string;
  subject: string;
  data: Record<string, unknown>;
}

/**
 * One change: the work and its audit entry in one transaction, both or neither.
 * @param note what the log says, or how it follows from the work's result
 */
export function change<T>(
  session: Session,
  actor: Actor,
  note: AuditNote | ((result: T) => AuditNote),
  work: () => T,
): T {
  return session.db.transaction(() => {
    const result = work();
    appendEntry(session.db, session.now, actor, typeof note === 'function' ? note(result) : note);
    return result;
  });
}
