import type { ScheduleEntry, WorkSchedule } from '../plant/index.ts';

/** A plan's operations whose machine or start differs from the base plan, or that the base plan lacks; no frozen ones. */
export function changedEntries(base: WorkSchedule | undefined, plan: WorkSchedule): ScheduleEntry[] {
  const before = new Map((base?.entries ?? []).map((entry) => [entry.jobOrderId, entry]));
  return plan.entries.filter((entry) => {
    const planned = before.get(entry.jobOrderId);
    return !entry.frozen && (planned?.equipmentId !== entry.equipmentId || planned.start !== entry.start);
  });
}

/** Ids of the job orders whose machine or start differs from the base plan, in order of their new start. */
export function changedJobs(base: WorkSchedule | undefined, plan: WorkSchedule): string[] {
  return changedEntries(base, plan).map((entry) => entry.jobOrderId);
}
