import type { MaterialLot } from '../plant/index.ts';
import type { Job } from './layout.ts';

/** A quantity that an operation takes from a lot, or from what a request delivers with the lots of its last operation. */
export interface Peg {
  materialId: string;
  quantity: number;
  source: { lot: MaterialLot } | { jobs: readonly Job[] };
}

/** What is left of a lot or of a delivery that is ready at an instant. */
interface Supply {
  source: Peg['source'];
  at: number;
  quantity: number;
}

const tolerance = 1e-6;

/**
 * Covers what operations take: the one that is planned to start first takes what is there first, lots by arrival and
 * deliveries of other requests by planned end and transport.
 * @param jobs in order of planned start
 * @param deliveries last operations of the requests, all lots of each; the request's quantity is ready when they end
 * @param travelMs transport from what one operation has made to another
 * @returns by job its pegs, undefined where something is not covered
 */
export function pegMaterials(
  jobs: readonly Job[],
  lots: readonly MaterialLot[],
  deliveries: readonly (readonly Job[])[],
  travelMs: (from: Job, to: Job) => number,
): (Peg[] | undefined)[] {
  const left = new Map<string, Supply[]>();
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
  /** When it is where an operation takes it. */
  const there = ({ source, at }: Supply, job: Job) =>
    'jobs' in source ? Math.max(...source.jobs.map((maker) => maker.plannedEnd + travelMs(maker, job))) : at;
  const inOrder = (list: Supply[], job: Job) =>
    list.some(({ source }) => 'jobs' in source) ? list.toSorted((a, b) => there(a, job) - there(b, job)) : list;

  return jobs.map((job) => {
    const pegs: Peg[] = [];
    for (const { materialId, quantityPerUnit } of job.segment.materials) {
      let open = quantityPerUnit * job.parts;
      for (const supply of inOrder(left.get(materialId) ?? [], job)) {
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
