import type { JobOrder } from './order.ts';
import type { LotSplitting } from './routing.ts';

/**
 * The quantities of an operation's lots: as many as allowed, equal but for one unit, in whole units but for the last;
 * one alone where it is not split.
 */
export function lotQuantities(quantity: number, splitting: LotSplitting | undefined): number[] {
  const least = Math.max(1, Math.ceil(splitting?.leastQuantity ?? Infinity));
  const count = Math.max(1, Math.min(splitting?.mostLots ?? 1, Math.floor(quantity / least)));
  return equalParts(quantity, count);
}

function equalParts(quantity: number, count: number): number[] {
  if (count === 1) return [quantity];
  const each = Math.floor(quantity / count);
  const larger = Math.floor(quantity - each * count);
  const parts = Array.from({ length: count }, (_, i) => (i < larger ? each + 1 : each));
  parts[count - 1]! += quantity - Math.floor(quantity);
  return parts;
}

/**
 * The job orders of one predecessor segment that must be over before a job order begins: where both segments are split
 * into the same number of lots, the lot of the same number; else all of them.
 * @param jobOrders all of the work requests asked for, those that are over included
 */
export function jobOrdersBefore(
  jobOrders: readonly JobOrder[],
): (jobOrder: JobOrder, predecessor: string) => readonly JobOrder[] {
  const groups = Map.groupBy(jobOrders, (job) => `${job.workRequestId}\n${job.segmentId}`);
  return (jobOrder, predecessor) => {
    const before = groups.get(`${jobOrder.workRequestId}\n${predecessor}`) ?? [];
    if (jobOrder.lot === undefined || before.length < 2) return before;
    if (groups.get(`${jobOrder.workRequestId}\n${jobOrder.segmentId}`)?.length !== before.length) return before;
    const same = before.filter(({ lot }) => lot === jobOrder.lot);
    return same.length === 1 ? same : before;
  };
}

/**
 * A work request's job orders for another quantity. The lots of an operation share it equally; those that run or are
 * over keep what they have.
 */
export function withQuantity(jobOrders: readonly JobOrder[], quantity: number): JobOrder[] {
  const quantities = new Map<JobOrder, number>();
  for (const lots of Map.groupBy(jobOrders, (job) => job.segmentId).values()) {
    const begun = lots.filter(({ startedAt }) => startedAt !== undefined && lots.length > 1);
    const waiting = lots.filter((job) => !begun.includes(job));
    if (waiting.length === 0) continue;
    const left = begun.reduce((sum, job) => sum - job.quantity, quantity);
    const parts = equalParts(Math.max(0, left), waiting.length);
    waiting.forEach((job, i) => quantities.set(job, parts[i]!));
  }
  return jobOrders.map((job) => ({ ...job, quantity: quantities.get(job) ?? job.quantity }));
}
