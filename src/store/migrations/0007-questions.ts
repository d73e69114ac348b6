import type { Migration } from './migration.ts';

/** What people say of answers, and the questions whose reading a person has verified. */
export const questions: Migration = {
  version: 7,
  name: 'questions',
  sql: `
CREATE TABLE feedback (
  feedback_key INTEGER PRIMARY KEY,
  subject_type TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('agree', 'disagree', 'unsure')),
  corrected_value TEXT,
  reason TEXT NOT NULL,
  person_id TEXT NOT NULL,
  data TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX feedback_subject ON feedback (subject_type, subject_id);
CREATE INDEX feedback_at ON feedback (at_ms);

CREATE TABLE verified_question (
  question_key TEXT PRIMARY KEY,
  body TEXT NOT NULL,
  person_id TEXT NOT NULL,
  reason TEXT NOT NULL,
  verified_ms INTEGER NOT NULL,
  row_version INTEGER NOT NULL
) STRICT;
`,
};
