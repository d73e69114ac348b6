import type { Random } from '../kernel/index.ts';
import type { Job } from './layout.ts';

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

  /** @param reworkShare share of parts that are not good at first but usable after rework, 0…1 */
  constructor(job: Job, random: Random, reworkShare: number, scrapShare: number) {
    this.random = random;
    this.reworkShare = scrapShare < 1 ? Math.min(1, reworkShare / (1 - scrapShare)) : 0;
    this.scrapLeft = job.partsTotal - job.parts;
  }

  /** The parts that have come off since the last call; the job may be laid out anew in between. */
  take(job: Job): PartCounts {
    const { random } = this;
    const counts: PartCounts = { good: 0, scrap: 0, rework: 0 };
    const done = job.runLeft <= 0 ? 1 : (job.runTotal - job.runLeft) / job.runTotal;
    const made = Math.floor(done * job.partsTotal + 1e-9);
    for (; this.made < made; this.made++) {
      const left = job.partsTotal - this.made;
      if (this.scrapLeft > 0 && random.next() * left < this.scrapLeft) {
        counts.scrap++;
        this.scrapLeft--;
      } else if (this.reworkShare > 0 && random.next() < this.reworkShare) counts.rework++;
      else counts.good++;
    }
    return counts;
  }
}
