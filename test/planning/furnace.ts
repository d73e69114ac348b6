import type { PlantModel, SetupMatrix } from '../../src/plant/index.ts';
import type { Inputs } from './judged.ts';
import { smallPlant, start } from './small-plant.ts';

/** Parts for the furnace of `furnacePlant`; times in seconds from the plan's start. */
export interface FurnaceJob {
  parts: number;
  family?: string;
  release?: number;
  due?: number;
  priority?: number;
  /** Run time of a load, whatever is in it. */
  run?: number;
}

/** One furnace that never closes and treats so many parts of one family at once; one operation per job. */
export function furnacePlant(
  jobs: readonly FurnaceJob[],
  batchCapacity: number,
  setup: SetupMatrix['seconds'] = {},
): Inputs {
  const inputs = smallPlant(
    jobs.map(({ parts, due = 0 }) => ({ segments: [{ seconds: { 'L-F': 1 } }], quantity: parts, dueSeconds: due })),
  );
  const { model, state } = inputs;
  const furnace = { equipmentClassId: 'furnace', batchCapacity };
  const changed: PlantModel = {
    ...model,
    equipment: model.equipment.map((e) => (e.equipmentId === 'L-F' ? { ...e, ...furnace } : e)),
    materials: model.materials.map((m, j) => ({ ...m, setupFamily: jobs[j]!.family ?? 'any' })),
    workMasters: model.workMasters.map((master, j) => ({
      ...master,
      segments: master.segments.map((s) => ({
        ...s,
        equipment: s.equipment.map((e) => ({ ...e, secondsPerBatch: jobs[j]!.run ?? 3600 })),
      })),
    })),
    setupMatrices: [{ equipmentClassId: 'furnace', seconds: setup, defaultSeconds: 0 }],
  };
  const workRequests = state.workRequests.map((request, j) => ({
    ...request,
    releasedAt: start + (jobs[j]!.release ?? 0) * 1000,
    priority: jobs[j]!.priority ?? 1,
  }));
  return { ...inputs, model: changed, state: { ...state, workRequests } };
}
