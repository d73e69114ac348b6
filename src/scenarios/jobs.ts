import { ImproveJob as ImproveJobSchema, ReplicateJob as ReplicateJobSchema } from '../contracts/index.ts';
import { compileCheck, MillwrightError } from '../kernel/index.ts';
import type { BanStretch, OvertimeStretch, PlanKpis, PlantModel, PlantState, WorkSchedule } from '../plant/index.ts';
import {
  buildProblem,
  nobodyAsks,
  placesOf,
  plainSolution,
  readSolution,
  searchAlternatives,
  solutionOf,
  type PlainSolution,
  type PlanningRequest,
} from '../planning/index.ts';
import {
  joinReplications,
  openSimulator,
  type Replications,
  type TwinParameters,
  type Watched,
} from '../twin/index.ts';

/** A stretch as JSON has it: without an end where none is known. */
type InJson<T extends { end: number }> = Omit<T, 'end'> & { end: number | null };

/** A plant's state as JSON has it. */
export type JobState = Omit<PlantState, 'unavailable' | 'absences'> & {
  unavailable: InJson<PlantState['unavailable'][number]>[];
  absences: InJson<PlantState['absences'][number]>[];
};

/** `mw.improve-job.v1`: improve plans for so many seconds, or by so many decodes. JSON. */
export interface ImproveJob {
  kind: 'improve';
  version: 1;
  model: PlantModel;
  state: JobState;
  live?: WorkSchedule;
  request: PlanningRequest;
  plan?: WorkSchedule;
  solutions?: PlainSolution[];
  weights?: Record<string, number>;
  count: number;
  seed: number;
  seconds?: number;
  maxDecodes?: number;
}

/** `mw.improved.v1`. JSON. */
export interface Improved {
  kind: 'improved';
  version: 1;
  plans: { solution: PlainSolution; kpis: PlanKpis; places: number[] }[];
  doNothing: number;
  repaired: number;
  decodes: number;
}

/** A plant's state for a job. */
export function jobState(state: PlantState): JobState {
  const inJson = <T extends { end: number }>(stretch: T): InJson<T> => ({
    ...stretch,
    end: Number.isFinite(stretch.end) ? stretch.end : null,
  });
  return { ...state, unavailable: state.unavailable.map(inJson), absences: state.absences.map(inJson) };
}

/** The state that a job is about. */
function readState(state: JobState): PlantState {
  return { ...state, unavailable: state.unavailable.map(readStretch), absences: state.absences.map(readStretch) };
}

function readStretch<T extends { end: number | null }>(stretch: T): Omit<T, 'end'> & { end: number } {
  return { ...stretch, end: stretch.end ?? Infinity };
}

const checkImproveJob = compileCheck(ImproveJobSchema);

/**
 * Looks for better and other plans than those given. A pure function of the job: with `maxDecodes` the result is the
 * same wherever it runs, and a job that ran by `seconds` is repeated by its `decodes`.
 * @param report told now and then how far it is, 0…1, and the least weighted tardiness so far
 * @throws `MW_PAYLOAD_INVALID`, and what `buildProblem` and `searchAlternatives` throw
 */
export function improve(job: ImproveJob, report?: (share: number, best: number) => void): Improved {
  const wrong = checkImproveJob(job);
  if (wrong) throw new MillwrightError('MW_PAYLOAD_INVALID', { contract: 'mw.improve-job.v1', ...wrong });
  const { model, state, live, request, plan, solutions = [], weights, count, seed, seconds, maxDecodes } = job;
  const problem = buildProblem(model, readState(state), live, request, nobodyAsks);
  const given = solutions.map((solution, i) => readSolution(problem, solution, `/solutions/${String(i)}`));
  if (plan) given.push(solutionOf(problem, plan));
  const found = searchAlternatives(problem, {
    count,
    seed,
    given,
    ...(seconds === undefined ? {} : { timeLimitMs: 1000 * seconds }),
    ...(maxDecodes === undefined ? {} : { maxDecodes }),
    ...(weights ? { weights } : {}),
    onProgress: ({ done, total, best }) => report?.(Math.min(1, done / total), best),
  });
  const { doNothing, repaired, decodes } = found;
  return {
    kind: 'improved',
    version: 1,
    plans: found.alternatives.map((alternative) => ({
      solution: plainSolution(alternative.solution),
      kpis: alternative.kpis,
      places: [...placesOf(problem, alternative.plan)],
    })),
    doNothing,
    repaired,
    decodes,
  };
}

/** `mw.replicate-job.v1`: replications `from` to `to` of a plan, the last excluded. JSON. */
export interface ReplicateJob {
  kind: 'replicate';
  version: 1;
  model: PlantModel;
  state: JobState;
  plan: WorkSchedule;
  live?: WorkSchedule;
  parameters: TwinParameters;
  overtime?: OvertimeStretch[];
  bans?: InJson<BanStretch>[];
  startEarly?: boolean;
  watched?: Watched;
  seed: number;
  from: number;
  to: number;
}

/** `mw.replicated.v1`. JSON. */
export interface Replicated extends Replications {
  kind: 'replicated';
  version: 1;
}

const checkReplicateJob = compileCheck(ReplicateJobSchema);

/**
 * Replays a plan so many times under chance. A pure function of the job: a replication is the same wherever it runs and
 * whatever runs before it.
 * @throws `MW_PAYLOAD_INVALID`
 */
export function replicate(job: ReplicateJob): Replicated {
  const wrong =
    checkReplicateJob(job) ??
    (job.to > job.from ? undefined : { pointer: '/to', found: String(job.to), expected: `> ${String(job.from)}` });
  if (wrong) throw new MillwrightError('MW_PAYLOAD_INVALID', { contract: 'mw.replicate-job.v1', ...wrong });
  const { model, state, plan, live, parameters, overtime, bans, startEarly, watched, seed, from, to } = job;
  const simulator = openSimulator(model, readState(state), {
    ...{ parameters, seed, replications: to - from },
    ...(live ? { base: live } : {}),
    ...(overtime ? { overtime } : {}),
    ...(bans ? { bans: bans.map(readStretch) } : {}),
    ...(startEarly === undefined ? {} : { startEarly }),
    ...(watched ? { watched } : {}),
  });
  return { kind: 'replicated', version: 1, ...simulator.replicate(plan, { from, to }) };
}

/**
 * Joins what several hosts gave for parts that follow each other: exactly what one job for all of them gives.
 * @throws `MW_PAYLOAD_INVALID` where a part is missing between two others
 */
export function joinReplicated(parts: readonly Replicated[]): Replicated {
  return { kind: 'replicated', version: 1, ...joinReplications(parts) };
}
