import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MillwrightError, seededRandom } from '../../src/kernel/index.ts';
import { buildProblem, checkPlan, Decoder, explainLate } from '../../src/planning/index.ts';
import { Moves, moveKinds, type Current } from '../../src/planning/search/moves.ts';
import { copySolution } from '../../src/planning/problem.ts';
import { Variants } from '../../src/planning/variants/variants.ts';
import { dispatch } from '../../src/planning/index.ts';
import { checkerOf, scheduleOf, searchSound } from './judged.ts';
import { randomCase } from './random-plant.ts';

const plants = [fc.nat(1_000_000), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 9 })] as const;

/** Runs where a plan is possible; where none is, the error must name what is missing. Says whether it was. */
function unlessInfeasible(run: () => void): boolean {
  try {
    run();
    return true;
  } catch (thrown) {
    if (!(thrown instanceof MillwrightError) || thrown.code !== 'MW_PLAN_INFEASIBLE') throw thrown;
    assert.ok(Array.isArray(thrown.cause) && thrown.cause.length > 0);
    return false;
  }
}

describe('plans of small random plants', () => {
  it('pass the independent checker, with the same KPIs and the same missed wishes', () => {
    let possible = 0;
    const runs = 250;
    fc.assert(
      fc.property(...plants, (seed, machines, requests) => {
        const inputs = randomCase(seed, machines, requests);
        const planned = unlessInfeasible(() => {
          const { problem, result, checked } = searchSound(inputs, { count: 8, seed, maxDecodes: 150 }, `seed ${seed}`);
          result.alternatives.forEach(({ plan }, i) => {
            const missed = checked[i]!.missedWishes.filter(({ key }) => key !== 'unknown');
            assert.equal(
              missed.length > 0,
              plan.breachSeconds > 0,
              `seed ${seed}: ${missed.map(({ text }) => text).join()}`,
            );
            assert.equal(explainLate(problem, plan).length, plan.lateRequests);
          });
        });
        if (planned) possible++;
      }),
      { numRuns: runs, seed: 20261124 },
    );
    assert.ok(possible > 0.8 * runs, `${possible} of ${runs} plants have a plan`);
  });

  it('are judged one after the other as each by a checker of its own, whatever is wrong with them', () => {
    let refused = 0;
    fc.assert(
      fc.property(...plants, (seed, machines, requests) => {
        const inputs = randomCase(seed, machines, requests);
        const { model, state, live, request } = inputs;
        unlessInfeasible(() => {
          const problem = buildProblem(model, state, live, request);
          const solution = dispatch(problem, new Decoder(problem), 'slack');
          const plan = scheduleOf(problem, { plan: new Decoder(problem).decode(solution) });
          const random = seededRandom(seed, 'test/spoiled');
          const check = checkerOf(inputs);
          for (let i = 0; i < 4; i++) {
            const entries = plan.entries.flatMap((entry) => {
              if (random.next() > 0.3) return [entry];
              const by = Math.round((random.next() - 0.5) * 7_200_000);
              const other = random.pick(plan.entries).equipmentId;
              return random.pick([
                [],
                [{ ...entry, end: entry.end + by }],
                [{ ...entry, start: entry.start + by, end: entry.end + by }],
                [{ ...entry, equipmentId: other }],
              ]);
            });
            const spoiled = { ...plan, entries };
            const judged = check(spoiled);
            assert.deepEqual(judged, checkPlan(model, state, spoiled, request, live));
            refused += judged.violations.length > 0 ? 1 : 0;
          }
        });
      }),
      { numRuns: 60, seed: 20261126 },
    );
    assert.ok(refused > 120, `${refused} plans were refused`);
  });

  it('are the same whether a variant is built by propagation or from scratch', () => {
    fc.assert(
      fc.property(...plants, (seed, machines, requests) => {
        const { model, state, live, request } = randomCase(seed, machines, requests * 3);
        unlessInfeasible(() => {
          const problem = buildProblem(model, state, live, request);
          const random = seededRandom(seed, 'test/variants');
          const moves = new Moves(problem, random);
          const scratch = new Decoder(problem);
          const variants = new Variants(problem, new Decoder(problem));
          const solution = dispatch(problem, scratch, 'slack');
          if (!moves.possible || !variants.stand(solution).complete) return;
          const position = new Int32Array(problem.jobOrderIds.length);
          const current: Current = { solution, plan: variants.kept, position };
          for (let step = 0; step < 30; step++) {
            solution.order.forEach((i, at) => (position[i] = at));
            moves.read(current);
            const trial = copySolution(solution);
            if (!moves.make(random.pick(moveKinds), current, trial)) continue;
            const other = copySolution(trial);
            const fast = variants.vary(trial, moves.quickest);
            const slow = scratch.decode(other, moves.quickest);
            assert.equal(fast.complete, slow.complete);
            if (!fast.complete) continue;
            assert.deepEqual(fast, slow);
            assert.deepEqual(trial, other);
            if (random.next() < 0.4) continue;
            variants.keep();
            solution.order.set(trial.order);
            solution.choice.set(trial.choice);
            solution.hold.set(trial.hold);
          }
        });
      }),
      { numRuns: 80, seed: 7 },
    );
  });
});
