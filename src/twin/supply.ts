import type { MaterialLot } from '../plant/index.ts';
import type { Job } from './layout.ts';

/** A quantity that an operation takes from a lot, or from what a request delivers with the lots of its last operation. */
export interface Peg {
  materialId: string;
  quantity: number;
  source: { lot: MaterialLot } | { jobs: readonly Job[] };
}

const tolerance = 1e-6;

/**
 * Covers what operations take: the one that is planned to start first takes what is there first, lots by arrival and
 * deliveries of other requests by planned end.
 * @param jobs in order of planned start
 * @param deliveries last operations of the requests, all lots of each; the request's quantity is there when they end
 * @returns by job its pegs, undefined where something is not covered
 */
export function pegMaterials(
  jobs: readonly Job[],
  lots: readonly MaterialLot[],
  deliveries: readonly (readonly Job[])[],
): (Peg[] | undefined)[] {
  const left = new Map<string, { source: Peg['source']; at: number; quantity: number }[]>();
  const wanted = new Set(jobs.flatMap((job) => job.segment.materials.map((material) => material.materialId)));
  const add = (materialId: string, source: Peg['source'], at: number, quantity: number) => {
    if (!wanted.has(materialId) || !(quantity > tolerance)) return;
    const list = left.get(materialId) ?? [];
    list.push({ source, at, quantity });
    left.set(materialId, list);
  };
  for (const lot of lots) add(lot.materialId, { lot }, lot.availableAt, lot.quantity);
  for (const jobs of deliveries) {
    const { materialId, quantity } = jobs[0]!.request;
    add(materialId, { jobs }, Math.max(...jobs.map((job) => job.plannedEnd)), quantity);
  }
  for (const list of left.values()) list.sort((a, b) => a.at - b.at);

  return jobs.map((job) => {
    const pegs: Peg[] = [];
    for (const { materialId, quantityPerUnit } of job.segment.materials) {
      let open = quantityPerUnit * job.parts;
      for (const supply of left.get(materialId) ?? []) {
        if (open <= tolerance) break;
        if (supply.quantity <= tolerance || ('jobs' in supply.source && supply.source.jobs.includes(job))) continue;
        const quantity = Math.min(open, supply.quantity);
        supply.quantity -= quantity;
        open -= quantity;
        pegs.push({ materialId, quantity, source: supply.source });
      }
      if (open > tolerance) return undefined;
    }
    return pegs;
  });
}
