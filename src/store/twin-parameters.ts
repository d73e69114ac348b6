import { change, type Session } from './session.ts';
import type { Actor, TwinParameterRow } from './store.ts';

/** Puts what a person accepted in place of the standard; without a value the standard is back. One entry for all. */
export function acceptTwinParameters(
  session: Session,
  rows: readonly (Pick<TwinParameterRow, 'subject'> & Partial<Pick<TwinParameterRow, 'value'>>)[],
  evidence: Record<string, unknown>,
  actor: Actor,
): void {
  const { db, now } = session;
  const before = new Map(twinParameters(session).map(({ subject, value }) => [subject, value]));
  const changes = rows.map(({ subject, value }) => ({
    subject,
    before: before.get(subject) ?? null,
    after: value ?? null,
  }));
  const note = { action: 'twin.accept', subject: 'twin', data: { changes, evidence } };
  change(session, actor, note, () => {
    for (const { subject, value } of rows)
      if (value === undefined) db.run('DELETE FROM twin_parameter WHERE subject = ?', subject);
      else
        db.run(
          `INSERT INTO twin_parameter AS t VALUES (?, ?, ?, ?, 1) ON CONFLICT (subject) DO UPDATE SET value = excluded.value,
           person_id = excluded.person_id, accepted_ms = excluded.accepted_ms, row_version = t.row_version + 1`,
          ...[subject, JSON.stringify(value), actor.id, now],
        );
  });
}

/** What people have accepted, in order of subject. */
export function twinParameters({ db }: Session): TwinParameterRow[] {
  return db
    .all<Omit<TwinParameterRow, 'value'> & { value: string }>(
      `SELECT subject, value, person_id AS "personId", accepted_ms AS "acceptedAt" FROM twin_parameter ORDER BY subject`,
    )
    .map((row) => ({ ...row, value: JSON.parse(row.value) as Record<string, unknown> }));
}
