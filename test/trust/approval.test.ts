import assert from 'node:assert/strict';
import { Approval } from '../../src/contracts/index.ts';
import { compileCheck, MillwrightError } from '../../src/kernel/index.ts';
import type { ScenarioSet } from '../../src/plant/index.ts';
import {
  effectiveMode,
  signApproval,
  type ApprovalPorts,
  type SignedApproval,
  type SignRequest,
} from '../../src/trust/index.ts';
import { now, proposedPlan, scenarioSet } from './small-plant.ts';

const inputs = 'a'.repeat(64);

class Shelf implements ApprovalPorts {
  readonly saved: SignedApproval[] = [];
  readonly actors: unknown[] = [];
  inputs = inputs;
  set: ScenarioSet = scenarioSet(inputs, [proposedPlan('PLAN-1'), proposedPlan('PLAN-2')]);

  findScenario(planId: string) {
    const index = this.set.scenarios.findIndex((s) => s.plan.scheduleId === planId);
    return Promise.resolve(index < 0 ? undefined : { set: this.set, index });
  }
  inputsDigest() {
    return Promise.resolve(this.inputs);
  }
  approvalsOf(planId: string) {
    return Promise.resolve(this.saved.filter((a) => a.planId === planId));
  }
  async saveApproval(approval: SignedApproval, actor: unknown) {
    await new Promise((resolve) => setTimeout(resolve, 2));
    this.saved.push(approval);
    this.actors.push(actor);
  }
}

function request(shelf: Shelf, change: Partial<SignRequest> = {}): SignRequest {
  return {
    planId: 'PLAN-1',
    planDigest: shelf.set.scenarios[0]!.digest,
    decision: 'approved',
    meaning: 'approved',
    reason: '',
    person: { personId: 'P-1', role: 'planner', authenticated: true },
    clock: { now: () => now },
    ...change,
  };
}

async function refusal(promise: Promise<unknown>): Promise<MillwrightError> {
  try {
    await promise;
  } catch (thrown) {
    assert.ok(thrown instanceof MillwrightError, String(thrown));
    return thrown;
  }
  return assert.fail('was not refused');
}

describe('signing a plan', () => {
  let shelf: Shelf;
  beforeEach(() => {
    shelf = new Shelf();
  });

  it('saves what was signed, by whom and when, and returns its contract', async () => {
    const payload = await signApproval(shelf, request(shelf, { correlationId: 'chain' }));
    assert.equal(compileCheck(Approval)(payload), undefined);
    assert.equal(Date.parse(payload.signedAt), now);
    const [saved] = shelf.saved;
    assert.equal(saved?.approvalId, payload.approvalId);
    assert.equal(saved.role, 'planner');
    assert.equal(saved.signedAt, now);
    assert.deepEqual(shelf.actors, [{ id: 'P-1', role: 'planner', authenticated: true, correlationId: 'chain' }]);
  });

  it('refuses whoever is not logged in, except where the caller allows it, and then marks it', async () => {
    const person = { personId: 'demo', role: 'planner', authenticated: false };
    assert.equal((await refusal(signApproval(shelf, request(shelf, { person })))).code, 'MW_APPROVAL_UNAUTHENTICATED');
    assert.equal(shelf.saved.length, 0);
    await signApproval(shelf, request(shelf, { person, allowUnauthenticated: true }));
    assert.equal(shelf.saved[0]?.authenticated, false);
  });

  it('refuses roles that may not sign', async () => {
    for (const role of ['viewer', 'operator', 'Planner', '']) {
      const person = { personId: 'P-2', role, authenticated: true };
      assert.equal((await refusal(signApproval(shelf, request(shelf, { person })))).code, 'MW_APPROVAL_ROLE');
    }
    const person = { personId: 'P-3', role: 'supervisor', authenticated: true };
    await signApproval(shelf, request(shelf, { person }));
    assert.equal(shelf.saved.length, 1);
  });

  it('wants a reason for a rejection, and a meaning that fits', async () => {
    const rejected = { decision: 'rejected', meaning: 'rejected' } as const;
    assert.equal(
      (await refusal(signApproval(shelf, request(shelf, { ...rejected, reason: '  ' })))).code,
      'MW_REASON_MISSING',
    );
    assert.equal(
      (await refusal(signApproval(shelf, request(shelf, { meaning: 'rejected' })))).code,
      'MW_PAYLOAD_INVALID',
    );
    shelf.inputs = 'b'.repeat(64);
    await signApproval(shelf, request(shelf, { ...rejected, reason: 'too many setups' }));
    assert.equal(shelf.saved[0]?.decision, 'rejected');
  });

  it('refuses a plan that was altered in the store, whatever part of it', async () => {
    const alter: ((set: ScenarioSet) => void)[] = [
      (set) => (set.scenarios[0]!.plan.entries[0]!.equipmentId = 'WASH-24'),
      (set) => (set.scenarios[0]!.plan.entries[3]!.start += 1),
      (set) => (set.scenarios[0]!.planned.lateOrders = 3),
      (set) => (set.scenarios[0]!.simulated.makespanSeconds.p90 += 1),
      (set) => set.scenarios[0]!.staging.pop(),
      (set) => set.scenarios[0]!.violations.push({ key: 'lock', params: {}, text: 'a wish' }),
      (set) => (set.scenarios[0]!.label = 'other words'),
      (set) => (set.scenarios[0]!.rank = 2),
    ];
    for (const change of alter) {
      const fresh = new Shelf();
      change(fresh.set);
      const error = await refusal(signApproval(fresh, request(fresh)));
      assert.equal(error.code, 'MW_APPROVAL_STALE');
      assert.equal(fresh.saved.length, 0);
    }
  });

  it('refuses when the page showed another digest or the inputs have changed', async () => {
    const other = await refusal(signApproval(shelf, request(shelf, { planDigest: 'c'.repeat(64) })));
    assert.deepEqual([other.code, other.params.reason], ['MW_APPROVAL_STALE', 'another plan was shown']);
    shelf.inputs = 'b'.repeat(64);
    const changed = await refusal(signApproval(shelf, request(shelf)));
    assert.deepEqual([changed.code, changed.params.reason], ['MW_APPROVAL_STALE', 'inputs changed']);
    assert.equal(shelf.saved.length, 0);
  });

  it('refuses unknown, live, superseded and decided plans', async () => {
    assert.equal((await refusal(signApproval(shelf, request(shelf, { planId: 'PLAN-9' })))).code, 'MW_PLAN_UNKNOWN');
    for (const status of ['published', 'superseded', 'rejected', 'approved'] as const) {
      const fresh = new Shelf();
      fresh.set.scenarios[0]!.plan.status = status;
      const error = await refusal(signApproval(fresh, request(fresh)));
      assert.deepEqual([error.code, error.params.status], ['MW_PLAN_DECIDED', status]);
    }
    await signApproval(shelf, request(shelf));
    assert.equal((await refusal(signApproval(shelf, request(shelf)))).code, 'MW_PLAN_DECIDED');
  });

  it('lets one of two planners decide who sign at the same moment', async () => {
    const signed = await Promise.allSettled([
      signApproval(shelf, request(shelf)),
      signApproval(shelf, request(shelf, { decision: 'rejected', meaning: 'rejected', reason: 'no' })),
      signApproval(shelf, request(shelf)),
    ]);
    assert.deepEqual(
      signed.map((s) => s.status),
      ['fulfilled', 'rejected', 'rejected'],
    );
    assert.equal(shelf.saved.length, 1);
  });

  it('goes on after a refusal, and lets a review precede the decision', async () => {
    await refusal(signApproval(shelf, request(shelf, { planDigest: 'c'.repeat(64) })));
    await signApproval(shelf, request(shelf, { meaning: 'reviewed' }));
    await signApproval(shelf, request(shelf));
    assert.deepEqual(
      shelf.saved.map((a) => a.meaning),
      ['reviewed', 'approved'],
    );
  });
});

describe('the mode that counts', () => {
  it('is the lower of what is in force and what the site allows', async () => {
    const ladder = ['shadow', 'advise', 'write'] as const;
    for (const [i, inForce] of ladder.entries())
      for (const [j, highestMode] of ladder.entries()) {
        const asked: string[] = [];
        const ports = {
          modeInForce: (useCase: string, field: string) => {
            asked.push(`${useCase}.${field}`);
            return Promise.resolve(inForce);
          },
        };
        const mode = await effectiveMode(ports, { useCase: 'planning', field: 'plan', highestMode });
        assert.equal(mode, ladder[Math.min(i, j)]);
        assert.deepEqual(asked, ['planning.plan']);
      }
  });
});
