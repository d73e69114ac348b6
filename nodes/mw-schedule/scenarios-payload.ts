import type { Scenarios } from '../../src/contracts/index.ts';
import { conflictsPayload } from './search-failure.ts';
import type { KpiDistribution, ScenarioSet } from '../../src/plant/index.ts';

/** Characters for what is said of all plans of a set: missed wishes and warnings, half of it each. */
const allWords = 12_000;
const mostUnplanned = 20;

/**
 * A set of alternatives as it travels: figures with four digits, bodies by id, words as far as there is room, below
 * 64 KB for fifty plans.
 */
export function scenariosPayload(set: ScenarioSet): Scenarios {
  const { requestId, basePlanId, dominated, scenarios, wishCosts, unplanned } = set;
  const words = allWords / 2 / scenarios.length;
  return {
    requestId,
    basePlanId,
    wishCosts,
    dominated,
    unplannedCount: unplanned.length,
    unplanned: unplanned
      .slice(0, mostUnplanned)
      .map(({ workRequestId, conflicts }) => ({ workRequestId, conflicts: conflictsPayload(conflicts.slice(0, 1)) })),
    scenarios: scenarios.map((scenario) => ({
      planId: scenario.plan.scheduleId,
      label: scenario.label,
      kpis: Object.fromEntries(Object.entries(scenario.simulated).map(([name, kpi]) => [name, shortened(kpi)])),
      changes: scenario.changes,
      stagingCount: scenario.staging.length,
      instructionCount: scenario.instructionJobs.length,
      violations: fitting(
        scenario.violations.map(({ text }) => text),
        words,
      ),
      warnings: fitting(
        scenario.warnings.map(({ text }) => text),
        words,
      ),
      bottleneck: scenario.bottleneck,
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

/** The first texts that together are no longer than so many characters. */
function fitting(texts: readonly string[], characters: number): string[] {
  let left = characters;
  return texts.filter((text) => (left -= text.length) >= 0);
}
