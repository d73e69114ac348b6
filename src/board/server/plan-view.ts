import { isoInstant, MillwrightError } from '../../kernel/index.ts';
import type { LateExplanation, ScenarioRecord, ScenarioSet, WorkSchedule } from '../../plant/index.ts';
import type { DecisionView, LateView, PlanView, ScenarioView, SetView } from '../view.ts';
import type { BoardStore } from './options.ts';
import type { SetCache } from './set-cache.ts';

/** What would help a late plan. */
export function lateView({ planId, relaxations }: LateExplanation): LateView {
  return {
    planId,
    relaxations: relaxations.map(({ by, from, to, ...relaxation }) => ({
      ...relaxation,
      by: by ?? null,
      from: isoInstant(from),
      to: isoInstant(to),
    })),
  };
}

/** A set of alternatives without their bodies; rejects with `MW_RECORD_UNKNOWN`. */
export async function readSet(sets: SetCache, requestId: string): Promise<SetView> {
  const set = await sets.find(requestId);
  if (!set) throw new MillwrightError('MW_RECORD_UNKNOWN', { kind: 'set', id: requestId });
  return setView(set);
}

/** One plan with its entries and all that is known of it; rejects with `MW_PLAN_UNKNOWN`. */
export async function readPlan(store: BoardStore, sets: SetCache, planId: string): Promise<PlanView> {
  const scenario = await sets.scenario(planId);
  // The stored plan, not the set's copy, knows what has become of it.
  const plan = (await store.loadSchedule(planId)) ?? scenario?.plan;
  if (!plan) throw new MillwrightError('MW_PLAN_UNKNOWN', { planId });
  return planView(plan, scenario, await decisions(store, planId));
}

async function decisions(store: BoardStore, planId: string): Promise<DecisionView[]> {
  const signed = await store.approvalsOf(planId);
  return signed.map(({ decision, meaning, personId, authenticated, reason, signedAt }) => ({
    decision,
    meaning,
    personId,
    authenticated,
    reason,
    signedAt: isoInstant(signedAt),
  }));
}

/** A planner reads no more of them. */
const mostUnplanned = 20;

function setView({ requestId, eventId, basePlanId, createdAt, inputsDigest, ...set }: ScenarioSet): SetView {
  return {
    requestId,
    eventId: eventId ?? null,
    basePlanId,
    createdAt: isoInstant(createdAt),
    inputsDigest,
    seed: set.seed,
    replications: set.replications,
    dominated: set.dominated,
    wishes: set.request.constraints,
    wishCosts: set.wishCosts,
    unplannedCount: set.unplanned.length,
    unplanned: set.unplanned.slice(0, mostUnplanned).map(({ workRequestId, conflicts }) => ({
      workRequestId,
      conflicts: conflicts.slice(0, mostUnplanned).map((conflict) => ({ ...conflict, causes: conflict.causes ?? [] })),
    })),
    scenarios: set.scenarios.map(scenarioView),
  };
}

function scenarioView(scenario: ScenarioRecord): ScenarioView {
  const { digest, label, planned, simulated, changes, violations, warnings, bottleneck } = scenario;
  const { rank, plannedRank, pareto, doNothing } = scenario;
  return {
    planId: scenario.plan.scheduleId,
    digest,
    label,
    wording: scenario.wording ?? null,
    planned,
    simulated,
    changes,
    stagingCount: scenario.staging.length,
    instructionCount: scenario.instructionJobs.length,
    violations,
    warnings,
    bottleneck,
    rank,
    plannedRank,
    pareto,
    doNothing,
  };
}

function planView(plan: WorkSchedule, scenario: ScenarioRecord | undefined, signed: DecisionView[]): PlanView {
  return {
    planId: plan.scheduleId,
    label: scenario?.label ?? plan.label,
    status: plan.status,
    from: isoInstant(plan.from),
    frozenUntil: isoInstant(plan.frozenUntil),
    seed: plan.seed,
    inputDigest: plan.inputDigest,
    entries: plan.entries.map(({ jobOrderId, equipmentId, personId, start, end, setupSeconds, frozen }) => ({
      jobOrderId,
      equipmentId,
      personId: personId ?? null,
      start: isoInstant(start),
      end: isoInstant(end),
      setupSeconds,
      frozen,
    })),
    decisions: signed,
    lateReasons: (scenario?.lateReasons ?? []).map(({ chain, ...reason }) => ({
      ...reason,
      chain: chain.map(({ by, from, to, ...link }) => ({
        ...link,
        by: by ?? null,
        from: isoInstant(from),
        to: isoInstant(to),
      })),
    })),
    tardinessShares: scenario?.tardinessShares ?? [],
    staging: (scenario?.staging ?? []).map(({ lotId, needAt, ...need }) => ({
      ...need,
      lotId: lotId ?? null,
      needAt: isoInstant(needAt),
    })),
    instructionJobs: scenario?.instructionJobs ?? [],
    utilisation: scenario?.utilisation ?? {},
    oeeByLine: scenario?.oeeByLine ?? {},
  };
}
