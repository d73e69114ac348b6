import { MillwrightError, type Clock, type Logger } from '../kernel/index.ts';
import type { Actor, OutboxCommand, Store } from '../store/index.ts';
import { checkInputsUnchanged, effectiveMode, isDecisive, type LadderMode } from '../trust/index.ts';
import { loadApprovedPlan, loadBasePlan, type ApprovedPlan } from './approved-plan.ts';
import { checkFence, differingEntries, openJobs, workRequestOf, type ChangedJob } from './changes.ts';
import { composeCommands, outcomeOf, undoCommands } from './commands.ts';
import { conclude, type CarryOutResult } from './conclude.ts';
import { deliver, type MesTarget, type RetryPolicy } from './target.ts';

/** The use case and field whose mode decides whether a plan is entered into the MES. */
const ladderField = { useCase: 'planning', field: 'plan' } as const;

/** Dead letters in a row after which the target counts as down. */
const deadLettersInARow = 3;

/** What carrying out one decision needs. */
export interface CarryOutContext {
  store: Store;
  target: MesTarget;
  clock: Clock;
  logger: Logger;
  highestMode: () => LadderMode;
  changeLimit: number;
  /** Whether a demo plant lives in the store: only there a decision without log-in counts. */
  demo: () => boolean;
  retry: RetryPolicy;
  actor: Actor;
  signal?: AbortSignal | undefined;
}

/** Carries out one decision; see `Dispatch.carryOut`. */
export async function carryOut(approvalId: string, context: CarryOutContext): Promise<CarryOutResult> {
  const { store, clock } = context;
  const approved = await loadApprovedPlan(context, approvalId);
  const { approval, scenario } = approved;
  if (!isDecisive(approval)) return conclude(approved, 'reviewed', [], context);
  if (approval.decision === 'rejected') return conclude(approved, 'rejected', [], context);

  const live = await store.livePlan();
  const differing = differingEntries(scenario.plan, await loadBasePlan(store, approved, live));
  const commands = await store.commands(approvalId);
  if (live?.scheduleId === scenario.plan.scheduleId) return finish(approved, differing, commands, context);
  await checkNotInhibited(store);
  // Once a command has taken effect the change is completed: half of it would be worse than a late one.
  if (commands.some((command) => command.state === 'acknowledged')) return write(approved, differing, context);
  await checkInputsUnchanged(store, approved, clock.now());
  const jobs = await movableJobs(approved, differing, context);
  const mode = await currentMode(context);
  if (mode === 'shadow') return { ...(await conclude(approved, 'shadow', jobs, context)), refusal: refusalOf(mode) };
  if (mode === 'advise') return advise(approved, jobs, context);
  await store.enqueueCommands(composeCommands(approvalId, context.target.name, jobs), context.actor);
  return write(approved, jobs, context);
}

async function write(approved: ApprovedPlan, jobs: ChangedJob[], context: CarryOutContext): Promise<CarryOutResult> {
  const { store, actor } = context;
  const { approval, scenario } = approved;
  const commands = await send(await store.commands(approval.approvalId), context);
  const took = commands.length === 0 || commands.some((command) => outcomeOf(command) === 'acknowledged');
  if (!took) return conclude(approved, 'not-published', jobs, context, commands);
  const undo = undoCommands(commands);
  await store.publishSchedule(scenario.plan.scheduleId, approval.approvalId, actor, { undo });
  return conclude(approved, 'published', jobs, context, commands);
}

async function advise(approved: ApprovedPlan, jobs: ChangedJob[], context: CarryOutContext): Promise<CarryOutResult> {
  const { approval, scenario } = approved;
  await context.store.publishSchedule(scenario.plan.scheduleId, approval.approvalId, context.actor);
  return { ...(await conclude(approved, 'advised', jobs, context)), refusal: refusalOf('advise') };
}

/** Ends a change whose plan is live already: what the outbox says became of it, and the paperwork that is missing. */
async function finish(
  approved: ApprovedPlan,
  differing: ChangedJob[],
  commands: OutboxCommand[],
  context: CarryOutContext,
): Promise<CarryOutResult> {
  context.logger.info(`the plan of approval ${approved.approval.approvalId} is live already`);
  if (commands.length > 0) return conclude(approved, 'published', differing, context, commands);
  const rows = await context.store.dispatchRows(differing.map((job) => job.jobOrderId));
  const jobs = openJobs(differing, rows);
  return conclude(approved, jobs.length === 0 ? 'published' : 'advised', jobs, context);
}

/** Sends what is pending, in order of planned start; what fails stops the rest of its work request. */
async function send(commands: OutboxCommand[], context: CarryOutContext): Promise<OutboxCommand[]> {
  const stopped = new Set<string>();
  const sent: OutboxCommand[] = [];
  let dead = 0;
  for (const command of [...commands].sort(byPlannedStart)) {
    const workRequest = workRequestOf(command.jobOrderId);
    const waiting = outcomeOf(command) === undefined && !stopped.has(workRequest);
    const answered = waiting ? await deliver(command, { ...context, mayWrite: () => checkMayWrite(context) }) : command;
    sent.push(answered);
    if (outcomeOf(answered) !== 'acknowledged') stopped.add(workRequest);
    if (!waiting) continue;
    dead = answered.state === 'dead' ? dead + 1 : 0;
    if (dead >= deadLettersInARow)
      throw new MillwrightError('MW_TARGET_DOWN', {
        target: context.target.name,
        reason: answered.error ?? 'no answer',
      });
  }
  return sent;
}

async function movableJobs(
  { scenario: { plan } }: ApprovedPlan,
  differing: ChangedJob[],
  { store, changeLimit }: CarryOutContext,
): Promise<ChangedJob[]> {
  const rows = await store.dispatchRows(differing.map((job) => job.jobOrderId));
  checkFence(plan, differing, rows);
  const jobs = openJobs(differing, rows);
  if (jobs.length > changeLimit)
    throw new MillwrightError('MW_CHANGE_LIMIT', { changed: jobs.length, limit: changeLimit });
  return jobs;
}

async function checkMayWrite(context: CarryOutContext): Promise<void> {
  await checkNotInhibited(context.store);
  const mode = await currentMode(context);
  if (mode !== 'write') throw refusalOf(mode);
}

async function checkNotInhibited(store: Store): Promise<void> {
  const inhibit = await store.writeInhibit();
  if (inhibit) throw new MillwrightError('MW_WRITE_INHIBITED', { source: inhibit.source, reason: inhibit.reason });
}

function currentMode({ store, highestMode }: CarryOutContext): Promise<LadderMode> {
  return effectiveMode(store, { ...ladderField, highestMode: highestMode() });
}

function refusalOf(mode: 'shadow' | 'advise'): MillwrightError {
  return new MillwrightError(mode === 'shadow' ? 'MW_MODE_SHADOW' : 'MW_MODE_ADVISE', ladderField);
}

function byPlannedStart(a: OutboxCommand, b: OutboxCommand): number {
  return Number(a.after.plannedStart) - Number(b.after.plannedStart) || (a.jobOrderId < b.jobOrderId ? -1 : 1);
}
