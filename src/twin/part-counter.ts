import type { Random } from '../kernel/index.ts';
import { loadCount } from '../plant/index.ts';
import type { WorkTable } from './work-table.ts';

/** Parts of one stretch of time. */
export interface PartCounts {
  good: number;
  scrap: number;
  rework: number;
}

/**
 * Counts whole parts of one job as they come off its machine. The number scrapped in all was fixed when the job
 * began; which ones they are is drawn part by part (selection sampling, Knuth's algorithm S), and so is rework.
 */
export class PartCounter {
  private readonly random: Random;
  private readonly reworkShare: number;
  private made = 0;
  private scrapLeft: number;

  /**
   * @param scrapped parts that are scrapped in all
   * @param reworkShare share of parts that are not good at first but usable after rework, 0…1
   */
  constructor(scrapped: number, random: Random, reworkShare: number, scrapShare: number) {
    this.random = random;
    this.reworkShare = scrapShare < 1 ? Math.min(1, reworkShare / (1 - scrapShare)) : 0;
    this.scrapLeft = scrapped;
  }

  /** All parts are made again, after a breakdown; those that were to be scrapped and have not been yet still are. */
  beginAnew(): void {
    this.made = 0;
  }

  /**
   * The parts that have come off since the last call; the job may be laid out anew in between.
   * @param left run time that its machine has still to do
   */
  take({ runTotal, partsTotal, lead, jobs }: WorkTable, job: number, left: number): PartCounts {
    const { random } = this;
    const leader = lead[job]!;
    const { capacity } = jobs[job]!;
    const total = partsTotal[job]!;
    const counts: PartCounts = { good: 0, scrap: 0, rework: 0 };
    const done = left <= 0 ? 1 : (runTotal[leader]! - left) / runTotal[leader]!;
    const made = capacity > 0 && done < 1 ? partsInLoads(done, total, capacity) : Math.floor(done * total + 1e-9);
    for (; this.made < made; this.made++) {
      if (this.scrapLeft > 0 && random.next() * (total - this.made) < this.scrapLeft) {
        counts.scrap++;
        this.scrapLeft--;
      } else if (this.reworkShare > 0 && random.next() < this.reworkShare) counts.rework++;
      else counts.good++;
    }
    return counts;
  }
}

/** Parts of the loads that are over on a batch machine. */
function partsInLoads(done: number, total: number, capacity: number): number {
  return Math.min(total, capacity * Math.floor(done * loadCount(total, capacity) + 1e-9));
}
