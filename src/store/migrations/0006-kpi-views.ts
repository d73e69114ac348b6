import type { Migration } from './migration.ts';

/**
 * The views that questions may read, and nothing else; who wrote a maintenance record is not among it. An `end_ms` that is null means that it goes on; an order's
 * `completed_ms` is the end of its last operation once all are done; `planned_end_ms` is an operation's end in the
 * last live plan that had it; `seconds_per_unit` is the routing's run time of one part on the count's machine.
 */
export const kpiViews: Migration = {
  version: 6,
  name: 'kpi views',
  sql: `
CREATE VIEW kpi_state AS
SELECT s.equipment_id, e.line_id, e.area_id, s.state, s.reason_code AS reason, s.start_ms, s.end_ms
FROM equipment_state_event s LEFT JOIN equipment e ON e.equipment_id = s.equipment_id;

CREATE VIEW kpi_count AS
SELECT c.equipment_id, e.line_id, e.area_id, coalesce(c.material_id, r.material_id) AS material_id, c.job_order_id,
  j.work_request_id, r.customer, c.good, c.scrap, c.rework, s.seconds_per_unit, c.start_ms, c.end_ms
FROM material_actual c
LEFT JOIN equipment e ON e.equipment_id = c.equipment_id
LEFT JOIN job_order j ON j.job_order_id = c.job_order_id
LEFT JOIN work_request r ON r.work_request_id = j.work_request_id
LEFT JOIN segment_equipment s ON s.work_master_id = j.work_master_id AND s.version = j.work_master_version
  AND s.segment_id = j.segment_id AND s.equipment_id = c.equipment_id;

CREATE VIEW kpi_inspection AS
SELECT i.equipment_id, e.line_id, e.area_id, i.material_id, i.job_order_id, i.verdict, i.defect, i.value, i.unit, i.at_ms
FROM inspection_result i LEFT JOIN equipment e ON e.equipment_id = i.equipment_id;

CREATE VIEW kpi_energy AS
SELECT a.equipment_id, e.line_id, e.area_id, a.kwh, a.start_ms, a.end_ms
FROM energy_actual a LEFT JOIN equipment e ON e.equipment_id = a.equipment_id;

CREATE VIEW kpi_order AS
SELECT r.work_request_id, r.customer, r.material_id, r.quantity, r.priority, r.released_ms, r.due_ms, r.request_state,
  (SELECT CASE WHEN count(*) = count(j.ended_ms) THEN max(j.ended_ms) END FROM job_order j
   WHERE j.work_request_id = r.work_request_id AND j.dispatch_status NOT IN ('Cancelled', 'Aborted')) AS completed_ms
FROM work_request r;

CREATE VIEW kpi_job AS
SELECT j.job_order_id, j.work_request_id, r.customer, r.material_id,
  coalesce(j.equipment_id, j.planned_equipment_id) AS equipment_id, e.line_id, e.area_id, j.quantity,
  j.dispatch_status, p.end_ms AS planned_end_ms, j.started_ms, j.ended_ms
FROM job_order j
JOIN work_request r ON r.work_request_id = j.work_request_id
LEFT JOIN equipment e ON e.equipment_id = coalesce(j.equipment_id, j.planned_equipment_id)
LEFT JOIN job_order_plan p ON p.job_order_id = j.job_order_id;

CREATE VIEW kpi_equipment AS
SELECT equipment_id, name, level, line_id, area_id FROM equipment WHERE valid_to_ms IS NULL;

CREATE VIEW kpi_material AS
SELECT material_id, name, unit, setup_family FROM material_definition WHERE valid_to_ms IS NULL;

CREATE VIEW kpi_maintenance AS
SELECT w.entry_id, w.equipment_id, e.line_id, e.area_id, w.at_ms, w.language, w.body
FROM work_record w LEFT JOIN equipment e ON e.equipment_id = w.equipment_id;

CREATE VIEW kpi_tag AS
SELECT name, equipment_id, data_type, unit, low, high FROM tag;
`,
};
