import type { PlanConstraint } from '../contracts/index.ts';

/** Please find, simulate and rank other plans. Instants are milliseconds since 1970 UTC. */
export interface PlanRequest {
  requestId: string;
  /** The event that made it necessary. */
  eventId?: string;
  /** Plans begin here; also the instant of the plant's state. */
  from: number;
  frozenUntil: number;
  horizon: number;
  constraints: PlanConstraint[];
  /** How much each objective counts: tardiness, changeovers, instability, makespan, imbalance, and scrap in the ranking. */
  weights?: Record<string, number>;
  /** Alternatives wanted, doing nothing included. */
  count: number;
  /** For the search; simulation and checks come on top. */
  timeLimitMs: number;
  replications: number;
  seed: number;
}

/** How far a request is; `done` of `total` percent. */
export interface PlanProgress {
  done: number;
  total: number;
  /** Least weighted tardiness found so far, in seconds. */
  best?: number;
}
