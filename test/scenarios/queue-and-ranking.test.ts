import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { PlanKpis } from '../../src/plant/index.ts';
import { mergeRequests, openScenarioQueue, type PlanRequest } from '../../src/scenarios/index.ts';
import { paretoFlags, rankBySimulation, withoutVariation } from '../../src/scenarios/ranking.ts';
import { pickSpread } from '../../src/scenarios/spread.ts';
import { planRequest } from './site.ts';

const kpis = (changes: Partial<PlanKpis>): PlanKpis => ({
  weightedTardinessSeconds: 0,
  lateOrders: 0,
  onTimeShare: 1,
  makespanSeconds: 0,
  changeovers: 0,
  setupSeconds: 0,
  stability: 1,
  workloadImbalance: 0,
  expectedScrap: 12,
  oee: 0.6,
  ...changes,
});
const anyKpis = fc
  .tuple(fc.nat(9), fc.nat(9), fc.nat(9), fc.nat(9), fc.nat(9))
  .map(([weightedTardinessSeconds, changeovers, stability, makespanSeconds, workloadImbalance]) =>
    kpis({ weightedTardinessSeconds, changeovers, stability: stability / 9, makespanSeconds, workloadImbalance }),
  );

describe('ranking', () => {
  it('scores as documented', () => {
    const late = withoutVariation(kpis({ weightedTardinessSeconds: 100, changeovers: 0 }));
    const half = withoutVariation(kpis({ weightedTardinessSeconds: 50, changeovers: 5 }));
    const busy = withoutVariation(kpis({ weightedTardinessSeconds: 0, changeovers: 10 }));
    // Scores: 3, 1.5 + 0.5, 1.
    assert.deepEqual(rankBySimulation([late, half, busy]), [3, 2, 1]);
    // Scores with these weights: 1, 0.5 + 2, 4.
    assert.deepEqual(rankBySimulation([late, half, busy], { tardiness: 1, changeovers: 4 }), [1, 2, 3]);
    const risky = { ...half, weightedTardinessSeconds: { mean: 50, p10: 0, p50: 10, p90: 300 } };
    assert.deepEqual(rankBySimulation([half, risky]), [1, 2]);
  });
  it('never puts a plan behind one that it beats, and gives each rank once', () => {
    fc.assert(
      fc.property(fc.array(anyKpis, { minLength: 1, maxLength: 12 }), (list) => {
        const plans = list.map(withoutVariation);
        const ranks = rankBySimulation(plans);
        assert.deepEqual(
          [...ranks].sort((a, b) => a - b),
          ranks.map((_, i) => i + 1),
        );
        const pareto = paretoFlags(plans);
        assert.ok(pareto[ranks.indexOf(1)]);
        assert.ok(pareto.includes(true));
      }),
    );
  });
});

/** A plan that differs from every other one in all its operations. */
function unlike(kpis: PlanKpis, i: number) {
  return { kpis, places: Int32Array.of(i) };
}

describe('spread', () => {
  it('keeps what is required, takes no plan twice and the farthest first', () => {
    fc.assert(
      fc.property(
        fc.array(anyKpis, { minLength: 2, maxLength: 20 }),
        fc.integer({ min: 1, max: 25 }),
        (list, count) => {
          const picked = pickSpread(list.map(unlike), [1, 0], count);
          assert.deepEqual(picked.slice(0, 2), [1, 0]);
          assert.equal(new Set(picked).size, picked.length);
          assert.ok(picked.length <= Math.max(2, count));
          const texts = picked.slice(2).map((i) => JSON.stringify(list[i]));
          assert.equal(new Set(texts).size, texts.length, 'no two alike');
        },
      ),
    );
    const line = [0, 1, 2, 9, 10].map((n) => kpis({ changeovers: n }));
    assert.deepEqual(pickSpread(line.map(unlike), [0], 3), [0, 4, 2]);
    // The farthest by KPIs does the same operations in the same places as the first: it comes last.
    const twin = line.map((kpis, i) => ({ kpis, places: Int32Array.of(i === 4 ? 0 : i) }));
    assert.deepEqual(pickSpread(twin, [0], 3), [0, 3, 2]);
  });
});

describe('queue of requests', () => {
  const lock = (subject: string) => ({ kind: 'lock' as const, subject });

  it('merges two requests so that both are answered', () => {
    const older = planRequest({
      requestId: 'a',
      eventId: 'e1',
      horizon: 9,
      frozenUntil: 5,
      count: 60,
      constraints: [lock('x')],
      weights: { tardiness: 2 },
    });
    const newer = planRequest({
      requestId: 'b',
      eventId: 'e2',
      horizon: 8,
      frozenUntil: 6,
      count: 50,
      constraints: [lock('x'), lock('y')],
      timeLimitMs: 5000,
    });
    assert.deepEqual(mergeRequests(older, newer), {
      ...newer,
      horizon: 9,
      frozenUntil: 6,
      count: 60,
      weights: { tardiness: 2 },
      constraints: [lock('x'), lock('y')],
    });
  });

  function slowQueue() {
    const works: { request: PlanRequest; signal: AbortSignal; done(): void; fail(error: Error): void }[] = [];
    const queue = openScenarioQueue(
      (request, signal) =>
        new Promise<string>((resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('aborted')));
          works.push({ request, signal, done: () => resolve(`set of ${request.requestId}`), fail: reject });
        }),
    );
    return { works, queue };
  }
  const submit = (queue: ReturnType<typeof slowQueue>['queue'], requestId: string) =>
    queue.submit(planRequest({ requestId }));
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  it('works on one and merges all that come meanwhile into one more', async () => {
    const { works, queue } = slowQueue();
    const answers = ['a', 'b', 'c'].map((id) => submit(queue, id));
    assert.equal(works.length, 1);
    works[0]!.done();
    assert.equal(await answers[0], 'set of a');
    await turn();
    assert.equal(works.length, 2);
    works[1]!.done();
    assert.deepEqual(await Promise.all(answers), ['set of a', 'set of c', 'set of c']);
    await turn();
    assert.equal(works.length, 2);
  });
  it('goes on after an error, which reaches only those it concerns', async () => {
    const { works, queue } = slowQueue();
    const first = submit(queue, 'a');
    const second = submit(queue, 'b');
    works[0]!.fail(new Error('no plan'));
    await assert.rejects(first, /no plan/);
    await turn();
    works[1]!.done();
    assert.equal(await second, 'set of b');
  });
  it('cancels what runs, what waits, and nothing else', async () => {
    const { works, queue } = slowQueue();
    const [first, second, third] = ['a', 'b', 'c'].map((id) => submit(queue, id));
    assert.equal(queue.cancel('unknown'), false);
    assert.equal(queue.cancel('b'), true);
    await assert.rejects(second!, { code: 'MW_ABORTED' });
    assert.equal(queue.cancel('a'), true);
    await assert.rejects(first!, /aborted/);
    await turn();
    assert.equal(works[1]!.request.requestId, 'c');
    queue.close();
    await assert.rejects(third!, /aborted/);
  });
});
