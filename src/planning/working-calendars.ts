import { mergeIntervals, subtractIntervals, type Interval } from '../kernel/index.ts';
import {
  attendedOpenTime,
  machineOpenTime,
  isPlannedStop,
  personPresence,
  plannedBusyTime,
  presenceLookBackDays,
  runMilliseconds,
  shiftsBetween,
  type PlantModel,
  type PlantState,
} from '../plant/index.ts';
import type { OpenOperation } from './operations.ts';
import { buildPools } from './pools.ts';
import type { Wishes } from './wishes.ts';

const day = 86_400_000;

/** Calendars by machine and qualification, and the operator pools. */
export function workingTime(
  model: PlantModel,
  state: PlantState,
  operations: readonly OpenOperation[],
  wishes: Wishes,
  from: number,
  horizon: number,
) {
  const start = Math.min(from, state.at);
  const end = calendarEnd(model, state, operations, from, horizon);
  const shifts = shiftsBetween(model.calendar, start - presenceLookBackDays * day, end);
  const presence = personPresence(model, state, shifts, wishes.overtime);
  const machinesOf = new Map<string, Set<string>>();
  for (const { segment } of operations) {
    if (segment.qualificationId === undefined) continue;
    const set = machinesOf.get(segment.qualificationId) ?? new Set<string>();
    for (const { equipmentId } of segment.equipment) set.add(equipmentId);
    machinesOf.set(segment.qualificationId, set);
  }
  const lists: Interval[][] = [];
  const known = new Map<string, number>();
  function calendarOf(equipmentId: string, qualificationId: string | undefined, running = false): number {
    const key = `${equipmentId}\n${qualificationId ?? ''}\n${running ? 'running' : ''}`;
    const existing = known.get(key);
    if (existing !== undefined) return existing;
    let open = machineOpenTime(state, shifts, wishes.overtime, equipmentId);
    const forbidden = running ? undefined : wishes.forbidden.get(equipmentId);
    if (forbidden) open = subtractIntervals(open, mergeIntervals(forbidden));
    if (qualificationId !== undefined) {
      const able = model.persons.filter((person) => person.qualificationIds.includes(qualificationId));
      open = attendedOpenTime(
        open,
        able.map((person) => presence.get(person.personId) ?? []),
      );
    }
    lists.push(open.filter((stretch) => stretch.end > start));
    known.set(key, lists.length - 1);
    return lists.length - 1;
  }
  function busyCalendarOf(equipmentId: string): number {
    const stops = state.unavailable.filter((stretch) => stretch.equipmentId === equipmentId);
    if (stops.every(isPlannedStop) && !wishes.forbidden.has(equipmentId)) return calendarOf(equipmentId, undefined);
    const busy = plannedBusyTime(state, shifts, wishes.overtime, equipmentId);
    return lists.push(busy.filter((stretch) => stretch.end > start)) - 1;
  }
  return {
    lists,
    calendarOf,
    busyCalendarOf,
    pools: buildPools(model.persons, presence, machinesOf, from),
    shifts,
    within: { start, end },
  };
}

/** Far enough for late materials and releases and all the work, at most a year. */
function calendarEnd(
  model: PlantModel,
  state: PlantState,
  operations: readonly OpenOperation[],
  from: number,
  horizon: number,
): number {
  const machines = new Map(model.equipment.map((e) => [e.equipmentId, e]));
  let work = 0;
  let latest = Math.max(horizon, from);
  for (const { remaining, segment, request } of operations) {
    const runs = segment.equipment.map((e) => runMilliseconds(remaining, e, machines.get(e.equipmentId)));
    work += Math.max(0, ...runs.filter((run) => !Number.isNaN(run)));
    latest = Math.max(latest, request.releasedAt);
  }
  for (const { availableAt } of state.lots) latest = Math.max(latest, availableAt);
  for (const stretch of state.unavailable) if (stretch.end < Infinity) latest = Math.max(latest, stretch.end);
  return Math.min(latest + 14 * day + work / 2, from + 366 * day);
}
