import type { InstructionFacts } from '../../src/documents/index.ts';
import { jobOrders, livePlan, model, now, proposedPlan, workRequests } from '../trust/small-plant.ts';

const entryOf = (plan: { entries: { jobOrderId: string }[] }, jobOrderId: string) =>
  plan.entries.find((entry) => entry.jobOrderId === jobOrderId);

/** What the instruction of the first order's turning is made from: moved from CNC-22 to CNC-21, with one move. */
export function turningFacts(): InstructionFacts {
  const jobOrderId = 'WO-26001/10';
  const plan = proposedPlan();
  const live = livePlan();
  return structuredClone({
    model,
    jobOrder: jobOrders.find((job) => job.jobOrderId === jobOrderId)!,
    workRequest: workRequests[0]!,
    planId: plan.scheduleId,
    approvalId: 'APP-1',
    entry: entryOf(plan, jobOrderId) as InstructionFacts['entry'],
    previous: { planId: live.scheduleId, entry: entryOf(live, jobOrderId) as InstructionFacts['entry'] },
    staging: [
      {
        stagingId: 'STG-1',
        jobOrderId,
        materialId: 'BAR-20',
        lotId: 'LOT-7',
        quantity: 30,
        unit: 'm',
        from: 'STORE',
        to: 'CNC-21',
        needAt: now + 70 * 60_000,
      },
    ],
  });
}
