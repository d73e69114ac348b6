import { MillwrightError } from '../kernel/index.ts';
import type { WorkSchedule } from '../plant/index.ts';
import type { ApprovalRecord, Store } from '../store/index.ts';
import { isDecisive, loadShownPlan, signingRoles, type ShownPlan } from '../trust/index.ts';

/** A decision with the plan that it is about, both as the store holds them. */
export interface ApprovedPlan extends ShownPlan {
  approval: ApprovalRecord;
}

/**
 * Reads a decision and its plan from the store and checks what does not change with time: it exists
 * (`MW_APPROVAL_UNKNOWN`), was signed by somebody who had logged in (`MW_APPROVAL_UNAUTHENTICATED`; a demo plant needs no
 * log-in) and by a role that may (`MW_APPROVAL_ROLE`), covers exactly what the store holds
 * (`MW_APPROVAL_STALE`), and is the first that decides over its plan (`MW_PLAN_DECIDED`).
 */
export async function loadApprovedPlan(
  { store, demo }: { store: Store; demo: () => boolean },
  approvalId: string,
): Promise<ApprovedPlan> {
  const approval = await store.loadApproval(approvalId);
  if (!approval) throw new MillwrightError('MW_APPROVAL_UNKNOWN', { approvalId });
  const { planId, planDigest, personId, role, authenticated } = approval;
  if (!authenticated && !demo()) throw new MillwrightError('MW_APPROVAL_UNAUTHENTICATED', { personId });
  if (!signingRoles.includes(role))
    throw new MillwrightError('MW_APPROVAL_ROLE', { role, expected: signingRoles.join(', ') });
  const shown = await loadShownPlan(store, planId, planDigest);
  const [first] = (await store.approvalsOf(planId)).filter(isDecisive).sort(bySignature);
  if (isDecisive(approval) && first && first.approvalId !== approvalId)
    throw new MillwrightError('MW_PLAN_DECIDED', { planId, status: first.decision });
  return { ...shown, approval };
}

/**
 * The plan that the approved one departs from. `MW_APPROVAL_STALE` where the live plan is neither of the two:
 * another one has been published since.
 */
export async function loadBasePlan(
  store: Store,
  { set, scenario }: ShownPlan,
  live: WorkSchedule | undefined,
): Promise<WorkSchedule | undefined> {
  const { scheduleId: planId, baseScheduleId = set.basePlanId } = scenario.plan;
  if (live && live.scheduleId !== planId && live.scheduleId !== baseScheduleId)
    throw new MillwrightError('MW_APPROVAL_STALE', { planId, reason: 'another plan has been published' });
  return live?.scheduleId === baseScheduleId ? live : store.loadSchedule(baseScheduleId);
}

function bySignature(a: ApprovalRecord, b: ApprovalRecord): number {
  return a.signedAt - b.signedAt || (a.approvalId < b.approvalId ? -1 : 1);
}
