import { mergeIntervals, subtractIntervals, type Interval } from '../kernel/index.ts';
import {
  attendedOpenTime,
  machineOpenTime,
  personPresence,
  type PlantModel,
  type PlantState,
  type ShiftInstance,
} from '../plant/index.ts';
import type { Wishes } from './wishes.ts';

/**
 * Something that keeps machines closed for an operation: a ban by wish or a stop of a machine, the absence of a
 * person, that nobody but the qualified may attend it, that it may not pause, and the shifts themselves.
 */
export const causeKinds = ['shifts', 'one-piece', 'qualification', 'absence', 'stop', 'ban'] as const;
type CauseKind = (typeof causeKinds)[number];

/** One member of a conflicting set. */
export interface Cause {
  kind: CauseKind;
  /** The machine, person, qualification or operation that it is about; empty for the shifts. */
  subject: string;
}

/** What decides when machines are open. */
export interface OpenTimeInputs {
  model: PlantModel;
  state: PlantState;
  wishes: Wishes;
  shifts: readonly ShiftInstance[];
  /** The stretch that is looked at. */
  within: Interval;
}

/** The operation that finds no open time. Instants and durations in milliseconds, instants since 1970 UTC. */
export interface ClosedOut {
  jobOrderId: string;
  qualificationId: string | undefined;
  mayPause: boolean;
  alternatives: { equipmentId: string; run: number; earliest: number }[];
}

/**
 * Which things together leave an operation no open time on any of its machines: a set of which each member is needed
 * (without any one of them it would find a place), by deletion filter. General things are left out first, so that what
 * happened or was wished is named where that alone is enough. Empty where it finds no place in any case.
 */
export function conflictSetOf(inputs: OpenTimeInputs, operation: ClosedOut): Cause[] {
  let kept = causesOf(inputs, operation);
  if (hasPlace(inputs, operation, [])) {
    for (const cause of kept) {
      const without = kept.filter((other) => other !== cause);
      if (!hasPlace(inputs, operation, without)) kept = without;
    }
    return kept;
  }
  return [];
}

/** Everything that may have a part in it, in the order in which it is left out. */
function causesOf({ model, state, wishes }: OpenTimeInputs, operation: ClosedOut): Cause[] {
  const machines = operation.alternatives.map(({ equipmentId }) => equipmentId);
  const { qualificationId, jobOrderId } = operation;
  const able = model.persons.filter(
    (p) => qualificationId !== undefined && p.qualificationIds.includes(qualificationId),
  );
  const away = new Set(state.absences.map(({ personId }) => personId));
  const stopped = new Set(state.unavailable.map(({ equipmentId }) => equipmentId));
  return [
    { kind: 'shifts', subject: '' },
    ...(operation.mayPause ? [] : [{ kind: 'one-piece' as const, subject: jobOrderId }]),
    ...(qualificationId === undefined ? [] : [{ kind: 'qualification' as const, subject: qualificationId }]),
    ...able
      .filter(({ personId }) => away.has(personId))
      .map(({ personId }) => ({ kind: 'absence' as const, subject: personId })),
    ...machines.filter((id) => stopped.has(id)).map((subject) => ({ kind: 'stop' as const, subject })),
    ...machines.filter((id) => wishes.forbidden.has(id)).map((subject) => ({ kind: 'ban' as const, subject })),
  ];
}

/** Whether the operation finds open time on one of its machines where only these causes hold. */
function hasPlace(inputs: OpenTimeInputs, operation: ClosedOut, causes: readonly Cause[]): boolean {
  const { model, state, wishes, shifts, within } = inputs;
  const holds = (kind: CauseKind, subject = '') => causes.some((c) => c.kind === kind && c.subject === subject);
  const always: ShiftInstance[] = [{ shiftId: '', name: '', productionDay: '', ...within }];
  const known: PlantState = {
    ...state,
    unavailable: state.unavailable.filter(({ equipmentId }) => holds('stop', equipmentId)),
    absences: state.absences.filter(({ personId }) => holds('absence', personId)),
  };
  const { qualificationId } = operation;
  const attended = qualificationId !== undefined && holds('qualification', qualificationId);
  const presence = attended ? personPresence(model, known, shifts, wishes.overtime) : undefined;
  const people = model.persons
    .filter((person) => person.qualificationIds.includes(qualificationId ?? ''))
    .map(({ personId }) => presence?.get(personId) ?? []);
  const onePiece = holds('one-piece', operation.jobOrderId);
  return operation.alternatives.some(({ equipmentId, run, earliest }) => {
    let open = machineOpenTime(known, holds('shifts') ? shifts : always, wishes.overtime, equipmentId);
    const forbidden = wishes.forbidden.get(equipmentId);
    if (forbidden && holds('ban', equipmentId)) open = subtractIntervals(open, mergeIntervals(forbidden));
    if (attended) open = attendedOpenTime(open, people);
    const lengths = open.map(({ start, end }) => Math.max(0, end - Math.max(start, earliest)));
    const room = onePiece ? Math.max(0, ...lengths) : lengths.reduce((sum, length) => sum + length, 0);
    return room >= run;
  });
}
