import type { Decoder } from './decoder.ts';
import { topologicalOrder } from './order.ts';
import type { Problem, Solution } from './problem.ts';

/** Classic priority rules that give the search its first plans. */
export const dispatchRules = ['earliest-due-date', 'weighted-due-date', 'slack', 'family', 'shortest-first'] as const;
export type DispatchRule = (typeof dispatchRules)[number];

/** Builds a solution by a rule; each operation goes to the machine on which it ends first. */
export function dispatch(problem: Problem, decoder: Decoder, rule: DispatchRule): Solution {
  const n = problem.jobOrderIds.length;
  const key = new Float64Array(n);
  const remaining = remainingWork(problem);
  for (let i = 0; i < n; i++) {
    const request = problem.requestOf[i]!;
    const due = problem.due[request]!;
    const position = due - remaining[i]!;
    if (rule === 'earliest-due-date') key[i] = due;
    else if (rule === 'weighted-due-date') key[i] = due / (0.5 + problem.weight[request]!);
    else if (rule === 'slack') key[i] = position;
    else if (rule === 'family') key[i] = problem.family[i]! * 1e12 + due;
    else key[i] = remaining[i]!;
  }
  return onQuickestMachines(problem, decoder, key);
}

/**
 * Builds a solution of campaigns: the range of latest starts is cut into stretches of equal length, and within each
 * the operations follow by family, forwards and backwards in turn. The longer the stretches, the fewer changeovers.
 * @param share length of a stretch, as a share of the range
 */
export function campaigns(problem: Problem, decoder: Decoder, share: number): Solution {
  const remaining = remainingWork(problem);
  const latest = remaining.map((work, i) => problem.due[problem.requestOf[i]!]! - work);
  const [first, last] = [latest.reduce((a, b) => Math.min(a, b), Infinity), latest.reduce((a, b) => Math.max(a, b), 0)];
  const length = Math.max(1, (last - first) * share);
  const families = problem.familyCount + 1;
  const key = latest.map((at, i) => {
    const stretch = Math.floor((at - first) / length);
    const family = problem.family[i]!;
    return (
      stretch * families + (stretch % 2 === 0 ? family : families - 1 - family) + (at - first) / (last - first + 1)
    );
  });
  return onQuickestMachines(problem, decoder, key);
}

/** Operations in the order of their keys as far as precedence allows, each on the machine on which it ends first. */
function onQuickestMachines(problem: Problem, decoder: Decoder, key: Float64Array): Solution {
  const n = problem.jobOrderIds.length;
  // Before all others, what should follow soon behind work that is over or under way.
  problem.latestOf.forEach((i, k) => (key[i] = Math.min(key[i]!, problem.latestStart[k]! - 1e15)));
  const solution: Solution = {
    order: topologicalOrder(problem, key),
    choice: new Uint16Array(n),
    hold: new Uint8Array(n),
  };
  decoder.decode(solution, new Uint8Array(n).fill(1));
  return solution;
}

/** Shortest run time still to come on the longest way from each operation to its end, itself included, in milliseconds. */
export function remainingWork(problem: Problem): Float64Array {
  const n = problem.jobOrderIds.length;
  const tail = new Float64Array(n);
  const order = topologicalOrder(problem, new Float64Array(n));
  for (let k = order.length - 1; k >= 0; k--) {
    const i = order[k]!;
    let longest = 0;
    for (let s = problem.succOffset[i]!; s < problem.succOffset[i + 1]!; s++)
      longest = Math.max(longest, tail[problem.succ[s]!]!);
    let own = Infinity;
    for (let a = problem.altOffset[i]!; a < problem.altOffset[i + 1]!; a++) own = Math.min(own, problem.altRun[a]!);
    tail[i] = own + longest;
  }
  return tail;
}
