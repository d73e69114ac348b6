import type { Logger } from '../kernel/index.ts';
import type { PlantModel } from '../plant/index.ts';
import type { Store } from '../store/index.ts';
import { defaultTwinParameters, withAccepted, type AcceptedLaw, type TwinParameters } from '../twin/index.ts';

const history = 30 * 86_400_000;

/** The twin's parameters: what is assumed (`defaultTwinParameters`), with what people accepted in its place. */
export async function readTwinParameters(
  store: Pick<Store, 'twinParameters'>,
  model: PlantModel,
  rejects: TwinParameters['rejects'],
): Promise<TwinParameters> {
  const accepted = await store.twinParameters();
  return withAccepted(
    { ...defaultTwinParameters(model), rejects },
    accepted.map(({ value }) => value as unknown as AcceptedLaw),
  );
}

/** Shares of rejects by machine as the last 30 days in the store had them; none, with a warning, where they cannot be read. */
export async function readRejects(
  store: Pick<Store, 'query'>,
  now: number,
  logger: Logger,
): Promise<TwinParameters['rejects']> {
  try {
    const counts = await store.query(
      `SELECT equipment_id, sum(good) AS good, sum(scrap) AS scrap, sum(rework) AS rework FROM kpi_count
       WHERE end_ms >= ? GROUP BY equipment_id`,
      [now - history],
    );
    return Object.fromEntries(counts.map((row) => [String(row['equipment_id']), shares(row)]));
  } catch (thrown) {
    logger.warn(`scenarios: the plant's history cannot be read, rejects are not counted with: ${String(thrown)}`);
    return {};
  }
}

function shares(row: Record<string, unknown>): { scrap: number; rework: number } {
  const [good, scrap, rework] = [Number(row['good']), Number(row['scrap']), Number(row['rework'])];
  const all = good + scrap + rework;
  return all > 0 ? { scrap: scrap / all, rework: rework / all } : { scrap: 0, rework: 0 };
}
