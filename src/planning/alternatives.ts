import { runMilliseconds, transportMsBetween, type Equipment, type PlantModel } from '../plant/index.ts';
import { nextFit, openBetween, type Calendars } from './calendars.ts';
import type { Cause } from './conflict-set.ts';
import type { Conflicts } from './infeasible.ts';
import { milliseconds } from './lags.ts';
import type { MaterialLimits } from './materials.ts';
import type { OpenOperation } from './operations.ts';
import type { CompletedPredecessor } from './predecessors.ts';
import { earliestReasons, type EarliestReason } from './problem.ts';
import type { PlanningRequest } from './request.ts';

/** One machine on which an operation may run. Times in milliseconds relative to the plan's start. */
export interface Alternative {
  machine: number;
  run: number;
  calendar: number;
  earliest: number;
  /** Index into `earliestReasons`. */
  reason: number;
}

/** What alternatives are made from, beside the operations. */
interface AlternativeInputs {
  model: PlantModel;
  request: PlanningRequest;
  from: number;
  machines: readonly Equipment[];
  /** Line of each machine. */
  lines: readonly string[];
  liveStart: (operation: number) => number | undefined;
  materials: MaterialLimits;
  completed: readonly (readonly CompletedPredecessor[])[];
  calendarOf: (equipmentId: string, qualificationId: string | undefined) => number;
}

/** The machines that may do each operation; a conflict where there is none. */
export function machineAlternatives(
  operations: readonly OpenOperation[],
  inputs: AlternativeInputs,
  conflicts: Conflicts,
): Alternative[][] {
  const { model, from, lines } = inputs;
  const transportMs = transportMsBetween(model);
  const machineIndex = new Map(inputs.machines.map(({ equipmentId }, i) => [equipmentId, i]));
  return operations.map(({ segment, request, remaining, jobOrder }, i) => {
    const frozen = (inputs.liveStart(i) ?? Infinity) < inputs.request.frozenUntil;
    const limits: [number, EarliestReason][] = [
      [frozen ? from : inputs.request.frozenUntil, 'frozen-horizon'],
      [request.releasedAt, 'release'],
      [inputs.materials.peggedAt[i]!, 'material'],
    ];
    const list = segment.equipment.flatMap((speed, place): Alternative[] => {
      const { equipmentId } = speed;
      const machine = machineIndex.get(equipmentId);
      // Of a machine that is named twice the first counts.
      if (machine === undefined || segment.equipment.findIndex((e) => e.equipmentId === equipmentId) < place) return [];
      const run = runMilliseconds(remaining, speed, inputs.machines[machine]);
      if (Number.isNaN(run)) conflicts.add('batch-time-missing', jobOrder.jobOrderId, equipmentId);
      const arrived = inputs.completed[i]!.map(({ endedAt, line, lag }): [number, EarliestReason] => {
        const transport = line === undefined ? 0 : transportMs(line, lines[machine]!);
        return [endedAt + Math.max(transport, milliseconds(lag?.minSeconds ?? 0)), 'predecessor'];
      });
      let [earliest, reason]: [number, EarliestReason] = [from, 'plan-start'];
      for (const limit of [...limits, ...arrived]) if (limit[0] > earliest) [earliest, reason] = limit;
      return [
        {
          machine,
          run,
          calendar: inputs.calendarOf(equipmentId, segment.qualificationId),
          earliest: earliest - from,
          reason: earliestReasons.indexOf(reason),
        },
      ];
    });
    if (list.length === 0) conflicts.add('segment-without-machine', jobOrder.jobOrderId, segment.segmentId);
    return list;
  });
}

/**
 * Leaves out machines on whose calendar an operation never fits; a conflict where none is left, unless it is
 * running.
 * @param causesOf what together leaves an operation no open time
 */
export function withoutClosedMachines(
  model: PlantModel,
  operations: readonly OpenOperation[],
  alternatives: readonly Alternative[][],
  calendars: Calendars,
  mayPause: Uint8Array,
  conflicts: Conflicts,
  causesOf: (operation: number) => Cause[],
): Alternative[][] {
  return alternatives.map((list, i) => {
    const { running, segment, jobOrder } = operations[i]!;
    if (running) return list;
    const kept = list.filter(({ calendar, run, earliest }) =>
      mayPause[i] === 1
        ? openBetween(calendars, calendar, earliest, Infinity) >= run
        : nextFit(calendars, calendar, earliest, run) < Infinity,
    );
    if (kept.length > 0) return kept;
    const { qualificationId, segmentId } = segment;
    const nobody =
      qualificationId !== undefined && !model.persons.some((p) => p.qualificationIds.includes(qualificationId));
    if (nobody) conflicts.add('qualification-nobody-has', jobOrder.jobOrderId, qualificationId);
    else conflicts.add('no-open-time', jobOrder.jobOrderId, segmentId, causesOf(i));
    return list;
  });
}
