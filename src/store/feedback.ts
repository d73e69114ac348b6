import { change, type Session } from './session.ts';
import type { Actor, FeedbackRecord, VerifiedQuestionRow } from './store.ts';

/** Keeps what a person says of an answer or a prediction. */
export function saveFeedback(session: Session, feedback: FeedbackRecord, actor: Actor): void {
  const { subjectType, subjectId, verdict, correctedValue, reason, personId, data } = feedback;
  const note = { action: `feedback.${verdict}`, subject: subjectId, data: { ...feedback } };
  change(session, actor, note, () => {
    session.db.run(
      `INSERT INTO feedback (subject_type, subject_id, verdict, corrected_value, reason, person_id, data, at_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[subjectType, subjectId, verdict, correctedValue === undefined ? null : JSON.stringify(correctedValue)],
      ...[reason, personId, JSON.stringify(data), session.now],
    );
  });
}

/** What was said of subjects of one type, newest first. */
export function feedback({ db }: Session, subjectType: string, limit: number): FeedbackRecord[] {
  return db
    .all<FeedbackRow>(
      `SELECT subject_type AS "subjectType", subject_id AS "subjectId", verdict, corrected_value AS "correctedValue",
       reason, person_id AS "personId", data, at_ms AS at FROM feedback
       WHERE subject_type = ? ORDER BY at_ms DESC, feedback_key DESC LIMIT ?`,
      subjectType,
      limit,
    )
    .map(({ correctedValue, data, ...row }) => ({
      ...row,
      ...(correctedValue === null ? {} : { correctedValue: JSON.parse(correctedValue) as number | string }),
      data: JSON.parse(data) as Record<string, unknown>,
    }));
}

interface FeedbackRow extends Omit<FeedbackRecord, 'correctedValue' | 'data'> {
  correctedValue: string | null;
  data: string;
}

/** Keeps a question's verified reading in place of an earlier one. */
export function saveVerifiedQuestion(session: Session, row: VerifiedQuestionRow, actor: Actor): void {
  const note = { action: 'question.verify', subject: row.key, data: { ...row } };
  change(session, actor, note, () => {
    session.db.run(
      `INSERT INTO verified_question AS q VALUES (?, ?, ?, ?, ?, 1) ON CONFLICT (question_key) DO UPDATE SET
       body = excluded.body, person_id = excluded.person_id, reason = excluded.reason,
       verified_ms = excluded.verified_ms, row_version = q.row_version + 1`,
      ...[row.key, JSON.stringify(row.body), row.personId, row.reason, row.verifiedAt],
    );
  });
}

/** Forgets a verified reading; whether there was one. */
export function deleteVerifiedQuestion(session: Session, key: string, actor: Actor): boolean {
  const known = session.db.get('SELECT 1 FROM verified_question WHERE question_key = ?', key) !== undefined;
  if (known)
    change(session, actor, { action: 'question.forget', subject: key, data: {} }, () => {
      session.db.run('DELETE FROM verified_question WHERE question_key = ?', key);
    });
  return known;
}

/** All verified readings, in order of their keys. */
export function verifiedQuestions({ db }: Session): VerifiedQuestionRow[] {
  return db
    .all<Omit<VerifiedQuestionRow, 'body'> & { body: string }>(
      `SELECT question_key AS key, body, person_id AS "personId", reason, verified_ms AS "verifiedAt"
       FROM verified_question ORDER BY question_key`,
    )
    .map((row) => ({ ...row, body: JSON.parse(row.body) as Record<string, unknown> }));
}
