import { hash32, MillwrightError } from '../kernel/index.ts';
import type { PlantModel, PlantState } from '../plant/index.ts';
import { dispatchRules } from '../planning/index.ts';
import type { Store } from '../store/index.ts';
import { northfieldModel } from './northfield/model.ts';
import { NorthfieldPlant } from './northfield-plant.ts';
import { numberAfter, Office } from './office.ts';
import { PlantRun } from './plant-run.ts';
import { pastStories } from './stories.ts';

/** A plant that goes on from its store. */
export interface ReopenedPlant {
  model: PlantModel;
  plant: NorthfieldPlant;
  /** What the store held. */
  state: PlantState;
  /** The plan that it follows. */
  planId: string;
}

/**
 * When the demo plant's store was written last, milliseconds since 1970 UTC; undefined for an empty store.
 * @throws MW_DEMO_STORE_TAKEN where the store belongs to another plant
 */
export async function lastRecorded(store: Store): Promise<number | undefined> {
  const model = await store.loadPlantModel();
  if (!model) return undefined;
  const { site } = northfieldModel();
  if (model.site !== site) throw new MillwrightError('MW_DEMO_STORE_TAKEN', { site: model.site });
  const [row] = await store.query(
    `SELECT max(at) AS at FROM (SELECT max(coalesce(end_ms, start_ms)) AS at FROM kpi_state
       UNION ALL SELECT max(end_ms) FROM kpi_count
       UNION ALL SELECT max(coalesce(ended_ms, started_ms)) FROM kpi_job) last`,
    [],
  );
  return typeof row?.['at'] === 'number' ? row['at'] : undefined;
}

/** Opens Northfield as its store has it at an instant; wear and chance begin anew, by seed and instant. */
export async function reopenNorthfield(
  store: Store,
  { seed, at, countEverySeconds }: { seed: number; at: number; countEverySeconds: number },
): Promise<ReopenedPlant> {
  const model = northfieldModel();
  const state = await store.loadPlantState(at);
  const [newest] = await store.query(
    `SELECT max(work_request_id) AS id FROM kpi_order WHERE work_request_id >= 'WO-' AND work_request_id < 'WO.'`,
    [],
  );
  const office = new Office(
    model,
    seed,
    dispatchRules,
    numberAfter(typeof newest?.['id'] === 'string' ? [newest['id']] : []),
  );
  const schedule = (await store.livePlan()) ?? office.planFor(state, office.maintenanceAfter(at));
  const run = new PlantRun({
    model,
    state,
    schedule,
    seed: hash32(`${String(seed)}/${String(at)}`),
    stories: pastStories,
    countEverySeconds,
  });
  run.act(() => undefined);
  return { model, plant: new NorthfieldPlant(model, run, office), state, planId: schedule.scheduleId };
}
