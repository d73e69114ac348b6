import type { KpiName, ScenarioView } from '../view.ts';
import type { Shown, SortKey } from './app.ts';

/** The alternatives in the order and choice in which the table shows them. */
export function shownScenarios({ set, sort, paretoOnly }: Pick<Shown, 'set' | 'sort' | 'paretoOnly'>): ScenarioView[] {
  const chosen = (set?.scenarios ?? []).filter(({ pareto, doNothing }) => !paretoOnly || pareto || doNothing);
  const direction = sort.descending ? -1 : 1;
  return chosen.sort((a, b) => direction * compare(sortValue(a, sort.key), sortValue(b, sort.key)) || a.rank - b.rank);
}

function sortValue(scenario: ScenarioView, key: SortKey): number | string {
  switch (key) {
    case 'rank':
    case 'label':
    case 'changes':
    case 'stagingCount':
    case 'instructionCount':
      return scenario[key];
    default:
      return scenario.simulated[key].mean;
  }
}

function compare(a: number | string, b: number | string): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
}

/** From the least p10 to the greatest p90 of a KPI, so that spreads can be drawn to one scale. */
export function extent(scenarios: readonly ScenarioView[], name: KpiName): { low: number; high: number } {
  const spreads = scenarios.map(({ simulated }) => simulated[name]);
  const low = Math.min(...spreads.map(({ p10, mean }) => Math.min(p10, mean)));
  const high = Math.max(...spreads.map(({ p90, mean }) => Math.max(p90, mean)));
  return high > low ? { low, high } : { low: low - 1, high: high + 1 };
}
