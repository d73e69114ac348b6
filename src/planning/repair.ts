import { openBetween } from './calendars.ts';
import type { Decoder } from './decoder.ts';
import { remainingWork } from './dispatch-rules.ts';
import { topologicalOrder } from './order.ts';
import { copySolution, type Problem, type Solution } from './problem.ts';

/** An operation that starts this much later than planned counts as hit by the event, in milliseconds. */
const hitDelay = 300_000;

/**
 * Doing nothing: the live plan shifted right. Order, machines and starts stay; what cannot start as planned starts
 * as soon as it can. Operations that the live plan lacks come last, earliest due first.
 */
export function doNothing(problem: Problem): Solution {
  const last = problem.liveStart.reduce((latest, start) => (start > latest ? start : latest), 0);
  return liveOrder(problem, (i) => last + 1 + Math.max(0, problem.due[problem.requestOf[i]!]!));
}

/**
 * Repairs the live plan: as `doNothing`, but operations that the event hits go to the machine on which they end
 * first, and new ones are sequenced by due date. Of a few such repairs the one with the least tardiness and
 * disturbance is taken, doing nothing among them. A handful of decodes.
 */
export function repairLivePlan(problem: Problem, decoder: Decoder): Solution {
  const remaining = remainingWork(problem);
  const dueMinusWork = (i: number) => problem.due[problem.requestOf[i]!]! - 2 * remaining[i]!;
  const candidates: { solution: Solution; quickest?: Uint8Array }[] = [{ solution: doNothing(problem) }];
  const inserted = liveOrder(problem, dueMinusWork);
  candidates.push({ solution: inserted }, ...movedAway(problem, decoder, inserted));

  let best = candidates[0]!.solution;
  let lowest = Infinity;
  let reference = NaN;
  for (const { solution, quickest } of candidates) {
    const plan = decoder.decode(solution, quickest);
    if (!plan.complete) continue;
    const [tardiness, , instability] = plan.objectives;
    if (Number.isNaN(reference)) reference = Math.max(1, tardiness!);
    const cost =
      tardiness! / reference + 0.5 * instability! + (plan.breachSeconds > 0 ? 10 : 0) + plan.breachSeconds / 1e6;
    if (cost < lowest) [best, lowest] = [solution, cost];
  }
  return best;
}

/** The live plan with the operations on other machines: those whose machine is closed, and all that are hit. */
function movedAway(problem: Problem, decoder: Decoder, base: Solution) {
  const { start, complete } = decoder.decode(base);
  const closed = new Uint8Array(start.length);
  const hit = new Uint8Array(start.length);
  for (const i of base.order) {
    if (problem.liveAlternative[i]! < 0) {
      closed[i] = hit[i] = 1;
      continue;
    }
    const planned = problem.altOffset[i]! + problem.liveAlternative[i]!;
    const from = Math.max(0, problem.liveStart[i]!);
    const until = from + problem.altRun[planned]!;
    if (openBetween(problem.calendars, problem.altCalendar[planned]!, from, until) === 0) closed[i] = hit[i] = 1;
    if (complete && start[i]! > problem.liveStart[i]! + hitDelay) hit[i] = 1;
  }
  return [closed, hit].map((quickest) => {
    const solution = copySolution(base);
    for (const i of base.order) if (quickest[i] === 1) solution.hold[i] = 0;
    return { solution, quickest };
  });
}

/** The live plan's order and machines, each operation waiting for its live start; `keyOfNew` places the others. */
function liveOrder(problem: Problem, keyOfNew: (operation: number) => number): Solution {
  const n = problem.jobOrderIds.length;
  const key = new Float64Array(n);
  const choice = new Uint16Array(n);
  const hold = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    const planned = problem.liveMachine[i]! >= 0;
    key[i] = planned ? problem.liveStart[i]! : keyOfNew(i);
    choice[i] = Math.max(0, problem.liveAlternative[i]!);
    hold[i] = planned ? 1 : 0;
  }
  return { order: topologicalOrder(problem, key), choice, hold };
}
