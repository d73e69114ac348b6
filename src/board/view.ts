/**
 * What the planning board's page gets and sends: the JSON of its API, shared by server and page. Instants are ISO 8601
 * texts in UTC, durations seconds.
 */

/** A ladder mode: computed only, shown to people, or entered into the MES. */
export type BoardMode = 'shadow' | 'advise' | 'write';

/** Roles on the board, each may do what the one before it may. */
export type BoardRole = 'viewer' | 'planner' | 'supervisor';

/** Names of a plan's KPIs, as `PlanKpis` in `src/plant` defines them. */
export type KpiName =
  | 'weightedTardinessSeconds'
  | 'lateOrders'
  | 'onTimeShare'
  | 'makespanSeconds'
  | 'changeovers'
  | 'setupSeconds'
  | 'stability'
  | 'workloadImbalance'
  | 'expectedScrap'
  | 'oee';

/** A KPI over the twin's replications. */
export interface SpreadView {
  mean: number;
  p10: number;
  p50: number;
  p90: number;
}

/** Who looks, and what they may do: `GET api/session`. */
export interface SessionView {
  /** The server's clock; the page derives its own from it. */
  now: string;
  person: { personId: string; role: BoardRole; authenticated: boolean } | null;
  /** To be sent back in the header `x-csrf-token` of every POST. */
  csrfToken: string;
  /** Whether anyone can log in at all. */
  logInPossible: boolean;
}

/** An open event. */
export interface EventView {
  eventId: string;
  kind: string;
  severity: number;
  subject: string;
  start: string;
  expectedEnd: { p50: string; p90: string; basis: 'reason-history' | 'person' | 'default' } | null;
  reason: string | null;
}

/** A machine with the line it stands in. */
export interface MachineView {
  equipmentId: string;
  name: string;
  lineId: string;
  lineName: string;
}

/** A customer's order. */
export interface OrderView {
  workRequestId: string;
  customer: string;
  materialId: string;
  quantity: number;
  unit: string;
  dueAt: string;
  priority: number;
}

/** One operation of an order. */
export interface JobView {
  jobOrderId: string;
  workRequestId: string;
  operation: string;
  status: string;
}

/** Work being done: the search for alternatives. */
export interface SearchView {
  requestId: string;
  done: number;
  total: number;
}

/** One thing that keeps a plan from being possible: kinds as in planning, with what together is to blame. */
export interface ConflictView {
  kind: string;
  jobOrderId: string;
  subject: string;
  causes: { kind: string; subject: string }[];
}

/** An order that is in none of the plans, and what keeps it out. */
interface UnplannedView {
  workRequestId: string;
  conflicts: ConflictView[];
}

/** A search that ended without plans, and why. */
export interface FailedSearchView extends RefusalView {
  requestId: string;
  eventId: string | null;
  conflicts: ConflictView[];
}

/** What is true of plant and board for everyone: `GET api/state`. */
export interface BoardStateView {
  site: string;
  timeZone: string;
  language: string;
  /** Demo plant: decisions need no log-in on this machine. */
  demo: boolean;
  mode: BoardMode;
  writeInhibit: { reason: string; at: string } | null;
  events: EventView[];
  livePlanId: string | null;
  /** The newest set of alternatives; `stale` once the plant is no longer what they were made for. */
  set: { requestId: string; createdAt: string; stale: boolean } | null;
  search: SearchView | null;
  /** The last search, where it failed. */
  failedSearch: FailedSearchView | null;
  machines: MachineView[];
  shifts: { name: string; start: string; end: string }[];
  unavailable: { equipmentId: string; reason: string; start: string; end: string }[];
  orders: OrderView[];
  jobs: JobView[];
}

/** Words as a key with parameters. */
export interface WordingView {
  key: string;
  params: Record<string, string | number>;
}

/** What a machine does with its time, simulated; shares that sum to 1. */
export interface TimeSplitView {
  busy: number;
  setup: number;
  blocked: number;
  starved: number;
  down: number;
  waitingForOperator: number;
}

/** Overall equipment effectiveness of a line: as planned with its three shares, and simulated. */
interface LineOeeView {
  planned: { availability: number; performance: number; quality: number; oee: number };
  simulated: SpreadView;
}

/** One alternative in the table. */
export interface ScenarioView {
  planId: string;
  digest: string;
  label: string;
  /** The label as a key with parameters, for other languages. */
  wording: (WordingView & { details?: WordingView[] }) | null;
  planned: Record<KpiName, number>;
  simulated: Record<KpiName, SpreadView>;
  changes: number;
  stagingCount: number;
  instructionCount: number;
  /** Wishes that it misses; the text is English, parameters that end in `At` are instants. */
  violations: (WordingView & { text: string })[];
  /** What its simulation found beside the KPIs; the text is English. */
  warnings: (WordingView & { text: string })[];
  /** The machine with the longest average active period. */
  bottleneck: string | null;
  rank: number;
  /** The rank by KPIs as planned. */
  plannedRank: number;
  pareto: boolean;
  doNothing: boolean;
}

/** What one wish costs: the best plan found with all wishes, and without this one where one is possible. */
export interface WishCostView {
  constraint: WishView;
  withIt: WishFiguresView;
  withoutIt?: WishFiguresView;
}

interface WishFiguresView {
  weightedTardinessSeconds: number;
  lateOrders: number;
  changeovers: number;
  stability: number;
}

/** The alternatives found for one request: `GET api/set/<requestId>`. */
export interface SetView {
  requestId: string;
  eventId: string | null;
  basePlanId: string;
  createdAt: string;
  inputsDigest: string;
  seed: number;
  replications: number;
  /** Plans that are not offered: doing nothing dominates them when simulated. */
  dominated: number;
  /** What was wished for, and what the first wishes cost. */
  wishes: WishView[];
  wishCosts: WishCostView[];
  /** Open orders that no plan can have: how many, and the first of them. */
  unplannedCount: number;
  unplanned: UnplannedView[];
  scenarios: ScenarioView[];
}

/** One operation on one machine in a plan; `start` is when its setup begins. */
interface EntryView {
  jobOrderId: string;
  equipmentId: string;
  personId: string | null;
  start: string;
  end: string;
  setupSeconds: number;
  frozen: boolean;
}

/** One link of the chain behind a late order: work or a wait of one operation. */
export interface LateLinkView {
  jobOrderId: string;
  equipmentId: string;
  reason: string;
  subject: string;
  /** The operation that has the machine until then. */
  by: string | null;
  from: string;
  to: string;
  seconds: number;
}

/** Why an order is late in a plan; the chain goes from its end back to the plan's start. */
export interface LateReasonView {
  workRequestId: string;
  lateSeconds: number;
  reason: string;
  jobOrderId: string;
  subject: string;
  chain: LateLinkView[];
}

/** How much of a plan's weighted lateness one kind of wait is to blame for. */
interface TardinessShareView {
  reason: string;
  seconds: number;
  subject: string;
}

/** Material to be moved for a plan. */
interface StagingView {
  jobOrderId: string;
  materialId: string;
  lotId: string | null;
  quantity: number;
  unit: string;
  from: string;
  to: string;
  needAt: string;
}

/** A decision that somebody signed on a plan. */
export interface DecisionView {
  decision: 'approved' | 'rejected';
  meaning: string;
  personId: string;
  authenticated: boolean;
  reason: string;
  signedAt: string;
}

/** A whole plan: `GET api/plan/<planId>`. From `lateReasons` on all is empty for a plan that is no alternative. */
export interface PlanView {
  planId: string;
  label: string;
  status: string;
  from: string;
  frozenUntil: string;
  seed: number;
  inputDigest: string;
  entries: EntryView[];
  decisions: DecisionView[];
  lateReasons: LateReasonView[];
  tardinessShares: TardinessShareView[];
  staging: StagingView[];
  instructionJobs: string[];
  /** By machine, and by line on which something is done. */
  utilisation: Record<string, TimeSplitView>;
  oeeByLine: Record<string, LineOeeView>;
}

/** A wish for the next search, as in `mw.schedule-request.v1`. */
export interface WishView {
  kind: 'lock' | 'forbid-machine' | 'overtime' | 'must-be-on-time' | 'no-split';
  subject: string;
  from?: string;
  to?: string;
}

/** Bodies of the POST requests, by path. */
export interface BoardRequests {
  'api/login': { personId: string; password: string };
  'api/logout': Record<string, never>;
  'api/approve': {
    planId: string;
    planDigest: string;
    decision: 'approved' | 'rejected';
    meaning: 'reviewed' | 'approved' | 'rejected';
    reason: string;
  };
  'api/correct-end': { eventId: string; expectedEnd: string };
  'api/regenerate': { eventId?: string; constraints: WishView[] };
}

/** Answers to the POST requests, by path. */
export interface BoardAnswers {
  'api/login': SessionView;
  'api/logout': SessionView;
  'api/approve': { approvalId: string; planId: string; decision: 'approved' | 'rejected'; signedAt: string };
  'api/correct-end': EventView;
  'api/regenerate': { requestId: string };
}

/** A refusal: a code of the package's error table with the values of its text. */
export interface RefusalView {
  code: string;
  params: Record<string, string | number | boolean>;
}

/** What would be gained if one thing that holds late orders up were not there, the plan's order kept. */
export interface RelaxationView {
  reason: string;
  jobOrderId: string;
  equipmentId: string;
  subject: string;
  by: string | null;
  from: string;
  to: string;
  requests: { workRequestId: string; lateSeconds: number; lateSecondsThen: number }[];
  weightedTardinessSeconds: number;
  weightedTardinessSecondsThen: number;
  lateOrders: number;
  lateOrdersThen: number;
}

/** What would help a late plan, the most promising first: `GET api/late/<planId>`. */
export interface LateView {
  planId: string;
  relaxations: RelaxationView[];
}

/** What has changed, pushed to open pages; they fetch what they show of it. */
export type BoardChange =
  | { kind: 'plant' | 'plan' }
  | { kind: 'scenarios'; requestId: string }
  | { kind: 'progress'; search: SearchView }
  | { kind: 'failed'; search: FailedSearchView };
