import type { PlanConstraint } from '../contracts/index.ts';
import { parseInstant, type Interval } from '../kernel/index.ts';
import { machinesBelow, type OvertimeStretch, type PlantModel } from '../plant/index.ts';

/** A request's constraints, resolved against the plant. */
export interface Wishes {
  overtime: OvertimeStretch[];
  /** Stretches in which a machine must not be used for anything that is not running yet. */
  forbidden: Map<string, Interval[]>;
  /** Job orders to keep on machine and start. */
  locked: Set<string>;
  /** Work requests that must not be late. */
  mustBeOnTime: Set<string>;
  /** Job orders or work requests whose operations must not pause. */
  noSplit: Set<string>;
}

/**
 * Reads the constraints: the subject of `forbid-machine` and `overtime` is a machine or anything above it in the
 * equipment tree, of `lock` a job order, of `must-be-on-time` a work request, of `no-split` either of the two.
 * Without `from` a wish holds from the plan's start; without `to` overtime ends at the horizon, a ban never.
 */
export function readWishes(
  model: PlantModel,
  constraints: readonly PlanConstraint[],
  from: number,
  horizon: number,
): Wishes {
  const wishes: Wishes = {
    overtime: [],
    forbidden: new Map(),
    locked: new Set(),
    mustBeOnTime: new Set(),
    noSplit: new Set(),
  };
  for (const { kind, subject, from: first, to } of constraints) {
    const start = first === undefined ? from : parseInstant(first);
    const end = to === undefined ? Infinity : parseInstant(to);
    const machines = machinesBelow(model.equipment, subject).map((machine) => machine.equipmentId);
    if (kind === 'lock') wishes.locked.add(subject);
    else if (kind === 'must-be-on-time') wishes.mustBeOnTime.add(subject);
    else if (kind === 'no-split') wishes.noSplit.add(subject);
    else if (kind === 'overtime') {
      wishes.overtime.push({ equipmentIds: machines, start, end: to === undefined ? horizon : end });
    } else
      for (const machine of machines)
        wishes.forbidden.set(machine, [...(wishes.forbidden.get(machine) ?? []), { start, end }]);
  }
  return wishes;
}
