import { mergeIntervals, subtractIntervals, totalLength, type Interval } from '../kernel/index.ts';
import {
  attendedOpenTime,
  machineOpenTime,
  isPlannedStop,
  mayPause,
  personPresence,
  plannedBusyTime,
  presenceLookBackDays,
  runMilliseconds,
  shiftsBetween,
  type PlantModel,
  type PlantState,
  type SetupMatrix,
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

/** Open time is looked at over so long to find out how much of the time it is. */
const sample = 28 * day;

/**
 * Far enough for late materials and releases and for all the work one after the other, at most a year: what must not
 * pause may leave as much open time unused as it takes, and lags and transport pass besides.
 */
function calendarEnd(
  model: PlantModel,
  state: PlantState,
  operations: readonly OpenOperation[],
  from: number,
  horizon: number,
): number {
  const machines = new Map(model.equipment.map((e) => [e.equipmentId, e]));
  const setup = new Map(model.setupMatrices.map((matrix) => [matrix.equipmentClassId, longestSetup(matrix)]));
  const transport = Math.max(model.transportSeconds, ...(model.transportTimes ?? []).map(({ seconds }) => seconds));
  let work = 0;
  let waiting = 0;
  let latest = Math.max(horizon, from);
  for (const { remaining, segment, request } of operations) {
    const times = segment.equipment.map((e) => {
      const machine = machines.get(e.equipmentId);
      return runMilliseconds(remaining, e, machine) + (setup.get(machine?.equipmentClassId ?? '') ?? 0) * 1000;
    });
    const lags = segment.lags ?? [];
    const inOnePiece = !mayPause(segment) || lags.some((lag) => lag.maxSeconds !== undefined);
    work += (inOnePiece ? 2 : 1) * Math.max(0, ...times.filter((time) => !Number.isNaN(time)));
    waiting += (transport + Math.max(0, ...lags.map(({ minSeconds = 0 }) => minSeconds))) * 1000;
    latest = Math.max(latest, request.releasedAt);
  }
  for (const { availableAt } of state.lots) latest = Math.max(latest, availableAt);
  for (const stretch of state.unavailable) if (stretch.end < Infinity) latest = Math.max(latest, stretch.end);
  const needed = latest + 14 * day + waiting + work / leastOpenShare(model, state, operations, from);
  return Math.min(needed, from + 366 * day);
}

/** The share of time in which shifts are worked and, of each qualification in use, somebody is at work: the least of them. */
function leastOpenShare(
  model: PlantModel,
  state: PlantState,
  operations: readonly OpenOperation[],
  from: number,
): number {
  const shifts = shiftsBetween(model.calendar, from, from + sample);
  const presence = personPresence(model, state, shifts, []);
  const stretchesOf = (qualificationId: string) =>
    model.persons
      .filter((person) => person.qualificationIds.includes(qualificationId))
      .flatMap((person) => presence.get(person.personId) ?? []);
  const used = new Set(operations.flatMap(({ segment }) => segment.qualificationId ?? []));
  const open = [shifts, ...[...used].map(stretchesOf)].map((list) => totalLength(mergeIntervals(list)));
  return Math.min(1, Math.min(...open) / sample);
}

function longestSetup({ defaultSeconds, seconds }: SetupMatrix): number {
  return Math.max(defaultSeconds, ...Object.values(seconds).flatMap((row) => Object.values(row)));
}
