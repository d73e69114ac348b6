import type { Progress } from '../../src/contracts/index.ts';
import { toMillwrightError } from '../../src/kernel/index.ts';
import type { PlanConflict } from '../../src/plant/index.ts';
import type { Conflict } from '../../src/planning/index.ts';

/** A planner reads no more of them. */
const mostConflicts = 20;
const mostCauses = 20;

/** Why a search ended without plans, as it travels; undefined where somebody ended it. */
export function searchFailure(thrown: unknown): Progress['failed'] {
  const { code, params, cause } = toMillwrightError(thrown);
  if (code === 'MW_ABORTED') return undefined;
  const conflicts = code === 'MW_PLAN_INFEASIBLE' && Array.isArray(cause) ? (cause as Conflict[]) : [];
  return { code, params, conflicts: conflictsPayload(conflicts) };
}

/** The first of what keeps operations from having a place, as it travels. */
export function conflictsPayload(conflicts: readonly PlanConflict[]) {
  return conflicts.slice(0, mostConflicts).map(({ kind, jobOrderId, subject, causes = [] }) => ({
    kind,
    jobOrderId,
    subject,
    causes: causes.slice(0, mostCauses),
  }));
}
