import { copySolution, type Problem, type Solution } from './problem.ts';
import { topologicalOrder } from './order.ts';

/**
 * Doing nothing: the live plan shifted right. Order, machines and starts stay; what cannot start as planned starts
 * as soon as it can. Operations that the live plan lacks come last, earliest due first.
 */
export function doNothing(problem: Problem): Solution {
  const n = problem.jobOrderIds.length;
  const key = new Float64Array(n);
  const choice = new Uint8Array(n);
  const hold = new Uint8Array(n);
  const last = problem.liveStart.reduce((latest, start) => (start > latest ? start : latest), 0);
  for (let i = 0; i < n; i++) {
    const planned = problem.liveMachine[i]! >= 0;
    key[i] = planned ? problem.liveStart[i]! : last + 1 + Math.max(0, problem.due[problem.requestOf[i]!]!);
    choice[i] = Math.max(0, problem.liveAlternative[i]!);
    hold[i] = planned ? 1 : 0;
  }
  return { order: topologicalOrder(problem, key), choice, hold };
}

/**
 * Repairs the live plan: as `doNothing`, but an operation whose machine is closed for the whole of its planned place
 * (down past the expected end) goes to another machine where it has one that is open.
 */
export function repairLivePlan(problem: Problem): Solution {
  const repaired = copySolution(doNothing(problem));
  for (const i of repaired.order) {
    if (problem.liveAlternative[i]! < 0) continue;
    const first = problem.altOffset[i]!;
    const planned = first + problem.liveAlternative[i]!;
    const start = Math.max(0, problem.liveStart[i]!);
    const end = start + problem.altRun[planned]!;
    if (openBetween(problem, problem.altCalendar[planned]!, start, end)) continue;
    for (let other = first; other < problem.altOffset[i + 1]!; other++)
      if (openBetween(problem, problem.altCalendar[other]!, start, end)) {
        repaired.choice[i] = other - first;
        break;
      }
  }
  return repaired;
}

function openBetween({ calendars }: Problem, calendar: number, start: number, end: number): boolean {
  for (let at = calendars.offset[calendar]!; at < calendars.offset[calendar + 1]!; at++)
    if (calendars.start[at]! < end && calendars.end[at]! > start) return true;
  return false;
}
