import type { Migration } from './migration.ts';

/** Machines that treat several operations in one load. */
const batchMachines = 'SELECT equipment_id FROM equipment WHERE batch_capacity IS NOT NULL';

const overlap = 'two operations of a published plan on one machine at the same time';

/**
 * Orders, plans, events; `job_order_plan` holds where the last live plan that had an operation put it. A published
 * plan has no two entries of one machine at a time, unless it is a batch machine: checked by trigger both when a plan
 * is published and when an entry of a published plan is written. At most one plan is published.
 */
export const demandAndPlan: Migration = {
  version: 3,
  name: 'demand and plan',
  sql: `
CREATE TABLE work_request (
  work_request_id TEXT PRIMARY KEY,
  customer TEXT NOT NULL,
  material_id TEXT NOT NULL REFERENCES material_definition,
  quantity REAL NOT NULL CHECK (quantity >= 0),
  released_ms INTEGER NOT NULL,
  due_ms INTEGER NOT NULL,
  priority REAL NOT NULL,
  request_state TEXT NOT NULL CHECK (request_state IN ('Forecast', 'Released', 'Cancelled', 'Ready', 'Running',
    'Completed', 'Aborted', 'Held', 'Paused', 'Closed', 'Other')),
  row_version INTEGER NOT NULL
) STRICT;
CREATE INDEX work_request_state ON work_request (request_state);
CREATE INDEX work_request_due ON work_request (due_ms);

CREATE TABLE job_order (
  job_order_id TEXT PRIMARY KEY,
  work_request_id TEXT NOT NULL REFERENCES work_request,
  work_master_id TEXT NOT NULL,
  work_master_version TEXT NOT NULL,
  segment_id TEXT NOT NULL,
  lot INTEGER CHECK (lot >= 1),
  quantity REAL NOT NULL CHECK (quantity >= 0),
  dispatch_status TEXT NOT NULL CHECK (dispatch_status IN ('Waiting', 'Pending', 'Cancelled', 'Dispatched', 'Ready',
    'Running', 'Completed', 'Aborted', 'Held', 'Suspended', 'Closed', 'Other')),
  good_quantity REAL NOT NULL,
  equipment_id TEXT REFERENCES equipment,
  started_ms INTEGER,
  ended_ms INTEGER,
  planned_equipment_id TEXT REFERENCES equipment,
  planned_start_ms INTEGER,
  planned_end_ms INTEGER,
  row_version INTEGER NOT NULL,
  CHECK (ended_ms IS NULL OR started_ms <= ended_ms),
  CHECK (planned_start_ms IS NULL OR planned_end_ms IS NULL OR planned_start_ms < planned_end_ms),
  FOREIGN KEY (work_master_id, work_master_version) REFERENCES work_master
) STRICT;
CREATE INDEX job_order_request ON job_order (work_request_id);
CREATE INDEX job_order_started ON job_order (equipment_id, started_ms);

CREATE TABLE work_alert (
  event_id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  severity REAL NOT NULL,
  subject TEXT NOT NULL,
  start_ms INTEGER NOT NULL,
  expected_p50_ms INTEGER,
  expected_p90_ms INTEGER,
  expected_basis TEXT CHECK (expected_basis IN ('reason-history', 'person', 'default')),
  ended_ms INTEGER,
  supersedes TEXT,
  reason TEXT,
  evidence TEXT NOT NULL,
  row_version INTEGER NOT NULL
) STRICT;
CREATE INDEX work_alert_open ON work_alert (kind, subject) WHERE ended_ms IS NULL;

CREATE TABLE work_schedule (
  work_schedule_key INTEGER PRIMARY KEY,
  schedule_id TEXT NOT NULL UNIQUE,
  base_schedule_id TEXT,
  status TEXT NOT NULL CHECK (status IN ('draft', 'proposed', 'approved', 'published', 'superseded', 'rejected')),
  created_ms INTEGER NOT NULL,
  from_ms INTEGER NOT NULL,
  frozen_until_ms INTEGER NOT NULL,
  label TEXT NOT NULL,
  seed INTEGER NOT NULL,
  input_digest TEXT NOT NULL,
  approval_id TEXT,
  published_ms INTEGER,
  row_version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX work_schedule_published ON work_schedule (status) WHERE status = 'published';

CREATE TABLE schedule_entry (
  work_schedule_key INTEGER NOT NULL REFERENCES work_schedule ON DELETE CASCADE,
  position INTEGER NOT NULL,
  job_order_id TEXT NOT NULL,
  equipment_id TEXT NOT NULL,
  person_id TEXT,
  start_ms INTEGER NOT NULL,
  end_ms INTEGER NOT NULL,
  setup_seconds REAL NOT NULL,
  frozen INTEGER NOT NULL CHECK (frozen IN (0, 1)),
  PRIMARY KEY (work_schedule_key, position),
  CHECK (start_ms < end_ms)
) STRICT, WITHOUT ROWID;

CREATE TABLE job_order_plan (
  job_order_id TEXT PRIMARY KEY,
  work_schedule_key INTEGER NOT NULL REFERENCES work_schedule,
  start_ms INTEGER NOT NULL,
  end_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE scenario_set (
  request_id TEXT PRIMARY KEY,
  event_id TEXT,
  base_plan_id TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  inputs_digest TEXT NOT NULL,
  seed INTEGER NOT NULL,
  replications INTEGER NOT NULL,
  dominated INTEGER NOT NULL,
  request TEXT NOT NULL,
  wish_costs TEXT NOT NULL,
  unplanned TEXT NOT NULL,
  plant_state TEXT
) STRICT;
CREATE INDEX scenario_set_created ON scenario_set (created_ms);

CREATE TABLE scenario (
  request_id TEXT NOT NULL REFERENCES scenario_set ON DELETE CASCADE,
  position INTEGER NOT NULL,
  work_schedule_key INTEGER NOT NULL UNIQUE REFERENCES work_schedule,
  digest TEXT NOT NULL,
  rank INTEGER NOT NULL,
  shown TEXT NOT NULL,
  PRIMARY KEY (request_id, position)
) STRICT, WITHOUT ROWID;
`,
  sqlite: `
CREATE TRIGGER work_schedule_overlap BEFORE UPDATE OF status ON work_schedule
WHEN NEW.status = 'published' AND EXISTS (
  SELECT 1 FROM (
    SELECT start_ms, max(end_ms) OVER (PARTITION BY equipment_id ORDER BY start_ms, end_ms
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS busy_until_ms
    FROM schedule_entry WHERE work_schedule_key = NEW.work_schedule_key AND equipment_id NOT IN (${batchMachines})
  ) WHERE start_ms < busy_until_ms)
BEGIN SELECT RAISE(ABORT, '${overlap}'); END;

CREATE TRIGGER work_schedule_born_published BEFORE INSERT ON work_schedule WHEN NEW.status = 'published'
BEGIN SELECT RAISE(ABORT, 'a plan is published after it was written'); END;

CREATE TRIGGER schedule_entry_overlap_insert BEFORE INSERT ON schedule_entry
WHEN (SELECT status FROM work_schedule WHERE work_schedule_key = NEW.work_schedule_key) = 'published' AND EXISTS (
  SELECT 1 FROM schedule_entry WHERE work_schedule_key = NEW.work_schedule_key AND equipment_id = NEW.equipment_id
    AND equipment_id NOT IN (${batchMachines}) AND start_ms < NEW.end_ms AND end_ms > NEW.start_ms)
BEGIN SELECT RAISE(ABORT, '${overlap}'); END;

CREATE TRIGGER schedule_entry_overlap_update BEFORE UPDATE ON schedule_entry
WHEN (SELECT status FROM work_schedule WHERE work_schedule_key = NEW.work_schedule_key) = 'published' AND EXISTS (
  SELECT 1 FROM schedule_entry WHERE work_schedule_key = NEW.work_schedule_key AND equipment_id = NEW.equipment_id
    AND equipment_id NOT IN (${batchMachines}) AND position <> OLD.position AND start_ms < NEW.end_ms AND end_ms > NEW.start_ms)
BEGIN SELECT RAISE(ABORT, '${overlap}'); END;
`,
  postgres: `
CREATE FUNCTION work_schedule_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    RAISE 'a plan is published after it was written' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (
    SELECT 1 FROM (
      SELECT start_ms, max(end_ms) OVER (PARTITION BY equipment_id ORDER BY start_ms, end_ms
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS busy_until_ms
      FROM schedule_entry WHERE work_schedule_key = NEW.work_schedule_key AND equipment_id NOT IN (${batchMachines})
    ) entry WHERE start_ms < busy_until_ms) THEN
    RAISE '${overlap}' USING ERRCODE = 'exclusion_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER work_schedule_born_published BEFORE INSERT ON work_schedule FOR EACH ROW
  WHEN (NEW.status = 'published') EXECUTE FUNCTION work_schedule_check();
CREATE TRIGGER work_schedule_overlap BEFORE UPDATE OF status ON work_schedule FOR EACH ROW
  WHEN (NEW.status = 'published') EXECUTE FUNCTION work_schedule_check();

CREATE FUNCTION schedule_entry_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT status FROM work_schedule WHERE work_schedule_key = NEW.work_schedule_key) = 'published' AND EXISTS (
    SELECT 1 FROM schedule_entry WHERE work_schedule_key = NEW.work_schedule_key AND equipment_id = NEW.equipment_id
      AND equipment_id NOT IN (${batchMachines}) AND (TG_OP = 'INSERT' OR position <> OLD.position)
      AND start_ms < NEW.end_ms AND end_ms > NEW.start_ms) THEN
    RAISE '${overlap}' USING ERRCODE = 'exclusion_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER schedule_entry_overlap BEFORE INSERT OR UPDATE ON schedule_entry FOR EACH ROW
  EXECUTE FUNCTION schedule_entry_check();
`,
};
