import type { EquipmentStateEvent } from '../plant/index.ts';
import type { Session } from './session.ts';

/**
 * Writes one state of a machine and keeps the machine's states free of overlap: the one before ends where this one
 * begins, and this one ends at the latest where the next begins. Returns whether anything changed.
 */
export function writeState({ db }: Session, event: EquipmentStateEvent): boolean {
  const { equipmentId, state, reason, start } = event;
  const next = db.get<{ start: number | null }>(
    'SELECT min(start_ms) AS start FROM equipment_state_event WHERE equipment_id = ? AND start_ms > ?',
    equipmentId,
    start,
  )?.start;
  const end = Math.min(event.end ?? Infinity, next ?? Infinity);
  // Unnumbered placeholders: node:sqlite of Node.js 22.13 miscounts numbered ones.
  db.run(
    `UPDATE equipment_state_event SET end_ms = ? WHERE equipment_id = ? AND (end_ms IS NULL OR end_ms > ?)
     AND start_ms = (SELECT max(start_ms) FROM equipment_state_event WHERE equipment_id = ? AND start_ms < ?)`,
    ...[start, equipmentId, start, equipmentId, start],
  );
  return (
    db.run(
      `INSERT INTO equipment_state_event AS s (equipment_id, start_ms, end_ms, state, reason_code) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (equipment_id, start_ms) DO UPDATE
       SET end_ms = excluded.end_ms, state = excluded.state, reason_code = excluded.reason_code
       WHERE s.end_ms IS DISTINCT FROM excluded.end_ms OR s.state <> excluded.state
         OR s.reason_code IS DISTINCT FROM excluded.reason_code`,
      equipmentId,
      start,
      end === Infinity ? null : end,
      state,
      reason ?? null,
    ) > 0
  );
}

/** The state that each machine is in now. */
export function currentStates({ db }: Session): EquipmentStateEvent[] {
  const rows = db.all<Omit<EquipmentStateEvent, 'reason'> & { reason: EquipmentStateEvent['reason'] | null }>(
    `SELECT equipment_id AS "equipmentId", state, reason_code AS reason, start_ms AS start
     FROM equipment_state_event WHERE end_ms IS NULL ORDER BY equipment_id`,
  );
  return rows.map(({ reason, ...event }) => ({ ...event, ...(reason ? { reason } : {}) }));
}

/**
 * Lengths in seconds of past stops for a reason on a machine, newest first, at most 200. A machine with fewer than
 * five gives those of its class.
 */
export function stopDurations({ db }: Session, equipmentId: string, reason: string): number[] {
  const of = (condition: string) =>
    db
      .all<{ seconds: number }>(
        `SELECT (end_ms - start_ms) / 1000.0 AS seconds FROM equipment_state_event
         WHERE reason_code = ? AND end_ms > start_ms AND ${condition} ORDER BY start_ms DESC LIMIT 200`,
        reason,
        equipmentId,
      )
      .map(({ seconds }) => seconds);
  const own = of('equipment_id = ?');
  if (own.length >= 5) return own;
  const ofClass = of(`equipment_id IN (SELECT c.equipment_id FROM equipment c JOIN equipment e
    ON c.equipment_class_id = e.equipment_class_id WHERE e.equipment_id = ?)`);
  return ofClass.length > own.length ? ofClass : own;
}
