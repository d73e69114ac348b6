import {
  interruptionOf,
  openDispatchStates,
  partsLeft,
  type InterruptionMode,
  type JobOrder,
  type PlantModel,
  type PlantState,
  type ProcessSegment,
  type WorkRequest,
} from '../plant/index.ts';
import type { Conflicts } from './infeasible.ts';

/** One operation that a plan must contain, joined with what it belongs to. */
export interface OpenOperation {
  jobOrder: JobOrder;
  request: WorkRequest;
  segment: ProcessSegment;
  /** Parts still to make. */
  remaining: number;
  running: boolean;
  /** What a breakdown does to it now, see `constraints/interruption.ts`. */
  interruption: InterruptionMode | undefined;
  /** Setup family of what it makes. */
  family: string;
}

/** Request states whose operations are not planned: over, or withdrawn until someone releases them again. */
const unplannedRequests = new Set(['Cancelled', 'Completed', 'Aborted', 'Closed', 'Held']);

/**
 * All job orders that are open or running, in order of id; those whose routing or request is missing are conflicts.
 * What runs for a held request goes on, for it occupies its machine.
 */
export function openOperations(model: PlantModel, state: PlantState, conflicts: Conflicts): OpenOperation[] {
  const requests = new Map(state.workRequests.map((request) => [request.workRequestId, request]));
  const masters = new Map(model.workMasters.map((m) => [`${m.workMasterId}\n${m.version}`, m]));
  const materials = new Map(model.materials.map((material) => [material.materialId, material]));
  const operations: OpenOperation[] = [];
  for (const jobOrder of state.jobOrders) {
    const running = jobOrder.dispatchStatus === 'Running';
    if (!running && !openDispatchStates.includes(jobOrder.dispatchStatus)) continue;
    const request = requests.get(jobOrder.workRequestId);
    if (request && unplannedRequests.has(request.requestState) && !(running && request.requestState === 'Held'))
      continue;
    const master = masters.get(`${jobOrder.workMasterId}\n${jobOrder.workMasterVersion}`);
    const segment = master?.segments.find((candidate) => candidate.segmentId === jobOrder.segmentId);
    if (!request) conflicts.add('request-unknown', jobOrder.jobOrderId, jobOrder.workRequestId);
    else if (!master || !segment) conflicts.add('routing-unknown', jobOrder.jobOrderId, jobOrder.workMasterId);
    else {
      const interruption = interruptionOf(state, jobOrder, segment);
      operations.push({
        jobOrder,
        request,
        segment,
        remaining: partsLeft(jobOrder, interruption),
        running,
        interruption,
        family: materials.get(request.materialId)?.setupFamily ?? request.materialId,
      });
    }
  }
  return operations.sort((a, b) => (a.jobOrder.jobOrderId < b.jobOrder.jobOrderId ? -1 : 1));
}
