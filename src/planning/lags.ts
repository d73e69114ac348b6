import { transferQuantity, type SegmentLag } from '../plant/index.ts';
import { waitAfter } from './constraints/precedence.ts';
import type { Conflicts } from './infeasible.ts';
import type { OpenOperation } from './operations.ts';
import type { CompletedPredecessor } from './predecessors.ts';
import type { Problem } from './problem.ts';

/**
 * The lags of all predecessors in one row, as `Problem.pred` lists them.
 * @param lags by operation, those of its first predecessors; the others have none
 */
export function packLags(
  predecessors: readonly (readonly number[])[],
  lags: readonly (readonly (SegmentLag | undefined)[])[],
  operations: readonly OpenOperation[],
) {
  const arcs = predecessors.flatMap((list, i) => list.map((before, k) => ({ before, i, lag: lags[i]![k] })));
  return {
    lagMin: Float64Array.from(arcs, ({ lag }) => milliseconds(lag?.minSeconds ?? 0)),
    lagMax: Float64Array.from(arcs, ({ lag }) => milliseconds(lag?.maxSeconds ?? Infinity)),
    transfer: Float64Array.from(arcs, ({ before, i, lag }) => {
      const [from, to] = [operations[before]!.jobOrder, operations[i]!.jobOrder];
      return from.lot === to.lot ? transferQuantity(lag, from.quantity) : 0;
    }),
  };
}

/**
 * Divides the maximum lags, in place: between free operations they hold, and alternatives with which they could not
 * are closed; behind predecessors that are over, running or frozen they become latest starts, which a plan may miss.
 */
export function settleMaximumLags(
  problem: Problem,
  completed: readonly (readonly CompletedPredecessor[])[],
  conflicts: Conflicts,
): void {
  const { pred, predOffset, lagMax, fixed } = problem;
  const latest: { operation: number; start: number }[] = [];
  completed.forEach((list, operation) => {
    for (const { endedAt, lag } of list)
      if (lag?.maxSeconds !== undefined)
        latest.push({ operation, start: endedAt - problem.from + milliseconds(lag.maxSeconds) });
  });
  let hard = false;
  for (let i = 0; i < fixed.length; i++)
    for (let p = predOffset[i]!; p < predOffset[i + 1]!; p++) {
      if (lagMax[p] === Infinity) continue;
      if (fixed[pred[p]!] === 0 && fixed[i] === 0) {
        hard = true;
        continue;
      }
      if (fixed[pred[p]!] === 1) latest.push({ operation: i, start: problem.fixedEnd[pred[p]!]! + lagMax[p]! });
      lagMax[p] = Infinity;
    }
  const wished = latest.filter(({ operation }) => problem.running[operation] === 0);
  problem.latestOf = Int32Array.from(wished, ({ operation }) => operation);
  problem.latestStart = Float64Array.from(wished, ({ start }) => start);
  if (hard) closeAlternatives(problem, conflicts);
}

/** Closes alternatives between whose machines the way takes longer than the lag allows, until all that is left fits. */
function closeAlternatives(problem: Problem, conflicts: Conflicts): void {
  const { pred, predOffset, lagMax, altOffset, altMachine, altEarliest } = problem;
  const open = (i: number) => {
    const list: number[] = [];
    for (let a = altOffset[i]!; a < altOffset[i + 1]!; a++) if (altEarliest[a]! < Infinity) list.push(a);
    return list;
  };
  for (let changed = true; changed;) {
    changed = false;
    for (let i = 0; i < problem.fixed.length; i++)
      for (let p = predOffset[i]!; p < predOffset[i + 1]!; p++) {
        if (lagMax[p] === Infinity) continue;
        const before = pred[p]!;
        const fits = (a: number, b: number) => waitAfter(problem, p, altMachine[b]!, altMachine[a]!) <= lagMax[p]!;
        const [sources, targets] = [open(before), open(i)];
        if (sources.length === 0 || targets.length === 0) continue;
        const closed = [
          ...sources.filter((a) => !targets.some((b) => fits(a, b))),
          ...targets.filter((b) => !sources.some((a) => fits(a, b))),
        ];
        for (const a of closed) altEarliest[a] = Infinity;
        changed ||= closed.length > 0;
        if (closed.length === sources.length + targets.length)
          conflicts.add('maximum-lag-too-short', problem.jobOrderIds[i]!, problem.jobOrderIds[before]!);
      }
  }
}

/**
 * Names the maximum lags that nothing can keep, because what must happen between the two operations takes longer even on
 * the quickest machines.
 */
export function refuseContradictions(problem: Problem, conflicts: Conflicts): void {
  const { pred, predOffset, lagMin, lagMax, transfer, altOffset, altRun, blockFirst, blockNext, fixed } = problem;
  const run = (i: number) => altRun.subarray(altOffset[i], altOffset[i + 1]).reduce((a, b) => Math.min(a, b), Infinity);
  const between = new Float64Array(fixed.length).fill(-Infinity);
  for (let i = 0; i < fixed.length; i++)
    for (let p = predOffset[i]!; p < predOffset[i + 1]!; p++) {
      if (lagMax[p] === Infinity) continue;
      // By operation of the block: at least so long from the predecessor's end to its start.
      for (let m = blockFirst[i]!; m >= 0; m = blockNext[m]!) between[m] = -Infinity;
      for (let m = blockFirst[i]!; m >= 0; m = blockNext[m]!)
        for (let q = predOffset[m]!; q < predOffset[m + 1]!; q++) {
          const before = pred[q]!;
          if (transfer[q]! > 0) continue;
          const ended = before === pred[p] ? 0 : between[before]! + run(before);
          between[m] = Math.max(between[m]!, ended + lagMin[q]!);
        }
      if (between[i]! > lagMax[p]!)
        conflicts.add('maximum-lag-too-short', problem.jobOrderIds[i]!, problem.jobOrderIds[pred[p]!]!);
    }
}

/** A lag in whole milliseconds. */
export function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000);
}
