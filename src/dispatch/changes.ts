import { MillwrightError } from '../kernel/index.ts';
import { openDispatchStates, type ScheduleEntry, type WorkSchedule } from '../plant/index.ts';
import type { DispatchRow } from '../store/index.ts';

/** One job order that a plan puts elsewhere than the plan it departs from. */
export interface ChangedJob {
  jobOrderId: string;
  planned: ScheduleEntry;
  /** Its place in the plan departed from; absent for a job order that plan did not know. */
  base?: ScheduleEntry;
  /** As the MES holds it; absent where the MES does not know it. */
  row?: DispatchRow;
}

/** The work request of a job order, whose id is `<workRequestId>/<segment sequence>`. */
export function workRequestOf(jobOrderId: string): string {
  const slash = jobOrderId.lastIndexOf('/');
  return slash < 0 ? jobOrderId : jobOrderId.slice(0, slash);
}

/** Entries of a plan whose machine, start or end differs by a second or more from the plan departed from, by start. */
export function differingEntries(plan: WorkSchedule, base: WorkSchedule | undefined): ChangedJob[] {
  const before = new Map(base?.entries.map((entry) => [entry.jobOrderId, entry]));
  return plan.entries
    .map((planned) => {
      const { jobOrderId } = planned;
      const entry = before.get(jobOrderId);
      return { jobOrderId, planned, ...(entry ? { base: entry } : {}) };
    })
    .filter(({ planned, base: entry }) => !entry || !samePlace(planned, entry) || differs(planned.end, entry.end));
}

/** The differences with their rows in the MES, without operations that it runs or has ended: those are its own. */
export function openJobs(differing: readonly ChangedJob[], rows: readonly DispatchRow[]): ChangedJob[] {
  const byId = rowsById(rows);
  return differing.flatMap((job) => {
    const row = byId.get(job.jobOrderId);
    if (!row) return [job];
    return isOpen(row) ? [{ ...job, row }] : [];
  });
}

/**
 * Refuses a plan with `MW_PLAN_FROZEN` where it moves an operation that is running or that it keeps in the frozen
 * horizon, or brings one into the frozen horizon.
 */
export function checkFence(
  { frozenUntil }: WorkSchedule,
  differing: readonly ChangedJob[],
  rows: readonly DispatchRow[],
): void {
  const byId = rowsById(rows);
  for (const job of differing) {
    const row = byId.get(job.jobOrderId);
    if (row?.dispatchStatus === 'Running') checkRunningStays(job);
    else if (!row || isOpen(row)) checkFrozenHorizon(frozenUntil, job);
  }
}

/** A plan that knows it to be running keeps it as frozen, wherever it runs; one that does not may only leave it alone. */
function checkRunningStays({ jobOrderId, planned, base }: ChangedJob): void {
  const leftAlone = base !== undefined && samePlace(planned, base);
  if (!planned.frozen && !leftAlone) throw new MillwrightError('MW_PLAN_FROZEN', { jobOrderId, reason: 'running' });
}

function checkFrozenHorizon(frozenUntil: number, { jobOrderId, planned, base }: ChangedJob): void {
  const keptButMoved = planned.frozen && base !== undefined && !samePlace(planned, base);
  const broughtIn = planned.start < frozenUntil && (base === undefined || base.start >= frozenUntil);
  if (keptButMoved || broughtIn)
    throw new MillwrightError('MW_PLAN_FROZEN', { jobOrderId, reason: 'inside the frozen horizon' });
}

function rowsById(rows: readonly DispatchRow[]): Map<string, DispatchRow> {
  return new Map(rows.map((row) => [row.jobOrderId, row]));
}

function isOpen(row: DispatchRow): boolean {
  return (openDispatchStates as readonly string[]).includes(row.dispatchStatus);
}

function samePlace(a: ScheduleEntry, b: ScheduleEntry): boolean {
  return a.equipmentId === b.equipmentId && !differs(a.start, b.start);
}

function differs(a: number, b: number): boolean {
  return Math.abs(a - b) >= 1000;
}
