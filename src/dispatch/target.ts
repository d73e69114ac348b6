import { MillwrightError, seededRandom, sleep, toMillwrightError, withDeadline } from '../kernel/index.ts';
import type { Actor, OutboxCommand, Store } from '../store/index.ts';
import { outcomeOf, readBackMatches } from './commands.ts';

/** Where commands go. */
export interface MesTarget {
  readonly name: string;
  /**
   * Applies one command where the record still has the expected version, reads the record back and writes the
   * command's new state to the outbox; applying it again changes nothing. Rejects where the target does not answer.
   */
  apply(command: OutboxCommand, actor: Actor): Promise<OutboxCommand>;
}

/** The store's own MES tables as a target: change, read-back and outbox in one transaction. */
export function embeddedMes(store: Pick<Store, 'applyCommand'>): MesTarget {
  return { name: 'embedded-mes', apply: ({ commandId }, actor) => store.applyCommand(commandId, actor) };
}

/** How often and how long a command is tried. */
export interface RetryPolicy {
  attempts: number;
  /** Wait before the second attempt; doubles each time, with up to as much jitter again. */
  firstDelayMs: number;
  maxDelayMs: number;
  /** How long the target may take for one attempt. */
  limitMs: number;
}

/** Five attempts; some five seconds of waiting between them. */
export const defaultRetry: RetryPolicy = { attempts: 5, firstDelayMs: 200, maxDelayMs: 5000, limitMs: 10_000 };

/** What delivering a command needs. */
export interface Delivery {
  target: MesTarget;
  store: Pick<Store, 'recordCommand' | 'commands'>;
  actor: Actor;
  retry: RetryPolicy;
  /** Rejects where writing is no longer allowed; asked before each attempt. */
  mayWrite: () => Promise<void>;
  signal?: AbortSignal | undefined;
}

/**
 * Sends one command until the target answers, at most `retry.attempts` times; then it is a dead letter. A target
 * that acknowledges but reads back something else is a conflict. Returns the command as the outbox now holds it.
 */
export async function deliver(command: OutboxCommand, delivery: Delivery): Promise<OutboxCommand> {
  const { target, store, actor, retry, mayWrite, signal } = delivery;
  for (let attempt = 1; ; attempt++) {
    if (signal?.aborted) throw new MillwrightError('MW_ABORTED', { what: 'carry out' });
    await mayWrite();
    try {
      const applied = target.apply(command, actor);
      return await confirmed(await withDeadline(target.name, applied, retry.limitMs, signal), delivery);
    } catch (thrown) {
      if (signal?.aborted || attempt < retry.attempts)
        await sleep(backOffMs(retry, attempt, command.commandId), signal);
      else return await deadLetter(command, attempt, toMillwrightError(thrown).code, { store, actor });
    }
  }
}

async function confirmed(answered: OutboxCommand, { store, actor }: Delivery): Promise<OutboxCommand> {
  if (answered.state === 'pending' || answered.state === 'sent')
    throw new MillwrightError('MW_INTERNAL', { reason: `command ${answered.commandId} left ${answered.state}` });
  if (answered.state !== 'acknowledged' || readBackMatches(answered)) return answered;
  const lied: OutboxCommand = { ...answered, state: 'conflict', error: 'read back something else than was sent' };
  await store.recordCommand(lied, actor);
  return lied;
}

/** Gives a command up, unless the outbox shows that a late answer has settled it after all. */
async function deadLetter(
  command: OutboxCommand,
  attempts: number,
  error: string,
  { store, actor }: Pick<Delivery, 'store' | 'actor'>,
): Promise<OutboxCommand> {
  const held = (await store.commands(command.approvalId)).find(({ commandId }) => commandId === command.commandId);
  if (held && outcomeOf(held) !== undefined) return held;
  const dead: OutboxCommand = { ...command, state: 'dead', attempts: command.attempts + attempts, error };
  await store.recordCommand(dead, actor);
  return dead;
}

function backOffMs({ firstDelayMs, maxDelayMs }: RetryPolicy, attempt: number, commandId: string): number {
  const base = Math.min(maxDelayMs, firstDelayMs * 2 ** (attempt - 1));
  return base * (1 + seededRandom(attempt, commandId).next());
}
