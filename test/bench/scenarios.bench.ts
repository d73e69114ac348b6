import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildProblem,
  Decoder,
  planChecker,
  repairLivePlan,
  searchAlternatives,
  toWorkSchedule,
} from '../../src/planning/index.ts';
import type { Bench } from './harness.ts';
import { checkPlanJson } from './rich/check-plan.ts';
import { richEvent, richEventCount, situationAfter } from './rich/events.ts';
import { richInstance, type RichInstance, type Situation } from './rich/instance.ts';
import { distinctCount, hypervolumes } from './scenarios/fronts.ts';
import { randomWeightSearches } from './scenarios/random-weights.ts';
import { serviceRun } from './scenarios/service-run.ts';
import { wilcoxonPValue } from './scenarios/wilcoxon.ts';

/** Alternatives after events of a rich instance: how soon, how many, how good against random weights. */
export const bench: Bench = {
  about: 'alternative plans after events of a rich instance (test/bench/rich)',
  options: {
    operations: { default: '500', about: 'operations of the instance' },
    count: { default: '50', about: 'plans wanted' },
    events: { default: '3', about: 'events for the hypervolume, at most 20' },
    seeds: { default: '1', about: 'search seeds for each event' },
    seconds: { default: '', about: 'search time of the request; 1.5, and 3 from 1,000 operations on' },
    'compare-seconds': { default: '4', about: 'CPU time of each search that is compared' },
    check: { default: '', about: 'file with a plan of yours for the instance; it is checked, nothing else is run' },
    event: { default: '', about: 'with --check: the plan answers this event (0 … 19); absent: nothing has happened' },
    export: { default: '', about: 'folder to write the instance with its events to, nothing else is run' },
  },
  keys: {
    firstValidMs: 'from plant, state and live plan to a repaired plan that the checker accepts: median over the events',
    firstValidCpuMs: 'the same in CPU time',
    movesPerSecond: 'moves tried per CPU second of one thread, once the search has its first plans',
    wallMs: 'from the request to the saved set of simulated plans, by the service as it ships',
    cpuMs: 'CPU time of that, all threads',
    plans: 'plans in the set',
    distinct: 'of them, by at least 5 % of the unfrozen operations and 1 % of some KPI from all others counted',
    checked: 'of them, accepted by the independent checker',
    simulated: 'of them, replayed by the twin',
    nonDominated: 'of them, beaten by no other one in on-time share, tardiness, changeovers, stability, balance',
    hypervolumeRatio: 'against fifty random-weight searches of the same CPU time: geometric mean over events × seeds',
    pValue: 'Wilcoxon signed-rank test of the paired hypervolumes, two-sided',
    lagP99Ms: 'event-loop lag beside the search',
    lagControlP99Ms: 'the same of an empty process at the same time',
    comparisons: 'event, seed, hypervolume, hypervolumeRandomWeights, distinct: of the search alone, by CPU time',
    refused: 'what the checker refused, if anything',
    'feasible, violations, missedWishes, kpis': 'with --check: what the checker says of the plan, and its KPIs',
  },
  async run(options, seed) {
    const instance = richInstance(Number(options.operations), seed);
    if (options.export) return { file: exportInstance(instance, options.export) };
    if (options.check) return { ...checkFile(instance, options.check, options.event) };
    const count = Number(options.count);
    const situations = Array.from({ length: Math.min(richEventCount, Number(options.events)) }, (_, number) =>
      situationAfter(instance, richEvent(instance, number)),
    );
    const first = situations.map(firstValid);
    const timeLimitMs = 1000 * Number(options.seconds || (instance.operations < 1000 ? 1.5 : 3));
    const { errors: refused, ...service } = await serviceRun(situations[0]!, { count, seed, timeLimitMs });
    const seeds = Number(options.seeds);
    const cpuMs = 1000 * Number(options['compare-seconds']);
    const comparisons = [];
    for (const [event, situation] of situations.entries())
      for (let k = 0; k < seeds; k++) {
        const one = { event, ...compare(situation, { count, seed: seed + k, cpuMs }) };
        comparisons.push(one);
        process.stdout.write(
          `${String(comparisons.length)} of ${String(situations.length * seeds)}: event ${String(event)}, seed ${String(one.seed)}, hypervolume ${one.hypervolume.toFixed(4)} against ${one.hypervolumeRandomWeights.toFixed(4)}\n`,
        );
      }
    const ratios = comparisons.map((c) => c.hypervolume / c.hypervolumeRandomWeights);
    return {
      firstValidMs: median(first.map(({ wallMs }) => wallMs)),
      firstValidCpuMs: median(first.map(({ cpuMs }) => cpuMs)),
      movesPerSecond: Math.round(movesPerSecond(situations[0]!, seed)),
      ...service,
      hypervolumeRatio: Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length),
      pValue: wilcoxonPValue(comparisons.map((c) => c.hypervolume - c.hypervolumeRandomWeights)),
      comparisons,
      refused,
    };
  },
};

/** CPU time of this thread in milliseconds. */
function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

function firstValid({ model, state, live, request }: Situation) {
  const [began, cpu] = [performance.now(), threadCpuMs()];
  const problem = buildProblem(model, state, live, request);
  const decoder = new Decoder(problem);
  const solution = repairLivePlan(problem, decoder);
  const header = { scheduleId: 'FIRST', createdAt: state.at, label: '', seed: 1 };
  const plan = toWorkSchedule(problem, decoder.decode(solution), header);
  const [wallMs, cpuMs] = [performance.now() - began, threadCpuMs() - cpu];
  const { feasible, violations } = planChecker(model, state, request, live)(plan);
  if (!feasible) throw new Error(`The repaired plan is not valid: ${violations.join('; ')}`);
  return { wallMs, cpuMs };
}

function compare(
  { model, state, live, request }: Situation,
  { count, seed, cpuMs }: { count: number; seed: number; cpuMs: number },
) {
  const problem = buildProblem(model, state, live, request);
  const began = threadCpuMs();
  const found = searchAlternatives(problem, { count, seed, timeLimitMs: cpuMs, now: threadCpuMs });
  const spent = threadCpuMs() - began;
  const other = randomWeightSearches(problem, { count, seed, timeLimitMs: spent, now: threadCpuMs });
  const ours = found.alternatives.map(({ kpis }) => kpis);
  const [hypervolume, hypervolumeRandomWeights] = hypervolumes(ours, other);
  const header = { scheduleId: 'P', createdAt: state.at, label: '', seed };
  const distinct = distinctCount(
    found.alternatives.map(({ plan, kpis }) => ({ plan: toWorkSchedule(problem, plan, header), planned: kpis })),
  );
  return { seed, hypervolume, hypervolumeRandomWeights, distinct };
}

/** By two searches of different lengths, so that what comes before and after the moves does not count. */
function movesPerSecond({ model, state, live, request }: Situation, seed: number): number {
  const problem = buildProblem(model, state, live, request);
  const timed = (maxDecodes: number) => {
    const began = threadCpuMs();
    const { decodes } = searchAlternatives(problem, { count: 1, seed, maxDecodes });
    return { decodes, cpuMs: threadCpuMs() - began };
  };
  const [short, long] = [timed(500), timed(4500)];
  return (1000 * (long.decodes - short.decodes)) / (long.cpuMs - short.cpuMs);
}

function exportInstance(instance: RichInstance, folder: string): string {
  const file = join(folder, `rich-${instance.operations}-${instance.seed}.json`);
  const events = Array.from({ length: richEventCount }, (_, number) => richEvent(instance, number));
  writeFileSync(file, JSON.stringify({ format: 'millwright-rich-2', ...instance, events }));
  return file;
}

function checkFile(instance: RichInstance, file: string, event = '') {
  const situation = event === '' ? instance : situationAfter(instance, richEvent(instance, Number(event)));
  return checkPlanJson(situation, readFileSync(file, 'utf8'));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}
