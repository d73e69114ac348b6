import type { Migration } from './migration.ts';

/**
 * Resources (IEC 62264-2). Ids are the plant's own; instants are INTEGER milliseconds since 1970 UTC in columns
 * `…_ms`; `valid_to_ms` stands in place of a deletion; `position` keeps the order in which a list was given.
 */
export const resources: Migration = {
  version: 1,
  name: 'resources',
  sql: `
CREATE TABLE plant (
  plant_key INTEGER PRIMARY KEY CHECK (plant_key = 1),
  enterprise TEXT NOT NULL,
  site TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  transport_seconds REAL NOT NULL,
  row_version INTEGER NOT NULL
) STRICT;

CREATE TABLE work_calendar_shift (
  shift_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  start_local TEXT NOT NULL,
  end_local TEXT NOT NULL,
  weekdays TEXT NOT NULL,
  position INTEGER NOT NULL,
  valid_to_ms INTEGER,
  row_version INTEGER NOT NULL
) STRICT;

CREATE TABLE work_calendar_holiday (
  local_date TEXT PRIMARY KEY,
  position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE equipment (
  equipment_id TEXT PRIMARY KEY,
  parent_id TEXT REFERENCES equipment DEFERRABLE INITIALLY DEFERRED,
  level TEXT NOT NULL CHECK (level IN ('Enterprise', 'Site', 'Area', 'ProductionLine', 'WorkUnit')),
  equipment_class_id TEXT,
  name TEXT NOT NULL,
  batch_capacity REAL CHECK (batch_capacity > 0),
  line_id TEXT,
  area_id TEXT,
  position INTEGER NOT NULL,
  valid_to_ms INTEGER,
  row_version INTEGER NOT NULL
) STRICT;

CREATE TABLE person (
  person_id TEXT PRIMARY KEY,
  shift_id TEXT,
  most_hours_per_day REAL CHECK (most_hours_per_day >= 0),
  most_hours_per_week REAL CHECK (most_hours_per_week >= 0),
  position INTEGER NOT NULL,
  valid_to_ms INTEGER,
  row_version INTEGER NOT NULL
) STRICT;

CREATE TABLE qualification (
  person_id TEXT NOT NULL REFERENCES person,
  qualification_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (person_id, qualification_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE tool (
  tool_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  copies INTEGER NOT NULL CHECK (copies >= 0),
  position INTEGER NOT NULL,
  valid_to_ms INTEGER,
  row_version INTEGER NOT NULL
) STRICT;

CREATE TABLE transport_time (
  from_line_id TEXT NOT NULL REFERENCES equipment,
  to_line_id TEXT NOT NULL REFERENCES equipment,
  seconds REAL NOT NULL CHECK (seconds >= 0),
  position INTEGER NOT NULL,
  PRIMARY KEY (from_line_id, to_line_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE material_definition (
  material_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  unit TEXT NOT NULL,
  setup_family TEXT,
  position INTEGER NOT NULL,
  valid_to_ms INTEGER,
  row_version INTEGER NOT NULL
) STRICT;

CREATE TABLE material_lot (
  lot_id TEXT PRIMARY KEY,
  material_id TEXT NOT NULL REFERENCES material_definition,
  quantity REAL NOT NULL CHECK (quantity >= 0),
  unit TEXT NOT NULL,
  available_ms INTEGER NOT NULL,
  promised_ms INTEGER,
  location_id TEXT NOT NULL,
  row_version INTEGER NOT NULL
) STRICT;

CREATE TABLE work_calendar_entry (
  work_calendar_entry_key INTEGER PRIMARY KEY,
  equipment_id TEXT REFERENCES equipment,
  person_id TEXT REFERENCES person,
  reason TEXT NOT NULL,
  start_ms INTEGER NOT NULL,
  end_ms INTEGER NOT NULL,
  row_version INTEGER NOT NULL,
  CHECK (start_ms < end_ms),
  CHECK ((equipment_id IS NULL) <> (person_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX work_calendar_entry_of_equipment ON work_calendar_entry (equipment_id, start_ms)
  WHERE equipment_id IS NOT NULL;
CREATE UNIQUE INDEX work_calendar_entry_of_person ON work_calendar_entry (person_id, start_ms)
  WHERE person_id IS NOT NULL;
CREATE INDEX work_calendar_entry_end ON work_calendar_entry (end_ms);
`,
};
