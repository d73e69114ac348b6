import type { Migration } from './migration.ts';

/** Samples on PostgreSQL: `kind` tells number (0), boolean (1) and text (2) apart; a text's `value` is 0. */
const sampleColumns = `
      tag_id INTEGER NOT NULL,
      kind SMALLINT NOT NULL CHECK (kind IN (0, 1, 2)),
      quality SMALLINT NOT NULL CHECK (quality IN (0, 1, 2)),
      source_ms BIGINT NOT NULL,
      value DOUBLE PRECISION NOT NULL,
      server_ms BIGINT,
      text_value TEXT NOT NULL,
      PRIMARY KEY (tag_id, source_ms, value, text_value, kind)`;

/**
 * What happened: states, parts, inspections, energy, maintenance records, samples. No foreign keys here: what a
 * machine reports is kept even where master data does not know it yet. A sample's value keeps its own type: REAL is
 * a number, INTEGER 0 or 1 a boolean, TEXT a text. What is past its time lives on as aggregates of ten minutes.
 */
export const execution: Migration = {
  version: 4,
  name: 'execution',
  sql: `
CREATE TABLE equipment_state_event (
  equipment_id TEXT NOT NULL,
  start_ms INTEGER NOT NULL,
  end_ms INTEGER,
  state TEXT NOT NULL,
  reason_code TEXT,
  PRIMARY KEY (equipment_id, start_ms),
  CHECK (end_ms IS NULL OR start_ms <= end_ms)
) STRICT, WITHOUT ROWID;
CREATE INDEX equipment_state_event_start ON equipment_state_event (start_ms);
CREATE INDEX equipment_state_event_end ON equipment_state_event (end_ms, equipment_id);
CREATE INDEX equipment_state_event_reason ON equipment_state_event (reason_code, equipment_id, start_ms)
  WHERE reason_code IS NOT NULL;

CREATE TABLE material_actual (
  equipment_id TEXT NOT NULL,
  start_ms INTEGER NOT NULL,
  end_ms INTEGER NOT NULL,
  job_order_id TEXT,
  material_id TEXT,
  good REAL NOT NULL CHECK (good >= 0),
  scrap REAL NOT NULL CHECK (scrap >= 0),
  rework REAL NOT NULL CHECK (rework >= 0),
  CHECK (start_ms <= end_ms)
) STRICT;
CREATE UNIQUE INDEX material_actual_once
  ON material_actual (end_ms, equipment_id, start_ms, coalesce(job_order_id, ''), coalesce(material_id, ''));

CREATE TABLE inspection_result (
  inspection_id TEXT PRIMARY KEY,
  equipment_id TEXT NOT NULL,
  material_id TEXT,
  job_order_id TEXT,
  at_ms INTEGER NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('pass', 'fail', 'review')),
  defect TEXT,
  value REAL,
  unit TEXT
) STRICT;
CREATE INDEX inspection_result_at ON inspection_result (at_ms);

CREATE TABLE energy_actual (
  end_ms INTEGER NOT NULL,
  equipment_id TEXT NOT NULL,
  start_ms INTEGER NOT NULL,
  kwh REAL NOT NULL,
  PRIMARY KEY (end_ms, equipment_id, start_ms),
  CHECK (start_ms <= end_ms)
) STRICT, WITHOUT ROWID;

CREATE TABLE tag_gap (
  tag TEXT NOT NULL,
  from_ms INTEGER NOT NULL,
  to_ms INTEGER NOT NULL,
  reason TEXT NOT NULL CHECK (reason IN ('overflow', 'resubscribed', 'sequence', 'restart')),
  backfilled INTEGER NOT NULL,
  PRIMARY KEY (tag, from_ms, reason),
  CHECK (from_ms <= to_ms)
) STRICT, WITHOUT ROWID;

CREATE TABLE work_record (
  entry_id TEXT PRIMARY KEY,
  equipment_id TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  author TEXT NOT NULL,
  language TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX work_record_equipment ON work_record (equipment_id, at_ms);

CREATE TABLE tag (
  tag_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  source TEXT,
  node_ref TEXT,
  equipment_id TEXT,
  data_type TEXT,
  unit TEXT,
  low REAL,
  high REAL,
  row_version INTEGER NOT NULL
) STRICT;

CREATE TABLE tag_aggregate (
  tag_id INTEGER NOT NULL REFERENCES tag,
  start_ms INTEGER NOT NULL,
  count INTEGER NOT NULL,
  mean REAL NOT NULL,
  least REAL NOT NULL,
  greatest REAL NOT NULL,
  last REAL NOT NULL,
  last_ms INTEGER NOT NULL,
  PRIMARY KEY (tag_id, start_ms)
) STRICT, WITHOUT ROWID;
CREATE INDEX tag_aggregate_start ON tag_aggregate (start_ms);
`,
  sqlite: `
CREATE TABLE tag_sample (
  tag_id INTEGER NOT NULL REFERENCES tag,
  source_ms INTEGER NOT NULL,
  value ANY NOT NULL,
  server_ms INTEGER,
  quality INTEGER NOT NULL CHECK (quality IN (0, 1, 2)),
  PRIMARY KEY (tag_id, source_ms, value)
) STRICT, WITHOUT ROWID;
`,
  postgres: `
DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'timescaledb') THEN
    CREATE TABLE tag_sample (${sampleColumns});
    PERFORM create_hypertable('tag_sample', 'source_ms', chunk_time_interval => 86400000::bigint);
  ELSE
    CREATE TABLE tag_sample (${sampleColumns}) PARTITION BY RANGE (source_ms);
    CREATE TABLE tag_sample_rest PARTITION OF tag_sample DEFAULT;
  END IF;
END $$;
`,
};
