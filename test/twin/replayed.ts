import type { PlantModel, PlantState, WorkSchedule } from '../../src/plant/index.ts';
import type { PlanningRequest } from '../../src/planning/index.ts';
import { bansOf, overtimeOf } from '../../src/scenarios/working-time.ts';
import { Draws } from '../../src/twin/draws.ts';
import { layGround } from '../../src/twin/ground.ts';
import { layOut } from '../../src/twin/layout.ts';
import { PlantFloor } from '../../src/twin/plant-floor.ts';
import { exact, hour } from './small-plant.ts';

/** What the twin makes of a plan where nothing varies: job order, start and end of each operation. */
export function replayed(
  { model, state, request }: { model: PlantModel; state: PlantState; request: PlanningRequest },
  plan: WorkSchedule,
): [string, number, number][] {
  const last = plan.entries.reduce((latest, entry) => Math.max(latest, entry.end), state.at);
  const wishes = { overtime: overtimeOf(model, request), bans: bansOf(model, request) };
  const ground = layGround(model, state, last + 21 * 24 * hour, wishes);
  const layout = layOut(ground, state, plan);
  const draws = new Draws(1, 0);
  const floor = new PlantFloor(ground, layout, draws, state.at, { parameters: exact });
  floor.begin(draws, state.at, state.setupFamily);
  floor.run(Infinity);
  const { startedAt, endedAt } = floor.work;
  return layout.jobs.map(({ jobOrder, index }) => [jobOrder.jobOrderId, startedAt[index]!, endedAt[index]!]);
}
