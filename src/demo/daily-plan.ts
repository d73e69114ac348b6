import type { PlantModel, PlantState, WorkSchedule } from '../plant/index.ts';
import { buildProblem, Decoder, dispatch, toWorkSchedule, type DispatchRule } from '../planning/index.ts';

const day = 86_400_000;

/**
 * The plan that Northfield's own office makes: the best of some dispatch rules by weighted tardiness, then by number
 * of changeovers. Nothing is frozen but what runs.
 * @param scheduleId id that the plan gets
 */
export function dailyPlan(
  model: PlantModel,
  state: PlantState,
  rules: readonly DispatchRule[],
  scheduleId: string,
  seed: number,
): WorkSchedule {
  const problem = buildProblem(model, state, undefined, {
    from: state.at,
    frozenUntil: state.at,
    horizon: state.at + 42 * day,
    constraints: [],
  });
  const decoder = new Decoder(problem);
  const tried = rules.map((rule) => {
    const solution = dispatch(problem, decoder, rule);
    const { objectives, complete } = decoder.decode(solution);
    return { solution, complete, tardiness: objectives[0]!, changeovers: objectives[1]! };
  });
  tried.sort(
    (a, b) => Number(b.complete) - Number(a.complete) || a.tardiness - b.tardiness || a.changeovers - b.changeovers,
  );
  const plan = decoder.decode(tried[0]!.solution);
  return toWorkSchedule(problem, plan, { scheduleId, createdAt: state.at, label: 'Daily plan', seed });
}
