import type { Job } from './layout.ts';
import { ended, waiting } from './status.ts';
import type { WorkTable } from './work-table.ts';

/** Counts operations that start later behind a predecessor than they may, in one replication after another of a layout. */
export class MaximumLagReader {
  private readonly limited: readonly Job[];
  /** In how many replications each operation was too late, by job order; of all that have a maximum lag. */
  readonly missed: Record<string, number>;

  constructor(jobs: readonly Job[]) {
    this.limited = jobs.filter(
      ({ latestStart, predecessors, wasRunning }) =>
        !wasRunning && (latestStart < Infinity || predecessors.some(({ most }) => most < Infinity)),
    );
    this.missed = Object.fromEntries(this.limited.map(({ jobOrder }) => [jobOrder.jobOrderId, 0]));
  }

  /** Takes a replication in that has run to its end; what never starts is too late. */
  read({ status, startedAt, endedAt }: WorkTable): void {
    for (const { index, jobOrder, latestStart, predecessors } of this.limited) {
      const start = status[index] === waiting ? Infinity : startedAt[index]!;
      const tooLate =
        start > latestStart ||
        predecessors.some(({ job, most }) => status[job.index] === ended && start > endedAt[job.index]! + most);
      if (tooLate) this.missed[jobOrder.jobOrderId]!++;
    }
  }
}
