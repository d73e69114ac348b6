import { lotQuantities } from './lots.ts';
import type { JobOrder, WorkRequest } from './order.ts';
import type { WorkMaster } from './routing.ts';

/** The job orders of a work request, one per segment of its routing or per lot of a segment that is split, all waiting. */
export function jobOrdersOf(request: WorkRequest, master: WorkMaster): JobOrder[] {
  return master.segments.flatMap((segment) => {
    const quantities = lotQuantities(request.quantity, segment.lots);
    const split = quantities.length > 1;
    return quantities.map((quantity, i): JobOrder => ({
      jobOrderId: `${request.workRequestId}/${String(segment.sequence)}${split ? `.${String(i + 1)}` : ''}`,
      workRequestId: request.workRequestId,
      workMasterId: master.workMasterId,
      workMasterVersion: master.version,
      segmentId: segment.segmentId,
      ...(split ? { lot: i + 1 } : {}),
      quantity,
      dispatchStatus: 'Waiting',
      goodQuantity: 0,
    }));
  });
}
