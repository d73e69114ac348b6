import type { PlanConstraint } from '../contracts/index.ts';
import type { Rejects } from '../plant/index.ts';

/** What to plan and within which limits. Instants are milliseconds since 1970 UTC. */
export interface PlanningRequest {
  /** The plan begins here; never before the state's instant. */
  from: number;
  /** Live operations that start before this stay as they are, as long as the plant still allows it. */
  frozenUntil: number;
  /** The calendars reach at least this far; overtime without an end lasts until here. */
  horizon: number;
  constraints: PlanConstraint[];
  /** What history says of rejects; absent: plans are measured as if all parts were good. */
  rejects?: Rejects;
}
