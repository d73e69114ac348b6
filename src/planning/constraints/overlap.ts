import { startOfWork } from '../calendars.ts';
import { alternativeOn, type Problem } from '../problem.ts';

/**
 * The earliest start with which an operation never runs out of parts that its predecessor passes on in transfers:
 * the first transfer is there before its setup, and each later one before the parts made until then are used up.
 * Exact over all transfers and through both calendars; parts made before the plan leave at its start.
 * @param p the predecessor, as an index into `Problem.pred`
 * @param calendar calendar in which the operation works
 * @param setup its setup there
 * @param run its run time there
 * @param wait from the end of a transfer's last part to its arrival
 * @param end end of the predecessor
 * @param machine machine of the predecessor
 */
export function earliestWithTransfers(
  problem: Problem,
  p: number,
  operation: number,
  calendar: number,
  setup: number,
  run: number,
  wait: number,
  end: number,
  machine: number,
): number {
  const { calendars, quantity, parts, transfer } = problem;
  const before = problem.pred[p]!;
  const source = alternativeOn(problem, before, machine);
  const fixed = problem.fixed[before] === 1;
  const sourceCalendar = fixed ? problem.fixedCalendar[before]! : problem.altCalendar[source]!;
  const sourceRun = fixed ? problem.fixedRun[before]! : problem.altRun[source]!;
  const total = quantity[before]!;
  const made = quantity[operation]! - parts[operation]!;
  let earliest = -Infinity;
  for (let sent = 0; sent < total;) {
    const ahead = Math.min(sent, quantity[operation]!) - made;
    sent = Math.min(sent + transfer[p]!, total);
    if (sent <= made) continue;
    let there = wait;
    if (sent > total - parts[before]!) {
      const still = runOf(sourceRun, total - sent, parts[before]!);
      there += startOfWork(calendars, sourceCalendar, end, Math.min(still, sourceRun - 1));
    }
    const until = setup + runOf(run, ahead, parts[operation]!);
    const start = ahead <= 0 ? there : startOfWork(calendars, calendar, there, until);
    if (start > earliest) earliest = start;
  }
  return earliest;
}

/** Run time of some of an operation's parts in whole milliseconds. */
function runOf(run: number, parts: number, of: number): number {
  return Math.round((run * parts) / of);
}
