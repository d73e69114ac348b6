import { downtimeReasons, type DowntimeReason, type PackmlState, type PlantState } from '../plant/index.ts';
import { nextOpen } from './calendar.ts';
import type { FloorState } from './floor-state.ts';
import type { Ground } from './ground.ts';
import { lacksMaterial } from './job-progress.ts';
import { conditions, type Machine } from './machine.ts';
import { jobAt, lacksPeople } from './settling.ts';

/** What a machine reports. */
export interface ReportedState {
  state: PackmlState;
  reason?: DowntimeReason;
  jobOrderId?: string;
}

const stopStates: Partial<Record<DowntimeReason, PackmlState>> = {
  breakdown: 'Aborted',
  'planned-maintenance': 'Stopped',
};
const reasons: readonly string[] = downtimeReasons;

/**
 * The PackML state of a machine now: Execute while it runs; Held while it is set up, lacks an operator or stands for a
 * tool, cleaning or quality; Aborted in a breakdown; Suspended where only material is missing or nothing can take what it
 * has finished; Stopped while it is
 * closed or in planned maintenance; else Idle.
 */
export function reportedState(
  floor: FloorState,
  ground: Ground,
  machine: Machine,
  unavailable: PlantState['unavailable'],
): ReportedState {
  const { now, work, startEarly } = floor;
  const job = jobAt(floor, machine);
  const under = machine.current >= 0 ? { jobOrderId: work.jobs[machine.current]!.jobOrder.jobOrderId } : {};
  if (machine.working)
    return machine.setupLeft > 0 ? { state: 'Held', reason: 'setup', ...under } : { state: 'Execute', ...under };
  if (machine.downUntil > now) return { ...stopped(machine.downReason ?? 'breakdown'), ...under };
  if (nextOpen(ground.machineCalendars[machine.index]!, now) > now) {
    const cause = unavailable.find((u) => u.equipmentId === machine.equipmentId && u.start <= now && u.end > now);
    return { ...(cause ? stopped(asReason(cause.reason)) : { state: 'Stopped' }), ...under };
  }
  if (machine.blockedBy >= 0) return { state: 'Suspended', ...under };
  if (machine.current >= 0 && work.transfers?.isOut(work, machine.current, machine))
    return { state: 'Suspended', reason: 'material-shortage', ...under };
  if (machine.current >= 0) return { state: 'Held', reason: 'no-operator', ...under };
  if (machine.condition === conditions.operator) return { state: 'Held', reason: 'no-operator' };
  if (job >= 0 && lacksMaterial(work, job, now, startEarly)) return { state: 'Suspended', reason: 'material-shortage' };
  if (job >= 0 && lacksPeople(floor, job, machine)) return { state: 'Held', reason: 'no-operator' };
  return { state: 'Idle' };
}

function stopped(reason: DowntimeReason): ReportedState {
  return { state: stopStates[reason] ?? 'Held', reason };
}

function asReason(text: string): DowntimeReason {
  return reasons.includes(text) ? (text as DowntimeReason) : 'planned-maintenance';
}
