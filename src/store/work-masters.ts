import type {
  InterruptionMode,
  ProcessSegment,
  SegmentEquipment,
  SegmentLag,
  SegmentMaterial,
  WorkMaster,
} from '../plant/index.ts';
import { insert, upsert, withoutNulls } from './rows.ts';
import type { Session } from './session.ts';

/** Replaces the routings. A version that is given again gets its segments anew. */
export function saveWorkMasters(session: Session, masters: readonly WorkMaster[]): void {
  const { db, now } = session;
  masters.forEach(({ workMasterId, version, materialId, segments }, position) => {
    const keys = { work_master_id: workMasterId, version };
    upsert(db, 'work_master', keys, { material_id: materialId, position, valid_to_ms: null });
    db.run('DELETE FROM process_segment WHERE work_master_id = ? AND version = ?', workMasterId, version);
    segments.forEach((segment, place) => saveSegment(session, keys, segment, place));
  });
  const given = new Set(masters.map(({ workMasterId, version }) => `${workMasterId}\n${version}`));
  const valid = 'SELECT work_master_id AS id, version FROM work_master WHERE valid_to_ms IS NULL';
  for (const { id, version } of db.all<{ id: string; version: string }>(valid))
    if (!given.has(`${id}\n${version}`))
      db.run(
        `UPDATE work_master SET valid_to_ms = ?, row_version = row_version + 1
         WHERE work_master_id = ? AND version = ?`,
        ...[now, id, version],
      );
}

function saveSegment(
  { db }: Session,
  master: { work_master_id: string; version: string },
  segment: ProcessSegment,
  position: number,
): void {
  const keys = { ...master, segment_id: segment.segmentId };
  insert(db, 'process_segment', {
    ...keys,
    sequence: segment.sequence,
    name: segment.name,
    qualification_id: segment.qualificationId,
    interruptible: segment.interruptible,
    after_interruption: segment.afterInterruption,
    most_lots: segment.lots?.mostLots,
    least_lot_quantity: segment.lots?.leastQuantity,
    position,
  });
  segment.predecessors.forEach((predecessor_id, place) => {
    insert(db, 'segment_dependency', { ...keys, predecessor_id, position: place });
  });
  segment.lags?.forEach(({ predecessor, minSeconds, maxSeconds, transferQuantity }, place) => {
    insert(db, 'segment_lag', {
      ...keys,
      predecessor_id: predecessor,
      min_seconds: minSeconds,
      max_seconds: maxSeconds,
      transfer_quantity: transferQuantity,
      position: place,
    });
  });
  segment.equipment.forEach(({ equipmentId, secondsPerUnit, secondsPerBatch }, place) => {
    insert(db, 'segment_equipment', {
      ...keys,
      equipment_id: equipmentId,
      seconds_per_unit: secondsPerUnit,
      seconds_per_batch: secondsPerBatch,
      position: place,
    });
  });
  [...new Set(segment.toolIds)].forEach((tool_id, place) => {
    insert(db, 'segment_tool', { ...keys, tool_id, position: place });
  });
  segment.materials.forEach(({ materialId, quantityPerUnit }, place) => {
    const columns = { material_id: materialId, quantity_per_unit: quantityPerUnit, position: place };
    insert(db, 'segment_material', { ...keys, ...columns });
  });
}

/** The valid routings, in order. */
export function loadWorkMasters(session: Session): WorkMaster[] {
  return session.db
    .all<Omit<WorkMaster, 'segments'>>(
      `SELECT work_master_id AS "workMasterId", version, material_id AS "materialId" FROM work_master
       WHERE valid_to_ms IS NULL ORDER BY position`,
    )
    .map((master) => ({ ...master, segments: loadSegments(session, master.workMasterId, master.version) }));
}

interface SegmentRow {
  segmentId: string;
  sequence: number;
  name: string;
  qualificationId: string | null;
  interruptible: number;
  afterInterruption: InterruptionMode | null;
  mostLots: number | null;
  leastQuantity: number | null;
}

type LagRow = { [K in keyof SegmentLag]-?: K extends 'predecessor' ? string : number | null };
type EquipmentRow = Omit<SegmentEquipment, 'secondsPerBatch'> & { secondsPerBatch: number | null };

function loadSegments({ db }: Session, workMasterId: string, version: string): ProcessSegment[] {
  const rows = db.all<SegmentRow>(
    `SELECT segment_id AS "segmentId", sequence, name, qualification_id AS "qualificationId", interruptible,
       after_interruption AS "afterInterruption", most_lots AS "mostLots", least_lot_quantity AS "leastQuantity"
     FROM process_segment WHERE work_master_id = ? AND version = ? ORDER BY position`,
    workMasterId,
    version,
  );
  return rows.map(({ mostLots, leastQuantity, ...row }) => {
    const parts = <T>(table: string, columns: string) =>
      db.all<T>(
        `SELECT ${columns} FROM ${table} WHERE work_master_id = ? AND version = ? AND segment_id = ? ORDER BY position`,
        workMasterId,
        version,
        row.segmentId,
      );
    const ids = (table: string, column: string) => parts<{ id: string }>(table, `${column} AS id`).map(({ id }) => id);
    const lags = parts<LagRow>(
      'segment_lag',
      `predecessor_id AS predecessor, min_seconds AS "minSeconds", max_seconds AS "maxSeconds",
       transfer_quantity AS "transferQuantity"`,
    );
    const equipment = parts<EquipmentRow>(
      'segment_equipment',
      `equipment_id AS "equipmentId", seconds_per_unit AS "secondsPerUnit", seconds_per_batch AS "secondsPerBatch"`,
    );
    const materials = 'material_id AS "materialId", quantity_per_unit AS "quantityPerUnit"';
    const toolIds = ids('segment_tool', 'tool_id');
    return {
      ...withoutNulls(row),
      interruptible: row.interruptible === 1,
      predecessors: ids('segment_dependency', 'predecessor_id'),
      equipment: equipment.map(withoutNulls),
      materials: parts<SegmentMaterial>('segment_material', materials).map((material) => ({ ...material })),
      ...(lags.length > 0 ? { lags: lags.map(withoutNulls) } : {}),
      ...(toolIds.length > 0 ? { toolIds } : {}),
      ...(mostLots !== null && leastQuantity !== null ? { lots: { mostLots, leastQuantity } } : {}),
    };
  });
}
