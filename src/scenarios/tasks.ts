import type {
  LateExplanation,
  KpiDistribution,
  MissedWish,
  Oee,
  PlanKpis,
  PlantModel,
  PlantState,
  ScenarioRecord,
  WorkSchedule,
} from '../plant/index.ts';
import type { PlanningRequest, Solution } from '../planning/index.ts';
import type {
  CalibrationProposal,
  DriftReport,
  PlantHistory,
  SimulationResult,
  TwinParameters,
} from '../twin/index.ts';
import type { Gathered } from './gather.ts';
import type { SimulatedPlan } from './halving.ts';
import type { Improved, ImproveJob, Replicated, ReplicateJob } from './jobs.ts';

/** What every task of one request starts from. */
export interface PlanningInput {
  model: PlantModel;
  state: PlantState;
  live: WorkSchedule | undefined;
  request: PlanningRequest;
}

/** One island of a search. */
export interface SearchTask {
  input: PlanningInput;
  count: number;
  seed: number;
  timeLimitMs: number;
  weights: Record<string, number> | undefined;
}

/** What an island found; the solutions are decoded again where they are needed, which is cheap. */
export interface SearchTaskResult {
  /** `places` tell plans apart, see `placesOf`. */
  plans: { solution: Solution; kpis: PlanKpis; places: Int32Array }[];
  doNothing: number;
  repaired: number;
  decodes: number;
}

/** How the twin replays plans. */
export interface SimulationSettings {
  parameters: TwinParameters;
  replications: number;
  seed: number;
}

/** Check and simulate some plans. */
export interface SimulateTask {
  input: PlanningInput;
  settings: SimulationSettings;
  solutions: Solution[];
  /** As the request has them: they say which plans are simulated more often. */
  weights?: Record<string, number> | undefined;
  /** Places of plans that get all replications however they do. */
  always?: number[];
}

/** A plan that passed the checker: its KPIs as the checker measured them, wishes that it misses, what the twin saw. */
interface PassedPlan extends SimulatedPlan {
  planned: PlanKpis;
  plannedOeeByLine: Record<string, Oee>;
  missedWishes: MissedWish[];
  seen: Gathered;
}

/** What became of one plan: refused by the checker with its reasons, or passed. */
export type JudgedPlan = { refused: string[] } | PassedPlan;

/** Make the records of the plans that passed. */
export interface DescribeTask {
  input: PlanningInput;
  plans: DescribedPlan[];
  /** For all plans. */
  createdAt: number;
  seed: number;
}

/** A plan that passed, with its place. */
export interface DescribedPlan extends PassedPlan {
  solution: Solution;
  scheduleId: string;
  rank: number;
  plannedRank: number;
  pareto: boolean;
  doNothing: boolean;
}

/** The first plan of a plant that has none. */
export interface BasePlanTask {
  input: PlanningInput;
  scheduleId: string;
  createdAt: number;
  label: string;
  seed: number;
  timeLimitMs: number;
}

/** A change to try. */
export interface WhatIfTask {
  model: PlantModel;
  state: PlantState;
  plan: WorkSchedule;
  changes: Record<string, unknown>[];
  settings: SimulationSettings;
}

/** What the twin saw of it: `mw.simulation.v1`'s payload. */
export type WhatIfAnswer = Pick<SimulationResult, 'kpis' | 'utilisation' | 'bottleneck' | 'activePeriodSeconds'> & {
  oeeByLine: Record<string, KpiDistribution>;
  unchanged?: Pick<SimulationResult, 'kpis' | 'bottleneck'>;
  differences?: SimulationResult['kpis'];
};

/** Look for plans under the wishes of the input, from a plan on. */
export interface WishTask {
  input: PlanningInput;
  plan: WorkSchedule;
  weights: Record<string, number> | undefined;
  seed: number;
  timeLimitMs: number;
}

/** Say why a plan is late, and what relaxing single constraints would gain. */
export interface ExplainTask {
  input: PlanningInput;
  plan: WorkSchedule;
}

/** Fit the plant's history, and compare its last part with the twin. */
export interface CalibrateTask {
  model: PlantModel;
  history: PlantHistory;
  driftFrom: number;
  parameters: TwinParameters;
  seed: number;
}

/** The handlers of the scenario worker: what each takes and gives. */
export interface ScenarioTasks {
  /** Nothing but loading the thread's code. */
  ready: [undefined, true];
  improve: [ImproveJob, Improved];
  replicate: [ReplicateJob, Replicated];
  search: [SearchTask, SearchTaskResult];
  simulate: [SimulateTask, JudgedPlan[]];
  describe: [DescribeTask, ScenarioRecord[]];
  basePlan: [BasePlanTask, WorkSchedule];
  calibrate: [CalibrateTask, { proposals: CalibrationProposal[]; drift: DriftReport }];
  /** Undefined where the plan was not made from these inputs. */
  explain: [ExplainTask, LateExplanation | undefined];
  plansUnder: [WishTask, PlanKpis[]];
  whatIf: [WhatIfTask, WhatIfAnswer];
}
