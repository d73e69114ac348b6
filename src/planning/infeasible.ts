import { MillwrightError } from '../kernel/index.ts';
import type { Cause } from './conflict-set.ts';

/** Why an operation can have no place in any plan. */
export const conflictKinds = [
  'routing-unknown',
  'request-unknown',
  'segment-without-machine',
  'qualification-nobody-has',
  'tool-missing',
  'material-never-arrives',
  'no-open-time',
  'circular-precedence',
  'maximum-lag-too-short',
  'running-machine-unknown',
  'batch-time-missing',
] as const;
export type ConflictKind = (typeof conflictKinds)[number];

/** One reason, and what it is about. */
export interface Conflict {
  kind: ConflictKind;
  jobOrderId: string;
  /** The machine class, qualification, tool or material that is missing; the job order that it cannot follow soon enough. */
  subject: string;
  /** What together leaves it no open time: each of them is needed. */
  causes?: Cause[];
}

const mostInWords = 20;

/** Collects conflicts and throws them together, so that a planner sees the whole set at once. */
export class Conflicts {
  readonly list: Conflict[] = [];

  add(kind: ConflictKind, jobOrderId: string, subject: string, causes: Cause[] = []): void {
    this.list.push({ kind, jobOrderId, subject, ...(causes.length > 0 ? { causes } : {}) });
  }

  /** Throws `MW_PLAN_INFEASIBLE` with the conflicting set (the first twenty in words) where there is any. */
  throwIfAny(): void {
    if (this.list.length > 0) this.throwThem();
  }

  /** Throws what was collected. */
  throwThem(): never {
    const words = this.list.slice(0, mostInWords).map(({ jobOrderId, kind, subject, causes = [] }) => {
      const because = causes.map((cause) => [cause.kind, cause.subject].filter(Boolean).join(' ')).join(' + ');
      return `${jobOrderId}: ${kind} (${subject}${because === '' ? '' : `; ${because}`})`;
    });
    throw new MillwrightError(
      'MW_PLAN_INFEASIBLE',
      { count: this.list.length, conflicts: words.join('; ') },
      this.list,
    );
  }
}
