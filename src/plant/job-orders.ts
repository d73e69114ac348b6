import type { JobOrder, WorkRequest } from './order.ts';
import type { WorkMaster } from './routing.ts';

/** The job orders of a work request, one per segment of its routing, all waiting. */
export function jobOrdersOf(request: WorkRequest, master: WorkMaster): JobOrder[] {
  return master.segments.map((segment) => ({
    jobOrderId: `${request.workRequestId}/${String(segment.sequence)}`,
    workRequestId: request.workRequestId,
    workMasterId: master.workMasterId,
    workMasterVersion: master.version,
    segmentId: segment.segmentId,
    quantity: request.quantity,
    dispatchStatus: 'Waiting',
    goodQuantity: 0,
  }));
}
