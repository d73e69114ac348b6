import assert from 'node:assert/strict';
import {
  buildProblem,
  planChecker,
  searchAlternatives,
  toWorkSchedule,
  type Alternative,
  type CheckResult,
  type PlanChecker,
  type PlanningRequest,
  type Problem,
  type SearchOptions,
} from '../../src/planning/index.ts';
import type { PlanKpis, PlantModel, PlantState, WorkSchedule } from '../../src/plant/index.ts';

/** What a plan is made from. */
export interface Inputs {
  model: PlantModel;
  state: PlantState;
  live: WorkSchedule | undefined;
  request: PlanningRequest;
}

/** The plan of an alternative in its shared form. */
export function scheduleOf(problem: Problem, { plan }: Pick<Alternative, 'plan'>, scheduleId = 'P'): WorkSchedule {
  return toWorkSchedule(problem, plan, { scheduleId, createdAt: problem.from, label: '', seed: 1 });
}

/** The independent checker for some inputs. */
export function checkerOf({ model, state, live, request }: Inputs): PlanChecker {
  return planChecker(model, state, request, live);
}

/** Asserts that the independent checker accepts a plan and measures the same KPIs. */
export function assertSound(check: PlanChecker, problem: Problem, alternative: Alternative, what: string): CheckResult {
  const result = check(scheduleOf(problem, alternative));
  assert.deepEqual(result.violations, [], what);
  assert.equal(result.feasible, true, what);
  for (const kpi of Object.keys(result.kpis) as (keyof PlanKpis)[]) {
    const [ours, theirs] = [alternative.kpis[kpi], result.kpis[kpi]];
    assert.ok(Math.abs(ours - theirs) <= 1e-6 * Math.max(1, Math.abs(theirs)), `${what}: ${kpi} ${ours} is ${theirs}`);
  }
  return result;
}

/** Searches and asserts that every alternative is sound and no two are the same plan. */
export function searchSound(inputs: Inputs, options: SearchOptions, what: string) {
  const problem = buildProblem(inputs.model, inputs.state, inputs.live, inputs.request);
  const result = searchAlternatives(problem, options);
  const check = checkerOf(inputs);
  const checked = result.alternatives.map((alternative, i) =>
    assertSound(check, problem, alternative, `${what}, plan ${i}`),
  );
  const distinct = new Set(result.alternatives.map(({ plan }) => JSON.stringify([[...plan.start], [...plan.machine]])));
  assert.equal(distinct.size, result.alternatives.length, `${what}: every plan is another one`);
  return { problem, result, checked };
}

/** How many of some plans no other one of them dominates. */
export function nonDominated(alternatives: readonly Alternative[]): number {
  const values = alternatives.map(({ plan }) => [...plan.objectives]);
  const dominates = (a: number[], b: number[]) => a.every((x, k) => x <= b[k]!) && a.some((x, k) => x < b[k]!);
  return values.filter((one) => !values.some((other) => dominates(other, one))).length;
}
