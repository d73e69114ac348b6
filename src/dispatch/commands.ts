import type { DispatchRow, OutboxCommand } from '../store/index.ts';
import type { ScheduleEntry } from '../plant/index.ts';
import type { ChangedJob } from './changes.ts';
import { derivedId } from './derived-id.ts';

/** A command that would take back an acknowledged one; sending it is a new approved change. */
export interface UndoCommand {
  jobOrderId: string;
  target: string;
  expectedVersion: number;
  before: Record<string, unknown>;
  after: Record<string, unknown>;
}

/** What became of a job in the MES. */
export type CommandOutcome = 'acknowledged' | 'rejected' | 'conflict';

/**
 * One command for each changed job, by planned start. Its id follows from approval and job, so that a repetition
 * makes none twice. A row that people have moved away from the plan departed from is a conflict from the start and
 * is never sent; a job that the MES does not know is rejected.
 */
export function composeCommands(approvalId: string, target: string, jobs: readonly ChangedJob[]): OutboxCommand[] {
  return jobs.map(({ jobOrderId, planned, base, row }) => ({
    commandId: derivedId('command', approvalId, target, jobOrderId),
    approvalId,
    target,
    jobOrderId,
    expectedVersion: row?.rowVersion ?? 0,
    before: row ? placeOf(row) : {},
    after: { equipmentId: planned.equipmentId, plannedStart: planned.start, plannedEnd: planned.end },
    attempts: 0,
    ...initialState(row, base),
  }));
}

/** What became of a command. An acknowledgement counts only if what was read back is what was sent. */
export function outcomeOf(command: OutboxCommand): CommandOutcome | undefined {
  switch (command.state) {
    case 'acknowledged':
      return readBackMatches(command) ? 'acknowledged' : 'conflict';
    case 'rejected':
    case 'dead':
      return 'rejected';
    case 'conflict':
      return 'conflict';
    case 'pending':
    case 'sent':
      return undefined;
  }
}

/** Whether every field that a command set reads back with the value that was sent. */
export function readBackMatches({ after, readBack }: OutboxCommand): boolean {
  return readBack !== undefined && Object.entries(after).every(([field, value]) => readBack[field] === value);
}

/** The compensating commands of those that took effect, last one first. */
export function undoCommands(commands: readonly OutboxCommand[]): UndoCommand[] {
  return commands
    .filter((command) => outcomeOf(command) === 'acknowledged')
    .map(({ jobOrderId, target, before, after, readBack, expectedVersion }) => {
      const version = readBack?.rowVersion;
      return {
        jobOrderId,
        target,
        expectedVersion: typeof version === 'number' ? version : expectedVersion + 1,
        before: after,
        after: before,
      };
    })
    .reverse();
}

function initialState(row: DispatchRow | undefined, base: ScheduleEntry | undefined) {
  if (!row) return { state: 'rejected' as const, error: 'the MES does not know the job order' };
  if (followsPlan(row, base)) return { state: 'pending' as const };
  return { state: 'conflict' as const, error: 'moved in the MES since the plan was made', readBack: { ...row } };
}

function followsPlan(row: DispatchRow, base: ScheduleEntry | undefined): boolean {
  if (row.plannedStart === null) return true;
  if (!base || row.equipmentId !== base.equipmentId) return false;
  return Math.abs(row.plannedStart - base.start) < 1000;
}

function placeOf({ equipmentId, plannedStart, plannedEnd }: DispatchRow): Record<string, unknown> {
  return { equipmentId, plannedStart, plannedEnd };
}
