import { intersectIntervals, mergeIntervals, subtractIntervals, type Interval } from '../kernel/index.ts';
import {
  isPlannedStop,
  lineOf,
  machineOpenTime,
  personPresence,
  plannedBusyTime,
  presenceLookBackDays,
  shiftsBetween,
  type BanStretch,
  type Equipment,
  type OvertimeStretch,
  type PlantModel,
  type PlantState,
  type ProcessSegment,
  type SetupMatrix,
} from '../plant/index.ts';
import { packCalendar, type Calendar } from './calendar.ts';
import { tableOperators, type OperatorTable } from './operators.ts';

const day = 86_400_000;

/** What every plan for one plant shares: machines, working time, people. */
export interface Ground {
  model: PlantModel;
  machineIds: string[];
  machines: Equipment[];
  /** Parts that each batch machine takes at once, 0 for the others. */
  capacities: Float64Array;
  /** Setup family of each material that has one. */
  families: ReadonlyMap<string, string | undefined>;
  machineIndex: ReadonlyMap<string, number>;
  /** Line of each machine. */
  lines: string[];
  matrices: (SetupMatrix | undefined)[];
  /** When each machine is open, whether or not anybody is there. */
  machineCalendars: Calendar[];
  /** When each machine is planned to be busy, see `plannedBusyTime`. */
  busyCalendars: Calendar[];
  operators: OperatorTable;
  /** End of the calendars. */
  until: number;
  segmentOf(workMasterId: string, version: string, segmentId: string): ProcessSegment | undefined;
  /** Index of a qualification in the operator table, −1 for none. */
  qualificationIndex(qualificationId: string | undefined): number;
  /**
   * By machine, when it is open and somebody with the qualification is there; laid out for these machines. Bans hold for
   * what is not running already.
   */
  calendarsOf(machines: readonly number[], qualificationId: string | undefined, running: boolean): readonly Calendar[];
}

/** How working time differs from the shifts because plans ask for it. */
export interface WorkingTimeWishes {
  overtime?: readonly OvertimeStretch[] | undefined;
  bans?: readonly BanStretch[] | undefined;
}

/** Lays the ground for simulations of one plant from the state's instant to `until`. */
export function layGround(
  model: PlantModel,
  state: Pick<PlantState, 'at' | 'unavailable' | 'absences'>,
  until: number,
  { overtime = [], bans = [] }: WorkingTimeWishes = {},
): Ground {
  const earlier = shiftsBetween(model.calendar, state.at - presenceLookBackDays * day, until);
  const shifts = earlier.filter((shift) => shift.end > state.at - day);
  const limits = { ...state, workRequests: [], jobOrders: [], lots: [], setupFamily: {} };
  const presence = new Map(
    [...personPresence(model, limits, earlier, overtime)].map(([id, stretches]) => [
      id,
      stretches.filter((stretch) => stretch.end > state.at - day),
    ]),
  );
  const machines = model.equipment.filter((equipment) => equipment.level === 'WorkUnit');
  const open = machines.map((machine) => machineOpenTime(limits, shifts, overtime, machine.equipmentId));
  const permitted = machines.map(({ equipmentId }, index) => {
    const own = bans.filter((ban) => ban.equipmentIds.includes(equipmentId));
    return own.length === 0 ? open[index]! : subtractIntervals(open[index]!, mergeIntervals(own));
  });
  const machinesOf = new Map<string, Set<string>>();
  const segments = new Map<string, ProcessSegment>();
  for (const { workMasterId, version, segments: list } of model.workMasters)
    for (const segment of list) {
      segments.set(`${workMasterId}\n${version}\n${segment.segmentId}`, segment);
      if (segment.qualificationId === undefined) continue;
      const using = machinesOf.get(segment.qualificationId) ?? new Set();
      for (const { equipmentId } of segment.equipment) using.add(equipmentId);
      machinesOf.set(segment.qualificationId, using);
    }
  const operators = tableOperators(model.persons, presence, machinesOf);
  const qualificationIndex = new Map(operators.qualifications.map((id, index) => [id, index]));
  const machineCalendars = open.map(packCalendar);
  const permittedCalendars = machineCalendars.map((calendar, machine) =>
    permitted[machine] === open[machine] ? calendar : packCalendar(permitted[machine]!),
  );
  const attended = new Map<string, Interval[]>();
  const calendars = new Map<string, Calendar[]>();

  function somebodyThere(qualificationId: string): Interval[] {
    let there = attended.get(qualificationId);
    if (!there) {
      const able = model.persons.filter((person) => person.qualificationIds.includes(qualificationId));
      there = mergeIntervals(able.flatMap((person) => presence.get(person.personId) ?? []));
      attended.set(qualificationId, there);
    }
    return there;
  }
  return {
    model,
    machineIds: machines.map((machine) => machine.equipmentId),
    machines,
    capacities: Float64Array.from(machines, (machine) => machine.batchCapacity ?? 0),
    families: new Map(model.materials.map((material) => [material.materialId, material.setupFamily])),
    machineIndex: new Map(machines.map((machine, index) => [machine.equipmentId, index])),
    lines: machines.map(({ equipmentId }) => lineOf(model.equipment, equipmentId)),
    matrices: machines.map((machine) =>
      model.setupMatrices.find((matrix) => matrix.equipmentClassId === machine.equipmentClassId),
    ),
    machineCalendars,
    busyCalendars: machines.map(({ equipmentId }, index) =>
      state.unavailable.some((stop) => stop.equipmentId === equipmentId && !isPlannedStop(stop))
        ? packCalendar(plannedBusyTime(limits, shifts, overtime, equipmentId))
        : machineCalendars[index]!,
    ),
    operators,
    until,
    segmentOf: (workMasterId, version, segmentId) => segments.get(`${workMasterId}\n${version}\n${segmentId}`),
    qualificationIndex: (id) => (id === undefined ? -1 : (qualificationIndex.get(id) ?? -1)),
    calendarsOf(machines, qualificationId, running) {
      if (qualificationId === undefined) return running ? machineCalendars : permittedCalendars;
      const key = `${qualificationId}\n${running ? 'running' : ''}`;
      const known = calendars.get(key) ?? [];
      calendars.set(key, known);
      const hours = running ? open : permitted;
      for (const machine of machines)
        known[machine] ??= packCalendar(intersectIntervals(hours[machine]!, somebodyThere(qualificationId)));
      return known;
    },
  };
}
