import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  buildProblem,
  Decoder,
  dispatch,
  dispatchRules,
  neverOnTime,
  type PlanInputs,
} from '../../src/planning/index.ts';
import { earliestEnds } from '../../src/planning/earliest-ends.ts';
import { randomCase } from './random-plant.ts';
import { northfieldEvent } from './northfield.ts';

const hour = 3_600_000;
const problemOf = ({ model, state, live, request }: PlanInputs) => buildProblem(model, state, live, request);

describe('orders that no plan can finish in time', () => {
  it('are found by ends that no plan of any rule goes below', () => {
    let compared = 0;
    let reached = 0;
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.integer({ min: 2, max: 5 }), (seed, machines) => {
        let problem;
        try {
          problem = problemOf(randomCase(seed, machines, 8));
        } catch {
          return;
        }
        const bound = earliestEnds(problem);
        const decoder = new Decoder(problem);
        for (const rule of dispatchRules) {
          const plan = decoder.decode(dispatch(problem, decoder, rule));
          if (!plan.complete) continue;
          plan.end.forEach((end, i) => {
            assert.ok(end >= bound[i]!, `seed ${seed}: ${problem.jobOrderIds[i]} ends at ${end}, bound ${bound[i]}`);
            if (problem.fixed[i] === 1) return;
            compared++;
            if (end === bound[i]) reached++;
          });
        }
      }),
      { numRuns: 60, seed: 20261126 },
    );
    assert.ok(compared > 2000 && reached > compared / 20, `${reached} of ${compared} ends are as early as can be`);
  });

  it('are said with the earliest end and what holds them up; those that can be in time are not', () => {
    const { model, state, live } = northfieldEvent(1, 20);
    const begun = new Set(state.jobOrders.filter((job) => job.startedAt !== undefined).map((job) => job.workRequestId));
    const wished = state.workRequests
      .map((r) => r.workRequestId)
      .filter((id) => !begun.has(id))
      .slice(0, 2);
    const inTime = state.at + 400 * hour;
    const tooSoon = state.at + hour;
    const due = (id: string) => (id === wished[0] ? tooSoon : inTime);
    const request = {
      from: state.at,
      frozenUntil: state.at,
      horizon: state.at + 240 * hour,
      constraints: wished.map((subject) => ({ kind: 'must-be-on-time' as const, subject })),
    };
    const workRequests = state.workRequests.map((r) => ({ ...r, dueAt: due(r.workRequestId) }));
    const lots = state.lots.map((lot) => ({ ...lot, availableAt: state.at + 50 * hour }));
    const never = neverOnTime(problemOf({ model, state: { ...state, workRequests, lots }, live, request }));
    assert.deepEqual([...never.keys()], [wished[0]]);
    const { key, params, text } = never.get(wished[0]!)!;
    assert.equal(key, 'never-on-time');
    assert.equal(params.dueAt, new Date(tooSoon).toISOString());
    assert.ok(Date.parse(String(params.endAt)) > tooSoon && text.includes(String(params.endAt)), text);
    assert.deepEqual([params.reason, params.about], ['material', 'BAR']);
  });
});
