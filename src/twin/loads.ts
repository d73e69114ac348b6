import type { Job } from './layout.ts';

/**
 * Puts operations of one batch machine that a plan begins and ends together into loads, as far as they fit: of one
 * family, with the same qualification, equally long, and no more parts than the machine takes at once. What runs since
 * the same instant is one load, whatever is in it, and takes as long as the one with most work left. A load waits for
 * all of its operations; the first one leads it.
 * @param sequence operations of the machine in the plan's order, running ones first
 * @returns the leaders, in order
 */
export function formLoads(sequence: readonly Job[], capacity: number): Job[] {
  const leaders: Job[] = [];
  let parts = 0;
  for (const job of sequence) {
    const last = leaders.at(-1);
    if (!last || !(job.wasRunning ? runTogether(last, job) : fitTogether(last, job, parts + job.parts, capacity))) {
      leaders.push(job);
      parts = job.parts;
      continue;
    }
    parts += job.parts;
    last.load.push(job);
    job.load = last.load;
    if (workOf(job) <= workOf(last)) continue;
    last.plannedSetupLeft = job.plannedSetupLeft;
    last.loadMs = job.loadMs;
  }
  return leaders;
}

function runTogether(last: Job, job: Job): boolean {
  return last.wasRunning && last.startedAt === job.startedAt;
}

function fitTogether(last: Job, job: Job, parts: number, capacity: number): boolean {
  return (
    !last.wasRunning &&
    last.plannedStart === job.plannedStart &&
    last.plannedEnd === job.plannedEnd &&
    last.family === job.family &&
    last.qualification === job.qualification &&
    last.loadMs === job.loadMs &&
    parts <= capacity
  );
}

function workOf({ plannedSetupLeft, loadMs }: Job): number {
  return plannedSetupLeft + loadMs;
}
