import type { ScheduleEntry, WorkSchedule } from '../plant/index.ts';

/** A start that moves by less than a minute is no change to anybody. */
const oneMinute = 60_000;

/** A plan's operations whose machine or start differs from the base plan, or that the base plan lacks; no frozen ones. */
export function changedEntries(base: WorkSchedule | undefined, plan: WorkSchedule): ScheduleEntry[] {
  const before = new Map((base?.entries ?? []).map((entry) => [entry.jobOrderId, entry]));
  return plan.entries.filter((entry) => {
    const planned = before.get(entry.jobOrderId);
    if (entry.frozen) return false;
    return planned?.equipmentId !== entry.equipmentId || Math.abs(planned.start - entry.start) >= oneMinute;
  });
}

/** Ids of the job orders whose machine or start differs from the base plan by a minute or more, in order of their new start. */
export function changedJobs(base: WorkSchedule | undefined, plan: WorkSchedule): string[] {
  return changedEntries(base, plan).map((entry) => entry.jobOrderId);
}
