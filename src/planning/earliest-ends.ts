import { isoInstant } from '../kernel/index.ts';
import type { MissedWish } from '../plant/index.ts';
import { earliestWithMaterial } from './constraints/materials.ts';
import { waitAfter } from './constraints/precedence.ts';
import { ResourceProfiles } from './constraints/shared-resources.ts';
import { earliestPlace } from './constraints/working-time.ts';
import { endOfWork } from './calendars.ts';
import { Decoder } from './decoder.ts';
import { explainLate } from './explain-late.ts';
import { topologicalOrder } from './order.ts';
import type { Problem } from './problem.ts';
import { repairLivePlan } from './repair.ts';

/** Reasons are given for so many wishes. */
const mostExplained = 10;

/**
 * Requests that must be on time and cannot be, not even if nothing but what runs or is frozen were in their way: a lower
 * bound of each operation's end on every machine (release, material, calendars, people and tools left over by what is
 * fixed, lags and transport; no setups) lies behind the due date. The reason is the longest wait of a plan in which they
 * come first. By request; as a rule there are none, which costs one pass over the problem.
 */
export function neverOnTime(problem: Problem): Map<string, MissedWish> {
  const { requestIds, mustBeOnTime, requestOf, due, from } = problem;
  const found = new Map<string, MissedWish>();
  if (!mustBeOnTime.includes(1)) return found;
  const ends = earliestEnds(problem);
  const earliest = new Float64Array(requestIds.length).fill(-Infinity);
  requestOf.forEach((request, i) => (earliest[request] = Math.max(earliest[request]!, ends[i]!)));
  const late = [...requestIds.keys()].filter((r) => mustBeOnTime[r] === 1 && earliest[r]! > due[r]!);
  for (const request of late.slice(0, mostExplained)) {
    if (earliest[request] === Infinity) continue;
    const subject = requestIds[request]!;
    const [dueAt, endAt] = [due[request]!, earliest[request]!].map((at) => isoInstant(from + at)) as [string, string];
    const { jobOrderId: job, reason, subject: about } = whyLate(problem, request, subject);
    found.set(subject, {
      key: 'never-on-time',
      params: { subject, dueAt, endAt, job, reason, about },
      text: `${subject} must be on time at ${dueAt}, which no plan can keep: even alone it ends at ${endAt} at the earliest (${job}: ${reason} ${about})`,
    });
  }
  return found;
}

/** By operation, a lower bound of its end in any plan of this problem, relative to the plan's start. */
export function earliestEnds(problem: Problem): Float64Array {
  const { fixed, altOffset, altMachine, altRun, altCalendar, altEarliest, calendars, mayPause } = problem;
  const resources = new ResourceProfiles(problem.pools);
  const n = fixed.length;
  const ends = new Float64Array(n);
  for (let i = 0; i < n; i++) ends[i] = fixed[i] === 1 ? problem.fixedEnd[i]! : Infinity;
  // By alternative: the end there.
  const endOn = new Float64Array(altMachine.length).fill(Infinity);
  for (const i of topologicalOrder(problem, new Float64Array(n))) {
    const material = earliestWithMaterial(problem, i, problem.fixedClaims);
    for (let a = altOffset[i]!; a < altOffset[i + 1]!; a++) {
      const machine = altMachine[a]!;
      const after = readyAfterPredecessors(problem, i, machine, ends, endOn);
      const ready = Math.max(altEarliest[a]!, problem.machineReady[machine]!, material, after);
      if (ready === Infinity) continue;
      const pausing = mayPause[i] === 1;
      const start = earliestPlace(problem, resources, i, altCalendar[a]!, ready, altRun[a]!, pausing);
      if (start === Infinity) continue;
      endOn[a] = endOfWork(calendars, altCalendar[a]!, start, altRun[a]!);
      ends[i] = Math.min(ends[i]!, endOn[a]!);
    }
  }
  return ends;
}

/** Predecessors that pass parts on in transfers do not bound the start. */
function readyAfterPredecessors(
  problem: Problem,
  i: number,
  machine: number,
  ends: Float64Array,
  endOn: Float64Array,
): number {
  const { pred, predOffset, transfer, fixed, fixedMachine, altOffset, altMachine } = problem;
  let ready = -Infinity;
  for (let p = predOffset[i]!; p < predOffset[i + 1]!; p++) {
    if (transfer[p]! > 0) continue;
    const before = pred[p]!;
    let there = Infinity;
    if (fixed[before] === 1) there = ends[before]! + waitAfter(problem, p, machine, fixedMachine[before]!);
    else
      for (let b = altOffset[before]!; b < altOffset[before + 1]!; b++)
        there = Math.min(there, endOn[b]! + waitAfter(problem, p, machine, altMachine[b]!));
    ready = Math.max(ready, there);
  }
  return ready;
}

/** What holds a request up longest in a plan in which it comes first, on the machines where it ends first. */
function whyLate(problem: Problem, request: number, subject: string) {
  const decoder = new Decoder(problem);
  const solution = repairLivePlan(problem, decoder);
  const own = problem.requestOf.map((of) => (of === request ? 1 : 0));
  const key = Float64Array.from(own, (first) => -first);
  // What it waits for comes first with it.
  const order = topologicalOrder(problem, key);
  for (const i of [...order].reverse())
    for (let p = problem.predOffset[i]!; p < problem.predOffset[i + 1]!; p++)
      key[problem.pred[p]!] = Math.min(key[problem.pred[p]!]!, key[i]!);
  const quickest = Uint8Array.from(key, (value) => (value < 0 ? 1 : 0));
  const hold = solution.hold.map((held, i) => (quickest[i] === 1 ? 0 : held));
  const first = { ...solution, order: topologicalOrder(problem, key), hold };
  const plan = decoder.decode(first, quickest);
  const why = plan.complete ? explainLate(problem, plan).find((late) => late.workRequestId === subject) : undefined;
  return why ?? { jobOrderId: subject, reason: 'run-time' as const, subject: '' };
}
