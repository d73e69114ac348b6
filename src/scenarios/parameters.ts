import type { Logger } from '../kernel/index.ts';
import type { EquipmentStateEvent, PlantModel } from '../plant/index.ts';
import type { Store } from '../store/index.ts';
import { calibrateStops, defaultTwinParameters, type TwinParameters } from '../twin/index.ts';

const history = 30 * 86_400_000;
/** Newest rows read; enough for 30 days of some hundred machines' stops. */
const rows = 20_000;

/**
 * How the plant varies, from the last 30 days in the store: laws of stops and shares of rejects. What history does not
 * say, or where it cannot be read, is assumed (`defaultTwinParameters`).
 */
export async function readTwinParameters(
  store: Pick<Store, 'query'>,
  model: PlantModel,
  now: number,
  logger: Logger,
): Promise<TwinParameters> {
  const assumed = defaultTwinParameters(model);
  try {
    const stops = await store.query(
      `SELECT equipment_id, state, reason, start_ms, end_ms FROM kpi_state
       WHERE start_ms >= ? AND end_ms <= ? AND reason IN ('breakdown', 'tool-change', 'cleaning', 'quality-hold')
       ORDER BY start_ms DESC LIMIT ?`,
      [now - history, now, rows],
      { rows },
    );
    const runs = await store.query(
      `SELECT equipment_id, min(start_ms) AS start_ms, sum(end_ms - start_ms) AS run_ms FROM kpi_state
       WHERE start_ms >= ? AND end_ms <= ? AND state = 'Execute' GROUP BY equipment_id`,
      [now - history, now],
    );
    const counts = await store.query(
      `SELECT equipment_id, sum(good) AS good, sum(scrap) AS scrap, sum(rework) AS rework FROM kpi_count
       WHERE end_ms >= ? GROUP BY equipment_id`,
      [now - history],
    );
    const events = [...stops.map(stopEvent), ...runs.map(runEvent)];
    const rejects = Object.fromEntries(counts.map((row) => [String(row['equipment_id']), shares(row)]));
    return { ...assumed, stops: { ...assumed.stops, ...calibrateStops(events) }, rejects };
  } catch (thrown) {
    logger.warn(`scenarios: the plant's history cannot be read, stops are assumed: ${String(thrown)}`);
    return assumed;
  }
}

function stopEvent(row: Record<string, unknown>): EquipmentStateEvent {
  return {
    equipmentId: String(row['equipment_id']),
    state: row['state'] as EquipmentStateEvent['state'],
    reason: row['reason'] as NonNullable<EquipmentStateEvent['reason']>,
    start: Number(row['start_ms']),
    end: Number(row['end_ms']),
  };
}

/** All run time of a machine as one stretch: only its length counts. */
function runEvent(row: Record<string, unknown>): EquipmentStateEvent {
  const start = Number(row['start_ms']);
  return { equipmentId: String(row['equipment_id']), state: 'Execute', start, end: start + Number(row['run_ms']) };
}

function shares(row: Record<string, unknown>): { scrap: number; rework: number } {
  const [good, scrap, rework] = [Number(row['good']), Number(row['scrap']), Number(row['rework'])];
  const all = good + scrap + rework;
  return all > 0 ? { scrap: scrap / all, rework: rework / all } : { scrap: 0, rework: 0 };
}
