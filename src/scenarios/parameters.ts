import type { Logger } from '../kernel/index.ts';
import { rejectsFrom, type CountedParts, type PlantModel, type Rejects } from '../plant/index.ts';
import type { Store } from '../store/index.ts';
import { defaultTwinParameters, withAccepted, type AcceptedLaw, type TwinParameters } from '../twin/index.ts';

const history = 30 * 86_400_000;

/** The twin's parameters: what is assumed (`defaultTwinParameters`), with what people accepted in its place. */
export async function readTwinParameters(
  store: Pick<Store, 'twinParameters'>,
  model: PlantModel,
  rejects: Rejects,
): Promise<TwinParameters> {
  const accepted = await store.twinParameters();
  return withAccepted(
    { ...defaultTwinParameters(model), rejects },
    accepted.map(({ value }) => value as unknown as AcceptedLaw),
  );
}

/** Shares of rejects (`rejectsFrom`) as the last 30 days in the store had them; none, with a warning, where they cannot be read. */
export async function readRejects(
  store: Pick<Store, 'query'>,
  model: PlantModel,
  now: number,
  logger: Logger,
): Promise<Rejects> {
  try {
    const counts = await store.query(
      `SELECT equipment_id, material_id, sum(good) AS good, sum(scrap) AS scrap, sum(rework) AS rework FROM kpi_count
       WHERE end_ms >= ? GROUP BY equipment_id, material_id`,
      [now - history],
    );
    const machines = model.equipment.filter(({ level }) => level === 'WorkUnit');
    return rejectsFrom(
      counts.map(countOf),
      machines.map(({ equipmentId }) => equipmentId),
    );
  } catch (thrown) {
    logger.warn(`scenarios: the plant's history cannot be read, rejects are not counted with: ${String(thrown)}`);
    return {};
  }
}

function countOf(row: Record<string, unknown>): CountedParts {
  const { equipment_id: equipmentId, material_id: materialId, good, scrap, rework } = row;
  return {
    equipmentId: String(equipmentId),
    ...(typeof materialId === 'string' ? { materialId } : {}),
    good: Number(good),
    scrap: Number(scrap),
    rework: Number(rework),
  };
}
