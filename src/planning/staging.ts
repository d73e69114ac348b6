import {
  interruptionOf,
  partsLeft,
  jobOrdersBefore,
  type JobOrder,
  type MaterialLot,
  type PlantModel,
  type PlantState,
  type ProcessSegment,
  type ScheduleEntry,
  type StagingNeed,
  type WorkSchedule,
} from '../plant/index.ts';
import { changedEntries } from './changes.ts';

/**
 * What must be moved to the machines because a plan differs from its base: the lots of material for operations whose
 * machine or start changed or whose material a breakdown made scrap (first come, first served in the plan's order), and
 * the parts in work of those whose
 * machine changed, from the machine of the operation before.
 * @param leadSeconds material is there so long before the operation starts
 */
export function stagingNeeds(
  model: PlantModel,
  state: PlantState,
  base: WorkSchedule | undefined,
  plan: WorkSchedule,
  leadSeconds = 1800,
): StagingNeed[] {
  const changed = new Set(changedEntries(base, plan));
  const baseMachine = new Map((base?.entries ?? []).map((entry) => [entry.jobOrderId, entry.equipmentId]));
  const planned = new Map(plan.entries.map((entry) => [entry.jobOrderId, entry]));
  const jobs = new Map(state.jobOrders.map((job) => [job.jobOrderId, job]));
  const jobsBefore = jobOrdersBefore(state.jobOrders);
  const unitOf = new Map(model.materials.map((material) => [material.materialId, material.unit]));
  const productOf = new Map(
    state.workRequests.map(({ workRequestId, materialId }) => [
      workRequestId,
      { materialId, unit: unitOf.get(materialId) ?? 'pcs' },
    ]),
  );
  const lots = [...state.lots].sort((a, b) => a.availableAt - b.availableAt || (a.lotId < b.lotId ? -1 : 1));
  const left = new Map(lots.map((lot) => [lot, lot.quantity]));
  const needs: StagingNeed[] = [];
  for (const entry of [...plan.entries].sort((a, b) => a.start - b.start)) {
    const job = jobs.get(entry.jobOrderId);
    const segment = job && segmentOf(model, job);
    if (!segment) continue;
    const interruption = interruptionOf(state, job, segment);
    if (job.dispatchStatus === 'Running' && interruption !== 'scrap') continue;
    const moves = changed.has(entry) || interruption === 'scrap';
    const needAt = Math.max(plan.from, entry.start - leadSeconds * 1000);
    const remaining = partsLeft(job, interruption);
    for (const { materialId, quantityPerUnit } of segment.materials)
      for (const { lot, quantity } of takeFrom(lots, left, materialId, remaining * quantityPerUnit))
        if (moves && lot.locationId !== entry.equipmentId)
          needs.push({
            jobOrderId: entry.jobOrderId,
            materialId,
            lotId: lot.lotId,
            quantity,
            unit: lot.unit,
            from: lot.locationId,
            to: entry.equipmentId,
            needAt: Math.max(needAt, Math.min(lot.availableAt, entry.start)),
          });
    if (changed.has(entry) && baseMachine.get(entry.jobOrderId) !== entry.equipmentId) {
      const before = segment.predecessors.map((predecessor) => jobsBefore(job, predecessor));
      needs.push(...partsInWork(productOf.get(job.workRequestId), before, planned, job, entry, needAt));
    }
  }
  return needs;
}

/** The parts that come from each operation before, from each of its lots its share, where it is made on another machine. */
function partsInWork(
  product: { materialId: string; unit: string } | undefined,
  predecessors: readonly (readonly JobOrder[])[],
  planned: ReadonlyMap<string, ScheduleEntry>,
  job: JobOrder,
  entry: ScheduleEntry,
  needAt: number,
): StagingNeed[] {
  if (!product) return [];
  const { materialId, unit } = product;
  const remaining = Math.max(0, job.quantity - job.goodQuantity);
  return predecessors.flatMap((lots) => {
    const all = lots.reduce((sum, lot) => sum + lot.quantity, 0);
    return lots.flatMap((before): StagingNeed[] => {
      const made = planned.get(before.jobOrderId);
      const from = made?.equipmentId ?? before.equipmentId;
      if (from === undefined || from === entry.equipmentId) return [];
      const quantity = lots.length === 1 ? remaining : (remaining * before.quantity) / all;
      const there = Math.min(entry.start, Math.max(needAt, made?.end ?? -Infinity));
      return [{ jobOrderId: job.jobOrderId, materialId, quantity, unit, from, to: entry.equipmentId, needAt: there }];
    });
  });
}

function takeFrom(lots: readonly MaterialLot[], left: Map<MaterialLot, number>, materialId: string, quantity: number) {
  const taken: { lot: MaterialLot; quantity: number }[] = [];
  let open = quantity;
  for (const lot of lots) {
    const there = left.get(lot) ?? 0;
    if (lot.materialId !== materialId || there <= 0 || open <= 0) continue;
    const part = Math.min(open, there);
    left.set(lot, there - part);
    open -= part;
    taken.push({ lot, quantity: part });
  }
  return taken;
}

function segmentOf(model: PlantModel, job: JobOrder): ProcessSegment | undefined {
  return model.workMasters
    .find((m) => m.workMasterId === job.workMasterId && m.version === job.workMasterVersion)
    ?.segments.find((s) => s.segmentId === job.segmentId);
}
