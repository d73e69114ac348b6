import { digestOf } from '../audit/index.ts';
import { MillwrightError } from '../kernel/index.ts';
import { shownContent, type ScenarioRecord, type ScenarioSet } from '../plant/index.ts';
import type { ApprovalPorts } from './ports.ts';

/** Roles whose signature decides over a plan. */
export const signingRoles: readonly string[] = ['planner', 'supervisor'];

/** A plan as the store holds it, with the set that it was shown in. */
export interface ShownPlan {
  set: ScenarioSet;
  scenario: ScenarioRecord;
}

/**
 * The plan behind an id, exactly as it was shown: its digest is computed anew from what the store holds and must
 * equal both the stored one and the one signed. `MW_PLAN_UNKNOWN`, or `MW_APPROVAL_STALE` where they differ.
 */
export async function loadShownPlan(
  ports: Pick<ApprovalPorts, 'findScenario'>,
  planId: string,
  signedDigest: string,
): Promise<ShownPlan> {
  const found = await ports.findScenario(planId);
  const scenario = found?.set.scenarios[found.index];
  if (!found || !scenario) throw new MillwrightError('MW_PLAN_UNKNOWN', { planId });
  if (digestOf(shownContent(scenario)) !== scenario.digest)
    throw new MillwrightError('MW_APPROVAL_STALE', { planId, reason: 'stored plan altered' });
  if (scenario.digest !== signedDigest)
    throw new MillwrightError('MW_APPROVAL_STALE', { planId, reason: 'another plan was shown' });
  return { set: found.set, scenario };
}

/** Refuses with `MW_APPROVAL_STALE` where the plant's planning inputs have changed since the plan was made. */
export async function checkInputsUnchanged(
  ports: Pick<ApprovalPorts, 'inputsDigest'>,
  { set, scenario }: ShownPlan,
  now: number,
): Promise<void> {
  if ((await ports.inputsDigest(now, scenario.plan.from)) !== set.inputsDigest)
    throw new MillwrightError('MW_APPROVAL_STALE', { planId: scenario.plan.scheduleId, reason: 'inputs changed' });
}
