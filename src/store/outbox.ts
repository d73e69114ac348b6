import { canonicalJson } from '../audit/index.ts';
import { carryOut } from './embedded-mes.ts';
import { unknownRecord } from './rows.ts';
import { change, type AuditNote, type Session } from './session.ts';
import type { Actor, OutboxCommand } from './store.ts';

/** Queues commands. Each id is written once: one that is known already stays as it is. */
export function enqueueCommands(session: Session, commands: OutboxCommand[], actor: Actor): void {
  const { db } = session;
  const added = commands.filter(({ commandId }) => !loadCommand(session, commandId));
  const first = added[0];
  if (!first) return;
  const list = added.map(({ commandId, jobOrderId, before, after }) => ({ commandId, jobOrderId, before, after }));
  change(session, actor, { action: 'commands.enqueue', subject: first.approvalId, data: { commands: list } }, () => {
    for (const command of added)
      db.run(
        `INSERT INTO outbox_command (command_id, approval_id, target, job_order_id, expected_version, before, after,
           state, attempts, read_back, error, row_version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)`,
        command.commandId,
        command.approvalId,
        command.target,
        command.jobOrderId,
        command.expectedVersion,
        canonicalJson(command.before),
        canonicalJson(command.after),
        command.state,
        command.attempts,
        command.readBack ? canonicalJson(command.readBack) : null,
        command.error ?? null,
      );
  });
}

/** The commands of an approval, in the order in which they were queued. */
export function commands({ db }: Session, approvalId: string): OutboxCommand[] {
  return db.all<CommandRow>(`${select} WHERE approval_id = ? ORDER BY outbox_command_key`, approvalId).map(toCommand);
}

/**
 * Carries one command out in the embedded MES: where the row still has the expected version it is changed and read
 * back; where not, the command ends as a conflict and the row stays. Repeating a finished command changes nothing.
 */
export function applyCommand(session: Session, commandId: string, actor: Actor): OutboxCommand {
  const command = loadCommand(session, commandId);
  if (!command) throw unknownRecord('command', commandId);
  if (command.state !== 'pending' && command.state !== 'sent') return command;
  const note = (outcome: OutboxCommand) => commandNote('command.apply', outcome);
  return change(session, actor, note, () => {
    const outcome = { ...command, attempts: command.attempts + 1, ...carryOut(session, command) };
    writeOutcome(session, outcome);
    return outcome;
  });
}

/** Writes what became of a command elsewhere; `MW_RECORD_UNKNOWN` for one that was never queued. */
export function recordCommand(session: Session, command: OutboxCommand, actor: Actor): void {
  if (!loadCommand(session, command.commandId)) throw unknownRecord('command', command.commandId);
  change(session, actor, commandNote('command.record', command), () => writeOutcome(session, command));
}

function commandNote(action: string, command: OutboxCommand): AuditNote {
  const { commandId, approvalId, jobOrderId, state, attempts, before, after } = command;
  const outcome = { state, attempts, readBack: command.readBack ?? null, error: command.error ?? null };
  return { action, subject: jobOrderId, data: { commandId, approvalId, before, after, ...outcome } };
}

function writeOutcome({ db }: Session, { commandId, state, attempts, readBack, error }: OutboxCommand): void {
  db.run(
    `UPDATE outbox_command SET state = ?, attempts = ?, read_back = ?, error = ?, row_version = row_version + 1
     WHERE command_id = ?`,
    state,
    attempts,
    readBack ? canonicalJson(readBack) : null,
    error ?? null,
    commandId,
  );
}

function loadCommand({ db }: Session, commandId: string): OutboxCommand | undefined {
  const row = db.get<CommandRow>(`${select} WHERE command_id = ?`, commandId);
  return row && toCommand(row);
}

const select = `SELECT command_id AS "commandId", approval_id AS "approvalId", target, job_order_id AS "jobOrderId",
  expected_version AS "expectedVersion", before, after, state, attempts, read_back AS "readBack", error
  FROM outbox_command`;

interface CommandRow extends Omit<OutboxCommand, 'before' | 'after' | 'readBack' | 'error'> {
  before: string;
  after: string;
  readBack: string | null;
  error: string | null;
}

function toCommand({ before, after, readBack, error, ...command }: CommandRow): OutboxCommand {
  const parse = (text: string) => JSON.parse(text) as Record<string, unknown>;
  return {
    ...command,
    before: parse(before),
    after: parse(after),
    ...(readBack === null ? {} : { readBack: parse(readBack) }),
    ...(error === null ? {} : { error }),
  };
}
