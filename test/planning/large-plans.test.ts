import assert from 'node:assert/strict';
import { seededRandom } from '../../src/kernel/index.ts';
import { buildProblem, Decoder, searchAlternatives, toWorkSchedule } from '../../src/planning/index.ts';
import { campaigns } from '../../src/planning/dispatch-rules.ts';
import { between } from '../../src/planning/search/relink.ts';
import { firstPlans } from '../../src/planning/search/starts.ts';
import { richEvent, situationAfter } from '../bench/rich/events.ts';
import { richInstance } from '../bench/rich/instance.ts';
import { distinctCount } from '../bench/scenarios/fronts.ts';

describe('plans of thousands of operations', () => {
  const instance = richInstance(2500, 1);
  const { model, state, live, request } = situationAfter(instance, richEvent(instance, 0));
  const problem = buildProblem(model, state, live, request);
  const decoder = new Decoder(problem);

  it('campaigns save changeovers, the longer the more', () => {
    const [short, middle, long] = [0.01, 0.1, 0.4].map((share) => {
      const plan = decoder.decode(campaigns(problem, decoder, share));
      assert.ok(plan.complete);
      return plan.objectives[1]!;
    }) as [number, number, number];
    assert.ok(short > middle && middle > long, [short, middle, long].join(' > '));
  });

  it('a plan between two is complete, keeps precedence and takes each machine from one of them', () => {
    const random = seededRandom(1, 'test/relink');
    const { others } = firstPlans(problem, decoder);
    for (let k = 0; k < 40; k++) {
      const [a, b] = [random.pick(others), random.pick(others)];
      const mixed = between(problem, a, b, random);
      const done = problem.fixed.slice();
      for (const i of mixed.order) {
        assert.equal(done[i], 0);
        for (let p = problem.predOffset[i]!; p < problem.predOffset[i + 1]!; p++)
          assert.equal(done[problem.pred[p]!], 1);
        assert.ok(mixed.choice[i] === a.choice[i] || mixed.choice[i] === b.choice[i]);
        done[i] = 1;
      }
      assert.ok(!done.includes(0));
      assert.ok(decoder.decode(mixed).complete);
    }
  });

  it('differ from each other as a planner would see it', () => {
    const { alternatives } = searchAlternatives(problem, { count: 50, seed: 1, maxDecodes: 3000 });
    const header = { scheduleId: 'P', createdAt: state.at, label: '', seed: 1 };
    const distinct = distinctCount(
      alternatives.map(({ plan, kpis }) => ({ plan: toWorkSchedule(problem, plan, header), planned: kpis })),
    );
    assert.equal(alternatives.length, 50);
    assert.ok(distinct >= 30, String(distinct));
  });
});
