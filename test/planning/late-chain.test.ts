import assert from 'node:assert/strict';
import fc from 'fast-check';
import { mergeIntervals, MillwrightError } from '../../src/kernel/index.ts';
import { buildProblem, Decoder, dispatch, doNothing, explainLate, tardinessShares } from '../../src/planning/index.ts';
import type { Problem } from '../../src/planning/index.ts';
import { lateReasonKinds } from '../../src/plant/index.ts';
import { randomCase } from './random-plant.ts';

const plants = [fc.nat(1_000_000), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 2, max: 14 })] as const;

/** Two plans of a random plant, late throughout; none where no plan is possible. */
function latePlans(seed: number, machines: number, requests: number) {
  const { model, state, live, request } = randomCase(seed, machines, requests);
  const early = { ...state, workRequests: state.workRequests.map((r) => ({ ...r, dueAt: request.from })) };
  let problem: Problem;
  try {
    problem = buildProblem(model, early, live, request);
  } catch (thrown) {
    assert.ok(thrown instanceof MillwrightError && thrown.code === 'MW_PLAN_INFEASIBLE');
    return [];
  }
  return [doNothing, (p: Problem) => dispatch(p, new Decoder(p), 'slack')].flatMap((rule) => {
    const plan = new Decoder(problem).decode(rule(problem));
    return plan.complete ? [{ problem, plan, reasons: explainLate(problem, plan) }] : [];
  });
}

describe('why requests are late, as a chain', () => {
  it('accounts for every second from the plan’s start to the end of the request', () => {
    const seen = new Map<string, number>();
    let requests = 0;
    fc.assert(
      fc.property(...plants, (...arbitrary) => {
        for (const { problem, plan, reasons } of latePlans(...arbitrary)) {
          assert.equal(reasons.length, plan.lateRequests);
          for (const { workRequestId, lateSeconds, chain, reason, subject } of reasons) {
            requests++;
            const due = problem.due[problem.requestIds.indexOf(workRequestId)]!;
            const sum = chain.reduce((total, link) => total + link.seconds, 0);
            assert.ok(Math.abs(sum - (due / 1000 + lateSeconds)) < 1e-3, `${workRequestId}: ${sum}`);
            const end = problem.from + due + lateSeconds * 1000;
            for (const link of chain) {
              seen.set(link.reason, (seen.get(link.reason) ?? 0) + 1);
              assert.ok(link.seconds > 0 && link.seconds <= (link.to - link.from) / 1000 + 1e-6);
              assert.ok(link.from >= problem.from && link.to <= end);
              assert.ok(problem.jobOrderIds.includes(link.jobOrderId));
            }
            const stretches = mergeIntervals(chain.map(({ from, to }) => ({ start: from, end: to })));
            assert.deepEqual(stretches, [{ start: problem.from, end }], 'without a gap');
            const waits = chain.filter((link) => link.reason !== 'run-time' && link.reason !== 'setup');
            if (waits.length > 0) assert.ok(waits.some((w) => w.reason === reason && w.subject === subject));
          }
        }
      }),
      { numRuns: 80, seed: 20261126 },
    );
    assert.ok(requests > 500, `${requests} requests`);
    for (const kind of lateReasonKinds) assert.ok((seen.get(kind) ?? 0) > 0, `${kind} never met`);
  });

  it('names who has the machine: the operation before on it, which ends when the wait does', () => {
    fc.assert(
      fc.property(...plants, (...arbitrary) => {
        for (const { problem, plan, reasons } of latePlans(...arbitrary))
          for (const { by, to, reason, equipmentId } of reasons.flatMap(({ chain }) => chain)) {
            assert.equal(by !== undefined, reason === 'machine-busy');
            if (by === undefined) continue;
            const holder = problem.jobOrderIds.indexOf(by);
            assert.equal(problem.machineIds[plan.machine[holder]!], equipmentId);
            assert.equal(problem.from + plan.end[holder]!, to);
          }
      }),
      { numRuns: 40, seed: 3 },
    );
  });

  it('shares out exactly the weighted tardiness', () => {
    fc.assert(
      fc.property(...plants, (...arbitrary) => {
        for (const { problem, plan, reasons } of latePlans(...arbitrary)) {
          const shares = tardinessShares(problem, reasons);
          const sum = shares.reduce((total, { seconds }) => total + seconds, 0);
          assert.ok(Math.abs(sum - plan.objectives[0]!) <= 1e-9 * sum, `${sum} of ${plan.objectives[0]}`);
          assert.ok(shares.every(({ seconds }, i) => seconds > 0 && seconds <= (shares[i - 1]?.seconds ?? Infinity)));
          assert.equal(new Set(shares.map(({ reason }) => reason)).size, shares.length);
        }
      }),
      { numRuns: 40, seed: 5 },
    );
  });
});
