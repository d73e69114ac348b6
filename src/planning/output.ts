import { partsLost, rejectShares, scrapUntil, type Equipment, type Rejects } from '../plant/index.ts';
import type { Alternative } from './alternatives.ts';
import type { OpenOperation } from './operations.ts';
import type { Problem } from './problem.ts';

/** What each alternative makes of its operation's parts: see `altStandard`, `altGood` and `altScrap`. */
export function outputTables(
  operations: readonly OpenOperation[],
  alternatives: readonly (readonly Alternative[])[],
  machines: readonly Equipment[],
  rejects: Rejects | undefined,
): Pick<Problem, 'altStandard' | 'altGood' | 'altScrap'> {
  const rows = operations.flatMap(({ remaining, segment, request, jobOrder, interruption }, i) =>
    alternatives[i]!.map(({ machine }) => {
      const { equipmentId, batchCapacity } = machines[machine]!;
      const { secondsPerUnit, secondsPerBatch } = segment.equipment.find((e) => e.equipmentId === equipmentId)!;
      const batch = secondsPerBatch !== undefined && batchCapacity !== undefined;
      const shares = rejectShares(rejects, equipmentId, request.materialId);
      return {
        standard: Math.max(
          1,
          Math.round(1000 * remaining * (batch ? secondsPerBatch / batchCapacity : secondsPerUnit)),
        ),
        good: Math.max(0, 1 - shares.scrap - shares.rework),
        scrap: scrapUntil(remaining, shares) + partsLost(jobOrder, interruption, machines[machine]),
      };
    }),
  );
  return {
    altStandard: Float64Array.from(rows, (row) => row.standard),
    altGood: Float64Array.from(rows, (row) => row.good),
    altScrap: Float64Array.from(rows, (row) => row.scrap),
  };
}
