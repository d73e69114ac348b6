import {
  intersectIntervals,
  mergeIntervals,
  parseInstant,
  subtractIntervals,
  type Interval,
} from '../../kernel/index.ts';
import {
  attendedOpenTime,
  machineOpenTime,
  machinesBelow,
  personPresence,
  plannedBusyTime,
  shiftsBetween,
  type OvertimeStretch,
  type PlantModel,
  type PlantState,
} from '../../plant/index.ts';
import type { PlanningRequest } from '../request.ts';
import { shortageFinder, type Attended, type Shortage } from './operators.ts';
import { findExcessHours } from './working-hours.ts';

const day = 86_400_000;

/** When machines may work and people are there, with the request's wishes. */
export class OpenTime {
  /** Who of some work nobody is left for, see `shortageFinder`. */
  readonly findShortages: (work: readonly Attended[]) => Shortage[];
  /** Merged stretches at work by person. */
  private readonly presence: ReadonlyMap<string, Interval[]>;
  private readonly busy: (equipmentId: string) => Interval[];
  /** People who are counted on for more hours than they may work, in words. */
  readonly excessHours: readonly string[];
  private readonly open: (equipmentId: string) => Interval[];
  private readonly bans = new Map<string, Interval[]>();
  private readonly model: PlantModel;
  private readonly known = new Map<string, Interval[]>();

  constructor(model: PlantModel, state: PlantState, request: PlanningRequest, from: number, until: number) {
    this.model = model;
    const overtime: OvertimeStretch[] = [];
    for (const { kind, subject, ...wish } of request.constraints) {
      const start = wish.from === undefined ? from : parseInstant(wish.from);
      const end = wish.to === undefined ? undefined : parseInstant(wish.to);
      const machines = machinesBelow(model.equipment, subject).map((m) => m.equipmentId);
      if (kind === 'overtime') overtime.push({ equipmentIds: machines, start, end: end ?? request.horizon });
      if (kind === 'forbid-machine')
        for (const machine of machines)
          this.bans.set(machine, [...(this.bans.get(machine) ?? []), { start, end: end ?? Infinity }]);
    }
    // Two weeks back: overtime is worked by the shift that ended last, perhaps before days off; hours count by week.
    const shifts = shiftsBetween(model.calendar, Math.min(from, state.at) - 14 * day, until);
    this.presence = personPresence(model, state, shifts, overtime);
    this.findShortages = shortageFinder(model.persons, this.presence);
    this.excessHours = findExcessHours(model, this.presence);
    this.open = (equipmentId) => machineOpenTime(state, shifts, overtime, equipmentId);
    this.busy = (equipmentId) => plannedBusyTime(state, shifts, overtime, equipmentId);
  }

  /** When a machine is planned to be busy: only planned maintenance closes it. */
  plannedBusy(equipmentId: string): Interval[] {
    const known = this.known.get(equipmentId) ?? this.busy(equipmentId);
    this.known.set(equipmentId, known);
    return known;
  }

  /** When a machine may work on something that needs this qualification; bans hold for what is not running yet. */
  of(equipmentId: string, qualificationId: string | undefined, running: boolean): Interval[] {
    const key = JSON.stringify([equipmentId, qualificationId, running]);
    let open = this.known.get(key);
    if (open) return open;
    open = this.open(equipmentId);
    if (!running) open = subtractIntervals(open, mergeIntervals(this.bans.get(equipmentId) ?? []));
    if (qualificationId !== undefined) {
      const able = this.model.persons.filter((p) => p.qualificationIds.includes(qualificationId));
      open = attendedOpenTime(
        open,
        able.map((p) => this.presence.get(p.personId) ?? []),
      );
    }
    this.known.set(key, open);
    return open;
  }
}

/** What of some open time lies within [start, end). */
export function within(open: readonly Interval[], start: number, end: number): Interval[] {
  return intersectIntervals(open, [{ start, end }]);
}

/** The last open stretches before `end` that together are as long as the work; undefined where they are not. */
export function lastBefore(open: readonly Interval[], end: number, work: number): Interval[] | undefined {
  const taken: Interval[] = [];
  let left = work;
  for (let i = open.length - 1; i >= 0 && left > 0; i--) {
    const until = Math.min(end, open[i]!.end);
    if (until <= open[i]!.start) continue;
    const from = Math.max(open[i]!.start, until - left);
    taken.unshift({ start: from, end: until });
    left -= until - from;
  }
  return left > 0 ? undefined : taken;
}

/** The first open stretches from `start` on that together are as long as the work; undefined where they are not. */
export function firstFrom(open: readonly Interval[], start: number, work: number): Interval[] | undefined {
  const taken: Interval[] = [];
  let left = work;
  for (const stretch of open) {
    const from = Math.max(start, stretch.start);
    if (stretch.end <= from || left <= 0) continue;
    const until = Math.min(stretch.end, from + left);
    taken.push({ start: from, end: until });
    left -= until - from;
  }
  return left > 0 ? undefined : taken;
}
