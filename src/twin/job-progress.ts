import { setupSeconds, type SetupMatrix } from '../plant/index.ts';
import { nextFit, nextOpen } from './calendar.ts';
import type { Job } from './layout.ts';
import type { Machine } from './machine.ts';
import type { TwinParameters } from './types.ts';
import { lognormalFactor, scrappedParts, type Draws } from './variation.ts';

/** Where and when a job is looked at. */
export interface Moment {
  now: number;
  /** Whether jobs may start before their planned start. */
  startEarly: boolean;
}

/** Back to before it started. */
export function resetJob(job: Job): void {
  job.status = 'waiting';
  job.endedAt = NaN;
  job.runTotal = 0;
}

/** Starts a job on its machine: draws its setup, its parts and its run time. */
export function startJob(
  job: Job,
  machine: Machine,
  matrix: SetupMatrix | undefined,
  parameters: TwinParameters,
  draws: Draws,
  now: number,
): void {
  const drawn = draws.ofJob(job.jobOrder.jobOrderId);
  const planned = plannedSetup(job, machine, matrix);
  const slower = parameters.setupFactors?.[machine.equipmentId] ?? 1;
  const setup = Math.round(planned * slower * lognormalFactor(parameters.setupVariation, drawn.setup));
  const scrap = parameters.rejects[machine.equipmentId]?.scrap ?? 0;
  job.status = 'started';
  job.startedAt = job.wasRunning ? job.startedAt : now;
  job.changeover = !job.wasRunning && planned > 0 && machine.family !== job.family;
  job.setupTotal = job.wasRunning ? 0 : setup;
  job.setupLeft = setup;
  job.partsTotal = job.parts + scrappedParts(job.parts, scrap, drawn.scrap);
  const run = job.partsTotal * job.millisecondsPerPart * lognormalFactor(parameters.runVariation, drawn.run);
  job.runTotal = Math.max(1, Math.round(run));
  job.runLeft = job.runTotal;
  machine.current = job;
  machine.family = job.family;
}

/** Goes on with a started job under a new layout. */
export function takeOver(started: Job, laidOut: Job): Job {
  const { wasRunning, mayPause, startedAt, changeover } = started;
  const { setupTotal, setupLeft, runTotal, runLeft, parts, partsTotal } = started;
  Object.assign(laidOut, { wasRunning, mayPause, startedAt, changeover });
  Object.assign(laidOut, { setupTotal, setupLeft, runTotal, runLeft, parts, partsTotal });
  laidOut.status = 'started';
  return laidOut;
}

/**
 * The first instant at which a job may start or go on as far as is known now, people aside; Infinity: something must
 * end first.
 */
export function startsAt(job: Job, machine: Machine, matrix: SetupMatrix | undefined, moment: Moment): number {
  const ready = readyAt(job, moment, true);
  if (ready === Infinity) return Infinity;
  if (job.mayPause) return nextOpen(job.calendar, ready);
  if (job.status === 'started') return ready;
  const fits = nextFit(job.calendar, ready, plannedSetup(job, machine, matrix) + plannedRun(job));
  return fits < Infinity ? fits : nextOpen(job.calendar, ready);
}

/** Whether only material keeps a job from starting. */
export function lacksMaterial(job: Job, moment: Moment): boolean {
  if (job.status !== 'waiting' || readyAt(job, moment, false) > moment.now) return false;
  return job.materialAt > moment.now || job.predecessors.some((p) => p.material && p.job.status !== 'ended');
}

/** Whether only people keep a job from starting, because nobody who may attend it is there. */
export function lacksPeople(job: Job, moment: Moment): boolean {
  return readyAt(job, moment, true) <= moment.now && nextOpen(job.calendar, moment.now) > moment.now;
}

/** The first instant at which all is there that a job needs, whether or not anybody works then. */
function readyAt(job: Job, { now, startEarly }: Moment, withMaterial: boolean): number {
  if (job.status === 'started' || job.wasRunning) return now;
  if (job.blocked) return Infinity;
  let ready = Math.max(now, job.release);
  if (!startEarly && job.plannedStart > ready) ready = job.plannedStart;
  if (withMaterial && job.materialAt > ready) ready = job.materialAt;
  for (const predecessor of job.predecessors) {
    if (predecessor.material && !withMaterial) continue;
    if (predecessor.job.status !== 'ended') return Infinity;
    const moved = predecessor.job.endedAt + predecessor.delay;
    if (moved > ready) ready = moved;
  }
  return ready;
}

function plannedSetup(job: Job, machine: Machine, matrix: SetupMatrix | undefined): number {
  if (job.wasRunning) return job.plannedSetupLeft;
  return Math.round(setupSeconds(matrix, machine.family, job.family) * 1000);
}

function plannedRun(job: Job): number {
  return Math.max(1, Math.round(job.parts * job.millisecondsPerPart));
}
