import { lagBehind, type WorkSchedule } from '../../plant/index.ts';
import type { PlanningRequest } from '../request.ts';
import { at, type Findings, type MissedWishes } from './findings.ts';
import { predecessorsOf, type JobsOfRequest } from './precedence.ts';
import type { Task } from './tasks.ts';

/**
 * No operation starts later behind its predecessor than it may. Where that one is over, running or in its place in the
 * frozen horizon, a plan can do nothing about it: it is a wish that is missed.
 */
export function checkMaximumLags(
  tasks: readonly Task[],
  jobsOf: JobsOfRequest,
  live: WorkSchedule | undefined,
  request: PlanningRequest,
  findings: Findings,
  missed: MissedWishes,
): void {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const frozen = new Map(
    (live?.entries ?? []).filter(({ start }) => start < request.frozenUntil).map((entry) => [entry.jobOrderId, entry]),
  );
  const isSettled = ({ id, running, entry }: Task) =>
    running || (frozen.get(id)?.start === entry.start && frozen.get(id)?.equipmentId === entry.equipmentId);
  for (const task of tasks) {
    const { id, segment, entry, running } = task;
    for (const job of running || !segment.lags ? [] : predecessorsOf(task, jobsOf)) {
      const most = lagBehind(segment, job.segmentId)?.maxSeconds;
      if (most === undefined) continue;
      const before = byId.get(job.jobOrderId);
      const end = before ? before.entry.end : job.endedAt;
      if (end === undefined) continue;
      const latest = end + Math.round(most * 1000);
      if (entry.start <= latest) continue;
      const settled = !before || isSettled(before);
      const text = `${id} starts at ${at(entry.start)}, later than ${at(latest)}, by when it must follow ${job.jobOrderId}`;
      const params = { subject: id, startAt: at(entry.start), latestAt: at(latest), before: job.jobOrderId };
      if (settled) missed.add('maximum-lag', params, text);
      else findings.add(text);
    }
  }
}
