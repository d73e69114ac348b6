import type { KpiDistribution, PlanKpis } from './kpi.ts';
import type { WorkSchedule } from './work-schedule.ts';

/** Material that must be moved so that an operation of a plan can start. */
export interface StagingNeed {
  jobOrderId: string;
  materialId: string;
  lotId?: string;
  quantity: number;
  unit: string;
  from: string;
  to: string;
  /** Milliseconds since 1970 UTC. */
  needAt: number;
}

/** Why one plan's work request is late: the chain from its end back to what holds it up. */
export interface LateReason {
  workRequestId: string;
  lateSeconds: number;
  /** What decides, for example `machine-busy` or `material`. */
  reason: string;
  /** The operation at which it decides. */
  jobOrderId: string;
  /** The machine, material or operation that holds it up. */
  subject: string;
}

/** One alternative plan with all that a planner is shown of it. */
export interface ScenarioRecord {
  plan: WorkSchedule;
  /** SHA-256 over the canonical text of exactly what is shown; see `shownContent`. */
  digest: string;
  /** In words: what is special about it. */
  label: string;
  /** The same as a key with parameters, from which a page makes the words of another language. */
  wording?: { key: string; params: Record<string, string | number> };
  /** KPIs of the plan as planned. */
  planned: PlanKpis;
  /** KPIs over the twin's replications. */
  simulated: Record<keyof PlanKpis, KpiDistribution>;
  /** Operations whose machine or start differs from the base plan. */
  changes: number;
  staging: StagingNeed[];
  /** Jobs whose work instruction changes. */
  instructionJobs: string[];
  /** Wishes that it misses, in words. */
  violations: string[];
  lateReasons: LateReason[];
  /** Replications that they come from: plans that do well get more. */
  replications: number;
  /** 1 is best by simulated KPIs. */
  rank: number;
  /** The rank that it would have by its KPIs as planned: the difference is what chance does to it. */
  plannedRank: number;
  /** Whether no other one is at least as good in everything, by simulated means. */
  pareto: boolean;
  doNothing: boolean;
}

/** The alternatives found for one request. */
export interface ScenarioSet {
  requestId: string;
  eventId?: string;
  basePlanId: string;
  /** Milliseconds since 1970 UTC. */
  createdAt: number;
  /** Digest of the plant's planning inputs when the search began; an approval is refused once it differs. */
  inputsDigest: string;
  seed: number;
  replications: number;
  scenarios: ScenarioRecord[];
}

/** The part of a scenario that its digest covers: everything but the digest itself and the plan's status. */
export function shownContent(scenario: Omit<ScenarioRecord, 'digest'>) {
  return { ...scenario, digest: undefined, plan: { ...scenario.plan, status: undefined } };
}
