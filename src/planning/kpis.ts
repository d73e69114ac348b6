import type { PlanKpis } from '../plant/index.ts';
import type { Decoded } from './decoder.ts';
import type { Problem } from './problem.ts';

/** A decoded plan's figures under the names that a planner sees. */
export function planKpis(problem: Problem, plan: Decoded): PlanKpis {
  const [tardiness, changeovers, instability, makespan, imbalance] = plan.objectives;
  const requests = problem.requestIds.length;
  return {
    weightedTardinessSeconds: tardiness!,
    lateOrders: plan.lateRequests,
    onTimeShare: requests === 0 ? 1 : 1 - plan.lateRequests / requests,
    makespanSeconds: makespan!,
    changeovers: changeovers!,
    setupSeconds: plan.setupSeconds,
    stability: 1 - instability!,
    workloadImbalance: imbalance!,
  };
}
