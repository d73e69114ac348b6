import {
  jobOrdersBefore,
  lagBehind,
  lineOf,
  type PlantModel,
  type PlantState,
  type SegmentLag,
} from '../plant/index.ts';
import type { OpenOperation } from './operations.ts';

/** A predecessor that is over: when it ended, on which line, and how one follows it. */
export interface CompletedPredecessor {
  endedAt: number;
  line: string | undefined;
  lag: SegmentLag | undefined;
}

/** Predecessors of each operation by the routing: those in the plan by index, with their lags, and completed ones. */
export function routingPredecessors(model: PlantModel, state: PlantState, operations: readonly OpenOperation[]) {
  const indexOf = new Map(operations.map((o, i) => [o.jobOrder.jobOrderId, i]));
  const before = jobOrdersBefore(state.jobOrders);
  const inPlan: number[][] = [];
  const lags: (SegmentLag | undefined)[][] = [];
  const completed: CompletedPredecessor[][] = [];
  for (const { segment, jobOrder } of operations) {
    const open: number[] = [];
    const openLags: (SegmentLag | undefined)[] = [];
    const ended: CompletedPredecessor[] = [];
    for (const predecessor of segment.predecessors) {
      const lag = lagBehind(segment, predecessor);
      for (const job of before(jobOrder, predecessor)) {
        const index = indexOf.get(job.jobOrderId);
        if (index !== undefined) {
          open.push(index);
          openLags.push(lag);
        } else if (job.endedAt !== undefined)
          ended.push({
            endedAt: job.endedAt,
            line: job.equipmentId === undefined ? undefined : lineOf(model.equipment, job.equipmentId),
            lag,
          });
      }
    }
    inPlan.push(open);
    lags.push(openLags);
    completed.push(ended);
  }
  return { inPlan, lags, completed };
}
