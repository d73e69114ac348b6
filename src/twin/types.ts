import type {
  DowntimeReason,
  JobOrder,
  KpiDistribution,
  MaterialLot,
  PackmlState,
  PlanKpis,
  PlantState,
  WorkRequest,
  WorkSchedule,
} from '../plant/index.ts';

/** How a plant varies. Shares are 0…1, durations seconds. */
export interface TwinParameters {
  /** Coefficient of variation of run and setup times; 0 is exact. */
  runVariation: number;
  setupVariation: number;
  /** How many times longer than planned setups take, by machine; absent machines set up as planned. */
  setupFactors?: Record<string, number>;
  /** Unplanned stops by machine, at most one law per reason; absent machines never stop. */
  stops: Record<string, StopLaw[]>;
  /** Shares of parts by machine; absent means all good. */
  rejects: Record<string, { scrap: number; rework: number }>;
}

/** One kind of unplanned stop: exponential time between, lognormal repair. */
export interface StopLaw {
  reason: DowntimeReason;
  meanRunSecondsBetween: number;
  medianSeconds: number;
  /** Standard deviation of the logarithm. */
  sigma: number;
}

/** What a plant process reports, in order of time. Instants in milliseconds since 1970 UTC. */
export type ProcessEvent =
  | {
      kind: 'state';
      at: number;
      equipmentId: string;
      state: PackmlState;
      reason?: DowntimeReason;
      jobOrderId?: string;
    }
  | {
      kind: 'count';
      from: number;
      at: number;
      equipmentId: string;
      jobOrderId: string;
      materialId: string;
      good: number;
      scrap: number;
      rework: number;
    }
  | { kind: 'job-started' | 'job-ended'; at: number; equipmentId: string; jobOrderId: string };

/** A plant that runs: it follows its schedule's machines and sequence and answers disturbances. */
export interface PlantProcess {
  /** Milliseconds since 1970 UTC. */
  readonly now: number;
  /** Runs to an instant and reports what happened on the way, in order of time. */
  advance(to: number): ProcessEvent[];
  /** From now on follows this plan; running operations go on. */
  follow(schedule: WorkSchedule): void;
  addOrders(workRequests: readonly WorkRequest[], jobOrders: readonly JobOrder[]): void;
  addLots(lots: readonly MaterialLot[]): void;
  /** Changes when a lot arrives. */
  delayLot(lotId: string, availableAt: number): void;
  /** Stops a machine; without an end it stays down until `repair`. */
  stop(equipmentId: string, reason: DowntimeReason, until?: number): void;
  repair(equipmentId: string): void;
  setAbsent(personId: string, until: number): void;
  /** From now on varies like this; setups, parts and stops that are under way or drawn already keep what they have. */
  vary(parameters: TwinParameters): void;
  /** The plant as planning would see it now. */
  state(): PlantState;
}

/** What replications of a plan showed. */
export interface SimulationResult {
  kpis: Record<keyof PlanKpis, KpiDistribution>;
  /** Mean share of open time that each machine works, 0…1. */
  utilisation: Record<string, number>;
  /** The machine that works the largest share, null where nothing runs. */
  bottleneck: string | null;
  replications: PlanKpis[];
}
