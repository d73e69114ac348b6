import type { SetupMatrix } from '../plant/index.ts';
import { replaceList } from './master-data.ts';
import { insert } from './rows.ts';
import type { Session } from './session.ts';

/** Replaces the setup matrices. */
export function saveSetupMatrices(session: Session, matrices: readonly SetupMatrix[]): void {
  const rows = matrices.map(({ equipmentClassId, defaultSeconds }) => ({
    equipment_class_id: equipmentClassId,
    default_seconds: defaultSeconds,
  }));
  replaceList(session, 'setup_matrix', 'equipment_class_id', rows);
  session.db.run('DELETE FROM changeover');
  for (const { equipmentClassId, seconds } of matrices)
    for (const [from, targets] of Object.entries(seconds))
      for (const [to, duration] of Object.entries(targets))
        insert(session.db, 'changeover', {
          equipment_class_id: equipmentClassId,
          from_family: from,
          to_family: to,
          duration_seconds: duration,
        });
}

/** The valid setup matrices, in order. */
export function loadSetupMatrices({ db }: Session): SetupMatrix[] {
  const matrices = db.all<{ equipmentClassId: string; defaultSeconds: number }>(
    `SELECT equipment_class_id AS "equipmentClassId", default_seconds AS "defaultSeconds" FROM setup_matrix
     WHERE valid_to_ms IS NULL ORDER BY position`,
  );
  return matrices.map(({ equipmentClassId, defaultSeconds }) => {
    const seconds: SetupMatrix['seconds'] = {};
    const changeovers = db.all<{ from: string; to: string; duration: number }>(
      `SELECT from_family AS "from", to_family AS "to", duration_seconds AS duration FROM changeover
       WHERE equipment_class_id = ?`,
      equipmentClassId,
    );
    for (const { from, to, duration } of changeovers) (seconds[from] ??= {})[to] = duration;
    return { equipmentClassId, seconds, defaultSeconds };
  });
}
