import type { PlanConstraint, WhatIf } from '../contracts/index.ts';
import {
  MillwrightError,
  openTaskPool,
  uuidv7,
  workerUrl,
  type CallOptions,
  type Clock,
  type Logger,
} from '../kernel/index.ts';
import type {
  PlantModel,
  PlantState,
  Rejects,
  ScenarioRecord,
  ScenarioSet,
  WishCost,
  WorkSchedule,
} from '../plant/index.ts';
import type { PlanningRequest } from '../planning/index.ts';
import type { Actor, Store } from '../store/index.ts';
import type { TwinParameters } from '../twin/index.ts';
import { checkContradictions, checkWishes } from './check-wishes.ts';
import { acceptCalibration, readPlantHistory, type CalibrationReport } from './calibration.ts';
import { readRejects, readTwinParameters } from './parameters.ts';
import { rankHalved } from './halving.ts';
import { planWhatCanBe } from './left-out.ts';
import { isDominated, rangesOf } from './judgement.ts';
import { paretoFlags, rankBySimulation, withoutVariation } from './ranking.ts';
import type { PlanProgress, PlanRequest } from './request.ts';
import { pickSpread } from './spread.ts';
import type {
  DescribedPlan,
  PlanningInput,
  ScenarioTasks,
  SearchTaskResult,
  JudgedPlan,
  SimulateTask,
  SimulationSettings,
  WhatIfAnswer,
} from './tasks.ts';
import { costOf, shareTime } from './wish-costs.ts';

/** The parts of the store that scenarios need. */
export type ScenarioStore = Pick<
  Store,
  | 'loadPlantModel'
  | 'loadPlantState'
  | 'livePlan'
  | 'loadSchedule'
  | 'inputsDigest'
  | 'saveScenarioSet'
  | 'saveSchedule'
  | 'publishSchedule'
  | 'query'
  | 'twinParameters'
  | 'acceptTwinParameters'
>;

/** What the service is put together from. */
export interface ScenarioServiceOptions {
  store: ScenarioStore;
  clock: Clock;
  logger: Logger;
  /** In whose name sets and a first plan are written, where a request names nobody; `mw-schedule` by default. */
  actor?: Actor;
}

/** Finds, simulates and ranks plans, in worker threads. */
export interface ScenarioService {
  /**
   * Answers a request with a set of alternatives, saved in the store; doing nothing and the repaired live plan are
   * among them. Every plan has passed the independent checker and 30 replications of the twin (or the
   * request's number, where that is less); of more, the better plans get more. A plan that doing nothing dominates
   * (`isDominated`) is not among them; another one takes its place as long as the search has some.
   * Orders that no plan can have are left out and named.
   * @throws `MW_PLANT_UNKNOWN` for an empty store, `MW_PLAN_INFEASIBLE` with the conflicts in words where nothing can be
   *   planned or a wish makes an order impossible, `MW_PLAN_INVALID` where the checker refuses every plan, `MW_ABORTED` by the signal
   */
  plan(
    request: PlanRequest,
    options?: { signal?: AbortSignal; onProgress?: (progress: PlanProgress) => void; actor?: Actor },
  ): Promise<ScenarioSet>;
  /**
   * Refuses wishes that can have no effect or that contradict each other or the plant, before they join others in a queue.
   * @throws `MW_PLANT_UNKNOWN` for an empty store, `MW_RECORD_UNKNOWN` for a machine that the plant has not and for an
   *   order that is not open, `MW_LOCK_IMPOSSIBLE` and `MW_OVERTIME_IMPOSSIBLE` as `checkContradictions`
   */
  checkWishes(constraints: readonly PlanConstraint[]): Promise<void>;
  /** The live plan; a plant without one gets its first, made by dispatch rules and a short search. */
  ensureLivePlan(request: Pick<PlanRequest, 'from' | 'horizon' | 'seed' | 'timeLimitMs'>): Promise<WorkSchedule>;
  /**
   * Simulates a plan as if changes had happened; `mw.simulation.v1`'s payload.
   * @throws `MW_PLAN_UNKNOWN`, and the twin's errors for changes that it does not know
   */
  whatIf(question: WhatIf, options?: { signal?: AbortSignal }): Promise<WhatIfAnswer>;
  /**
   * What the last days in the store say of the twin's numbers, and whether the plant drifts from the twin. Nothing is
   * changed by it.
   * @throws `MW_PLANT_UNKNOWN` for an empty store
   */
  calibrate(
    question: { days: number; driftDays: number; seed: number },
    options?: { signal?: AbortSignal },
  ): Promise<CalibrationReport>;
  /** Puts proposals in force or takes them back, as `acceptCalibration`; the next simulation counts with them. */
  accept(
    report: CalibrationReport,
    choice: { accept: readonly string[]; withdraw: readonly string[] },
    actor: Actor,
  ): Promise<void>;
  /** Ends the threads; what is open is rejected. */
  close(): Promise<void>;
}

/** Search takes most of the time, then simulation, then describing and saving: percent done after each. */
const doneAfter = { search: 70, simulation: 92, all: 100 };
const rejectsLastMs = 3_600_000;
const dayMs = 86_400_000;
const firstPlanLimitMs = 2000;
/** So many more plans are searched for than are wanted, in place of those that are not offered. */
const spareShare = 0.2;
/** A task that takes so much longer than its search has gone wrong: its thread is ended. */
const taskLimitMs = 600_000;

/** A planning request without its instant, which every plan has. */
function askedFor({ frozenUntil, horizon, constraints, rejects }: PlanningRequest): ScenarioSet['request'] {
  return { frozenUntil, horizon, constraints, ...(rejects ? { rejects } : {}) };
}

type OfferedPlan = Omit<DescribedPlan, 'scheduleId' | 'rank' | 'plannedRank' | 'pareto'>;

/** Without those that doing nothing dominates. */
function offeredOf(plans: OfferedPlan[]): OfferedPlan[] {
  const nothing = plans.find((plan) => plan.doNothing);
  const ranges = rangesOf(plans);
  return plans.filter((plan) => !nothing || plan === nothing || !isDominated(plan, nothing, ranges));
}

/** Opens the service; its threads start at once, so that the first request does not wait for them. */
export function openScenarioService({
  store,
  clock,
  logger,
  actor: ownActor = { id: 'mw-schedule' },
}: ScenarioServiceOptions): ScenarioService {
  const pool = openTaskPool('scenarios', workerUrl(import.meta.url));
  let known: { at: number; rejects: Rejects } | undefined;

  function run<K extends keyof ScenarioTasks>(task: K, args: ScenarioTasks[K][0], options: CallOptions) {
    return pool.run<ScenarioTasks[K][1]>(task, args, options);
  }
  for (let thread = 0; thread < pool.size; thread++)
    run('ready', undefined, {}).catch((thrown: unknown) => {
      logger.debug(`scenarios: a thread did not start: ${String(thrown)}`);
    });

  async function loadModel(): Promise<PlantModel> {
    const model = await store.loadPlantModel();
    if (!model) throw new MillwrightError('MW_PLANT_UNKNOWN', {});
    return model;
  }
  async function parametersOf(model: PlantModel): Promise<TwinParameters> {
    const now = clock.now();
    if (!known || now - known.at > rejectsLastMs || now < known.at)
      known = { at: now, rejects: await readRejects(store, model, now, logger) };
    return readTwinParameters(store, model, known.rejects);
  }

  async function ensureLivePlan(
    request: Pick<PlanRequest, 'from' | 'horizon' | 'seed' | 'timeLimitMs'>,
    actor: Actor,
    options: CallOptions,
  ): Promise<WorkSchedule> {
    const live = await store.livePlan();
    if (live) return live;
    const model = await loadModel();
    const state = await store.loadPlantState(request.from);
    const { from, horizon, seed, timeLimitMs } = request;
    const planning: PlanningRequest = { from, horizon, frozenUntil: from, constraints: [] };
    const header = { scheduleId: uuidv7(clock), createdAt: clock.now(), label: 'First plan', seed, timeLimitMs };
    const { result: made, unplanned } = await planWhatCanBe(state, [], (known) =>
      run('basePlan', { input: { model, state: known, live: undefined, request: planning }, ...header }, options),
    );
    if (unplanned.length > 0)
      logger.warn(`scenarios: the first plan lacks ${unplanned.map((order) => order.workRequestId).join(', ')}`);
    await store.saveSchedule(made, actor);
    await store.publishSchedule(made.scheduleId, undefined, actor);
    logger.info(`scenarios: first plan ${made.scheduleId} made for ${String(made.entries.length)} operations`);
    return (await store.livePlan()) ?? made;
  }

  /** One search per thread, each with its own seed; the union's most different plans are kept. */
  async function searchIslands(
    input: PlanningInput,
    { count, weights, seed }: PlanRequest,
    timeLimitMs: number,
    options: CallOptions & { onShare(share: number, best?: number): void },
  ): Promise<SearchTaskResult> {
    const candidates = Math.ceil(count * (1 + spareShare));
    const shares = new Float64Array(pool.size);
    let best = Infinity;
    const islands = await Promise.all(
      Array.from({ length: pool.size }, (_, island) =>
        run(
          'search',
          { input, count: candidates, timeLimitMs, weights, seed: (seed + island) >>> 0 },
          {
            ...options,
            onProgress: (value) => {
              const { share, best: found } = value as { share: number; best?: number };
              shares[island] = share;
              best = Math.min(best, found ?? Infinity);
              options.onShare(Math.min(...shares), best);
            },
          },
        ),
      ),
    );
    const first = islands[0]!;
    if (islands.length === 1) return first;
    const plans = islands.flatMap((island) => island.plans);
    const kept = pickSpread(plans, [first.doNothing, first.repaired], candidates);
    return {
      plans: kept.map((index) => plans[index]!),
      doNothing: kept.indexOf(first.doNothing),
      repaired: kept.indexOf(first.repaired),
      decodes: islands.reduce((sum, island) => sum + island.decodes, 0),
    };
  }

  /** Checks and simulates solutions, shared out over the threads; all meet the same random numbers. */
  async function simulateAll(
    task: Omit<SimulateTask, 'always'>,
    doNothing: number,
    options: CallOptions & { onShare(share: number): void },
  ): Promise<JudgedPlan[]> {
    const shares = new Float64Array(pool.size);
    const parts = await Promise.all(
      Array.from({ length: pool.size }, (_, part) => {
        const solutions = task.solutions.filter((_, i) => i % pool.size === part);
        const always = doNothing % pool.size === part ? [Math.floor(doNothing / pool.size)] : [];
        return run(
          'simulate',
          { ...task, solutions, always },
          {
            ...options,
            onProgress: (value) => {
              shares[part] = (value as { share: number }).share;
              options.onShare(Math.min(...shares));
            },
          },
        );
      }),
    );
    return task.solutions.map((_, i) => parts[i % pool.size]![Math.floor(i / pool.size)]!);
  }

  /**
   * Checks and simulates as many plans as are wanted and, where some of them are not offered, the spare ones too.
   * @returns the plans to be offered, in the order found: those that passed the checker and that doing nothing does not
   *   dominate
   */
  async function judge(
    task: Omit<SimulateTask, 'solutions' | 'always'>,
    { requestId, count }: PlanRequest,
    found: SearchTaskResult,
    options: CallOptions & { onShare(share: number): void },
  ): Promise<{ chosen: OfferedPlan[]; dominated: number }> {
    const solutions = found.plans.map(({ solution }) => solution);
    const judged: JudgedPlan[] = [];
    let offered: OfferedPlan[] = [];
    let passed = 0;
    for (const upTo of [count, solutions.length]) {
      const from = judged.length;
      if (offered.length >= count || from >= Math.min(upTo, solutions.length)) break;
      const part = { ...task, solutions: solutions.slice(from, upTo) };
      const onShare = (share: number) => {
        options.onShare((from + share * part.solutions.length) / solutions.length);
      };
      judged.push(...(await simulateAll(part, found.doNothing - from, { ...options, onShare })));
      const plans = judged.flatMap((plan, i) =>
        'refused' in plan ? [] : [{ ...plan, solution: solutions[i]!, doNothing: i === found.doNothing }],
      );
      passed = plans.length;
      offered = offeredOf(plans);
    }
    const refused = judged.flatMap((plan) => ('refused' in plan ? [plan.refused[0] ?? ''] : []));
    if (refused.length > 0)
      logger.error(
        `scenarios: the checker refused ${String(refused.length)} of ${String(judged.length)} plans of ${requestId}, first: ${refused[0]!}`,
      );
    if (passed === 0)
      throw new MillwrightError('MW_PLAN_INVALID', { planId: requestId, reason: refused[0] ?? 'no plan' });
    return { chosen: offered.slice(0, count), dominated: passed - offered.length };
  }

  async function describeAll(
    input: PlanningInput,
    request: PlanRequest,
    chosen: readonly OfferedPlan[],
    options: CallOptions,
  ): Promise<ScenarioRecord[]> {
    const ranks = rankHalved(chosen, request.weights);
    const plannedRanks = rankBySimulation(
      chosen.map((plan) => withoutVariation(plan.planned)),
      request.weights,
    );
    const pareto = paretoFlags(chosen.map((plan) => plan.first));
    const plans = chosen
      .map((plan, i): DescribedPlan => {
        const place = { rank: ranks[i]!, plannedRank: plannedRanks[i]!, pareto: pareto[i]! };
        return { ...plan, scheduleId: uuidv7(clock), ...place };
      })
      .sort((a, b) => a.rank - b.rank);
    return run('describe', { input, plans, createdAt: clock.now(), seed: request.seed }, options);
  }

  /** What each wish costs: short searches on from the best plan, with all wishes and without each one. */
  async function costsOfWishes(
    input: PlanningInput,
    { weights, seed }: PlanRequest,
    { eachWish: timeLimitMs, wishes: looked }: ReturnType<typeof shareTime>,
    best: WorkSchedule,
    options: CallOptions,
  ): Promise<WishCost[]> {
    const { constraints } = input.request;
    const wishes = constraints.slice(0, looked);
    if (wishes.length === 0) return [];
    const under = (kept: PlanConstraint[]) => {
      const task = { input: { ...input, request: { ...input.request, constraints: kept } }, plan: best };
      return run('plansUnder', { ...task, weights, seed, timeLimitMs }, options);
    };
    const [withAll, ...without] = await Promise.all([
      under(constraints),
      ...wishes.map((wish) => under(constraints.filter((other) => other !== wish))),
    ]);
    return withAll.length === 0 ? [] : wishes.map((wish, i) => costOf(wish, withAll, without[i]!, weights));
  }

  return {
    async checkWishes(constraints) {
      if (constraints.length === 0) return;
      const [model, state] = [await loadModel(), await store.loadPlantState(clock.now())];
      checkWishes(model, state, constraints);
      checkContradictions(model, state, await store.livePlan(), constraints);
    },
    async plan(request, { signal, onProgress, actor = ownActor } = {}) {
      const { from, frozenUntil, horizon, constraints } = request;
      const stop = new AbortController();
      const signals = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
      const options: CallOptions = { signal: signals, limitMs: request.timeLimitMs + taskLimitMs };
      const report = (done: number, best?: number) =>
        onProgress?.({ done, total: doneAfter.all, ...(best === undefined || best === Infinity ? {} : { best }) });
      let best: number | undefined;
      try {
        report(0);
        const model = await loadModel();
        const firstLimitMs = Math.min(request.timeLimitMs, firstPlanLimitMs);
        const live = await ensureLivePlan({ ...request, timeLimitMs: firstLimitMs }, actor, options);
        // The digest first: should anything change before the state is read, an approval is refused, not misled.
        const inputsDigest = await store.inputsDigest(from);
        const whole = await store.loadPlantState(from);
        const parameters = await parametersOf(model);
        const { rejects } = parameters;
        const planning: PlanningRequest = { from, frozenUntil, horizon, constraints, rejects };
        const times = shareTime(request.timeLimitMs, constraints.length, pool.size);
        const onShare = (share: number, least?: number) => {
          best = least;
          report(share * doneAfter.search, best);
        };
        const attempt = (known: PlantState) =>
          searchIslands({ model, state: known, live, request: planning }, request, times.plans, {
            ...options,
            onShare,
          });
        const { result: found, state, unplanned } = await planWhatCanBe(whole, constraints, attempt);
        const input: PlanningInput = { model, state, live, request: planning };
        const { replications, seed, weights } = request;
        const settings: SimulationSettings = { parameters, replications, seed };
        const { chosen, dominated } = await judge({ input, settings, weights }, request, found, {
          ...options,
          onShare: (share) => report(doneAfter.search + share * (doneAfter.simulation - doneAfter.search), best),
        });
        const scenarios = await describeAll(input, request, chosen, options);
        const set: ScenarioSet = {
          requestId: request.requestId,
          ...(request.eventId === undefined ? {} : { eventId: request.eventId }),
          basePlanId: live.scheduleId,
          createdAt: clock.now(),
          inputsDigest,
          seed,
          replications,
          dominated,
          request: askedFor(input.request),
          wishCosts: await costsOfWishes(input, request, times, scenarios[0]!.plan, options),
          unplanned,
          scenarios,
        };
        signals.throwIfAborted();
        await store.saveScenarioSet(set, actor, state);
        report(doneAfter.all, best);
        return set;
      } catch (thrown) {
        if (signal?.aborted) throw new MillwrightError('MW_ABORTED', { what: request.requestId }, thrown);
        throw thrown;
      } finally {
        stop.abort();
      }
    },
    ensureLivePlan: (request) => ensureLivePlan(request, ownActor, { limitMs: request.timeLimitMs + taskLimitMs }),
    async whatIf({ basePlanId, changes, replications, seed }, options = {}) {
      const model = await loadModel();
      const plan = await store.loadSchedule(basePlanId);
      if (!plan) throw new MillwrightError('MW_PLAN_UNKNOWN', { planId: basePlanId });
      const state = await store.loadPlantState(clock.now());
      const settings: SimulationSettings = { parameters: await parametersOf(model), replications, seed };
      return run('whatIf', { model, state, plan, changes, settings }, { ...options, limitMs: taskLimitMs });
    },
    async calibrate({ days, driftDays, seed }, options = {}) {
      const model = await loadModel();
      const at = clock.now();
      const history = await readPlantHistory(store, at - days * dayMs, at);
      const driftFrom = Math.max(history.from, at - driftDays * dayMs);
      const parameters = await parametersOf(model);
      const task = { model, history, driftFrom, parameters, seed };
      const learned = await run('calibrate', task, { ...options, limitMs: taskLimitMs });
      return { at, from: history.from, to: history.to, driftFrom, ...learned };
    },
    accept: (report, choice, actor) => acceptCalibration(store, report, choice, actor),
    close: () => pool.close(),
  };
}
