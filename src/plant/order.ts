/** IEC 62264 request states, word for word. */
export type RequestState =
  | 'Forecast'
  | 'Released'
  | 'Cancelled'
  | 'Ready'
  | 'Running'
  | 'Completed'
  | 'Aborted'
  | 'Held'
  | 'Paused'
  | 'Closed'
  | 'Other';

/** IEC 62264 job order dispatch states, word for word. */
export type DispatchStatus =
  | 'Waiting'
  | 'Pending'
  | 'Cancelled'
  | 'Dispatched'
  | 'Ready'
  | 'Running'
  | 'Completed'
  | 'Aborted'
  | 'Held'
  | 'Suspended'
  | 'Closed'
  | 'Other';

/** A customer's or planner's order (IEC 62264 work request): so many of a material by a date. */
export interface WorkRequest {
  workRequestId: string;
  customer: string;
  materialId: string;
  quantity: number;
  /** Milliseconds since 1970 UTC. */
  releasedAt: number;
  /** Milliseconds since 1970 UTC. */
  dueAt: number;
  /** 1 is the most urgent; also the weight of its tardiness is 1 / priority. */
  priority: number;
  requestState: RequestState;
}

/** One operation to be done for a work request (IEC 62264 job order): the unit that is scheduled. */
export interface JobOrder {
  /** `<workRequestId>/<segment sequence>`, and `.<lot>` where the operation is split. */
  jobOrderId: string;
  workRequestId: string;
  workMasterId: string;
  workMasterVersion: string;
  segmentId: string;
  /** Its place among the lots of a split operation, from 1; absent: it is not split. */
  lot?: number;
  quantity: number;
  dispatchStatus: DispatchStatus;
  /** Parts good so far, for a running one. */
  goodQuantity: number;
  /** Machine and start of a running or completed one, milliseconds since 1970 UTC. */
  equipmentId?: string;
  startedAt?: number;
  endedAt?: number;
}

/** Dispatch states in which an operation still has to be planned. */
export const openDispatchStates: readonly DispatchStatus[] = [
  'Waiting',
  'Pending',
  'Dispatched',
  'Ready',
  'Held',
  'Suspended',
];
