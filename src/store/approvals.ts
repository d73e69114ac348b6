import { insert } from './rows.ts';
import { decideSchedule } from './schedules.ts';
import { change, type Session } from './session.ts';
import type { Actor, ApprovalRecord } from './store.ts';

/**
 * Writes a person's decision, which can never be changed, and the plan's status with it. A review (meaning
 * `reviewed`) decides nothing yet.
 */
export function saveApproval(session: Session, approval: ApprovalRecord, actor: Actor): void {
  const action = `approval.${approval.decision}`;
  change(session, actor, { action, subject: approval.planId, data: { ...approval } }, () => {
    insert(session.db, 'approval', {
      approval_id: approval.approvalId,
      plan_id: approval.planId,
      plan_digest: approval.planDigest,
      decision: approval.decision,
      meaning: approval.meaning,
      person_id: approval.personId,
      role: approval.role,
      authenticated: approval.authenticated,
      reason: approval.reason,
      signed_ms: approval.signedAt,
    });
    if (approval.meaning !== 'reviewed') decideSchedule(session, approval.planId, approval.decision);
  });
}

/** One decision. */
export function loadApproval({ db }: Session, approvalId: string): ApprovalRecord | undefined {
  const row = db.get<ApprovalRow>(`${select} WHERE approval_id = ?`, approvalId);
  return row && toApproval(row);
}

/** All decisions on a plan, oldest first. */
export function approvalsOf({ db }: Session, planId: string): ApprovalRecord[] {
  return db.all<ApprovalRow>(`${select} WHERE plan_id = ? ORDER BY signed_ms, rowid`, planId).map(toApproval);
}

const select = `SELECT approval_id AS "approvalId", plan_id AS "planId", plan_digest AS "planDigest", decision, meaning,
  person_id AS "personId", role, authenticated, reason, signed_ms AS "signedAt" FROM approval`;

type ApprovalRow = Omit<ApprovalRecord, 'authenticated'> & { authenticated: number };

function toApproval(row: ApprovalRow): ApprovalRecord {
  return { ...row, authenticated: row.authenticated === 1 };
}
