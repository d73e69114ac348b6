import type { Notification, PlanChange, Staging } from '../contracts/index.ts';
import { isoInstant, type Clock, type MillwrightError } from '../kernel/index.ts';
import type { Actor, OutboxCommand, StagingRow, Store } from '../store/index.ts';
import type { ApprovedPlan } from './approved-plan.ts';
import { workRequestOf, type ChangedJob } from './changes.ts';
import { outcomeOf, undoCommands, type UndoCommand } from './commands.ts';
import { derivedId } from './derived-id.ts';
import { notificationPayload, notificationsOf, type Outcome } from './notifications.ts';

/** What became of a decision. */
export interface CarryOutResult {
  outcome: Outcome;
  /** What became live, job by job (`shadow`: what would have); absent where nothing did. */
  planChange?: PlanChange;
  staging: Staging[];
  notifications: Notification[];
  /** What would take the change back; sending it is a new approved change. */
  undo: UndoCommand[];
  /** Why no command was sent although the approval holds: `MW_MODE_SHADOW` or `MW_MODE_ADVISE`. */
  refusal?: MillwrightError;
}

type JobResult = PlanChange['jobs'][number]['result'];

/** The last steps of every decision: staging rows and notifications into the store, and what goes out as messages. */
export async function conclude(
  approved: ApprovedPlan,
  outcome: Outcome,
  jobs: readonly ChangedJob[],
  { store, clock, actor }: { store: Store; clock: Clock; actor: Actor },
  commands: readonly OutboxCommand[] = [],
): Promise<CarryOutResult> {
  const { approvalId, planId } = approved.approval;
  const results = jobResults(outcome, jobs, commands);
  const notTaken = [...results]
    .filter(([, result]) => result === 'rejected' || result === 'conflict')
    .map(([id]) => id);
  const live = outcome === 'published' || outcome === 'advised';
  const staging = live ? stagingRows(approved, new Set(notTaken)) : [];
  if (staging.length > 0) await store.saveStaging(staging, actor);

  const moved = jobs.filter(({ jobOrderId }) => results.has(jobOrderId) && !notTaken.includes(jobOrderId));
  const notifications = notificationsOf(
    {
      approvalId,
      planId,
      outcome,
      changed: moved.length,
      notTaken,
      equipmentIds: equipmentOf(moved),
      stagingMoves: staging.length,
    },
    clock.now(),
  );
  for (const notification of notifications) await store.saveNotification(notification, actor);
  return {
    outcome,
    ...(live || outcome === 'shadow'
      ? { planChange: { planId, approvalId, jobs: changedPlaces(jobs, results), publishedAt: isoInstant(clock.now()) } }
      : {}),
    staging: staging.map(stagingPayload),
    notifications: notifications.map(notificationPayload),
    undo: undoCommands(commands),
  };
}

/** What became of each job; one that was never sent shares the fate of the one that stopped its work request. */
function jobResults(
  outcome: Outcome,
  jobs: readonly ChangedJob[],
  commands: readonly OutboxCommand[],
): Map<string, JobResult> {
  if (outcome === 'shadow' || outcome === 'advised') return new Map(jobs.map((job) => [job.jobOrderId, outcome]));
  const stoppedBy = new Map<string, JobResult>();
  for (const command of commands) {
    const result = outcomeOf(command);
    if (result !== undefined && result !== 'acknowledged') stoppedBy.set(workRequestOf(command.jobOrderId), result);
  }
  return new Map(
    commands.map((command) => {
      const { jobOrderId } = command;
      return [jobOrderId, outcomeOf(command) ?? stoppedBy.get(workRequestOf(jobOrderId)) ?? 'rejected'];
    }),
  );
}

/** Where each changed job now is: at its new place, or still at the old one where the MES did not take the change. */
function changedPlaces(jobs: readonly ChangedJob[], results: ReadonlyMap<string, JobResult>): PlanChange['jobs'] {
  return jobs.flatMap(({ jobOrderId, planned, base }) => {
    const result = results.get(jobOrderId);
    if (result === undefined) return [];
    const { equipmentId, start } = result === 'rejected' || result === 'conflict' ? (base ?? planned) : planned;
    return [{ jobOrderId, equipmentId, start: isoInstant(start), result }];
  });
}

function equipmentOf(jobs: readonly ChangedJob[]): string[] {
  const ids = jobs.flatMap(({ planned, base }) => [planned.equipmentId, ...(base ? [base.equipmentId] : [])]);
  return [...new Set(ids)].sort();
}

function stagingRows({ scenario, approval }: ApprovedPlan, notTaken: ReadonlySet<string>): StagingRow[] {
  const { planId } = approval;
  return scenario.staging
    .filter(({ jobOrderId }) => !notTaken.has(jobOrderId))
    .map((need) => ({
      ...need,
      stagingId: derivedId('staging', planId, need.jobOrderId, need.materialId, need.lotId ?? '', need.from, need.to),
      planId,
      status: 'open',
    }));
}

function stagingPayload({ materialId, lotId, quantity, unit, from, to, needAt }: StagingRow): Staging {
  return {
    materialId,
    ...(lotId === undefined ? {} : { lotId }),
    quantity,
    unit,
    from,
    to,
    needAt: isoInstant(needAt),
  };
}
