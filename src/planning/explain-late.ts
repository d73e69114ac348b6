import type { LateReason } from '../plant/index.ts';
import { openBetween } from './calendars.ts';
import { earliestAfterPredecessors } from './constraints/precedence.ts';
import { toolLaidDownFor } from './constraints/tools.ts';
import { boundKinds, type BoundKind, type Decoded } from './decoder.ts';
import { earliestReasons, type EarliestReason, type Problem } from './problem.ts';

/** One thing that an operation of the chain waits for. */
interface Wait {
  milliseconds: number;
  reason: string;
  operation: number;
  subject: string;
}

const inputReasons: Record<EarliestReason, string> = {
  'plan-start': 'run-time',
  'frozen-horizon': 'frozen-horizon',
  release: 'release',
  material: 'material',
  predecessor: 'transport',
};

/**
 * Why work requests are late: from each one's last operation back along the predecessors that decide (those of
 * producing requests too), the longest wait. Reasons: `machine-busy` and `machine-closed` (subject: the machine),
 * `no-operator` (the qualification), `tool` (the tool), `material` (the material), `release`, `frozen-horizon` and `held` (the job
 * order), `transport` (the machine), and `run-time` (the machine of the longest operation) where nothing is waited
 * for. Latest first.
 */
export function explainLate(problem: Problem, plan: Decoded): LateReason[] {
  const last = new Map<number, number>();
  problem.requestOf.forEach((request, i) => {
    const known = last.get(request);
    if (known === undefined || plan.end[i]! > plan.end[known]!) last.set(request, i);
  });
  const reasons: LateReason[] = [];
  for (const [request, operation] of last) {
    const late = plan.end[operation]! - problem.due[request]!;
    if (late <= 0) continue;
    const wait = longestWait(problem, plan, operation);
    reasons.push({
      workRequestId: problem.requestIds[request]!,
      lateSeconds: late / 1000,
      reason: wait.reason,
      jobOrderId: problem.jobOrderIds[wait.operation]!,
      subject: wait.subject,
    });
  }
  return reasons.sort((a, b) => b.lateSeconds - a.lateSeconds);
}

function longestWait(problem: Problem, plan: Decoded, lastOperation: number): Wait {
  let longest: Wait | undefined;
  let slowest = lastOperation;
  for (let at: number | undefined = lastOperation; at !== undefined; at = decidingPredecessor(problem, plan, at)) {
    if (workOf(plan, at) > workOf(plan, slowest)) slowest = at;
    for (const wait of waitsOf(problem, plan, at)) if (wait.milliseconds > (longest?.milliseconds ?? 0)) longest = wait;
  }
  const subject = problem.machineIds[plan.machine[slowest]!]!;
  return longest ?? { milliseconds: 0, reason: 'run-time', operation: slowest, subject };
}

function waitsOf(problem: Problem, plan: Decoded, operation: number): Wait[] {
  const machine = plan.machine[operation]!;
  const machineId = problem.machineIds[machine]!;
  const wait = (milliseconds: number, reason: string, subject: string): Wait => ({
    milliseconds,
    reason,
    operation,
    subject,
  });
  const closed = (from: number, to: number) =>
    Math.max(0, to - from - openBetween(problem.calendars, problem.machineCalendar[machine]!, from, to));
  if (problem.fixed[operation] === 1) return [wait(closed(0, plan.end[operation]!), 'machine-closed', machineId)];

  const alternative = alternativeOn(problem, operation, machine);
  const input = problem.altEarliest[alternative]!;
  const predecessors = earliestAfterPredecessors(problem, operation, machine, plan.end, plan.machine);
  const free = Math.max(input, predecessors);
  const ready = plan.ready[operation]!;
  const start = plan.start[operation]!;
  const waits: Wait[] = [];
  if (input >= predecessors) {
    const why = earliestReasons[problem.altEarliestReason[alternative]!]!;
    const material = problem.materialIds[problem.peggedMaterial[operation]!];
    const subject = why === 'material' ? material : why === 'predecessor' ? machineId : problem.jobOrderIds[operation];
    if (why !== 'plan-start') waits.push(wait(input, inputReasons[why], subject ?? machineId));
  }
  const bound: BoundKind = boundKinds[plan.bound[operation]!]!;
  const down = closed(free, ready);
  if (bound === 'machine-busy' && down > (ready - free) / 2) waits.push(wait(down, 'machine-closed', machineId));
  else if (bound === 'machine-busy') waits.push(wait(ready - free, 'machine-busy', machineId));
  if (bound === 'material') waits.push(wait(ready - free, 'material', latestMaterial(problem, operation)));
  if (bound === 'held-at-live-start') waits.push(wait(ready - free, 'held', problem.jobOrderIds[operation]!));
  const shut = closed(ready, start);
  waits.push(wait(shut, 'machine-closed', machineId));
  const left = start - ready - shut;
  const qualification = problem.qualificationIds[problem.qualificationOf[operation]!];
  const tool = left > 0 ? toolLaidDownFor(problem, plan, operation) : undefined;
  if (tool !== undefined) waits.push(wait(left, 'tool', tool));
  else waits.push(wait(left, qualification ? 'no-operator' : 'machine-closed', qualification ?? machineId));
  return waits;
}

/** The planned predecessor whose end decides when the operation can start, if any does. */
function decidingPredecessor(problem: Problem, plan: Decoded, operation: number): number | undefined {
  if (problem.fixed[operation] === 1) return undefined;
  const machine = plan.machine[operation]!;
  let latest = problem.altEarliest[alternativeOn(problem, operation, machine)]!;
  let deciding: number | undefined;
  for (let p = problem.predOffset[operation]!; p < problem.predOffset[operation + 1]!; p++) {
    const before = problem.pred[p]!;
    const moved = problem.lineOf[plan.machine[before]!] === problem.lineOf[machine] ? 0 : problem.transport;
    if (plan.end[before]! + moved > latest) [latest, deciding] = [plan.end[before]! + moved, before];
  }
  return deciding;
}

function alternativeOn(problem: Problem, operation: number, machine: number): number {
  let alternative = problem.altOffset[operation]!;
  while (problem.altMachine[alternative] !== machine && alternative + 1 < problem.altOffset[operation + 1]!)
    alternative++;
  return alternative;
}

/** Of the materials that an operation takes from stock, the one whose last lot comes latest. */
function latestMaterial(problem: Problem, operation: number): string {
  let latest = -1;
  let at = -Infinity;
  for (let need = problem.needOffset[operation]!; need < problem.needOffset[operation + 1]!; need++) {
    const material = problem.needMaterial[need]!;
    const arrival = problem.arrivalTime[problem.arrivalOffset[material + 1]! - 1] ?? -Infinity;
    if (arrival > at) [latest, at] = [material, arrival];
  }
  return problem.materialIds[latest] ?? problem.jobOrderIds[operation]!;
}

function workOf(plan: Decoded, operation: number): number {
  return plan.end[operation]! - plan.start[operation]!;
}
