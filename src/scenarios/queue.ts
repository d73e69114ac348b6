import { MillwrightError } from '../kernel/index.ts';
import type { PlanRequest } from './request.ts';

/** A queue of requests for plans: one is worked on, all others wait merged into one. */
export interface ScenarioQueue<R> {
  /** Settles with the result of the request, or of the merged one that it went into. */
  submit(request: PlanRequest): Promise<R>;
  /**
   * Takes a request out; where it is the one that gave its id to what is worked on, that ends at once, with all that
   * were merged into it. False where there is none of that id.
   */
  cancel(requestId: string): boolean;
  /** Ends everything. */
  close(): void;
}

interface Waiting<R> {
  request: PlanRequest;
  settle: { resolve(result: R): void; reject(error: unknown): void };
}

/**
 * Joins two requests into one that answers both: the newer one's id, event, start, seed and weights; the later ends of
 * horizon and frozen horizon; the larger numbers; the constraints of both.
 */
export function mergeRequests(older: PlanRequest, newer: PlanRequest): PlanRequest {
  const constraints = new Map(
    [...older.constraints, ...newer.constraints].map((constraint) => [JSON.stringify(constraint), constraint]),
  );
  return {
    ...older,
    ...newer,
    horizon: Math.max(older.horizon, newer.horizon),
    frozenUntil: Math.max(older.frozenUntil, newer.frozenUntil),
    count: Math.max(older.count, newer.count),
    replications: Math.max(older.replications, newer.replications),
    timeLimitMs: Math.max(older.timeLimitMs, newer.timeLimitMs),
    constraints: [...constraints.values()],
  };
}

/** Opens a queue over what works on one request. Events that come during a search so lead to one more search. */
export function openScenarioQueue<R>(
  work: (request: PlanRequest, signal: AbortSignal) => Promise<R>,
): ScenarioQueue<R> {
  let waiting: Waiting<R>[] = [];
  let running: { request: PlanRequest; members: Waiting<R>[]; stop: AbortController } | undefined;

  function startNext(): void {
    if (running || waiting.length === 0) return;
    const members = waiting;
    waiting = [];
    const request = members.map((member) => member.request).reduce(mergeRequests);
    const stop = new AbortController();
    running = { request, members, stop };
    work(request, stop.signal)
      .then(
        (result) => members.forEach(({ settle }) => settle.resolve(result)),
        (error: unknown) => members.forEach(({ settle }) => settle.reject(error)),
      )
      .finally(() => {
        running = undefined;
        startNext();
      });
  }
  return {
    submit: (request) =>
      new Promise<R>((resolve, reject) => {
        waiting.push({ request, settle: { resolve, reject } });
        startNext();
      }),
    cancel(requestId) {
      if (running?.request.requestId === requestId) {
        running.stop.abort();
        return true;
      }
      const before = waiting.length + (running?.members.length ?? 0);
      waiting = withdraw(waiting, requestId);
      if (running) running.members.splice(0, Infinity, ...withdraw(running.members, requestId));
      return waiting.length + (running?.members.length ?? 0) < before;
    },
    close() {
      for (const { request, settle } of waiting.splice(0))
        settle.reject(new MillwrightError('MW_ABORTED', { what: request.requestId }));
      running?.stop.abort();
    },
  };
}

/** Rejects the members of an id as cancelled; returns the others. */
function withdraw<R>(members: readonly Waiting<R>[], requestId: string): Waiting<R>[] {
  return members.filter(({ request, settle }) => {
    if (request.requestId !== requestId) return true;
    settle.reject(new MillwrightError('MW_ABORTED', { what: requestId }));
    return false;
  });
}
