import { seededRandom, type Random } from '../../../src/kernel/index.ts';
import { buildProblem, Decoder, dispatch, toWorkSchedule, type PlanningRequest } from '../../../src/planning/index.ts';
import type { PlantModel, PlantState, WorkSchedule } from '../../../src/plant/index.ts';
import { constrained, type ConstraintName } from './constraints.ts';
import { richNow, richState, workHours } from './orders.ts';
import { richPlant } from './plant.ts';

const hour = 3_600_000;

/** The constraints of a rich plant that planning knows. */
export const constraintNames: readonly ConstraintName[] = [
  'tools',
  'lags',
  'overlap',
  'batches',
  'lots',
  'interruption',
  'hours',
  'transport',
];

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
 * @param names constraints of the plant beyond machines, shifts, people and materials; absent: all
 */
export function richInstance(operations: number, seed: number, names = constraintNames): RichInstance {
  const drawn = richPlant(operations, seededRandom(seed, `rich/plant/${operations}`));
  const plant = { ...drawn, model: constrained(drawn.model, operations, seed, names) };
  const state = richState(plant, operations, seededRandom(seed, `rich/orders/${operations}`));
  const horizon = richNow + (workHours(plant.model, state.jobOrders) + 96) * hour;
  const request: PlanningRequest = { from: richNow, frozenUntil: richNow + hour, horizon, constraints: [] };
  const problem = buildProblem(plant.model, state, undefined, { ...request, frozenUntil: richNow });
  const decoder = new Decoder(problem);
  const plan = decoder.decode(dispatch(problem, decoder, 'slack'));
  const header = { scheduleId: `RICH-${operations}-${seed}`, createdAt: richNow, label: 'Live', seed };
  const live = toWorkSchedule(problem, plan, header);
  const constraints = locks(live, seededRandom(seed, `rich/locks/${operations}`));
  return { operations, seed, model: plant.model, state, live, request: { ...request, constraints } };
}

/** One operation in fifty of the next two days, at least one, is locked to its place in the live plan. */
function locks({ entries }: WorkSchedule, random: Random): PlanningRequest['constraints'] {
  const near = entries.filter(({ frozen, start }) => !frozen && start > richNow + hour && start < richNow + 48 * hour);
  const count = Math.max(1, Math.round(near.length / 50));
  return random.shuffle(near.map(({ jobOrderId }) => ({ kind: 'lock' as const, subject: jobOrderId }))).slice(0, count);
}
