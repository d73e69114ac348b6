/** Shares of all parts made, 0…1: scrapped, and usable only after rework. */
export interface RejectShares {
  scrap: number;
  rework: number;
}

/** What is known of a machine's rejects: over all materials, and by material where history tells them apart. */
export interface MachineRejects extends RejectShares {
  byMaterial?: Record<string, RejectShares>;
}

/** Rejects by machine; a machine that is not in it makes good parts only. */
export type Rejects = Record<string, MachineRejects>;

const none: RejectShares = { scrap: 0, rework: 0 };

/** Nobody plans on a machine that scraps more than this: greater shares are counted as this one. */
export const mostScrap = 0.9;

/** The shares that count for a material on a machine: its own there, else the machine's, else none. */
export function rejectShares(rejects: Rejects | undefined, equipmentId: string, materialId: string): RejectShares {
  const machine = rejects?.[equipmentId];
  return machine?.byMaterial?.[materialId] ?? machine ?? none;
}

/** Parts that are scrapped on average until so many are usable: usable × scrap / (1 − scrap). */
export function scrapUntil(usable: number, { scrap }: RejectShares): number {
  const share = Math.min(mostScrap, scrap);
  return (usable * share) / (1 - share);
}

/** Parts counted on one machine; `materialId` is absent where nobody said what they were. */
export interface CountedParts {
  equipmentId: string;
  materialId?: string;
  good: number;
  scrap: number;
  rework: number;
}

/** A share from few parts is drawn to the one above it as if so many parts more had come at that one's share. */
const weightAbove = 100;

/**
 * Shares of rejects by machine and material from counted parts. Few parts say little, so each share is shrunk towards
 * the one above it: (rejects + 100 × share above) / (parts + 100), a machine's towards the plant's, a material's on a
 * machine towards that machine's (the mean of a beta law with 100 parts' weight). Without any count: none known.
 * @param equipmentIds machines that get shares, counted or not
 */
export function rejectsFrom(counts: readonly CountedParts[], equipmentIds: readonly string[]): Rejects {
  const plant = shrunk(counts, none, 0);
  if (!plant) return {};
  return Object.fromEntries(
    equipmentIds.map((equipmentId): [string, MachineRejects] => {
      const own = counts.filter((count) => count.equipmentId === equipmentId);
      const machine = shrunk(own, plant, weightAbove) ?? plant;
      const byMaterial: Record<string, RejectShares> = {};
      for (const [materialId, list] of Map.groupBy(own, (count) => count.materialId))
        if (materialId !== undefined) byMaterial[materialId] = shrunk(list, machine, weightAbove) ?? machine;
      return [equipmentId, { ...machine, byMaterial }];
    }),
  );
}

function shrunk(counts: readonly CountedParts[], above: RejectShares, weight: number): RejectShares | undefined {
  let [good, scrap, rework] = [0, 0, 0];
  for (const count of counts) {
    good += count.good;
    scrap += count.scrap;
    rework += count.rework;
  }
  const parts = good + scrap + rework + weight;
  if (!(parts > 0)) return undefined;
  return { scrap: (scrap + weight * above.scrap) / parts, rework: (rework + weight * above.rework) / parts };
}
