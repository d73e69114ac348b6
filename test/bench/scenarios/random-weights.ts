import { seededRandom } from '../../../src/kernel/index.ts';
import { Decoder, planKpis, type Problem, type Solution } from '../../../src/planning/index.ts';
import { orderByStart } from '../../../src/planning/order.ts';
import { copySolution } from '../../../src/planning/problem.ts';
import { Moves, moveKinds, type Current } from '../../../src/planning/search/moves.ts';
import { dimensions, Scale } from '../../../src/planning/search/scale.ts';
import { firstPlans } from '../../../src/planning/search/starts.ts';
import { Variants } from '../../../src/planning/variants/variants.ts';
import type { PlanKpis } from '../../../src/plant/index.ts';

/**
 * What the search for alternatives is compared with: as many hill climbs as plans are wanted, each with random weights
 * of the objectives (uniform on the simplex), from whichever first plan suits its weights best, with the same decoder
 * and moves, sharing the time evenly.
 * @param now clock in milliseconds, of CPU time for instance
 * @returns KPIs of the best plan of each climb
 */
export function randomWeightSearches(
  problem: Problem,
  { count, seed, timeLimitMs, now }: { count: number; seed: number; timeLimitMs: number; now: () => number },
): PlanKpis[] {
  const began = now();
  const random = seededRandom(seed, 'bench/random-weights');
  const decoder = new Decoder(problem);
  const { nothing, others } = firstPlans(problem, decoder);
  const starts = others.map((solution) => ({ solution, values: decoder.decode(solution).objectives.slice() }));
  const scale = new Scale([decoder.decode(nothing).objectives.slice(), ...starts.map(({ values }) => values)]);
  const variants = new Variants(problem, decoder);
  const moves = new Moves(problem, random);
  const position = new Int32Array(problem.jobOrderIds.length);
  return Array.from({ length: count }, (_, climb) => {
    const draws = Array.from({ length: dimensions }, () => random.exponential(1));
    const sum = draws.reduce((a, b) => a + b);
    const cost = (values: Float64Array, breach: number) =>
      draws.reduce((total, draw, k) => total + (draw / sum) * scale.position(k, values[k]!), 1e3 * breach);
    const start = starts.reduce((a, b) => (cost(b.values, 0) < cost(a.values, 0) ? b : a));
    const until = began + (timeLimitMs * (climb + 1)) / count;
    const best = hillClimb(start.solution, cost, () => now() >= until);
    return planKpis(problem, decoder.decode(best));
  });

  function hillClimb(from: Solution, cost: (values: Float64Array, breach: number) => number, over: () => boolean) {
    const first = decoder.decode(from);
    const solution = copySolution(from);
    solution.order.set(orderByStart(problem, first, solution.order));
    let plan = variants.stand(solution);
    if (!plan.complete) {
      solution.order.set(from.order);
      plan = variants.stand(solution);
    }
    const trial = copySolution(solution);
    const current: Current = { solution, plan: variants.kept, position };
    let lowest = Infinity;
    note();
    while (!over() && moves.possible) {
      trial.order.set(solution.order);
      trial.choice.set(solution.choice);
      trial.hold.set(solution.hold);
      if (!moves.make(random.pick(moveKinds), current, trial)) continue;
      plan = variants.vary(trial, moves.quickest);
      if (!plan.complete || cost(plan.objectives, plan.breachSeconds) > lowest) continue;
      solution.order.set(trial.order);
      solution.choice.set(trial.choice);
      solution.hold.set(trial.hold);
      variants.keep();
      note();
    }
    return copySolution(solution);

    function note(): void {
      lowest = cost(plan.objectives, plan.breachSeconds);
      solution.order.forEach((i, at) => (position[i] = at));
      moves.read(current);
    }
  }
}
