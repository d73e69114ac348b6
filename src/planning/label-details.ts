import type { Decoded } from './decoder.ts';
import { alternativeOn, type Problem } from './problem.ts';

/** One thing that a plan does otherwise than doing nothing, by name: key with parameters, and the English words. */
export interface LabelDetail {
  key: 'order-on-time' | 'order-late' | 'machine-more' | 'machine-less' | 'operation-after' | 'operation-first';
  params: Record<string, string | number>;
  text: string;
}

/** What of a plan its details are read from; kept while the decoder builds the next one. */
export interface PlanOutline {
  /** By request: whether it is late. */
  late: Uint8Array;
  /** By machine: milliseconds of setup and run time. */
  busy: Float64Array;
  /** By operation. */
  machine: Int32Array;
  machineBefore: Int32Array;
}

/** Less work than this more or less on a machine is not worth a word. */
const leastMs = 3_600_000;

/** Reads a plan's outline. */
export function outlineOf(problem: Problem, plan: Decoded): PlanOutline {
  const late = new Uint8Array(problem.requestIds.length);
  const busy = new Float64Array(problem.machineIds.length);
  plan.end.forEach((end, i) => {
    const machine = plan.machine[i]!;
    if (end > problem.due[problem.requestOf[i]!]!) late[problem.requestOf[i]!] = 1;
    busy[machine]! += plan.setup[i]! + problem.altRun[alternativeOn(problem, i, machine)]!;
  });
  return { late, busy, machine: plan.machine.slice(), machineBefore: plan.machineBefore.slice() };
}

/**
 * By plan: the orders that it saves or loses and the machines that get most more or less work than when doing nothing;
 * what the fewest plans have in common comes first, orders before machines.
 */
export function detailsOf(
  problem: Problem,
  plans: readonly PlanOutline[],
  nothing: PlanOutline,
): (readonly LabelDetail[])[] {
  const lists = plans.map((plan) => [
    ...orderDetails(problem, plan, nothing),
    ...machineDetails(problem, plan, nothing),
  ]);
  const frequency = new Map<string, number>();
  for (const detail of lists.flat()) frequency.set(nameOf(detail), (frequency.get(nameOf(detail)) ?? 0) + 1);
  return lists.map((list) => list.sort((a, b) => frequency.get(nameOf(a))! - frequency.get(nameOf(b))!));
}

/** What a detail is about, however much of it. */
export function nameOf({ key, params }: LabelDetail): string {
  return `${key} ${String(params['subject'])}`;
}

/** An operation whose machine or predecessor there no other plan has: what tells plans apart that are alike in all else. */
export function operationDetail(
  problem: Problem,
  plan: PlanOutline,
  others: readonly PlanOutline[],
): LabelDetail | undefined {
  const differs = (i: number, other: PlanOutline) =>
    plan.machine[i] !== other.machine[i] || plan.machineBefore[i] !== other.machineBefore[i];
  const own = problem.jobOrderIds.findIndex((_, i) => others.every((other) => differs(i, other)));
  if (own < 0) return undefined;
  const subject = problem.jobOrderIds[own]!;
  const machine = problem.machineIds[plan.machine[own]!]!;
  const other = problem.jobOrderIds[plan.machineBefore[own]!];
  if (other === undefined)
    return { key: 'operation-first', params: { subject, machine }, text: `${subject} first on ${machine}` };
  const text = `${subject} after ${other} on ${machine}`;
  return { key: 'operation-after', params: { subject, machine, other }, text };
}

function orderDetails(problem: Problem, plan: PlanOutline, nothing: PlanOutline): LabelDetail[] {
  return problem.requestIds.flatMap((subject, r): LabelDetail[] => {
    if (plan.late[r] === nothing.late[r]) return [];
    return plan.late[r] === 1
      ? [{ key: 'order-late', params: { subject }, text: `${subject} late` }]
      : [{ key: 'order-on-time', params: { subject }, text: `${subject} on time` }];
  });
}

function machineDetails(problem: Problem, plan: PlanOutline, nothing: PlanOutline): LabelDetail[] {
  const changes = problem.machineIds.map((subject, m) => ({ subject, more: plan.busy[m]! - nothing.busy[m]! }));
  changes.sort((a, b) => b.more - a.more);
  const hours = (ms: number) => String(Math.round(Math.abs(ms) / 360_000) / 10);
  const [most, least] = [changes[0], changes.at(-1)];
  return [
    ...(most && most.more >= leastMs ? [machineDetail('machine-more', most.subject, hours(most.more))] : []),
    ...(least && least.more <= -leastMs ? [machineDetail('machine-less', least.subject, hours(least.more))] : []),
  ];
}

function machineDetail(key: 'machine-more' | 'machine-less', subject: string, amount: string): LabelDetail {
  const word = key === 'machine-more' ? 'more' : 'less';
  return { key, params: { subject, amount }, text: `${amount} h ${word} work on ${subject}` };
}
