/** KPIs of a plan. Scheduling literature's names; none of them is claimed to be ISO 22400. */
export interface PlanKpis {
  /** Seconds late × weight (1 / priority), summed over work requests. */
  weightedTardinessSeconds: number;
  /** Work requests that end after their due date. */
  lateOrders: number;
  /** Share of work requests on time, 0…1. */
  onTimeShare: number;
  /** Seconds from the plan's start to the last end. */
  makespanSeconds: number;
  /** Setups with a change of family. */
  changeovers: number;
  setupSeconds: number;
  /** Share of planned operations that keep machine and start (within five minutes) against the base plan, 0…1. */
  stability: number;
  /** Standard deviation of machines' busy share over the mean; 0 is perfectly even. */
  workloadImbalance: number;
  /**
   * Parts that go to scrap, by each product's share of scrap on the machine that makes it (`rejectsFrom`), until what
   * is still to be made is there. 0 where no history is known.
   */
  expectedScrap: number;
  /**
   * Overall equipment effectiveness of the plant, 0…1: its lines' times summed (`oeeOf`), each line from the plan's
   * start to its own last end. Planned, its performance is 1 but for batch machines that are not filled.
   */
  oee: number;
}

/** A KPI over replications of the twin. */
export interface KpiDistribution {
  mean: number;
  p10: number;
  p50: number;
  p90: number;
}

/**
 * What a machine did with its time, as shares that sum to 1: of its open time until the plan's end and what it worked
 * beyond.
 */
export interface TimeSplit {
  busy: number;
  setup: number;
  /** Kept finished work because no place was free behind it. */
  blocked: number;
  /** Open, with nothing that it could do. */
  starved: number;
  down: number;
  waitingForOperator: number;
}
