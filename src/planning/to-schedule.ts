import type { ScheduleEntry, WorkSchedule } from '../plant/index.ts';
import type { Decoded } from './decoder.ts';
import type { Problem } from './problem.ts';

/** What a plan needs beside its operations. */
export interface ScheduleHeader {
  scheduleId: string;
  /** Milliseconds since 1970 UTC. */
  createdAt: number;
  label: string;
  seed: number;
}

/** Turns a decoded plan into the one form of a plan; entries sorted by start. */
export function toWorkSchedule(problem: Problem, plan: Decoded, header: ScheduleHeader): WorkSchedule {
  const entries: ScheduleEntry[] = problem.jobOrderIds.map((jobOrderId, i) => ({
    jobOrderId,
    equipmentId: problem.machineIds[plan.machine[i]!]!,
    start: problem.from + plan.start[i]!,
    end: problem.from + plan.end[i]!,
    setupSeconds: plan.setup[i]! / 1000,
    frozen: problem.fixed[i] === 1,
  }));
  entries.sort((a, b) => a.start - b.start || (a.jobOrderId < b.jobOrderId ? -1 : 1));
  return {
    scheduleId: header.scheduleId,
    ...(problem.baseScheduleId === undefined ? {} : { baseScheduleId: problem.baseScheduleId }),
    status: 'draft',
    createdAt: header.createdAt,
    from: problem.from,
    frozenUntil: problem.frozenUntil,
    label: header.label,
    seed: header.seed,
    inputDigest: problem.digest,
    entries,
  };
}
