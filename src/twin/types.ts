import type {
  DowntimeReason,
  JobOrder,
  KpiDistribution,
  MaterialLot,
  PackmlState,
  PlanKpis,
  PlantState,
  Rejects,
  TimeSplit,
  WorkRequest,
  WorkSchedule,
} from '../plant/index.ts';

/** A law of durations as a factor with mean 1; `variation` is its coefficient of variation, 0 is exact. */
export interface DurationLaw {
  /** A gamma or Weibull law with variation 1 is the exponential law. */
  kind: 'lognormal' | 'gamma' | 'weibull';
  variation: number;
}

/** How a plant varies, and the limits that the plan does not know. Shares are 0…1, durations seconds. */
export interface TwinParameters {
  /** Coefficient of variation of run and setup times, lognormal; 0 is exact. */
  runVariation: number;
  setupVariation: number;
  /** Laws of run times by machine, where they are known better than by `runVariation`. */
  runLaws?: Record<string, DurationLaw>;
  /** How many times longer than planned setups take, by machine; absent machines set up as planned. */
  setupFactors?: Record<string, number>;
  /** How many times longer than the routing says runs take, by machine and material; absent: as it says. */
  runFactors?: Record<string, Record<string, number>>;
  /** How many times longer than planned a change of family takes, by machine class, family before and family after. */
  changeoverFactors?: Record<string, Record<string, Record<string, number>>>;
  /** Unplanned stops by machine, at most one law per reason; absent machines never stop. */
  stops: Record<string, StopLaw[]>;
  /** Shares of parts by machine and material; absent means all good. */
  rejects: Rejects;
  /** Law of the gaps between releases of requests, in order of release; absent: they are released as planned. */
  releases?: DurationLaw;
  /** Lots that are still on their way come late with this probability, by a lognormal time. */
  lateLots?: { share: number; medianSeconds: number; sigma: number };
  /**
   * Places for operations that wait before a machine or, for those that any machine below it may do, a line; absent:
   * unlimited. Work that came from another operation waits there. Where no place is free, the machine before keeps
   * what it has finished and is blocked. Such a machine takes what lies before it in order of arrival.
   */
  buffers?: Record<string, number>;
  /** Operations, by segment, after which a whole order goes back with a probability, to a segment before it or itself. */
  reworkLoops?: Record<string, { share: number; backTo: string }>;
}

/** One kind of unplanned stop by wear: run time between by Weibull's law, repair by the lognormal law. */
export interface StopLaw {
  reason: DowntimeReason;
  meanRunSecondsBetween: number;
  /** Weibull shape of the run time between; absent: 1, the exponential law (no wear). */
  shape?: number;
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
  /**
   * From now on follows this plan; running operations go on. Where operations overlap, parts that are on their way to
   * the next one leave again now, as a plan made from this state has it: it knows what is made, not what is under way.
   */
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

/** What a plan promised, to be watched over its replications. */
export interface Watched {
  /** Work requests that must end by their due date. */
  workRequests: readonly string[];
  /** Job orders that must start at their planned start, within five minutes. */
  jobOrders: readonly string[];
}

/** What replications of a plan showed. */
export interface SimulationResult {
  kpis: Record<keyof PlanKpis, KpiDistribution>;
  /** By machine, over all replications. */
  utilisation: Record<string, TimeSplit>;
  /**
   * The machine with the longest average active period, null where nothing runs. Active is what does not wait for
   * others: work, setup and repair (Roser, Nakano and Tanaka, "A practical bottleneck detection method", WSC 2001).
   */
  bottleneck: string | null;
  /** Average active period by machine, in seconds. */
  activePeriodSeconds: Record<string, number>;
  /** Overall equipment effectiveness by line on which something is done, one value for each replication. */
  oeeByLine: Record<string, number[]>;
  /** In how many replications each thing was missed that was watched; see `Watched`. */
  missed: Record<string, number>;
  /** In how many replications each operation started later behind a predecessor than its maximum lag, by job order. */
  missedMaximumLags: Record<string, number>;
  replications: PlanKpis[];
}
