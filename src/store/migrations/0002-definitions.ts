import type { Migration } from './migration.ts';

/** How things are made (IEC 62264-4 work masters and their segments) and what a change of family costs. */
export const definitions: Migration = {
  version: 2,
  name: 'definitions',
  sql: `
CREATE TABLE work_master (
  work_master_id TEXT NOT NULL,
  version TEXT NOT NULL,
  material_id TEXT NOT NULL REFERENCES material_definition,
  position INTEGER NOT NULL,
  valid_to_ms INTEGER,
  row_version INTEGER NOT NULL,
  PRIMARY KEY (work_master_id, version)
) STRICT;

CREATE TABLE process_segment (
  work_master_id TEXT NOT NULL,
  version TEXT NOT NULL,
  segment_id TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  name TEXT NOT NULL,
  qualification_id TEXT,
  interruptible INTEGER NOT NULL CHECK (interruptible IN (0, 1)),
  after_interruption TEXT CHECK (after_interruption IN ('resume', 'restart', 'scrap')),
  most_lots INTEGER CHECK (most_lots >= 1),
  least_lot_quantity REAL CHECK (least_lot_quantity >= 0),
  position INTEGER NOT NULL,
  PRIMARY KEY (work_master_id, version, segment_id),
  CHECK (interruptible = 0 OR after_interruption IS NULL OR after_interruption = 'resume'),
  CHECK ((most_lots IS NULL) = (least_lot_quantity IS NULL)),
  FOREIGN KEY (work_master_id, version) REFERENCES work_master
) STRICT, WITHOUT ROWID;

CREATE TABLE segment_dependency (
  work_master_id TEXT NOT NULL,
  version TEXT NOT NULL,
  segment_id TEXT NOT NULL,
  predecessor_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (work_master_id, version, segment_id, predecessor_id),
  FOREIGN KEY (work_master_id, version, segment_id) REFERENCES process_segment ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE segment_lag (
  work_master_id TEXT NOT NULL,
  version TEXT NOT NULL,
  segment_id TEXT NOT NULL,
  predecessor_id TEXT NOT NULL,
  min_seconds REAL CHECK (min_seconds >= 0),
  max_seconds REAL CHECK (max_seconds >= 0),
  transfer_quantity REAL CHECK (transfer_quantity > 0),
  position INTEGER NOT NULL,
  PRIMARY KEY (work_master_id, version, segment_id, predecessor_id),
  CHECK (max_seconds IS NULL OR transfer_quantity IS NULL),
  FOREIGN KEY (work_master_id, version, segment_id, predecessor_id) REFERENCES segment_dependency ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE segment_equipment (
  work_master_id TEXT NOT NULL,
  version TEXT NOT NULL,
  segment_id TEXT NOT NULL,
  equipment_id TEXT NOT NULL REFERENCES equipment,
  seconds_per_unit REAL NOT NULL CHECK (seconds_per_unit >= 0),
  seconds_per_batch REAL CHECK (seconds_per_batch >= 0),
  position INTEGER NOT NULL,
  PRIMARY KEY (work_master_id, version, segment_id, equipment_id),
  FOREIGN KEY (work_master_id, version, segment_id) REFERENCES process_segment ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE segment_tool (
  work_master_id TEXT NOT NULL,
  version TEXT NOT NULL,
  segment_id TEXT NOT NULL,
  tool_id TEXT NOT NULL REFERENCES tool,
  position INTEGER NOT NULL,
  PRIMARY KEY (work_master_id, version, segment_id, tool_id),
  FOREIGN KEY (work_master_id, version, segment_id) REFERENCES process_segment ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE segment_material (
  work_master_id TEXT NOT NULL,
  version TEXT NOT NULL,
  segment_id TEXT NOT NULL,
  material_id TEXT NOT NULL REFERENCES material_definition,
  quantity_per_unit REAL NOT NULL CHECK (quantity_per_unit >= 0),
  position INTEGER NOT NULL,
  PRIMARY KEY (work_master_id, version, segment_id, material_id),
  FOREIGN KEY (work_master_id, version, segment_id) REFERENCES process_segment ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE setup_matrix (
  equipment_class_id TEXT PRIMARY KEY,
  default_seconds REAL NOT NULL CHECK (default_seconds >= 0),
  position INTEGER NOT NULL,
  valid_to_ms INTEGER,
  row_version INTEGER NOT NULL
) STRICT;

CREATE TABLE changeover (
  equipment_class_id TEXT NOT NULL REFERENCES setup_matrix,
  from_family TEXT NOT NULL,
  to_family TEXT NOT NULL,
  duration_seconds REAL NOT NULL CHECK (duration_seconds >= 0),
  PRIMARY KEY (equipment_class_id, from_family, to_family)
) STRICT, WITHOUT ROWID;
`,
};
