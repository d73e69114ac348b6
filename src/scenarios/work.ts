import { digestOf } from '../audit/index.ts';
import { MillwrightError } from '../kernel/index.ts';
import { shownContent, type LateReason, type ScenarioRecord, type WorkSchedule } from '../plant/index.ts';
import {
  buildProblem,
  changedJobs,
  planChecker,
  Decoder,
  explainLate,
  explainPlan,
  labelsOf,
  neverOnTime,
  nobodyAsks,
  outlineOf,
  planKpis,
  searchAlternatives,
  stagingNeeds,
  tardinessShares,
  toWorkSchedule,
  type Problem,
  type ScheduleHeader,
} from '../planning/index.ts';
import {
  calibrate,
  distributionsOf,
  findDrift,
  observe,
  openSimulator,
  whatIf,
  type SimulationResult,
  type Simulator,
} from '../twin/index.ts';
import { gather } from './gather.ts';
import { simulateByHalves } from './halving.ts';
import { improve, jobState, type ImproveJob } from './jobs.ts';
import { warningsOf, type Promised } from './judgement.ts';
import { rankBySimulation, withoutVariation } from './ranking.ts';
import type {
  BasePlanTask,
  CalibrateTask,
  DescribedPlan,
  DescribeTask,
  ExplainTask,
  PlanningInput,
  ScenarioTasks,
  SearchTask,
  SearchTaskResult,
  JudgedPlan,
  SimulateTask,
  SimulationSettings,
  WhatIfTask,
} from './tasks.ts';
import { bansOf, overtimeOf } from './working-time.ts';

/** Tells the caller how far a task is. */
type Report = (value: { share: number; best?: number }) => void;

/** Searches for alternatives, as `improve` does; in typed arrays, which threads exchange fast. */
export function search({ input, timeLimitMs, weights, ...task }: SearchTask, report: Report): SearchTaskResult {
  const { live, state, ...same } = input;
  const job: ImproveJob = {
    kind: 'improve',
    version: 1,
    ...same,
    ...task,
    state: jobState(state),
    ...(live ? { live } : {}),
    ...(weights ? { weights } : {}),
    seconds: timeLimitMs / 1000,
  };
  const { plans, doNothing, repaired, decodes } = improve(job, (share, best) => report({ share, best }));
  return {
    plans: plans.map(({ solution, kpis, places }) => ({
      solution: {
        order: Int32Array.from(solution.order),
        choice: Uint16Array.from(solution.choice),
        hold: Uint8Array.from(solution.hold),
      },
      kpis,
      places: Int32Array.from(places),
    })),
    doNothing,
    repaired,
    decodes,
  };
}

/** Share of the work of judging plans that is checking them. */
const checkShare = 0.3;

/** Lets the independent checker judge each plan and the twin replay those that pass, the better ones more often. */
export function simulate(task: SimulateTask, report: Report): JudgedPlan[] {
  const { input, settings, solutions, weights, always = [] } = task;
  const { model, state, live, request } = input;
  const problem = buildProblem(model, state, live, request, nobodyAsks);
  const decoder = new Decoder(problem);
  const simulator = simulatorOf(input, settings);
  const check = planChecker(model, state, request, live);
  const checked = solutions.map((solution, i) => {
    report({ share: (checkShare * i) / solutions.length });
    const plan = toWorkSchedule(problem, decoder.decode(solution), unnamed);
    return { plan, ...check(plan) };
  });
  const passed = checked.flatMap(({ feasible }, i) => (feasible ? [i] : []));
  let begun = 0;
  const results = passed.map((): SimulationResult[] => []);
  const simulated = simulateByHalves(
    passed.length,
    settings.replications,
    (plan, from, to) => {
      report({ share: checkShare + (1 - checkShare) * Math.min(1, begun++ / passed.length) });
      const result = simulator.simulate(checked[passed[plan]!]!.plan, { from, to });
      results[plan]!.push(result);
      return result.replications;
    },
    { weights, always: always.map((place) => passed.indexOf(place)) },
  );
  return checked.map(({ feasible, violations, missedWishes, kpis: planned, oeeByLine }, i): JudgedPlan => {
    if (!feasible) return { refused: violations };
    const place = passed.indexOf(i);
    const seen = gather(results[place]!);
    return { planned, plannedOeeByLine: oeeByLine, missedWishes, seen, ...simulated[place]! };
  });
}

/** Makes the records of a set: plan, label, KPIs, reasons, staging, and the digest over what is shown. */
export function describe({ input, plans, createdAt, seed }: DescribeTask): ScenarioRecord[] {
  const { model, state, live } = input;
  const problem = problemOf(input);
  const decoder = new Decoder(problem);
  const nothingPlan = plans.find((plan) => plan.doNothing);
  const known = plans.map(({ solution }) => {
    const decoded = decoder.decode(solution);
    return { kpis: planKpis(problem, decoded), outline: outlineOf(problem, decoded) };
  });
  const never = neverOnTime(problem);
  const labels = labelsOf(problem, known, known[plans.findIndex((plan) => plan.doNothing)] ?? known[0]!);
  return plans.map((described, i) => {
    const { solution, scheduleId, planned, missedWishes, simulated, seen, replications, ...place } = described;
    const decoded = decoder.decode(solution);
    const { text: label, key, params, details } = labels[i]!;
    const plan = toWorkSchedule(problem, decoded, { scheduleId, createdAt, label, seed });
    const late = explainLate(problem, decoded);
    const shown = {
      plan: { ...plan, status: 'proposed' as const },
      label,
      wording: { key, params, details: details.map((detail) => ({ key: detail.key, params: detail.params })) },
      planned,
      simulated,
      oeeByLine: oeeOfLines(described),
      utilisation: seen.utilisation,
      bottleneck: seen.bottleneck,
      changes: changedJobs(live, plan).length,
      staging: stagingNeeds(model, state, live, plan),
      instructionJobs: movedJobs(live, plan),
      violations: missedWishes.map((wish) =>
        wish.key === 'must-be-on-time' ? (never.get(String(wish.params.subject)) ?? wish) : wish,
      ),
      warnings: warningsOf(described, nothingPlan ?? described, keptPromises(input, plan, late)),
      lateReasons: worstWithChain(late),
      tardinessShares: tardinessShares(problem, late),
      replications,
      rank: place.rank,
      plannedRank: place.plannedRank,
      pareto: place.pareto,
      doNothing: place.doNothing,
    };
    return { ...shown, digest: digestOf(shownContent(shown)) };
  });
}

/**
 * Makes a first plan by dispatch rules and a search: the feasible one that ranks best as planned.
 * @throws `MW_PLAN_INVALID` where the checker refuses all of them
 */
export function basePlan({ input, scheduleId, createdAt, label, seed, timeLimitMs }: BasePlanTask): WorkSchedule {
  const { model, state, live, request } = input;
  const problem = problemOf(input);
  const { alternatives } = searchAlternatives(problem, { count: 10, seed, timeLimitMs });
  const ranks = rankBySimulation(alternatives.map(({ kpis }) => withoutVariation(kpis)));
  const inOrder = alternatives
    .map((alternative, i) => ({ alternative, rank: ranks[i]! }))
    .sort((a, b) => a.rank - b.rank);
  const check = planChecker(model, state, request, live);
  let reason = 'no plan was found';
  for (const { alternative } of inOrder) {
    const plan = toWorkSchedule(problem, alternative.plan, { scheduleId, createdAt, label, seed });
    const { feasible, violations } = check(plan);
    if (feasible) return plan;
    reason = violations[0] ?? reason;
  }
  throw new MillwrightError('MW_PLAN_INVALID', { planId: scheduleId, reason });
}

/** Says why a plan is late, and what relaxing single constraints would gain. */
export function explain({ input, plan }: ExplainTask): ScenarioTasks['explain'][1] {
  return explainPlan(input, plan);
}

/** Simulates one plan under changes. Errors as the twin's `whatIf`. */
export function tryChanges({ model, state, plan, changes, settings }: WhatIfTask): ScenarioTasks['whatIf'][1] {
  const seen = whatIf(model, state, plan, changes, { ...settings, base: plan });
  const { kpis, utilisation, bottleneck, activePeriodSeconds, unchanged, differences } = seen;
  return {
    ...{ kpis, utilisation, bottleneck, activePeriodSeconds, oeeByLine: distributionsOf(seen.oeeByLine) },
    ...(unchanged && differences
      ? { unchanged: { kpis: unchanged.kpis, bottleneck: unchanged.bottleneck }, differences }
      : {}),
  };
}

/** Fits a history and compares its last part with the twin. */
export function learn({ model, history, driftFrom, parameters, seed }: CalibrateTask): ScenarioTasks['calibrate'][1] {
  const recent = {
    ...history,
    from: Math.max(history.from, driftFrom),
    jobs: history.jobs.filter((job) => job.startedAt >= driftFrom),
  };
  return {
    proposals: calibrate(observe(model, history), parameters, seed),
    drift: findDrift(observe(model, recent), parameters),
  };
}

/** Only the latest keep their chain: of a plan where everything is late it would fill the store. */
function worstWithChain(reasons: readonly LateReason[]): LateReason[] {
  return reasons.map((reason, i) => (i < chainsKept ? reason : { ...reason, chain: [] }));
}

const chainsKept = 40;
const unnamed: ScheduleHeader = { scheduleId: 'unnamed', createdAt: 0, label: '', seed: 0 };

/** What the request asks of every plan that chance may break. */
function promisesOf({ constraints }: PlanningInput['request']): Map<string, Promised> {
  return new Map(
    constraints.flatMap(({ kind, subject }): [string, Promised][] =>
      kind === 'must-be-on-time' || kind === 'lock' ? [[subject, kind]] : [],
    ),
  );
}

/** Those that a plan keeps as planned. */
function keptPromises(
  { live, request }: PlanningInput,
  plan: WorkSchedule,
  late: readonly LateReason[],
): Map<string, Promised> {
  const lateIds = new Set(late.map(({ workRequestId }) => workRequestId));
  const moved = new Set(changedJobs(live, plan));
  return new Map([...promisesOf(request)].filter(([id, kind]) => !(kind === 'lock' ? moved : lateIds).has(id)));
}

function oeeOfLines({ plannedOeeByLine, seen }: DescribedPlan): ScenarioRecord['oeeByLine'] {
  return Object.fromEntries(
    Object.entries(plannedOeeByLine).flatMap(([line, planned]) => {
      const simulated = seen.oeeByLine[line];
      return simulated ? [[line, { planned, simulated }]] : [];
    }),
  );
}

function problemOf({ model, state, live, request }: PlanningInput): Problem {
  return buildProblem(model, state, live, request);
}

function simulatorOf({ model, state, live, request }: PlanningInput, settings: SimulationSettings): Simulator {
  const promises = Map.groupBy(promisesOf(request), ([, kind]) => kind);
  const idsOf = (kind: Promised) => (promises.get(kind) ?? []).map(([id]) => id);
  return openSimulator(model, state, {
    ...settings,
    watched: { workRequests: idsOf('must-be-on-time'), jobOrders: idsOf('lock') },
    overtime: overtimeOf(model, request),
    bans: bansOf(model, request),
    ...(live ? { base: live } : {}),
  });
}

/** Jobs that a plan does on another machine than the base plan: how they are done changes. */
function movedJobs(base: WorkSchedule | undefined, plan: WorkSchedule): string[] {
  const before = new Map((base?.entries ?? []).map((entry) => [entry.jobOrderId, entry.equipmentId]));
  return plan.entries
    .filter((entry) => !entry.frozen && before.get(entry.jobOrderId) !== entry.equipmentId)
    .map((entry) => entry.jobOrderId);
}
