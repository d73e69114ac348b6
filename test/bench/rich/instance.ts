import { seededRandom } from '../../../src/kernel/index.ts';
import { buildProblem, Decoder, dispatch, toWorkSchedule, type PlanningRequest } from '../../../src/planning/index.ts';
import type { PlantModel, PlantState, WorkSchedule } from '../../../src/plant/index.ts';
import { richNow, richState, workHours } from './orders.ts';
import { richPlant } from './plant.ts';

const hour = 3_600_000;

/** What a plan is made from. */
export interface Situation {
  model: PlantModel;
  state: PlantState;
  live: WorkSchedule;
  request: PlanningRequest;
}

/** A rich rescheduling instance before anything happens: a plant at work on a live plan. Plain data. */
export interface RichInstance extends Situation {
  operations: number;
  seed: number;
}

/**
 * Makes the rich rescheduling instance of a number of operations (100 … 20,000) and a seed; the same two always give
 * the same instance. What it contains: README.md beside this file.
 */
export function richInstance(operations: number, seed: number): RichInstance {
  const plant = richPlant(operations, seededRandom(seed, `rich/plant/${operations}`));
  const state = richState(plant, operations, seededRandom(seed, `rich/orders/${operations}`));
  const horizon = richNow + (workHours(plant.model, state.jobOrders) + 96) * hour;
  const request: PlanningRequest = { from: richNow, frozenUntil: richNow + hour, horizon, constraints: [] };
  const problem = buildProblem(plant.model, state, undefined, { ...request, frozenUntil: richNow });
  const decoder = new Decoder(problem);
  const plan = decoder.decode(dispatch(problem, decoder, 'slack'));
  const header = { scheduleId: `RICH-${operations}-${seed}`, createdAt: richNow, label: 'Live', seed };
  return { operations, seed, model: plant.model, state, live: toWorkSchedule(problem, plan, header), request };
}
