import type { MaterialLot } from '../plant/index.ts';

/** Demand of one operation for one material. */
export interface MaterialDemand {
  operation: number;
  requestId: string;
  materialId: string;
  quantity: number;
}

/** What an open work request will deliver when its last operation ends, all lots of it. */
export interface MaterialSupply {
  /** Indices of its last operation's lots; one where it is not split. */
  operations: number[];
  requestId: string;
  materialId: string;
  quantity: number;
}

/** Where each demand is covered from. */
export interface Pegging {
  /** By demand: the instant from which the lots that cover it are all there. */
  availableAt: number[];
  /** By demand: operations that must have ended before. */
  producers: number[][];
  /** Indices of demands that neither lots nor open work requests cover. */
  uncovered: number[];
}

const tolerance = 1e-6;

/**
 * Covers demands in the given order (earliest claim first) by cumulative demand: lots in order of arrival, then
 * open work requests that make the same material, in the order given. A request never supplies itself.
 */
export function pegMaterials(
  demands: readonly MaterialDemand[],
  lots: readonly MaterialLot[],
  supplies: readonly MaterialSupply[],
): Pegging {
  const arrivals = [...lots].sort((a, b) => a.availableAt - b.availableAt || (a.lotId < b.lotId ? -1 : 1));
  const lotLeft = arrivals.map((lot) => lot.quantity);
  const supplyLeft = supplies.map((supply) => supply.quantity);
  const pegging: Pegging = { availableAt: [], producers: [], uncovered: [] };
  demands.forEach((demand, index) => {
    let open = demand.quantity;
    let availableAt = -Infinity;
    const producers: number[] = [];
    for (let i = 0; i < arrivals.length && open > tolerance; i++) {
      if (arrivals[i]!.materialId !== demand.materialId || lotLeft[i]! <= tolerance) continue;
      const taken = Math.min(open, lotLeft[i]!);
      lotLeft[i]! -= taken;
      open -= taken;
      availableAt = Math.max(availableAt, arrivals[i]!.availableAt);
    }
    for (let i = 0; i < supplies.length && open > tolerance; i++) {
      const supply = supplies[i]!;
      if (supply.materialId !== demand.materialId || supplyLeft[i]! <= tolerance) continue;
      if (supply.requestId === demand.requestId) continue;
      const taken = Math.min(open, supplyLeft[i]!);
      supplyLeft[i]! -= taken;
      open -= taken;
      producers.push(...supply.operations);
    }
    pegging.availableAt.push(availableAt);
    pegging.producers.push(producers);
    if (open > tolerance) pegging.uncovered.push(index);
  });
  return pegging;
}
