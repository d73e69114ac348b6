import type { PlantState } from '../plant/index.ts';
import type { Conflicts } from './infeasible.ts';
import type { OpenOperation } from './operations.ts';
import { pegMaterials, type MaterialDemand, type MaterialSupply } from './pegging.ts';

/** Pegs materials; returns the earliest instant by operation and adds producing operations to the predecessors. */
export function materialLimits(
  state: PlantState,
  operations: readonly OpenOperation[],
  predecessors: number[][],
  liveEntries: ReadonlyMap<string, { start: number }>,
  frozenUntil: number,
  conflicts: Conflicts,
): Float64Array {
  const claims = operations
    .map((operation, index) => {
      const start = liveEntries.get(operation.jobOrder.jobOrderId)?.start ?? Infinity;
      return { operation, index, frozenStart: start < frozenUntil ? start : Infinity };
    })
    .filter(({ operation }) => !operation.running)
    .sort(
      (a, b) =>
        compare(a.frozenStart, b.frozenStart) ||
        compare(a.operation.request.dueAt, b.operation.request.dueAt) ||
        compare(a.operation.request.priority, b.operation.request.priority) ||
        a.index - b.index,
    );
  const demands: MaterialDemand[] = claims.flatMap(({ operation, index }) =>
    operation.segment.materials.map((material) => ({
      operation: index,
      materialId: material.materialId,
      quantity: material.quantityPerUnit * operation.remaining,
    })),
  );
  const pegging = pegMaterials(demands, state.lots, requestOutputs(operations));
  const earliest = new Float64Array(operations.length).fill(-Infinity);
  demands.forEach((demand, i) => {
    earliest[demand.operation] = Math.max(earliest[demand.operation]!, pegging.availableAt[i]!);
    predecessors[demand.operation]!.push(...pegging.producers[i]!);
  });
  for (const i of pegging.uncovered)
    conflicts.add(
      'material-never-arrives',
      operations[demands[i]!.operation]!.jobOrder.jobOrderId,
      demands[i]!.materialId,
    );
  return earliest;
}

/** What each open work request delivers with its last operation, earliest due first. */
function requestOutputs(operations: readonly OpenOperation[]): MaterialSupply[] {
  const last = new Map<string, number>();
  operations.forEach((operation, i) => {
    const id = operation.request.workRequestId;
    const known = last.get(id);
    if (known === undefined || operations[known]!.segment.sequence < operation.segment.sequence) last.set(id, i);
  });
  return [...last.values()]
    .sort((a, b) => compare(operations[a]!.request.dueAt, operations[b]!.request.dueAt) || a - b)
    .map((i) => ({
      operation: i,
      materialId: operations[i]!.request.materialId,
      quantity: operations[i]!.request.quantity,
    }));
}

function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
