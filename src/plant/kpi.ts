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
}

/** A KPI over replications of the twin. */
export interface KpiDistribution {
  mean: number;
  p10: number;
  p50: number;
  p90: number;
}
