import type { LateLink, LateReason, TardinessShare } from '../plant/index.ts';
import { explainOrigin } from './constraints/precedence.explain.ts';
import { explainReady } from './constraints/ready.explain.ts';
import { explained, type Explained, type Wait } from './constraints/wait.ts';
import { explainPlace, explainWork } from './constraints/working-time.explain.ts';
import type { Decoded } from './decoder.ts';
import type { Problem } from './problem.ts';

/** Why work requests are late, latest first, each with its whole chain (see `LateReason`). */
export function explainLate(problem: Problem, plan: Decoded): LateReason[] {
  const reasons: LateReason[] = [];
  lastOperations(problem, plan).forEach((operation, request) => {
    const late = plan.end[operation]! - problem.due[request]!;
    if (late <= 0) return;
    const chain = chainOf(problem, plan, operation);
    const { reason, jobOrderId, subject } = decisive(chain);
    reasons.push({
      workRequestId: problem.requestIds[request]!,
      lateSeconds: late / 1000,
      reason,
      jobOrderId,
      subject,
      chain,
    });
  });
  return reasons.sort((a, b) => b.lateSeconds - a.lateSeconds);
}

/**
 * What a plan's weighted tardiness comes from: each late request's is shared out over the waits and setups of its chain
 * in proportion; what it would be late by without any of them falls to the run time.
 * @param reasons with whole chains
 */
export function tardinessShares(problem: Problem, reasons: readonly LateReason[]): TardinessShare[] {
  const shares = new Map<string, TardinessShare & { bySubject: Map<string, number> }>();
  const add = ({ reason, subject }: Pick<LateLink, 'reason' | 'subject'>, seconds: number) => {
    const share = shares.get(reason) ?? { reason, seconds: 0, subject, bySubject: new Map<string, number>() };
    share.seconds += seconds;
    share.bySubject.set(subject, (share.bySubject.get(subject) ?? 0) + seconds);
    shares.set(reason, share);
  };
  const weights = new Map(problem.requestIds.map((id, request) => [id, problem.weight[request]!]));
  for (const { workRequestId, lateSeconds, chain } of reasons) {
    const weighted = lateSeconds * weights.get(workRequestId)!;
    const waits = chain.filter(({ reason }) => reason !== 'run-time');
    const waited = waits.reduce((sum, { seconds }) => sum + seconds, 0);
    const blamed = Math.min(1, waited / lateSeconds);
    for (const wait of waits) add(wait, weighted * blamed * (wait.seconds / waited));
    const longest = chain.reduce((a, b) => (isRun(b) && (!isRun(a) || b.seconds > a.seconds) ? b : a));
    if (blamed < 1) add({ reason: 'run-time', subject: longest.subject }, weighted * (1 - blamed));
  }
  return [...shares.values()]
    .map(({ reason, seconds, bySubject }) => ({
      reason,
      seconds,
      subject: [...bySubject].reduce((a, b) => (b[1] > a[1] ? b : a))[0],
    }))
    .sort((a, b) => b.seconds - a.seconds);
}

/** By request: its operation that ends last. */
function lastOperations(problem: Problem, plan: Decoded): Int32Array {
  const last = new Int32Array(problem.requestIds.length).fill(-1);
  problem.requestOf.forEach((request, i) => {
    if (last[request]! < 0 || plan.end[i]! > plan.end[last[request]!]!) last[request] = i;
  });
  return last;
}

/** Walks back from an operation's end to the plan's start. */
function chainOf(problem: Problem, plan: Decoded, lastOperation: number): LateLink[] {
  const links: LateLink[] = [];
  let until = plan.end[lastOperation]!;
  for (let operation: number | undefined = lastOperation; operation !== undefined;) {
    const at = explained(problem, plan, operation);
    const add = (waits: readonly Wait[]) => {
      for (const wait of waits) if (wait.milliseconds > 0) links.push(linkOf(at, wait));
    };
    add(explainWork(at, until));
    if (problem.fixed[operation] === 1) {
      add(explainFixedStart(at));
      break;
    }
    const origin = explainOrigin(at);
    add(explainPlace(at));
    add(explainReady(at, origin.time));
    add(origin.waits);
    operation = origin.predecessor;
    if (operation !== undefined) until = Math.min(origin.time, plan.end[operation]!);
  }
  return links;
}

/** A frozen operation keeps its place in the live plan, whatever comes before it. */
function explainFixedStart({ problem, plan, operation }: Explained): Wait[] {
  const to = Math.max(0, plan.start[operation]!);
  return [{ reason: 'frozen-horizon', subject: problem.jobOrderIds[operation]!, from: 0, to, milliseconds: to }];
}

function linkOf({ problem, operation, machineId }: Explained, { by, milliseconds, ...wait }: Wait): LateLink {
  const holder = by === undefined ? undefined : problem.jobOrderIds[by];
  return {
    jobOrderId: problem.jobOrderIds[operation]!,
    equipmentId: machineId,
    reason: wait.reason,
    subject: wait.subject,
    ...(holder === undefined ? {} : { by: holder }),
    from: problem.from + wait.from,
    to: problem.from + wait.to,
    seconds: milliseconds / 1000,
  };
}

/** The longest wait of a chain, the longest run where there is none; a setup is never the reason. */
function decisive(chain: readonly LateLink[]): LateLink {
  const waits = chain.filter(({ reason }) => reason !== 'run-time' && reason !== 'setup');
  const runs = chain.filter(isRun);
  return (waits.length > 0 ? waits : runs.length > 0 ? runs : chain).reduce((a, b) => (b.seconds > a.seconds ? b : a));
}

function isRun({ reason }: LateLink): boolean {
  return reason === 'run-time';
}
