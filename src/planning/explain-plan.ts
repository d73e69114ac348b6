import { monotonicMs } from '../kernel/index.ts';
import type { LateExplanation, LateLink, Relaxation, WorkSchedule } from '../plant/index.ts';
import { buildProblem, nobodyAsks } from './build-problem.ts';
import { Decoder, type Decoded } from './decoder.ts';
import { explainLate } from './explain-late.ts';
import { topologicalOrder } from './order.ts';
import type { Problem } from './problem.ts';
import { relaxationKey, relaxedFor, type PlanInputs } from './relaxations.ts';
import { replayOf, replayOn, type Replay } from './replay.ts';

/** How much an explanation may cost. */
export interface ExplanationLimits {
  /** Constraints to relax, each by itself; default 40. */
  most?: number;
  /** No further one is begun after so long; default 3 s. */
  limitMs?: number;
  /** Monotonic milliseconds. */
  now?: () => number;
}

/** Constraints of one late request that are relaxed: those behind its longest waits. */
const perRequest = 5;

/** Requests beside those that are told of for each constraint. */
const mostOthers = 10;

interface Built {
  problem: Problem;
  plan: Decoded;
}

/** One constraint with the late requests whose chain it is in. */
interface Candidate {
  link: LateLink;
  requests: string[];
  /** Weighted seconds of the waits that it is behind. */
  seconds: number;
}

/**
 * Why a plan is late, with "what if this one were relaxed" for the constraints behind the longest waits: the plan is
 * built again, machines and order kept, on inputs without that one constraint.
 * @returns undefined where the plan is none of this problem's
 */
export function explainPlan(
  inputs: PlanInputs,
  plan: WorkSchedule,
  { most = 40, limitMs = 3000, now = monotonicMs }: ExplanationLimits = {},
): LateExplanation | undefined {
  const end = now() + limitMs;
  const problem = buildProblem(inputs.model, inputs.state, inputs.live, inputs.request);
  if (problem.digest !== plan.inputDigest) return undefined;
  const replay = replayOf(problem, plan.entries);
  if (!replay) return undefined;
  const built = new Decoder(replay.problem).decode(replay.solution);
  const lateReasons = explainLate(replay.problem, built);
  const candidates = candidatesOf(inputs, replay, lateReasons).slice(0, most);
  const relaxations: Relaxation[] = [];
  const lateBefore = latenessOf(problem, built);
  for (const { link, requests } of candidates) {
    if (now() >= end) break;
    const then = relaxedPlan(inputs, replay, built, link);
    if (!then) continue;
    const lateThen = latenessOf(then.problem, then.plan);
    relaxations.push({
      ...whatOf(link),
      requests: changesOf(lateBefore, lateThen, requests),
      weightedTardinessSeconds: built.objectives[0]!,
      weightedTardinessSecondsThen: then.plan.objectives[0]!,
      lateOrders: built.lateRequests,
      lateOrdersThen: then.plan.lateRequests,
    });
  }
  relaxations.sort((a, b) => a.weightedTardinessSecondsThen - b.weightedTardinessSecondsThen);
  return { planId: plan.scheduleId, lateReasons, relaxations };
}

function candidatesOf(inputs: PlanInputs, replay: Replay, reasons: LateExplanation['lateReasons']): Candidate[] {
  const { requestIds, weight } = replay.problem;
  const weightOf = new Map(requestIds.map((id, request) => [id, weight[request]!]));
  const found = new Map<string, Candidate>();
  for (const { workRequestId, chain } of reasons) {
    const own = new Map<string, LateLink[]>();
    for (const link of chain) {
      const key = relaxationKey(link, { inputs, replay });
      if (key !== undefined) own.set(key, [...(own.get(key) ?? []), link]);
    }
    const longest = [...own]
      .map(([key, links]) => ({ key, links, seconds: links.reduce((sum, { seconds }) => sum + seconds, 0) }))
      .sort((a, b) => b.seconds - a.seconds)
      .slice(0, perRequest);
    for (const { key, links, seconds } of longest) {
      const candidate = found.get(key) ?? { link: links[0]!, requests: [], seconds: 0 };
      candidate.link = joined([candidate.link, ...links]);
      candidate.requests.push(workRequestId);
      candidate.seconds += seconds * weightOf.get(workRequestId)!;
      found.set(key, candidate);
    }
  }
  return [...found.values()].sort((a, b) => b.seconds - a.seconds);
}

function whatOf({ reason, jobOrderId, equipmentId, subject, by, from, to }: LateLink) {
  return { reason, jobOrderId, equipmentId, subject, ...(by === undefined ? {} : { by }), from, to };
}

/** The first of some links, from the first to the last instant of them all. */
function joined(links: readonly LateLink[]): LateLink {
  const from = Math.min(...links.map((link) => link.from));
  const to = Math.max(...links.map((link) => link.to));
  return { ...links[0]!, from, to };
}

/** The plan built again without what a link waits for; undefined where the constraint cannot be taken away. */
function relaxedPlan(inputs: PlanInputs, replay: Replay, built: Decoded, link: LateLink): Built | undefined {
  const relaxed = relaxedFor(link, { inputs, replay });
  if (!relaxed) return undefined;
  if ('replay' in relaxed) return build(relaxed.replay);
  const { model, state, live, request } = relaxed.inputs;
  const problem = buildProblem(model, state, live, request, nobodyAsks);
  const same = replayOn(problem, replay.problem.liveStart, built.machine, replay.solution.hold);
  if (!same) return undefined;
  const inOrder = build(same);
  const forward = relaxed.mayAdvance ? build(advanced(same, link)) : undefined;
  if (!inOrder || !forward) return inOrder ?? forward;
  return forward.plan.objectives[0]! < inOrder.plan.objectives[0]! ? forward : inOrder;
}

/** The operation that waits, and what follows it in its request, stand earlier in the order by the wait. */
function advanced({ problem, solution }: Replay, { jobOrderId, seconds }: LateLink): Replay {
  const waiting = problem.jobOrderIds.indexOf(jobOrderId);
  const since = problem.liveStart[waiting]!;
  const key = problem.liveStart.map((start, i) =>
    problem.requestOf[i] === problem.requestOf[waiting] && start >= since ? start - seconds * 1000 : start,
  );
  const changed = { ...solution, order: topologicalOrder(problem, key), hold: solution.hold.slice() };
  changed.hold[waiting] = 0;
  return { problem, solution: changed };
}

function build({ problem, solution }: Replay): Built | undefined {
  const plan = new Decoder(problem).decode(solution);
  return plan.complete ? { problem, plan } : undefined;
}

/** The requests behind whose lateness a constraint is, and those beside them that change most without it. */
function changesOf(
  before: ReadonlyMap<string, number>,
  then: ReadonlyMap<string, number>,
  held: readonly string[],
): Relaxation['requests'] {
  const change = (id: string) => Math.abs((before.get(id) ?? 0) - (then.get(id) ?? 0));
  const others = [...new Set([...before.keys(), ...then.keys()])].filter((id) => change(id) > 0 && !held.includes(id));
  return [...held, ...others.sort((a, b) => change(b) - change(a)).slice(0, mostOthers)].map((workRequestId) => ({
    workRequestId,
    lateSeconds: before.get(workRequestId) ?? 0,
    lateSecondsThen: then.get(workRequestId) ?? 0,
  }));
}

/** Seconds that each late request is late by. */
function latenessOf(problem: Problem, plan: Decoded): Map<string, number> {
  const late = new Map<string, number>();
  problem.requestOf.forEach((request, i) => {
    const over = (plan.end[i]! - problem.due[request]!) / 1000;
    const id = problem.requestIds[request]!;
    if (over > (late.get(id) ?? 0)) late.set(id, over);
  });
  return late;
}
