import { mergeIntervals, subtractIntervals, totalLength } from '../kernel/index.ts';
import type { Equipment } from './equipment.ts';
import { isBreakdown } from './maintenance.ts';
import type { JobOrder } from './order.ts';
import type { PlantState } from './plant-model.ts';
import type { InterruptionMode, ProcessSegment, SegmentEquipment } from './routing.ts';
import { loadCount, runMilliseconds } from './run-time.ts';

/**
 * What a breakdown does now to a running operation; undefined where none interrupts it. Its machine is down where a
 * stretch of `unavailable` covers the state's instant (its end excluded) and is a breakdown, see `isBreakdown`.
 */
export function interruptionOf(
  state: Pick<PlantState, 'at' | 'unavailable'>,
  job: JobOrder,
  segment: ProcessSegment,
): InterruptionMode | undefined {
  const down = state.unavailable.some(
    (stop) =>
      stop.equipmentId === job.equipmentId && isBreakdown(stop) && stop.start <= state.at && state.at < stop.end,
  );
  return job.dispatchStatus === 'Running' && down ? (segment.afterInterruption ?? 'resume') : undefined;
}

/** Whether an operation may pause over closed time: its segment allows it, and it resumes after a pause. */
export function mayPause({ interruptible, afterInterruption }: ProcessSegment): boolean {
  return interruptible && (afterInterruption ?? 'resume') === 'resume';
}

/** Parts that an operation still has to make: all of them where a breakdown made it start anew. */
export function partsLeft(job: JobOrder, interruption: InterruptionMode | undefined): number {
  const anew = interruption === 'restart' || interruption === 'scrap';
  return Math.max(0, anew ? job.quantity : job.quantity - job.goodQuantity);
}

/** Parts that a breakdown makes scrap: those made so far and, on a batch machine, those in the load. */
export function partsLost(
  job: JobOrder,
  interruption: InterruptionMode | undefined,
  machine: Equipment | undefined,
): number {
  if (interruption !== 'scrap') return 0;
  const inLoad = Math.min(machine?.batchCapacity ?? 0, job.quantity - job.goodQuantity);
  return job.goodQuantity + Math.max(0, inLoad);
}

/** A running operation on its machine; times in milliseconds. */
export interface RunningWork {
  job: JobOrder;
  interruption: InterruptionMode | undefined;
  machine: Equipment | undefined;
  speed: SegmentEquipment;
  /** Setup that its plan gave it. */
  setup: number;
  /** Setup from its own family to its own: its machine is set up for it already. */
  setupAgain: number;
}

/** Milliseconds of setup and of run time that are left; on a batch machine what is left of a load is all run time. */
export interface WorkLeft {
  setup: number;
  run: number;
}

/**
 * What a running operation still takes at the state's instant. Part by part: the parts that are
 * left, and before the first one what is left of the setup. On a batch machine, where parts are reported load by load:
 * what all loads take less the time worked, but no less than the loads after the present one. Time worked is what has
 * passed since the start without the stretches in which the machine was unavailable; shifts are not deducted. Where a
 * breakdown makes it start anew: all parts, after the setup from its own family to its own, or what was left of the
 * first setup where that is more.
 */
export function workLeft(state: Pick<PlantState, 'at' | 'unavailable'>, running: RunningWork): WorkLeft {
  const { job, interruption, machine, speed, setup, setupAgain } = running;
  const worked = timeWorked(state, job);
  const setupLeft = job.goodQuantity > 0 ? 0 : Math.max(0, setup - worked);
  const parts = partsLeft(job, interruption);
  const run = runMilliseconds(parts, speed, machine);
  if (interruption === 'restart' || interruption === 'scrap') return { setup: Math.max(setupLeft, setupAgain), run };
  if (machine?.batchCapacity === undefined) return { setup: setupLeft, run };
  const inAll = setup + runMilliseconds(job.quantity, speed, machine);
  const loadsBehind = loadCount(parts, machine.batchCapacity) - 1;
  const behind = Math.round(loadsBehind * (speed.secondsPerBatch ?? 0) * 1000);
  return { setup: 0, run: Math.min(setupLeft + run, Math.max(behind + 1, inAll - worked)) };
}

function timeWorked({ at, unavailable }: Pick<PlantState, 'at' | 'unavailable'>, job: JobOrder): number {
  const closed = mergeIntervals(unavailable.filter(({ equipmentId }) => equipmentId === job.equipmentId));
  return totalLength(subtractIntervals([{ start: job.startedAt ?? at, end: at }], closed));
}
