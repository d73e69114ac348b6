import type { Approval } from '../contracts/index.ts';
import { isoInstant, MillwrightError, uuidv7, type Clock } from '../kernel/index.ts';
import type { ApprovalPorts, SignedApproval, Signer } from './ports.ts';
import { checkInputsUnchanged, loadShownPlan, signingRoles } from './shown-plan.ts';

/** A person's decision on a plan, as it comes from a page. */
export interface SignRequest {
  planId: string;
  /** The digest that the page showed. */
  planDigest: string;
  decision: 'approved' | 'rejected';
  meaning: 'reviewed' | 'approved' | 'rejected';
  /** Needed for a rejection. */
  reason: string;
  person: Signer;
  clock: Clock;
  /** Set only where the demo plant's board is on loopback: such a signature is marked, stored and shown as such. */
  allowUnauthenticated?: boolean;
  /** Chain of messages that it belongs to. */
  correlationId?: string;
}

/** Signing by store: one signature after the other, so that of two planners at once only one decides. */
const signing = new WeakMap<ApprovalPorts, Promise<unknown>>();

/**
 * Signs a plan and returns the payload of `mw.approval.v1`. Checked against what the store holds, not against what
 * the page says: `MW_APPROVAL_UNAUTHENTICATED`, `MW_APPROVAL_ROLE`, `MW_REASON_MISSING`, `MW_PLAN_UNKNOWN`,
 * `MW_PLAN_DECIDED` (live, superseded or already signed), `MW_APPROVAL_STALE` (another plan was shown, or the inputs
 * of one to be approved have changed since). The signature is saved in one transaction with its audit entry, or not at all.
 */
export async function signApproval(ports: ApprovalPorts, request: SignRequest): Promise<Approval> {
  checkSigner(request);
  checkMeaning(request);
  const before = signing.get(ports) ?? Promise.resolve();
  const mine = before.then(() => decide(ports, request));
  signing.set(
    ports,
    mine.catch(() => undefined),
  );
  return mine;
}

/** Whether a signature decides over a plan; one that is only `reviewed` does not. */
export function isDecisive(approval: Pick<SignedApproval, 'meaning'>): boolean {
  return approval.meaning !== 'reviewed';
}

async function decide(ports: ApprovalPorts, request: SignRequest): Promise<Approval> {
  const { planId, planDigest, decision, meaning, reason, person, clock, correlationId } = request;
  const shown = await loadShownPlan(ports, planId, planDigest);
  const { status } = shown.scenario.plan;
  if (status !== 'proposed') throw new MillwrightError('MW_PLAN_DECIDED', { planId, status });
  const decided = (await ports.approvalsOf(planId)).find(isDecisive);
  if (decided) throw new MillwrightError('MW_PLAN_DECIDED', { planId, status: decided.decision });
  if (decision === 'approved') await checkInputsUnchanged(ports, shown, clock.now());

  const signedAt = clock.now();
  const signature = { approvalId: uuidv7(clock), planId, planDigest, decision, meaning, reason: reason.trim() };
  const { personId, role, authenticated } = person;
  await ports.saveApproval(
    { ...signature, personId, role, authenticated, signedAt },
    { id: personId, role, authenticated, ...(correlationId === undefined ? {} : { correlationId }) },
  );
  return { ...signature, personId, signedAt: isoInstant(signedAt) };
}

function checkSigner({ person, allowUnauthenticated }: SignRequest): void {
  if (!person.authenticated && allowUnauthenticated !== true)
    throw new MillwrightError('MW_APPROVAL_UNAUTHENTICATED', { personId: person.personId });
  if (!signingRoles.includes(person.role))
    throw new MillwrightError('MW_APPROVAL_ROLE', { role: person.role, expected: signingRoles.join(', ') });
}

function checkMeaning({ decision, meaning, reason }: SignRequest): void {
  if (meaning !== 'reviewed' && meaning !== decision)
    throw new MillwrightError('MW_PAYLOAD_INVALID', {
      contract: 'mw.approval.v1',
      pointer: '/meaning',
      found: meaning,
      expected: `reviewed or ${decision}`,
    });
  if (decision === 'rejected' && reason.trim() === '') throw new MillwrightError('MW_REASON_MISSING');
}
