import type { PlantState } from '../plant/index.ts';
import { takesMaterial } from './constraints/interruption.ts';
import type { Conflicts } from './infeasible.ts';
import type { OpenOperation } from './operations.ts';
import { pegMaterials, type MaterialDemand, type MaterialSupply } from './pegging.ts';

/** What one operation takes of a material that lots alone cover; claimed in the order in which a plan is built. */
interface MaterialNeed {
  /** Index into `MaterialLimits.materialIds`. */
  material: number;
  quantity: number;
}

/** Material arriving over time: from `time[i]` on, `total[i]` has come. */
interface Arrivals {
  time: number[];
  total: number[];
}

/** How materials hold operations back. */
export interface MaterialLimits {
  materialIds: string[];
  /** By operation. */
  needs: MaterialNeed[][];
  /** By material. */
  arrivals: Arrivals[];
  /** By operation: the instant at which its pegged lots are there; −Infinity where none are pegged. */
  peggedAt: Float64Array;
  /** By operation: the material of `peggedAt`, −1 for none. */
  peggedMaterial: Int32Array;
}

/**
 * Materials that lots alone cover, however late, are claimed by the decoder in its own order. Where open work
 * requests must make some of it, demand is pegged to lots and producers beforehand (frozen operations first, then
 * earliest due), and the producing operations are added to the predecessors.
 */
export function materialLimits(
  state: PlantState,
  operations: readonly OpenOperation[],
  predecessors: number[][],
  liveEntries: ReadonlyMap<string, { start: number }>,
  frozenUntil: number,
  conflicts: Conflicts,
): MaterialLimits {
  const demands = materialDemands(operations, liveEntries, frozenUntil);
  const materialIds = [...new Set(demands.map((demand) => demand.materialId))].sort();
  const stock = sums(state.lots);
  const wanted = sums(demands);
  const lotsSuffice = (id: string) => (stock.get(id) ?? 0) + 1e-6 >= (wanted.get(id) ?? 0);
  const limits: MaterialLimits = {
    materialIds,
    needs: operations.map(() => []),
    arrivals: materialIds.map((id) => arrivalsOf(state, id)),
    peggedAt: new Float64Array(operations.length).fill(-Infinity),
    peggedMaterial: new Int32Array(operations.length).fill(-1),
  };
  for (const { operation, materialId, quantity } of demands)
    if (lotsSuffice(materialId)) limits.needs[operation]!.push({ material: materialIds.indexOf(materialId), quantity });

  const pegged = demands.filter((demand) => !lotsSuffice(demand.materialId));
  const pegging = pegMaterials(pegged, state.lots, requestOutputs(operations));
  pegged.forEach((demand, i) => {
    const at = pegging.availableAt[i]!;
    if (at > limits.peggedAt[demand.operation]!) {
      limits.peggedAt[demand.operation] = at;
      limits.peggedMaterial[demand.operation] = materialIds.indexOf(demand.materialId);
    }
    const producers = pegging.producers[i]!;
    // What runs already cannot wait for one that is still to be planned.
    if (!operations[demand.operation]!.running) predecessors[demand.operation]!.push(...producers);
    else if (producers.length > 0 && !pegging.uncovered.includes(i)) pegging.uncovered.push(i);
  });
  for (const i of pegging.uncovered)
    conflicts.add(
      'material-never-arrives',
      operations[pegged[i]!.operation]!.jobOrder.jobOrderId,
      pegged[i]!.materialId,
    );
  return limits;
}

/**
 * Demands of everything that still takes material: what runs and lost its own, frozen operations by start, then earliest
 * due, then urgent ones.
 */
function materialDemands(
  operations: readonly OpenOperation[],
  liveEntries: ReadonlyMap<string, { start: number }>,
  frozenUntil: number,
): MaterialDemand[] {
  const claims = operations
    .map((operation, index) => {
      const planned = liveEntries.get(operation.jobOrder.jobOrderId)?.start ?? Infinity;
      const start = operation.running ? -Infinity : planned;
      return { operation, index, frozenStart: start < frozenUntil ? start : Infinity };
    })
    .filter(({ operation }) => takesMaterial(operation))
    .sort(
      (a, b) =>
        compare(a.frozenStart, b.frozenStart) ||
        compare(a.operation.request.dueAt, b.operation.request.dueAt) ||
        compare(a.operation.request.priority, b.operation.request.priority) ||
        a.index - b.index,
    );
  return claims.flatMap(({ operation, index }) =>
    operation.segment.materials.map((material) => ({
      operation: index,
      requestId: operation.request.workRequestId,
      materialId: material.materialId,
      quantity: material.quantityPerUnit * operation.remaining,
    })),
  );
}

function arrivalsOf(state: PlantState, materialId: string): Arrivals {
  const arrivals: Arrivals = { time: [], total: [] };
  let total = 0;
  const lots = state.lots.filter((lot) => lot.materialId === materialId);
  for (const { availableAt, quantity } of lots.sort((a, b) => a.availableAt - b.availableAt)) {
    total += quantity;
    arrivals.time.push(availableAt);
    arrivals.total.push(total);
  }
  return arrivals;
}

/** What each open work request delivers with its last operation, earliest due first. */
function requestOutputs(operations: readonly OpenOperation[]): MaterialSupply[] {
  const last = new Map<string, number[]>();
  operations.forEach(({ request, segment }, i) => {
    const known = last.get(request.workRequestId);
    const sequence = known ? operations[known[0]!]!.segment.sequence : -Infinity;
    if (segment.sequence > sequence) last.set(request.workRequestId, [i]);
    else if (segment.sequence === sequence) known!.push(i);
  });
  const requestOf = (list: readonly number[]) => operations[list[0]!]!.request;
  return [...last.values()]
    .sort((a, b) => compare(requestOf(a).dueAt, requestOf(b).dueAt) || a[0]! - b[0]!)
    .map((list) => {
      const { workRequestId, materialId, quantity } = requestOf(list);
      return { operations: list, requestId: workRequestId, materialId, quantity };
    });
}

function sums(list: readonly { materialId: string; quantity: number }[]): Map<string, number> {
  const total = new Map<string, number>();
  for (const { materialId, quantity } of list) total.set(materialId, (total.get(materialId) ?? 0) + quantity);
  return total;
}

function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
