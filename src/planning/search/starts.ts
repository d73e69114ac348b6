import type { Decoded, Decoder } from '../decoder.ts';
import { campaigns, dispatch, dispatchRules } from '../dispatch-rules.ts';
import { earliestEnds } from '../earliest-ends.ts';
import { Conflicts } from '../infeasible.ts';
import { copySolution, type Problem, type Solution } from '../problem.ts';
import { doNothing, repairLivePlan } from '../repair.ts';
import { largePlan } from '../variants/variants.ts';

/** The first plans of a search, each of them complete. */
export interface Starts {
  nothing: Solution;
  repaired: Solution;
  others: Solution[];
}

/**
 * Lengths of campaigns, as shares of the range of latest starts. Local moves alone do not get there in a large plan: the
 * alternatives of 5,000 and 20,000 operations dominate 1.6 and 2.0 times the volume with them. Small plans gain
 * nothing (test/bench/rich, November 2026).
 */
const campaignLengths = [0.01, 0.02, 0.05, 0.1, 0.2, 0.4];
/** Shares of the live plan that the half-new plans keep. */
const keptShares = [0.25, 0.5, 0.75, 0.9];

/**
 * Doing nothing, the repaired live plan, both without waiting, every dispatch rule, live plans whose earlier part
 * stays while the rest follows a rule, and of large plans campaigns. Where even doing nothing leaves an operation
 * without a place, the first plan that is complete stands for it.
 * @throws `MW_PLAN_INFEASIBLE` naming the operations that find no place, where no plan is complete
 */
export function firstPlans(problem: Problem, decoder: Decoder): Starts {
  const nothing = doNothing(problem);
  const repaired = repairLivePlan(problem, decoder);
  const eager = [nothing, repaired].map((solution) => {
    const copy = copySolution(solution);
    copy.hold.fill(0);
    return copy;
  });
  const byRule = dispatchRules.map((rule) => dispatch(problem, decoder, rule));
  const large = nothing.order.length > largePlan;
  const inCampaigns = large ? campaignLengths.map((share) => campaigns(problem, decoder, share)) : [];
  const halfNew = keptShares.map((share) => keepEarlier(problem, repaired, byRule[1]!, share));
  const all = [nothing, repaired, ...eager, ...byRule, ...halfNew, ...inCampaigns];
  const complete = all.map((solution) => decodeWithPlace(problem, decoder, solution).complete);
  const usable = all.filter((_, i) => complete[i]);
  if (usable.length === 0) refuse(problem, decodeWithPlace(problem, decoder, nothing).failedAt);
  return {
    nothing: complete[0] ? nothing : usable[0]!,
    repaired: complete[1] ? repaired : usable[0]!,
    others: usable,
  };
}

/** One solution up to a share of its operations, the other one's machines and order from there on. */
function keepEarlier(problem: Problem, first: Solution, then: Solution, share: number): Solution {
  const mixed = copySolution(first);
  let cut = Math.floor(first.order.length * share);
  while (cut < first.order.length && problem.blockFirst[first.order[cut]!] !== first.order[cut]) cut++;
  const kept = new Uint8Array(problem.jobOrderIds.length);
  for (const i of first.order.subarray(0, cut)) kept[i] = 1;
  mixed.order.set(
    then.order.filter((i) => kept[i] === 0),
    cut,
  );
  for (const i of mixed.order.subarray(cut)) {
    mixed.choice[i] = then.choice[i]!;
    mixed.hold[i] = 0;
  }
  return mixed;
}

/** Decodes; an operation that finds no place on its machine takes its quickest one with its block, written into the solution. */
function decodeWithPlace(problem: Problem, decoder: Decoder, solution: Solution): Decoded {
  const elsewhere = new Uint8Array(problem.jobOrderIds.length);
  for (;;) {
    const plan = decoder.decode(solution, elsewhere);
    if (plan.complete || elsewhere[plan.failedAt] === 1) return plan;
    const { blockFirst, blockNext } = problem;
    for (let i = blockFirst[plan.failedAt]!; i >= 0; i = blockNext[i]!) elsewhere[i] = 1;
  }
}

/**
 * Names the operations that have no place even alone, behind predecessors that have one; where each has one alone, those
 * of the block that found none together.
 */
function refuse(problem: Problem, failed: number): never {
  const { jobOrderIds, machineIds, pred, predOffset, altOffset, altMachine, blockFirst } = problem;
  const ends = earliestEnds(problem);
  const isFree = (i: number) => ends[i]! < Infinity;
  const all = [...jobOrderIds.keys()];
  const alone = all.filter((i) => !isFree(i) && pred.subarray(predOffset[i], predOffset[i + 1]).every(isFree));
  const together = all.filter((i) => problem.fixed[i] === 0 && blockFirst[i] === blockFirst[failed]);
  const conflicts = new Conflicts();
  for (const i of alone.length > 0 ? alone : together) {
    const machines = altMachine.subarray(altOffset[i], altOffset[i + 1]);
    conflicts.add('no-open-time', jobOrderIds[i]!, [...machines].map((machine) => machineIds[machine]).join(', '));
  }
  return conflicts.throwThem();
}
