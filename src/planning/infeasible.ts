import { MillwrightError } from '../kernel/index.ts';

/** Why an operation can have no place in any plan. */
export type ConflictKind =
  | 'routing-unknown'
  | 'request-unknown'
  | 'segment-without-machine'
  | 'qualification-nobody-has'
  | 'tool-missing'
  | 'material-never-arrives'
  | 'no-open-time'
  | 'circular-precedence'
  | 'running-machine-unknown'
  | 'batch-time-missing';

/** One reason, and what it is about. */
export interface Conflict {
  kind: ConflictKind;
  jobOrderId: string;
  /** The machine class, qualification, tool or material that is missing. */
  subject: string;
}

/** Collects conflicts and throws them together, so that a planner sees the whole set at once. */
export class Conflicts {
  readonly list: Conflict[] = [];

  add(kind: ConflictKind, jobOrderId: string, subject: string): void {
    this.list.push({ kind, jobOrderId, subject });
  }

  /** Throws `MW_PLAN_INFEASIBLE` with the conflicting set (the first twenty in words) where there is any. */
  throwIfAny(): void {
    if (this.list.length > 0) this.throwThem();
  }

  /** Throws what was collected. */
  throwThem(): never {
    const words = this.list.slice(0, 20).map((c) => `${c.jobOrderId}: ${c.kind} (${c.subject})`);
    throw new MillwrightError(
      'MW_PLAN_INFEASIBLE',
      { count: this.list.length, conflicts: words.join('; ') },
      this.list,
    );
  }
}
