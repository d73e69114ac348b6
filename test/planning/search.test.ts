import assert from 'node:assert/strict';
import { seededRandom } from '../../src/kernel/index.ts';
import {
  buildProblem,
  Decoder,
  dispatch,
  dispatchRules,
  doNothing,
  planKpis,
  repairLivePlan,
  searchAlternatives,
  type Alternative,
  type Problem,
} from '../../src/planning/index.ts';
import { assertSound, checkerOf, nonDominated, searchSound } from './judged.ts';
import { events, quietSituation } from './northfield.ts';

const down = () => events['machine down']!(quietSituation(2));

/** Share of the objective space between the best values and the worst of the first plans that some plans dominate. */
function hypervolume(plans: readonly Alternative[], best: readonly number[], worst: readonly number[]): number {
  // A tenth beyond the worst, so that a plan that is worst in one objective still counts.
  const random = seededRandom(1, 'test/hypervolume');
  const values = plans.map(({ plan }) => [...plan.objectives]);
  let hit = 0;
  const samples = 20_000;
  for (let s = 0; s < samples; s++) {
    const point = best.map((low, k) => low + 1.1 * (worst[k]! - low) * random.next());
    if (values.some((v) => v.every((x, k) => x <= point[k]!))) hit++;
  }
  return hit / samples;
}

function firstPlans(problem: Problem): Alternative[] {
  const decoder = new Decoder(problem);
  const solutions = [doNothing(problem), repairLivePlan(problem, decoder)];
  for (const rule of dispatchRules) solutions.push(dispatch(problem, decoder, rule));
  return solutions.map((solution) => {
    const plan = structuredClone(decoder.decode(solution));
    return { solution, plan, kpis: planKpis(problem, plan) };
  });
}

describe('search for alternatives', () => {
  it('starts from sound plans: doing nothing, the repaired plan, every dispatch rule', () => {
    for (const [name, happen] of Object.entries(events)) {
      const inputs = happen(quietSituation(3));
      const problem = buildProblem(inputs.model, inputs.state, inputs.live, inputs.request);
      const check = checkerOf(inputs);
      firstPlans(problem).forEach((alternative, i) => assertSound(check, problem, alternative, `${name}, start ${i}`));
    }
  });

  it('does nothing where nothing happened: the live plan, to the second', () => {
    const inputs = quietSituation(1);
    const problem = buildProblem(inputs.model, inputs.state, inputs.live, inputs.request);
    const plan = new Decoder(problem).decode(doNothing(problem));
    for (const [i, id] of problem.jobOrderIds.entries()) {
      const live = inputs.live.entries.find((e) => e.jobOrderId === id)!;
      assert.equal(problem.from + plan.start[i]!, live.start, id);
      assert.equal(problem.machineIds[plan.machine[i]!], live.equipmentId, id);
      assert.equal(problem.from + plan.end[i]!, live.end, id);
    }
  });

  for (const name of Object.keys(events))
    it(`answers "${name}" with fifty sound and distinct plans, doing nothing and the repaired one among them`, () => {
      for (const seed of [1, 2]) {
        const { problem, result, checked } = searchSound(
          events[name]!(quietSituation(seed)),
          { count: 50, seed, maxDecodes: 2500 },
          `${name}, seed ${seed}`,
        );
        assert.equal(result.alternatives.length, 50);
        const decoder = new Decoder(problem);
        const nothing = decoder.decode(doNothing(problem)).start;
        assert.deepEqual(result.alternatives[result.doNothing]!.plan.start, nothing);
        const repaired = decoder.decode(repairLivePlan(problem, decoder)).start;
        assert.deepEqual(result.alternatives[result.repaired]!.plan.start, repaired);
        if (name === 'wishes of a planner') {
          const keeping = checked.filter(({ missedWishes }) => missedWishes.length === 0).length;
          assert.ok(keeping >= 40, `${keeping} of 50 keep every wish`);
        }
      }
    });

  it('gives the same plans for the same seed and number of plans built, others for another seed', () => {
    const { model, state, live, request } = down();
    const problem = buildProblem(model, state, live, request);
    const run = (seed: number, limits: { maxDecodes?: number; timeLimitMs?: number }) =>
      searchAlternatives(problem, { count: 20, seed, ...limits });
    const timed = run(5, { timeLimitMs: 400 });
    const again = run(5, { maxDecodes: timed.decodes });
    assert.deepEqual(again, timed);
    assert.notDeepEqual(run(6, { maxDecodes: timed.decodes }).alternatives, timed.alternatives);
  });

  it('finds at least forty of fifty plans that no other dominates, spread over the objectives', function () {
    const { model, state, live, request } = down();
    const problem = buildProblem(model, state, live, request);
    const starts = firstPlans(problem);
    const { alternatives } = searchAlternatives(problem, { count: 50, seed: 1, maxDecodes: 12_000 });
    const columns = (list: readonly Alternative[], pick: (...values: number[]) => number) =>
      [0, 1, 2, 3, 4].map((k) => pick(...list.map(({ plan }) => plan.objectives[k]!)));
    const best = columns([...starts, ...alternatives], Math.min);
    const worst = columns(starts, Math.max);
    const before = hypervolume(starts, best, worst);
    const after = hypervolume(alternatives, best, worst);
    const free = nonDominated(alternatives);
    console.log(`      non-dominated ${free} of 50; hypervolume ${before.toFixed(3)} → ${after.toFixed(3)}`);
    assert.ok(free >= 40);
    assert.ok(after > 2 * before);
    const [tardiness, changeovers, instability] = columns(alternatives, Math.min);
    assert.ok(tardiness! < 0.5 * Math.min(...starts.map(({ plan }) => plan.objectives[0]!)));
    assert.ok(changeovers! <= Math.min(...starts.map(({ plan }) => plan.objectives[1]!)));
    assert.ok(instability! <= Math.min(...starts.map(({ plan }) => plan.objectives[2]!)));
    for (const [least, most] of [
      [0, 0.15],
      [0.15, 0.4],
      [0.4, 0.8],
      [0.8, 1],
    ] as const) {
      const there = alternatives.filter(({ plan: { objectives: o } }) => o[2]! >= least && o[2]! <= most).length;
      assert.ok(there >= 3, `${there} plans move between ${least} and ${most} of the operations`);
    }
  });

  it('has the repaired plan first, and builds thousands of plans a second', () => {
    const { model, state, live, request } = down();
    const began = process.cpuUsage();
    const problem = buildProblem(model, state, live, request);
    const decoder = new Decoder(problem);
    const repaired = decoder.decode(repairLivePlan(problem, decoder));
    const first = process.cpuUsage(began);
    assert.ok(repaired.complete);
    const firstMs = (first.user + first.system) / 1000;
    const searching = process.cpuUsage();
    const { decodes } = searchAlternatives(problem, { count: 50, seed: 1, maxDecodes: 6000 });
    const spent = process.cpuUsage(searching);
    const perSecond = decodes / ((spent.user + spent.system) / 1e6);
    console.log(`      first plan ${firstMs.toFixed(0)} ms, ${perSecond.toFixed(0)} plans per CPU second`);
    assert.ok(firstMs < 1000 && perSecond > 500);
  });

  it('ends when told, reports progress, and returns what it has', () => {
    const { model, state, live, request } = down();
    const problem = buildProblem(model, state, live, request);
    let clock = 0;
    const seen: { done: number; total: number; best: number }[] = [];
    const result = searchAlternatives(problem, {
      count: 10,
      seed: 1,
      timeLimitMs: 3000,
      now: () => (clock += 5),
      onProgress: (progress) => seen.push(progress),
      shouldStop: () => clock > 1500,
    });
    assert.equal(result.alternatives.length, 10);
    assert.ok(result.decodes < 400);
    assert.ok(seen.length >= 3 && seen.length <= 8);
    assert.ok(seen.every(({ done, total, best }, i) => done <= total && best <= (seen[i - 1]?.best ?? Infinity)));
  });

  it('follows weights and refuses one that names no objective', () => {
    const { model, state, live, request } = down();
    const problem = buildProblem(model, state, live, request);
    const least = (k: number, weights: Record<string, number>) =>
      Math.min(
        ...searchAlternatives(problem, { count: 10, seed: 1, maxDecodes: 4000, weights }).alternatives.map(
          ({ plan }) => plan.objectives[k]!,
        ),
      );
    assert.ok(least(1, { tardiness: 0.05, instability: 0, makespan: 0 }) <= least(1, { changeovers: 0 }));
    assert.throws(() => least(0, { speed: 1 }), { code: 'MW_PAYLOAD_INVALID' });
  });
});
