import { machinesBelow, type PlantModel, type PlantState, type WorkSchedule } from '../../plant/index.ts';
import type { PlanningRequest } from '../request.ts';
import { at, type MissedWishes } from './findings.ts';
import type { Task } from './tasks.ts';

/**
 * Wishes that a plan may miss where it cannot keep them, in words: locks and due dates; and those that name nothing
 * in the plant. Bans, overtime and no-split are never missed: the check of the machines refuses such a plan.
 */
export function checkWishes(
  model: PlantModel,
  state: PlantState,
  live: WorkSchedule | undefined,
  request: PlanningRequest,
  tasks: readonly Task[],
  missed: MissedWishes,
): void {
  const isRequest = (id: string) => state.workRequests.some((r) => r.workRequestId === id);
  const isJob = (id: string) => state.jobOrders.some((j) => j.jobOrderId === id);
  for (const { kind, subject } of request.constraints) {
    const known = {
      lock: () => isJob(subject),
      'must-be-on-time': () => isRequest(subject),
      'no-split': () => isJob(subject) || isRequest(subject),
      overtime: () => machinesBelow(model.equipment, subject).length > 0,
      'forbid-machine': () => machinesBelow(model.equipment, subject).length > 0,
    }[kind]();
    if (!known) missed.add('unknown', { kind, subject }, `${kind} ${subject}: nothing of that name in the plant`);
    if (kind === 'lock') {
      const planned = live?.entries.find((entry) => entry.jobOrderId === subject);
      const entry = tasks.find((task) => task.id === subject && !task.running)?.entry;
      if (planned && entry && (planned.start !== entry.start || planned.equipmentId !== entry.equipmentId))
        missed.add(
          'lock',
          {
            subject,
            machine: planned.equipmentId,
            startAt: at(planned.start),
            otherMachine: entry.equipmentId,
            otherStartAt: at(entry.start),
          },
          `${subject} is locked on ${planned.equipmentId} at ${at(planned.start)}, but planned on ${entry.equipmentId} at ${at(entry.start)}`,
        );
    }
    if (kind === 'must-be-on-time') {
      const own = tasks.filter((task) => task.request.workRequestId === subject);
      const end = Math.max(...own.map((task) => task.entry.end));
      const dueAt = own[0]?.request.dueAt ?? Infinity;
      if (end > dueAt)
        missed.add(
          'must-be-on-time',
          { subject, dueAt: at(dueAt), endAt: at(end) },
          `${subject} must be on time at ${at(dueAt)}, but ends at ${at(end)}`,
        );
    }
  }
}
