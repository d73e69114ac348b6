import type { Notification } from '../contracts/index.ts';
import type { NotificationRecord } from '../store/index.ts';
import { derivedId } from './derived-id.ts';

/**
 * What became of a decision. `published`: live and entered into the MES; `advised`: live, to be entered by people;
 * `shadow`: noted only; `not-published`: the MES took none of it; `rejected`, `reviewed`: nothing was to be done.
 */
export type Outcome = 'published' | 'advised' | 'shadow' | 'not-published' | 'rejected' | 'reviewed';

/** What people may have to know of a decision. */
export interface Carried {
  approvalId: string;
  planId: string;
  outcome: Outcome;
  /** Jobs that changed. */
  changed: number;
  /** Jobs that should have changed and that the MES did not take. */
  notTaken: string[];
  /** Machines on which the sequence changed. */
  equipmentIds: string[];
  stagingMoves: number;
}

type Draft = Pick<NotificationRecord, 'role' | 'severity' | 'templateId' | 'params'>;

/** Ids named in one notification at most; the count is always there. */
const listLimit = 50;

/**
 * Who has to know what: one notification for each role, as template and parameters; the texts are in the locale
 * files under `notifications.<templateId>`.
 */
export function notificationsOf(carried: Carried, createdAt: number): NotificationRecord[] {
  return drafts(carried).map((draft) => ({
    ...draft,
    notificationId: derivedId('notification', carried.approvalId, draft.templateId, draft.role),
    createdAt,
  }));
}

/** The payload of `mw.notification.v1`. */
export function notificationPayload({ role, severity, templateId, params }: NotificationRecord): Notification {
  return { recipients: { role }, severity, templateId, params };
}

function drafts(carried: Carried): Draft[] {
  const { planId, approvalId, outcome, notTaken, equipmentIds, stagingMoves, changed } = carried;
  const plan = { planId, approvalId };
  switch (outcome) {
    case 'reviewed':
      return [];
    case 'rejected':
      return [{ role: 'planner', severity: 300, templateId: 'plan-rejected', params: plan }];
    case 'shadow':
      return [{ role: 'planner', severity: 100, templateId: 'plan-shadow', params: plan }];
    case 'not-published':
      return [notTakenDraft(plan, notTaken)];
    case 'published':
    case 'advised': {
      const changes = { changed, equipmentIds: equipmentIds.slice(0, listLimit) };
      const list: Draft[] = [
        { role: 'supervisor', severity: 500, templateId: `plan-${outcome}`, params: { ...plan, ...changes } },
      ];
      if (changed > 0)
        list.push({ role: 'operator', severity: 500, templateId: 'sequence-changed', params: { ...plan, ...changes } });
      if (stagingMoves > 0)
        list.push({
          role: 'warehouse',
          severity: 400,
          templateId: 'staging-needed',
          params: { ...plan, stagingMoves },
        });
      if (notTaken.length > 0) list.push(notTakenDraft(plan, notTaken));
      return list;
    }
  }
}

function notTakenDraft(plan: { planId: string; approvalId: string }, notTaken: string[]): Draft {
  const params = { ...plan, count: notTaken.length, jobOrderIds: notTaken.slice(0, listLimit) };
  return { role: 'planner', severity: 800, templateId: 'jobs-not-taken', params };
}
