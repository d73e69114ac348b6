import type { Scenarios } from '../../src/contracts/index.ts';
import type { KpiDistribution, ScenarioSet } from '../../src/plant/index.ts';

/** A set of alternatives as it travels: figures with four digits, bodies by id, far below 64 KB for fifty plans. */
export function scenariosPayload({ requestId, basePlanId, scenarios }: ScenarioSet): Scenarios {
  return {
    requestId,
    basePlanId,
    scenarios: scenarios.map((scenario) => ({
      planId: scenario.plan.scheduleId,
      label: scenario.label,
      kpis: Object.fromEntries(Object.entries(scenario.simulated).map(([name, kpi]) => [name, shortened(kpi)])),
      changes: scenario.changes,
      stagingCount: scenario.staging.length,
      instructionCount: scenario.instructionJobs.length,
      violations: scenario.violations.slice(0, 5),
      rank: scenario.rank,
      plannedRank: scenario.plannedRank,
      pareto: scenario.pareto,
      doNothing: scenario.doNothing,
    })),
  };
}

function shortened({ mean, p10, p50, p90 }: KpiDistribution): KpiDistribution {
  const short = (value: number) => Number(value.toPrecision(4));
  return { mean: short(mean), p10: short(p10), p50: short(p50), p90: short(p90) };
}
