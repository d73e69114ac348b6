import type { MissedWish, Oee, PlanKpis, PlantModel, PlantState, WorkSchedule } from '../../plant/index.ts';
import type { PlanningRequest } from '../request.ts';
import { at, Findings, MissedWishes } from './findings.ts';
import { frozenCheck } from './frozen.ts';
import { measure } from './kpis.ts';
import { measureOutput } from './output.ts';
import { Lines } from './lines.ts';
import { checkMachines, type Worked } from './machines.ts';
import { checkMaterials } from './materials.ts';
import { checkMaximumLags } from './maximum-lag.ts';
import { OpenTime } from './open-time.ts';
import { checkOverlap } from './overlap.ts';
import { checkPrecedence } from './precedence.ts';
import { taskReader, type Task } from './tasks.ts';
import { checkTools } from './tools.ts';
import { checkWishes } from './wishes.ts';

/** What the checker says of a plan. */
export interface CheckResult {
  /** Whether the plan can be carried out as it stands. */
  feasible: boolean;
  /** Why not, in words; the first twenty. */
  violations: string[];
  /** Wishes (locks, must be on time, maximum lags behind what is over or fixed) that a feasible plan misses all the same; the first twenty. */
  missedWishes: MissedWish[];
  kpis: PlanKpis;
  /** By line on which something is to be done, each from the plan's start to its last end. */
  oeeByLine: Record<string, Oee>;
}

const day = 86_400_000;

/** Judges one plan after the other against the same plant, state and request. */
export type PlanChecker = (plan: WorkSchedule) => CheckResult;

/**
 * Judges a plan from the plan alone, against plant, state, live plan and request, and measures its KPIs again. Shares
 * no code with what makes plans. Any plan of whatever source must pass it.
 * @param live the plan in force: what is frozen, and what stability is measured against
 */
export function checkPlan(
  model: PlantModel,
  state: PlantState,
  plan: WorkSchedule,
  request: PlanningRequest,
  live?: WorkSchedule,
): CheckResult {
  return planChecker(model, state, request, live)(plan);
}

/** As `checkPlan`, for many plans: what they have in common is read once. */
export function planChecker(
  model: PlantModel,
  state: PlantState,
  request: PlanningRequest,
  live?: WorkSchedule,
): PlanChecker {
  const from = Math.max(request.from, state.at);
  const lines = new Lines(model);
  const jobsOf = Map.groupBy(state.jobOrders, (job) => job.workRequestId);
  const readTasks = taskReader(model, state);
  const checkFrozen = frozenCheck({ model, state, live, request, from, lines, jobsOf });
  let until = -Infinity;
  let open: OpenTime | undefined;
  return (plan) => {
    const findings = new Findings();
    const missed = new MissedWishes();
    if (plan.from !== from) findings.add(`the plan begins at ${at(plan.from)}, not at ${at(from)}`);
    const tasks = readTasks(plan, findings);
    const lastEnd = tasks.reduce((latest, task) => Math.max(latest, task.entry.end), request.horizon);
    const needed = Math.min(lastEnd, from + 400 * day) + 8 * day;
    if (!open || needed > until) {
      until = needed + 8 * day;
      open = new OpenTime(model, state, request, from, until);
    }
    for (const text of open.excessHours) findings.add(text);
    const worked = checkMachines({ model, state, live, request, tasks, open }, findings);
    checkPrecedence(tasks, model, jobsOf, lines, findings);
    checkOverlap(tasks, worked, model, lines, from, findings);
    checkMaximumLags(tasks, jobsOf, live, request, findings, missed);
    checkMaterials({ state, tasks, worked, lines }, findings);
    checkOperators(tasks, worked, open, findings);
    checkTools(model, tasks, findings);
    checkFrozen({ tasks, worked, open }, findings);
    checkWishes(model, state, live, request, tasks, missed);
    const { oeeByLine, ...output } = measureOutput(model, request.rejects, tasks, open, lines, from);
    return {
      feasible: findings.count === 0,
      violations: findings.words,
      missedWishes: missed.list,
      kpis: { ...measure(model, live, tasks, worked, from), ...output },
      oeeByLine,
    };
  };
}

function checkOperators(
  tasks: readonly Task[],
  worked: ReadonlyMap<Task, Worked>,
  open: OpenTime,
  findings: Findings,
): void {
  const attended = tasks.flatMap((task) => {
    const { qualificationId } = task.segment;
    const done = worked.get(task);
    return qualificationId === undefined || !done || done.shares
      ? []
      : [{ id: task.id, qualificationId, stretches: done.stretches }];
  });
  for (const { id, qualificationId, from, to } of open.findShortages(attended))
    findings.add(`${id} has no operator with ${qualificationId} left from ${at(from)} to ${at(to)}`);
}
