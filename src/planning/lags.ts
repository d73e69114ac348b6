import { transferQuantity, type SegmentLag } from '../plant/index.ts';
import type { OpenOperation } from './operations.ts';

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
    transfer: Float64Array.from(arcs, ({ before, i, lag }) => {
      const [from, to] = [operations[before]!.jobOrder, operations[i]!.jobOrder];
      return from.lot === to.lot ? transferQuantity(lag, from.quantity) : 0;
    }),
  };
}

/** A lag in whole milliseconds. */
export function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000);
}
