import { silentLogger, type Clock, type Logger } from '../kernel/index.ts';
import type { Store } from '../store/index.ts';
import type { LadderMode } from '../trust/index.ts';
import { carryOut } from './carry-out.ts';
import type { CarryOutResult } from './conclude.ts';
import { defaultRetry, embeddedMes, type MesTarget, type RetryPolicy } from './target.ts';

/** What dispatch is opened with. */
export interface DispatchOptions {
  store: Store;
  clock: Clock;
  logger?: Logger;
  /** The node that acts, for the audit log. */
  nodeId: string;
  /** The site's highest mode, asked anew for each command. */
  highestMode: () => LadderMode;
  /** Jobs that one publication may change. */
  changeLimit: number;
  /** Whether a demo plant lives in the store, asked anew for each decision; no where absent. */
  demo?: () => boolean;
  /** Where commands go; the store's own MES tables where absent. */
  target?: MesTarget;
  retry?: RetryPolicy;
}

/** Options of one call. */
export interface CarryOutOptions {
  signal?: AbortSignal;
  correlationId?: string;
}

/** Carries out what was signed, and nothing else. */
export interface Dispatch {
  /**
   * Carries out a decision, of which only the id is believed: approval, digest, signer's role, planning inputs, write
   * inhibit and mode come from the store, the last two again before each command. Calling it again with the same id
   * (after a crash, an abort, a lifted inhibit) goes on where it stopped; no command takes effect twice. Calls are
   * carried out one after the other. Rejects with `MW_APPROVAL_UNKNOWN`, `MW_APPROVAL_UNAUTHENTICATED`, `MW_APPROVAL_ROLE`, `MW_APPROVAL_STALE`,
   * `MW_PLAN_DECIDED`, `MW_WRITE_INHIBITED`, `MW_PLAN_FROZEN`, `MW_CHANGE_LIMIT`, `MW_TARGET_DOWN`, `MW_ABORTED`, or
   * with `MW_MODE_SHADOW` / `MW_MODE_ADVISE` where the mode is lowered between two commands; where it is low from the
   * start, these are the `refusal` of the result.
   */
  carryOut(approvalId: string, options?: CarryOutOptions): Promise<CarryOutResult>;
  /** Inhibits writes until a supervisor lifts it. Not an emergency stop. */
  setWriteInhibit(inhibit: { reason: string; source: string }, options?: { correlationId?: string }): Promise<void>;
}

/** Opens dispatch over a store. Nothing to close: the store is the caller's. */
export function openDispatch(options: DispatchOptions): Dispatch {
  const { store, clock, nodeId, highestMode, changeLimit, demo = () => false } = options;
  const logger = options.logger ?? silentLogger;
  const target = options.target ?? embeddedMes(store);
  const retry = options.retry ?? defaultRetry;
  const actorOf = (correlationId: string | undefined) => ({
    id: nodeId,
    ...(correlationId === undefined ? {} : { correlationId }),
  });
  let last: Promise<unknown> = Promise.resolve();

  return {
    carryOut(approvalId, { signal, correlationId } = {}) {
      const actor = actorOf(correlationId);
      const mine = last.then(() =>
        carryOut(approvalId, { store, target, clock, logger, highestMode, changeLimit, demo, retry, actor, signal }),
      );
      last = mine.catch(() => undefined);
      return mine;
    },
    setWriteInhibit: ({ reason, source }, { correlationId } = {}) =>
      store.setWriteInhibit({ reason, source }, actorOf(correlationId)),
  };
}
