import type { KpiDistribution, PlanKpis, TimeSplit } from './kpi.ts';
import type { Oee } from './oee.ts';
import type { PlanConstraint } from '../contracts/index.ts';
import type { Rejects } from './rejects.ts';
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

/**
 * What time passes with on the way to a late end. Run time and setup are work; the others are waits: for a machine that
 * others keep busy or that is closed, for somebody qualified to be at work or to be free, for a stretch long enough for
 * work that may not pause, for the load of a batch machine that another operation decides, for a tool, for material,
 * release, the end of the frozen horizon, transport or a minimum lag, the one that must follow within a maximum lag, or
 * because a plan keeps an operation at its live start.
 */
export const lateReasonKinds = [
  'run-time',
  'setup',
  'machine-busy',
  'machine-closed',
  'no-operator',
  'operator-busy',
  'one-piece',
  'load',
  'tool',
  'material',
  'release',
  'frozen-horizon',
  'held',
  'transport',
  'lag',
  'maximum-lag',
] as const;
export type LateReasonKind = (typeof lateReasonKinds)[number];

/** One link of the chain: what an operation spends time on, or waits for. */
export interface LateLink {
  jobOrderId: string;
  equipmentId: string;
  reason: LateReasonKind;
  /** The machine, material, qualification or job order that it is about. */
  subject: string;
  /** The job order that has the machine until then. */
  by?: string;
  /** The stretch it falls into, milliseconds since 1970 UTC; two links of one operation may share theirs. */
  from: number;
  to: number;
  /** How much of it is due to this. */
  seconds: number;
}

/** Why one plan's work request is late. */
export interface LateReason {
  workRequestId: string;
  lateSeconds: number;
  /** The longest wait, `run-time` where nothing is waited for. */
  reason: LateReasonKind;
  /** The operation that waits. */
  jobOrderId: string;
  /** The machine, material, qualification or job order that it is about. */
  subject: string;
  /**
   * From the request's last operation back, over the predecessors that decide (those of producing requests too), to
   * the plan's start; the links' seconds add up to the time from there to the request's end. Kept for the worst
   * requests of a plan only, else empty.
   */
  chain: LateLink[];
}

/** How much of a plan's weighted tardiness one kind of wait is to blame for. */
export interface TardinessShare {
  reason: LateReasonKind;
  /** Weighted seconds; all shares of a plan add up to its weighted tardiness. */
  seconds: number;
  /** The machine, material, qualification or job order with the largest part of it. */
  subject: string;
}

/** Something that a planner should know before signing a plan: a key with parameters, and the English words. */
export interface PlanWarning {
  key: 'must-be-on-time' | 'lock' | 'maximum-lag-missed' | 'new-bottleneck' | 'more-scrap';
  params: Record<string, string | number>;
  text: string;
}

/**
 * A wish that a plan misses: a key with parameters, and the English words. Parameters whose name ends in `At` are
 * instants as ISO texts; `reason`, `about` and `job` say what keeps it from being kept in any plan.
 */
export interface MissedWish {
  key: 'unknown' | 'lock' | 'must-be-on-time' | 'maximum-lag' | 'never-on-time';
  params: Record<string, string | number>;
  text: string;
}

/** What would be gained if one thing that holds late requests up were not there, the plan's order kept. */
export interface Relaxation {
  /** The kind of link that it takes away; with `subject`, `jobOrderId` and `by` as in the link. */
  reason: LateReasonKind;
  jobOrderId: string;
  equipmentId: string;
  subject: string;
  by?: string;
  /** The stretch in which a closed machine is open. */
  from: number;
  to: number;
  /** The late requests whose chain it is in, and those beside them that change most. */
  requests: { workRequestId: string; lateSeconds: number; lateSecondsThen: number }[];
  weightedTardinessSeconds: number;
  weightedTardinessSecondsThen: number;
  lateOrders: number;
  lateOrdersThen: number;
}

/** Why one plan is late, in full. */
export interface LateExplanation {
  planId: string;
  /** Each with its chain. */
  lateReasons: LateReason[];
  /** The most promising first; bounded in number and time. */
  relaxations: Relaxation[];
}

/** Words as a key with parameters, from which a page makes those of another language. */
interface Wording {
  key: string;
  params: Record<string, string | number>;
}

/** One alternative plan with all that a planner is shown of it. */
export interface ScenarioRecord {
  plan: WorkSchedule;
  /** SHA-256 over the canonical text of exactly what is shown; see `shownContent`. */
  digest: string;
  /** In words: what is special about it. */
  label: string;
  /** The same for other languages; `details` names orders, machines and operations that tell it from the others. */
  wording?: Wording & { details?: Wording[] };
  /** KPIs of the plan as planned. */
  planned: PlanKpis;
  /** KPIs over the twin's replications. */
  simulated: Record<keyof PlanKpis, KpiDistribution>;
  /** Overall equipment effectiveness of each line on which something is done, from the plan's start to its last end. */
  oeeByLine: Record<string, { planned: Oee; simulated: KpiDistribution }>;
  /** By machine, simulated: what it does with its time. */
  utilisation: Record<string, TimeSplit>;
  /** The machine with the longest average active period, simulated; null where nothing runs. */
  bottleneck: string | null;
  /** Operations whose machine or start differs from the base plan. */
  changes: number;
  staging: StagingNeed[];
  /** Jobs whose work instruction changes. */
  instructionJobs: string[];
  /** Wishes that it misses. */
  violations: MissedWish[];
  /** What the simulation found beside its KPIs, against doing nothing. */
  warnings: PlanWarning[];
  lateReasons: LateReason[];
  /** What its weighted tardiness comes from, the largest share first. */
  tardinessShares: TardinessShare[];
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

/** The figures by which a wish is judged, of the best plan found. */
type WishFigures = Pick<PlanKpis, 'weightedTardinessSeconds' | 'lateOrders' | 'changeovers' | 'stability'>;

/** What one wish costs, by estimate: the best plan found with all wishes, and the best found without this one. */
export interface WishCost {
  constraint: PlanConstraint;
  withIt: WishFigures;
  /** Absent where no plan is possible without it. */
  withoutIt?: WishFigures;
}

/** What keeps an operation from having a place in any plan, and what together is to blame; kinds as planning names them. */
export interface PlanConflict {
  kind: string;
  jobOrderId: string;
  subject: string;
  causes?: { kind: string; subject: string }[];
}

/** An order that is in none of a set's plans, because no plan can have it. */
export interface UnplannedOrder {
  workRequestId: string;
  conflicts: PlanConflict[];
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
  /** Plans that were found, but are not offered: doing nothing dominates them when simulated. */
  dominated: number;
  /** What was asked for; with the plant's state of then it makes the plans' problem anew. */
  request: { frozenUntil: number; horizon: number; constraints: PlanConstraint[]; rejects?: Rejects };
  /** What the first wishes of the request cost. */
  wishCosts: WishCost[];
  /** Open orders that are in none of the plans. */
  unplanned: UnplannedOrder[];
  scenarios: ScenarioRecord[];
}

/** The part of a scenario that its digest covers: everything but the digest itself and the plan's status. */
export function shownContent(scenario: Omit<ScenarioRecord, 'digest'>) {
  return { ...scenario, digest: undefined, plan: { ...scenario.plan, status: undefined } };
}
