import { intersectIntervals, mergeIntervals, subtractIntervals, type Interval } from '../kernel/index.ts';
import type { ShiftInstance } from './calendar.ts';
import type { PlantModel, PlantState } from './plant-model.ts';
import { localDays, withinWorkingHours } from './working-hours.ts';

/**
 * So many days before an instant the shifts must be read for `personPresence` to be right from there on: overtime
 * after days off is worked by the shift that ended last, and the hours of a week count from its Monday.
 */
export const presenceLookBackDays = 14;

/** Extra working time of some machines outside the shifts. */
export interface OvertimeStretch extends Interval {
  equipmentIds: string[];
}

/** A stretch in which machines begin nothing, and go on with nothing but what was running before the plan. */
export interface BanStretch extends Interval {
  equipmentIds: string[];
}

/**
 * When a machine may work: the site's worked shifts and its own overtime, minus the stretches in which the state
 * says it is unavailable. Merged, in milliseconds since 1970 UTC.
 */
export function machineOpenTime(
  state: PlantState,
  shifts: readonly ShiftInstance[],
  overtime: readonly OvertimeStretch[],
  equipmentId: string,
): Interval[] {
  const own = overtime.filter((stretch) => stretch.equipmentIds.includes(equipmentId));
  const closed = state.unavailable.filter((stretch) => stretch.equipmentId === equipmentId);
  return subtractIntervals(mergeIntervals([...shifts, ...own]), mergeIntervals(closed));
}

/**
 * When each person is at work, by person id: the instances of the person's shift (every shift where none is named)
 * and overtime, minus absences, within the limits of working time. In overtime outside every shift, those of the shift
 * that ended last stay on.
 */
export function personPresence(
  model: PlantModel,
  state: PlantState,
  shifts: readonly ShiftInstance[],
  overtime: readonly OvertimeStretch[],
): Map<string, Interval[]> {
  const extra = subtractIntervals(mergeIntervals(overtime), mergeIntervals(shifts)).map((stretch) => ({
    ...stretch,
    shiftId: lastEndedBefore(shifts, stretch.start)?.shiftId,
  }));
  const limited = model.persons.some((p) => p.mostHoursPerDay !== undefined || p.mostHoursPerWeek !== undefined);
  const everything = mergeIntervals([...shifts, ...extra]);
  const days = limited
    ? localDays(model.calendar.timeZone, everything[0]?.start ?? 0, everything.at(-1)?.end ?? 0)
    : [];
  return new Map(
    model.persons.map((person) => {
      const works = (shiftId: string | undefined) => person.shiftId === undefined || person.shiftId === shiftId;
      const present = mergeIntervals([...shifts, ...extra].filter((stretch) => works(stretch.shiftId)));
      const absent = mergeIntervals(state.absences.filter((absence) => absence.personId === person.personId));
      const there = subtractIntervals(present, absent);
      const free = person.mostHoursPerDay === undefined && person.mostHoursPerWeek === undefined;
      return [person.personId, free ? there : withinWorkingHours(there, person, days)];
    }),
  );
}

/** A number that changes at instants: `values[i]` holds from `times[i]` to the next; before the first it is 0. */
export interface StepFunction {
  times: number[];
  values: number[];
}

/** How many of several lists of stretches cover each instant. Each list must be merged. */
export function countCovering(lists: readonly (readonly Interval[])[]): StepFunction {
  const change = new Map<number, number>();
  for (const { start, end } of lists.flat()) {
    change.set(start, (change.get(start) ?? 0) + 1);
    change.set(end, (change.get(end) ?? 0) - 1);
  }
  const steps: StepFunction = { times: [], values: [] };
  let value = 0;
  for (const time of [...change.keys()].sort((a, b) => a - b)) {
    const delta = change.get(time) ?? 0;
    if (delta === 0) continue;
    value += delta;
    steps.times.push(time);
    steps.values.push(value);
  }
  return steps;
}

/** When a machine may work on something that needs one of these people: both at once. All lists must be merged. */
export function attendedOpenTime(machine: readonly Interval[], people: readonly (readonly Interval[])[]): Interval[] {
  return intersectIntervals(machine, mergeIntervals(people.flat()));
}

function lastEndedBefore(shifts: readonly ShiftInstance[], instant: number): ShiftInstance | undefined {
  let last: ShiftInstance | undefined;
  for (const shift of shifts) if (shift.end <= instant && (!last || shift.end > last.end)) last = shift;
  return last;
}
