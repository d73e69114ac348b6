import type { Migration } from './migration.ts';

const appendOnly = ['audit_entry', 'audit_checkpoint', 'approval', 'mode_entry'];

const endOfLog = 'an audit entry is written at the end of the log';

/** Hash of the empty log (RFC 6962). */
const emptyRoot = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/**
 * The audit log, decisions and what carries them out. `audit_head` holds the log's size, root and what is needed to
 * go on; an entry can only be written at the log's end, and log, approvals and mode entries can never be changed.
 */
export const trust: Migration = {
  version: 5,
  name: 'trust',
  sql: `
CREATE TABLE audit_head (
  audit_head_key INTEGER PRIMARY KEY CHECK (audit_head_key = 1),
  origin TEXT NOT NULL,
  size INTEGER NOT NULL,
  subtrees BLOB NOT NULL,
  root_hash BLOB NOT NULL
) STRICT;

CREATE TABLE audit_entry (
  seq INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  subject TEXT NOT NULL,
  entry TEXT NOT NULL,
  leaf_hash BLOB NOT NULL
) STRICT;
CREATE INDEX audit_entry_subject ON audit_entry (subject, seq);
CREATE INDEX audit_entry_at ON audit_entry (at_ms);

CREATE TABLE audit_checkpoint (
  size INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  checkpoint TEXT NOT NULL,
  PRIMARY KEY (size, at_ms)
) STRICT, WITHOUT ROWID;

CREATE TABLE approval (
  approval_id TEXT PRIMARY KEY,
  plan_id TEXT NOT NULL REFERENCES work_schedule (schedule_id),
  plan_digest TEXT NOT NULL,
  decision TEXT NOT NULL CHECK (decision IN ('approved', 'rejected')),
  meaning TEXT NOT NULL CHECK (meaning IN ('reviewed', 'approved', 'rejected')),
  person_id TEXT NOT NULL,
  role TEXT NOT NULL,
  authenticated INTEGER NOT NULL CHECK (authenticated IN (0, 1)),
  reason TEXT NOT NULL,
  signed_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX approval_plan ON approval (plan_id);

CREATE TABLE mode_entry (
  mode_entry_key INTEGER PRIMARY KEY,
  use_case TEXT NOT NULL,
  field TEXT NOT NULL,
  mode TEXT NOT NULL CHECK (mode IN ('shadow', 'advise', 'write')),
  reason TEXT NOT NULL,
  actor TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  signature BLOB NOT NULL
) STRICT;
CREATE INDEX mode_entry_field ON mode_entry (use_case, field, at_ms);

CREATE TABLE twin_parameter (
  subject TEXT PRIMARY KEY,
  value TEXT NOT NULL,
  person_id TEXT NOT NULL,
  accepted_ms INTEGER NOT NULL,
  row_version INTEGER NOT NULL
) STRICT;

CREATE TABLE write_inhibit (
  write_inhibit_key INTEGER PRIMARY KEY,
  reason TEXT NOT NULL,
  source TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  lifted_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX write_inhibit_on ON write_inhibit ((1)) WHERE lifted_ms IS NULL;

CREATE TABLE outbox_command (
  outbox_command_key INTEGER PRIMARY KEY,
  command_id TEXT NOT NULL UNIQUE,
  approval_id TEXT NOT NULL REFERENCES approval,
  target TEXT NOT NULL,
  job_order_id TEXT NOT NULL,
  expected_version INTEGER NOT NULL,
  before TEXT NOT NULL,
  after TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'sent', 'acknowledged', 'rejected', 'conflict', 'dead')),
  attempts INTEGER NOT NULL,
  read_back TEXT,
  error TEXT,
  row_version INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_command_approval ON outbox_command (approval_id);

CREATE TABLE material_movement (
  staging_id TEXT PRIMARY KEY,
  plan_id TEXT NOT NULL,
  job_order_id TEXT NOT NULL,
  material_id TEXT NOT NULL,
  lot_id TEXT,
  quantity REAL NOT NULL,
  unit TEXT NOT NULL,
  from_location TEXT NOT NULL,
  to_location TEXT NOT NULL,
  need_ms INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('open', 'done', 'cancelled')),
  row_version INTEGER NOT NULL
) STRICT;
CREATE INDEX material_movement_plan ON material_movement (plan_id, need_ms);

CREATE TABLE notification (
  notification_id TEXT PRIMARY KEY,
  role TEXT NOT NULL,
  severity REAL NOT NULL,
  template_id TEXT NOT NULL,
  params TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  acknowledged_by TEXT,
  row_version INTEGER NOT NULL
) STRICT;
CREATE INDEX notification_created ON notification (created_ms);

CREATE TABLE work_directive (
  document_id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  kind TEXT NOT NULL,
  job_order_id TEXT,
  locale TEXT NOT NULL,
  status TEXT NOT NULL,
  body TEXT NOT NULL,
  sources TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  row_version INTEGER NOT NULL,
  PRIMARY KEY (document_id, revision)
) STRICT;
CREATE INDEX work_directive_created ON work_directive (created_ms);
`,
  sqlite: `
INSERT INTO audit_head VALUES (1, 'node-red-shopfloor/' || lower(hex(randomblob(16))), 0, x'', x'${emptyRoot}');
CREATE TRIGGER audit_entry_at_end BEFORE INSERT ON audit_entry WHEN NEW.seq <> (SELECT size FROM audit_head)
BEGIN SELECT RAISE(ABORT, '${endOfLog}'); END;
${appendOnly
  .map(
    (table) => `
CREATE TRIGGER ${table}_no_update BEFORE UPDATE ON ${table}
BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END;
CREATE TRIGGER ${table}_no_delete BEFORE DELETE ON ${table}
BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END;`,
  )
  .join('')}
`,
  postgres: `
INSERT INTO audit_head VALUES (1, 'node-red-shopfloor/' || replace(gen_random_uuid()::text, '-', ''), 0, '',
  decode('${emptyRoot}', 'hex'));
CREATE FUNCTION audit_entry_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.seq <> (SELECT size FROM audit_head) THEN
    RAISE '${endOfLog}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_entry_at_end BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_entry_check();
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
${appendOnly
  .map(
    (table) => `
CREATE TRIGGER ${table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();`,
  )
  .join('')}
REVOKE UPDATE, DELETE, TRUNCATE ON audit_entry, audit_checkpoint, mode_entry FROM CURRENT_USER;
`,
};
