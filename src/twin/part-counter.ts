import type { Random } from '../kernel/index.ts';
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

  /** The parts that have come off since the last call; the job may be laid out anew in between. */
  take({ runLeft, runTotal, partsTotal }: WorkTable, job: number): PartCounts {
    const { random } = this;
    const left = runLeft[job]!;
    const total = partsTotal[job]!;
    const counts: PartCounts = { good: 0, scrap: 0, rework: 0 };
    const done = left <= 0 ? 1 : (runTotal[job]! - left) / runTotal[job]!;
    const made = Math.floor(done * total + 1e-9);
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
