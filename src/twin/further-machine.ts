import { runMilliseconds, setupSeconds, type Equipment, type PlantModel, type ScheduleEntry } from '../plant/index.ts';
import { unknownSubject, type ChangedPlant } from './changes.ts';
import type { TwinParameters } from './types.ts';

/**
 * A plant with one more machine like one that there is: same place, class, times and laws. What its like has to do, but
 * for what runs or is frozen, is shared out between both in the plan's order: each operation to the one that would be
 * done with it first, setup included.
 * @throws `MW_TWIN_SUBJECT_UNKNOWN` where there is no such machine
 */
export function addMachine(plant: ChangedPlant, like: string, from: number): ChangedPlant {
  const { model, state, parameters, schedule } = plant;
  const pattern = model.equipment.find(({ equipmentId, level }) => equipmentId === like && level === 'WorkUnit');
  if (!pattern) throw unknownSubject('machine', like);
  const equipmentId = unusedId(model, like);
  const closed = { equipmentId, reason: 'planned-maintenance', start: state.at, end: from };
  return {
    ...plant,
    model: withMachine(model, pattern, equipmentId),
    state: from > state.at ? { ...state, unavailable: [...state.unavailable, closed] } : state,
    parameters: withLaws(parameters, like, equipmentId),
    schedule: { ...schedule, entries: shareOut(plant, pattern, { equipmentId, from }) },
  };
}

function unusedId({ equipment }: PlantModel, like: string): string {
  const known = new Set(equipment.map((e) => e.equipmentId));
  for (let n = 2; ; n++) if (!known.has(`${like} (${String(n)})`)) return `${like} (${String(n)})`;
}

function withMachine(model: PlantModel, pattern: Equipment, equipmentId: string): PlantModel {
  return {
    ...model,
    equipment: [...model.equipment, { ...pattern, equipmentId, name: equipmentId }],
    workMasters: model.workMasters.map((master) => ({
      ...master,
      segments: master.segments.map((segment) => ({
        ...segment,
        equipment: segment.equipment.flatMap((e) =>
          e.equipmentId === pattern.equipmentId ? [e, { ...e, equipmentId }] : [e],
        ),
      })),
    })),
  };
}

/** Parameters in which a machine varies like another. */
function withLaws(parameters: TwinParameters, like: string, equipmentId: string): TwinParameters {
  const copied = <V>(laws: Record<string, V>) => (like in laws ? { ...laws, [equipmentId]: laws[like]! } : laws);
  const { stops, rejects, runLaws, setupFactors, runFactors, buffers } = parameters;
  return {
    ...parameters,
    stops: copied(stops),
    rejects: copied(rejects),
    ...(runLaws ? { runLaws: copied(runLaws) } : {}),
    ...(setupFactors ? { setupFactors: copied(setupFactors) } : {}),
    ...(runFactors ? { runFactors: copied(runFactors) } : {}),
    ...(buffers ? { buffers: copied(buffers) } : {}),
  };
}

function shareOut(
  { model, state, schedule }: ChangedPlant,
  pattern: Equipment,
  further: { equipmentId: string; from: number },
): ScheduleEntry[] {
  const orders = new Map(state.jobOrders.map((order) => [order.jobOrderId, order]));
  const materials = new Map(state.workRequests.map((request) => [request.workRequestId, request.materialId]));
  const families = new Map(model.materials.map((material) => [material.materialId, material.setupFamily]));
  const segments = new Map(
    model.workMasters.flatMap((master) =>
      master.segments.map((s) => [`${master.workMasterId}\n${master.version}\n${s.segmentId}`, s] as const),
    ),
  );
  const matrix = model.setupMatrices.find((m) => m.equipmentClassId === pattern.equipmentClassId);
  const own = { equipmentId: pattern.equipmentId, done: state.at, family: state.setupFamily[pattern.equipmentId] };
  const more = { equipmentId: further.equipmentId, done: Math.max(state.at, further.from), family: undefined };
  const sides: { equipmentId: string; done: number; family: string | undefined }[] = [own, more];
  const moved = new Map<string, string>();
  for (const entry of schedule.entries.toSorted((a, b) => a.start - b.start)) {
    const order = orders.get(entry.jobOrderId);
    if (!order || entry.equipmentId !== pattern.equipmentId || entry.end <= state.at) continue;
    const segment = segments.get(`${order.workMasterId}\n${order.workMasterVersion}\n${order.segmentId}`);
    const speed = segment?.equipment.find((e) => e.equipmentId === pattern.equipmentId);
    const material = materials.get(order.workRequestId);
    if (!speed || material === undefined) continue;
    const family = families.get(material) ?? material;
    const run = runMilliseconds(Math.max(0, order.quantity - order.goodQuantity), speed, pattern);
    const ends = sides.map((side) => side.done + 1000 * setupSeconds(matrix, side.family, family) + run);
    const fixed = entry.frozen || order.dispatchStatus === 'Running';
    const best = !fixed && ends[1]! < ends[0]! ? 1 : 0;
    sides[best]!.done = ends[best]!;
    sides[best]!.family = family;
    if (best === 1) moved.set(entry.jobOrderId, further.equipmentId);
  }
  return schedule.entries.map((entry) => {
    const equipmentId = moved.get(entry.jobOrderId);
    return equipmentId === undefined ? entry : { ...entry, equipmentId };
  });
}
